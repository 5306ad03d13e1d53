package registry

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Publish makes a new version of a model. It calls write with an empty folder,
// syncs every file and folder that write left there, and puts the folder in its
// place as version 1, 2, 3, ... in one step; it returns that number. The model
// need not exist before.
//
// Several publishers may work at once and get different numbers. When write
// fails, or anything after it, no version appears and what was written is
// removed; a number that became visible is never given out again. A bundle must
// hold at least one file, and nothing but files and folders.
func (r *Registry) Publish(name string, write func(dir string) error) (version int, err error) {
	if err := CheckName(name); err != nil {
		return 0, fmt.Errorf("cannot publish model: %w", err)
	}
	m := r.room(name)
	defer func() {
		if err != nil {
			err = fmt.Errorf("cannot publish model %q: %w", name, err)
		}
	}()
	if err := m.create(); err != nil {
		return 0, err
	}
	s, err := m.stage()
	if err != nil {
		return 0, err
	}
	defer s.discard() // also when write panics
	if err := write(s.bundle()); err != nil {
		return 0, err
	}
	digest, err := seal(s.bundle())
	if err != nil {
		return 0, err
	}
	return m.commit(s, digest)
}

// commit gives a sealed bundle its number. The record is written first, and the
// rename of the folder is what publishes: a record without a folder is a number
// that was used up by a publisher that died here.
func (m room) commit(s *staging, digest string) (int, error) {
	held, err := lock(m.path(".lock"))
	if err != nil {
		return 0, err
	}
	defer held.Close()
	n, err := m.nextVersion()
	if err != nil {
		return 0, err
	}
	record, err := json.MarshalIndent(Version{
		Number: n, PublishedAt: time.Now().UTC().Truncate(time.Microsecond), Publisher: m.by, Digest: digest,
	}, "", "  ")
	if err != nil {
		return 0, err
	}
	if err := m.replace(m.versionRecord(n), append(record, '\n')); err != nil {
		return 0, errors.Join(err, m.forget(n))
	}
	if err := os.Rename(s.bundle(), m.versionDir(n)); err != nil {
		return 0, errors.Join(err, m.forget(n))
	}
	if err := syncDirs(m.path("versions"), s.dir); err != nil {
		// Visible, but perhaps not after a power cut: take it back rather than promise it.
		return 0, errors.Join(err, os.Rename(m.versionDir(n), s.bundle()))
	}
	return n, nil
}

// forget removes the record of a number that never became visible.
func (m room) forget(n int) error {
	if err := os.Remove(m.versionRecord(n)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// nextVersion returns the number after the highest that a folder or a record
// carries, so that a version removed by hand does not come back as another.
func (m room) nextVersion() (int, error) {
	folders, err := m.versionNumbers()
	if err != nil {
		return 0, err
	}
	records, err := numbered(m.path("versions"), ".json", fs.FileMode.IsRegular)
	if err != nil {
		return 0, err
	}
	return 1 + max(last(folders), last(records)), nil
}

func last(ascending []int) int {
	if len(ascending) == 0 {
		return 0
	}
	return ascending[len(ascending)-1]
}

// seal syncs the tree below dir, folders after what they hold, and returns its digest.
func seal(dir string) (string, error) {
	digest, err := treeDigest(dir, func(path string) error { return syncPath(path) })
	if err != nil {
		return "", err
	}
	var folders []string
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			folders = append(folders, path)
		}
		return err
	})
	if err != nil {
		return "", err
	}
	for i := len(folders) - 1; i >= 0; i-- {
		if err := syncPath(folders[i]); err != nil {
			return "", err
		}
	}
	return digest, nil
}

// checkBundlePath refuses names that could not be written as a line of a digest list.
func checkBundlePath(path string) error {
	if strings.ContainsAny(path, "\\\n\r") {
		return fmt.Errorf("the bundle holds a file named %s: rename it without backslashes and line breaks", strconv.Quote(path))
	}
	return nil
}
