package main

import (
	"syscall"
	"time"
)

// watch measures a piece of work.
type watch struct {
	began time.Time
	used  float64
}

func start() watch { return watch{time.Now(), used()} }

// taken returns the seconds since the start: of the wall, and of all
// processors together, which a busy machine changes less.
func (w watch) taken() map[string]any {
	return map[string]any{"seconds": time.Since(w.began).Seconds(), "cpu": used() - w.used}
}

// used returns the seconds of processors that the program has used.
func used() float64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return float64(r.Utime.Nano()+r.Stime.Nano()) / 1e9
}
