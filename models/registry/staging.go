package registry

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// staging is the folder in which one publisher writes its bundle. The publisher
// holds a lock on a file in it for as long as it lives, by which others see
// that the folder is not abandoned.
type staging struct {
	dir   string
	alive *os.File
}

// bundle returns the folder that becomes the version.
func (s *staging) bundle() string { return filepath.Join(s.dir, "bundle") }

// stage sweeps what dead writers left and makes a new staging folder. Both
// happen under the model's lock: a folder whose lock is free is then dead, not
// just about to be locked.
func (m room) stage() (*staging, error) {
	held, err := lock(m.path(".lock"))
	if err != nil {
		return nil, err
	}
	defer held.Close()
	if err := m.sweep(); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(m.path(".tmp"), "publish-")
	if err != nil {
		return nil, err
	}
	s := &staging{dir: dir}
	if s.alive, err = lock(filepath.Join(dir, "alive")); err != nil {
		s.discard()
		return nil, err
	}
	// The bundle becomes visible by its rename with this mode, under the umask.
	if err := os.Mkdir(s.bundle(), 0o755); err != nil {
		s.discard()
		return nil, err
	}
	return s, nil
}

// discard removes the folder with what is left in it. An error is of no
// consequence: the next publisher sweeps.
func (s *staging) discard() {
	_ = os.RemoveAll(s.dir)
	if s.alive != nil {
		_ = s.alive.Close()
	}
}

// sweep removes the drafts and staging folders of dead writers. The caller
// holds the model's lock.
func (m room) sweep() error {
	entries, err := os.ReadDir(m.path(".tmp"))
	if err != nil {
		return err
	}
	for _, e := range entries {
		path := m.path(".tmp", e.Name())
		if !e.IsDir() { // a draft, written and renamed under the lock that we hold
			if err := os.Remove(path); err != nil {
				return err
			}
			continue
		}
		free, err := tryLock(filepath.Join(path, "alive"))
		if errors.Is(err, fs.ErrNotExist) {
			continue // its publisher came to its end meanwhile and removed it
		}
		if err != nil {
			return err
		}
		if free == nil {
			continue
		}
		err = os.RemoveAll(path)
		_ = free.Close()
		if err != nil {
			return err
		}
	}
	return nil
}
