package registry

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"claimsieve/datasets"
)

// Version is the publish record of one version of a model.
type Version struct {
	Number      int       `json:"version"`
	PublishedAt time.Time `json:"published_at"` // UTC, to the microsecond
	Publisher   string    `json:"publisher"`    // see [Registry.As]
	// Digest is "sha256:" and the hexadecimal SHA-256 of the list of the
	// bundle's files in the format of sha256sum (digest, two spaces, path
	// below the bundle with slashes, line feed), sorted by path as bytes.
	Digest string `json:"digest"`
}

// Versions returns the published versions of a model, by ascending number;
// none for a model that does not exist.
func (r *Registry) Versions(name string) ([]Version, error) {
	if err := CheckName(name); err != nil {
		return nil, fmt.Errorf("cannot list versions: %w", err)
	}
	m := r.room(name)
	numbers, err := m.versionNumbers()
	if err != nil {
		return nil, fmt.Errorf("cannot list versions of model %q: %w", name, err)
	}
	out := make([]Version, 0, len(numbers))
	for _, n := range numbers {
		v, err := m.record(n)
		if err != nil {
			return nil, fmt.Errorf("cannot list versions of model %q: %w", name, err)
		}
		out = append(out, v)
	}
	return out, nil
}

// record reads the publish record of version n.
func (m room) record(n int) (Version, error) {
	path := m.versionRecord(n)
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Version{}, fmt.Errorf("version %d has no publish record %s: restore it, or move the folder %s away and publish it again", n, path, m.versionDir(n))
	}
	if err != nil {
		return Version{}, err
	}
	var v Version
	if err := json.Unmarshal(raw, &v); err != nil {
		return Version{}, fmt.Errorf("publish record %s is not JSON (%w): restore it from a backup", path, err)
	}
	if v.Number != n || !strings.HasPrefix(v.Digest, "sha256:") {
		return Version{}, fmt.Errorf("publish record %s says version %d and digest %.80q, want version %d and a sha256: digest: restore it from a backup", path, v.Number, v.Digest, n)
	}
	return v, nil
}

// Path returns the folder of a version's bundle, for reading. The error of a
// version that does not exist wraps [ErrNotFound].
func (r *Registry) Path(name string, version int) (string, error) {
	if err := CheckName(name); err != nil {
		return "", fmt.Errorf("cannot find version: %w", err)
	}
	m := r.room(name)
	if err := m.checkVersion(version); err != nil {
		return "", fmt.Errorf("cannot find version: %w", err)
	}
	return m.versionDir(version), nil
}

// checkVersion returns an error unless version n is published.
func (m room) checkVersion(n int) error {
	numbers, err := m.versionNumbers()
	if err != nil {
		return err
	}
	if !slices.Contains(numbers, n) {
		return fmt.Errorf("model %q has no version %d, it has %s: %w", m.name, n, list(numbers), ErrNotFound)
	}
	return nil
}

// list writes numbers for people: the last ten, and how many stand before them.
func list(numbers []int) string {
	if len(numbers) == 0 {
		return "none"
	}
	text, hidden := "", 0
	if len(numbers) > 10 {
		hidden = len(numbers) - 10
		text = fmt.Sprintf("%d others, ", hidden)
	}
	return text + strings.Trim(strings.ReplaceAll(fmt.Sprint(numbers[hidden:]), " ", ", "), "[]")
}

// Verify reads the whole bundle of a version again and returns an error unless
// its digest is the one that was recorded when it was published.
func (r *Registry) Verify(name string, version int) error {
	dir, err := r.Path(name, version)
	if err != nil {
		return fmt.Errorf("cannot verify version: %w", err)
	}
	v, err := r.room(name).record(version)
	if err != nil {
		return fmt.Errorf("cannot verify version %d of model %q: %w", version, name, err)
	}
	digest, err := treeDigest(dir, func(string) error { return nil })
	if err != nil {
		return fmt.Errorf("cannot verify version %d of model %q: %w", version, name, err)
	}
	if digest != v.Digest {
		return fmt.Errorf("cannot verify version %d of model %q: %s has digest %s, but %s was published: restore the folder from a backup, or publish the model again", version, name, dir, digest, v.Digest)
	}
	return nil
}

// treeDigest returns the digest of all files below dir, as in [Version], and
// calls each for every one of them.
func treeDigest(dir string, each func(path string) error) (string, error) {
	sums := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if !d.Type().IsRegular() {
			return fmt.Errorf("the bundle holds %s, which is no regular file: write the file itself", path)
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if err := checkBundlePath(rel); err != nil {
			return err
		}
		if sums[rel], err = datasets.FileDigest(path); err != nil {
			return err
		}
		return each(path)
	})
	if err != nil {
		return "", err
	}
	if len(sums) == 0 {
		return "", fmt.Errorf("the bundle %s is empty: write at least one file", dir)
	}
	paths := make([]string, 0, len(sums))
	for p := range sums {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	h := sha256.New()
	for _, p := range paths {
		fmt.Fprintf(h, "%s  %s\n", sums[p], p)
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil)), nil
}
