package gbdt

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// each runs work(0) ... work(n-1) on at most that many goroutines, in any order.
func each(threads, n int, work func(i int)) {
	if threads = min(threads, n); threads <= 1 {
		for i := range n {
			work(i)
		}
		return
	}
	var next atomic.Int64
	var done sync.WaitGroup
	run := func() {
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			work(i)
		}
	}
	for range threads - 1 {
		done.Go(run)
	}
	run()
	done.Wait()
}

// chunkRows is how many rows make one piece of work. It is fixed, so that
// whatever is computed per chunk does not depend on the number of threads.
const chunkRows = 8192

func chunks(rows int) int { return (rows + chunkRows - 1) / chunkRows }

// eachChunk runs work(c, begin, end) for the chunks of rows.
func eachChunk(threads, rows int, work func(c, begin, end int)) {
	each(threads, chunks(rows), func(c int) {
		work(c, c*chunkRows, min((c+1)*chunkRows, rows))
	})
}

func threadsOf(rt Runtime) int {
	if rt.Threads > 0 {
		return rt.Threads
	}
	return runtime.GOMAXPROCS(0)
}
