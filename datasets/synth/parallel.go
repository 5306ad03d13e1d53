package synth

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// claimStep is how many claims a worker takes at a time, and how many pass
// between two looks at the context.
const claimStep = 8192

// each does 0 to n-1 on all processors, step of them at a time. Every worker calls start once for a
// function of its own; what that does with one element must not depend on the
// others. report hears in this goroutine how many are done.
func each(ctx context.Context, n, step int, start func() func(i int), report func(done int)) error {
	steps := (n + step - 1) / step
	finished := make(chan int, steps)
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), steps) {
		workers.Go(func() {
			do := start()
			for ctx.Err() == nil {
				from := (int(next.Add(1)) - 1) * step
				if from >= n {
					return
				}
				to := min(n, from+step)
				for i := from; i < to; i++ {
					do(i)
				}
				finished <- to - from
			}
		})
	}
	go func() {
		workers.Wait()
		close(finished)
	}()
	done := 0
	for k := range finished {
		done += k
		report(done)
	}
	if done < n {
		return fmt.Errorf("cannot simulate a portfolio: %w", ctx.Err())
	}
	return nil
}

// onAll does 0 to n-1 on all processors.
func onAll(n int, do func(i int)) {
	if err := each(context.Background(), n, 1024, func() func(int) { return do }, func(int) {}); err != nil {
		panic("BUG: nobody cancels the background: " + err.Error())
	}
}
