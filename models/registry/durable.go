package registry

import (
	"os"
	"path/filepath"
)

// syncDirs makes the entries of folders durable: the names that were created,
// renamed or removed in them.
func syncDirs(dirs ...string) error {
	for _, d := range dirs {
		if err := syncPath(d); err != nil {
			return err
		}
	}
	return nil
}

// syncPath flushes one file or folder to the disk.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		_ = f.Close() // the sync's error says more
		return err
	}
	return f.Close()
}

// replace puts a file with the given content at path, in one step: readers see
// what was there before or all of the new content, and after a return without
// error it survives a power cut. The caller holds the model's lock, so that the
// fixed name in .tmp is ours alone.
func (m room) replace(path string, content []byte) (err error) {
	draft := m.path(".tmp", filepath.Base(path)+".draft")
	defer func() {
		if err != nil {
			_ = os.Remove(draft) // the next writer sweeps it otherwise
		}
	}()
	if err := os.WriteFile(draft, content, 0o644); err != nil {
		return err
	}
	if err := syncPath(draft); err != nil {
		return err
	}
	if err := os.Rename(draft, path); err != nil {
		return err
	}
	return syncDirs(filepath.Dir(path))
}
