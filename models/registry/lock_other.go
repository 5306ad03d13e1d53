//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package registry

import (
	"errors"
	"os"
)

var errNoLocks = errors.New("this system has no flock: publish from Linux, macOS or a BSD; reading works everywhere")

func lock(path string) (*os.File, error) {
	return nil, &os.PathError{Op: "lock", Path: path, Err: errNoLocks}
}

func tryLock(path string) (*os.File, error) { return lock(path) }
