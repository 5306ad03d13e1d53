package features

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"claimsieve/datasets"
	"claimsieve/datasets/parquetfile"
)

// ManifestFile is the file in a build's folder that says what the parts are. It
// is written when all of them stand.
const ManifestFile = "_build.json"

const manifestFormat = 1

// Manifest says what a build is made of and what it has written.
type Manifest struct {
	Format         int            `json:"format"`
	Identity       string         `json:"identity"` // hex SHA-256 of all that determines the vectors; every part carries it
	Pipeline       string         `json:"pipeline"`
	PipelineDigest string         `json:"pipeline_digest"`
	Stage          datasets.Stage `json:"stage"`
	Dataset        string         `json:"dataset"`
	DatasetDigest  string         `json:"dataset_digest"`
	FitBefore      int64          `json:"fit_before,omitempty"`      // microseconds since 1970 UTC; 0 for all claims
	OutcomesBefore int64          `json:"outcomes_before,omitempty"` // microseconds since 1970 UTC; 0 for all outcomes
	Claims         int            `json:"claims"`
	Indicators     int            `json:"indicators"`
	Vocabulary     Vocabulary     `json:"vocabulary,omitempty"`
	Parts          []Part         `json:"parts,omitempty"`
}

// Part is one file of a build.
type Part struct {
	Path   string `json:"path"` // below the build's folder, with forward slashes
	Month  string `json:"month"`
	Rows   int    `json:"rows"`
	SHA256 string `json:"sha256"`
}

// metadata is what every part carries.
func (m *Manifest) metadata() map[string]string {
	return map[string]string{"claimsieve.pipeline": m.Pipeline, "claimsieve.pipeline_digest": m.PipelineDigest, "claimsieve.dataset_digest": m.DatasetDigest,
		"claimsieve.stage": m.Stage.String(), identityKey: m.Identity}
}

const identityKey = "claimsieve.build"

func (m *Manifest) write(dir string) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err == nil {
		err = writeDurably(filepath.Join(dir, ManifestFile), append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("cannot write manifest of build: %w", err)
	}
	return nil
}

// writeDurably writes a small file beside its place, syncs it and renames it.
func writeDurably(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return err
	}
	return parquetfile.SyncDir(filepath.Dir(path))
}

// startedFile names the build that the work folder belongs to.
const startedFile = "build.json"

// prepare makes sure that the output is free, or an interrupted build of the
// same things. It returns the result of one that is complete.
func (b *build) prepare() (*BuildResult, error) {
	if err := b.refuseOthers(); err != nil {
		return nil, err
	}
	if !b.oneFile() {
		if done, err := b.finished(); done != nil || err != nil {
			return done, err
		}
	}
	err := os.MkdirAll(b.work(), 0o777)
	var text []byte
	if err == nil {
		text, err = json.Marshal(b.manifest)
	}
	if err == nil {
		err = writeDurably(filepath.Join(b.work(), startedFile), text)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot begin build in %s: %w", b.out, err)
	}
	return nil, nil
}

// refuseOthers refuses an output that holds something else.
func (b *build) refuseOthers() error {
	if b.oneFile() {
		if !b.opt.Resume {
			if err := os.RemoveAll(b.work()); err != nil {
				return fmt.Errorf("cannot begin build: %w", err)
			}
		}
	} else {
		entries, err := os.ReadDir(b.out)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("cannot begin build in %s: %w", b.out, err)
		}
		if len(entries) == 0 {
			return nil
		}
		if len(entries) == 1 && entries[0].Name() == filepath.Base(b.work()) && !b.opt.Resume { // a build that wrote no part
			if err := os.RemoveAll(b.work()); err != nil {
				return fmt.Errorf("cannot begin build: %w", err)
			}
			return nil
		}
	}
	for _, path := range []string{filepath.Join(b.out, ManifestFile), filepath.Join(b.work(), startedFile)} {
		text, err := os.ReadFile(path)
		var there Manifest
		if err != nil || json.Unmarshal(text, &there) != nil {
			continue
		}
		switch {
		case there.Identity != b.manifest.Identity:
			return fmt.Errorf("cannot build into %s: it holds a build of %s; choose another folder, or remove this one", b.out, there.other(&b.manifest))
		case !b.opt.Resume:
			return fmt.Errorf("cannot build into %s: it holds this build already, whole or in part; give --resume to go on with it, choose another folder, or remove this one", b.out)
		}
		return nil
	}
	if b.oneFile() {
		return nil
	}
	return fmt.Errorf("cannot build into %s: it is not empty and holds no build; choose another folder", b.out)
}

// other says in what a build differs.
func (m *Manifest) other(from *Manifest) string {
	switch {
	case m.Pipeline != from.Pipeline || m.PipelineDigest != from.PipelineDigest:
		return fmt.Sprintf("pipeline %s (%.12s), and this is %s (%.12s)", m.Pipeline, m.PipelineDigest, from.Pipeline, from.PipelineDigest)
	case m.DatasetDigest != from.DatasetDigest:
		return fmt.Sprintf("dataset %s (%.12s), and this is %s (%.12s)", m.Dataset, m.DatasetDigest, from.Dataset, from.DatasetDigest)
	}
	return "the same pipeline and dataset with other settings"
}

// finished returns the result of a build that is complete.
func (b *build) finished() (*BuildResult, error) {
	text, err := os.ReadFile(filepath.Join(b.out, ManifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var there Manifest
	if err == nil {
		err = json.Unmarshal(text, &there)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read manifest of build: %w", err)
	}
	for _, part := range there.Parts {
		if digest, err := datasets.FileDigest(filepath.Join(b.out, filepath.FromSlash(part.Path))); err != nil || digest != part.SHA256 {
			return nil, os.Remove(filepath.Join(b.out, ManifestFile)) // a part was lost since: the build goes on
		}
	}
	if err := os.RemoveAll(b.work()); err != nil {
		return nil, fmt.Errorf("cannot remove the build's own files: %w", err)
	}
	return &BuildResult{Manifest: there, Out: b.out, Kept: len(there.Parts)}, nil
}

// whole says whether a part of this build with so many rows stands at a path.
func (m *Manifest) whole(path string, rows int) bool {
	f, err := parquetfile.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	identity, _ := f.Metadata(identityKey)
	return identity == m.Identity && f.Rows() == int64(rows)
}
