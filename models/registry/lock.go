//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package registry

import (
	"errors"
	"os"
	"syscall"
)

// lock waits for the exclusive lock on a file, which it creates when missing.
// Closing the returned file, or the death of the process, gives the lock back.
func lock(path string) (*os.File, error) {
	return flock(path, syscall.LOCK_EX)
}

// tryLock is lock that does not wait: nil without an error means that somebody
// else, or another goroutine of this process, holds it.
func tryLock(path string) (*os.File, error) {
	f, err := flock(path, syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, nil
	}
	return f, err
}

func flock(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err != nil {
		_ = f.Close() // nothing was written
		return nil, &os.PathError{Op: "lock", Path: path, Err: err}
	}
	return f, nil
}
