package models

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"claimsieve/datasets"
)

// FormatVersion is the version of the bundle format that this program reads and writes.
const FormatVersion = 2

// Manifest seals a bundle: the digest of every other file in it, and where it
// came from. It holds no wall-clock time and nothing that threads or memory
// change, so that the same data, configuration and seed give the same bytes.
type Manifest struct {
	Format  int               `json:"format"`
	Name    string            `json:"name"`
	Stage   datasets.Stage    `json:"stage"`
	Learner string            `json:"learner"`
	Lineage Lineage           `json:"lineage"`
	Files   map[string]string `json:"files"`  // path below the bundle -> hex SHA-256
	Digest  string            `json:"digest"` // hex SHA-256 of this manifest with Digest empty: the bundle's identity
}

// Lineage says what a bundle was made from.
type Lineage struct {
	Dataset        string          `json:"dataset"`         // the dataset's name
	DataDigest     string          `json:"data_digest"`     // of dataset.yaml and every data file
	PipelineDigest string          `json:"pipeline_digest"` // of what the pipeline means
	Config         json.RawMessage `json:"config"`          // the settings that change the model
	Seed           uint64          `json:"seed"`
	Program        string          `json:"program"` // name and version of the program that wrote it
}

// ReadManifest reads a bundle's manifest without verifying anything.
func ReadManifest(dir string) (*Manifest, error) {
	m := &Manifest{}
	if err := readJSON(filepath.Join(dir, manifestFile), m); err != nil {
		return nil, fmt.Errorf("cannot read bundle: %w", err)
	}
	return m, nil
}

// seal computes the manifest's digest.
func (m *Manifest) seal() error {
	m.Digest = ""
	data, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("cannot seal manifest: %w", err)
	}
	sum := sha256.Sum256(data)
	m.Digest = hex.EncodeToString(sum[:])
	return nil
}

// verify checks the manifest's own digest and that of every file in dir, and
// that no file stands beside them that the manifest does not name.
func (m *Manifest) verify(dir string) error {
	claimed := m.Digest
	if err := m.seal(); err != nil {
		return err
	}
	if m.Digest != claimed {
		return fmt.Errorf("cannot trust %s: its digest is %s and its contents give %s; take the bundle from its source again", filepath.Join(dir, manifestFile), claimed, m.Digest)
	}
	for _, name := range parts {
		if m.Files[name] == "" {
			return fmt.Errorf("cannot trust %s: it does not name %s, which every bundle has", filepath.Join(dir, manifestFile), name)
		}
	}
	for _, name := range sortedKeys(m.Files) {
		if !filepath.IsLocal(name) {
			return fmt.Errorf("cannot trust %s: it names the file %q outside the bundle", filepath.Join(dir, manifestFile), name)
		}
		got, err := datasets.FileDigest(filepath.Join(dir, name))
		if err != nil {
			return fmt.Errorf("cannot verify bundle: %w", err)
		}
		if got != m.Files[name] {
			return fmt.Errorf("cannot trust %s: its digest is %s, the manifest says %s; take the bundle from its source again", filepath.Join(dir, name), got, m.Files[name])
		}
	}
	return m.noStrangers(dir)
}

func (m *Manifest) noStrangers(dir string) error {
	return filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		if _, named := m.Files[filepath.ToSlash(rel)]; !named && rel != manifestFile {
			return fmt.Errorf("cannot trust bundle: %s is not named in its manifest; remove it", p)
		}
		return nil
	})
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
