package parquetfile

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// fewRows is how many rows of a record are encoded sooner than other
// goroutines would start.
const fewRows = 256

// eachColumn does columns 0 to n-1 of a record of that many rows on all
// processors. What do does with one column must not touch another. The error
// is that of the first column that has one, whoever finished first.
func eachColumn(n, rows int, do func(column int) error) error {
	workers := min(n, runtime.GOMAXPROCS(0))
	if rows < fewRows {
		workers = 1
	}
	errs := make([]error, n)
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			errs[i] = do(i)
		}
	}
	var others sync.WaitGroup
	for range workers - 1 {
		others.Go(work)
	}
	work()
	others.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
