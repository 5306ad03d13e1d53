package forest

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// Rows are scored in blocks: one block's vectors are copied together, then
// every tree walks all of them, so that a tree's arrays stay in the cache.
const (
	blockRows   = 256     // most rows of a block
	blockValues = 1 << 16 // most numbers of a block (512 KiB), which rules for wide vectors
)

// RawBatch writes the raw output of row i, which is columns[0][i],
// columns[1][i], ..., to dst[i]. Every dst[i] has the same bits as
// [Forest.Raw] of that row, whatever the number of threads. There must be one
// column per name in f.Features and every column must be as long as dst;
// another shape panics. threads <= 0 means one per processor. The forest must
// be valid.
func (f *Forest) RawBatch(dst []float64, columns [][]float64, threads int) {
	if len(columns) != len(f.Features) {
		panic(fmt.Sprintf("BUG: %d columns given to a forest of %d features", len(columns), len(f.Features)))
	}
	for j, c := range columns {
		if len(c) != len(dst) {
			panic(fmt.Sprintf("BUG: column %d (%s) has %d rows, want %d", j, f.Features[j], len(c), len(dst)))
		}
	}
	if len(dst) == 0 {
		return
	}
	size := blockSize(len(columns))
	blocks := (len(dst) + size - 1) / size
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	threads = min(threads, blocks)
	if threads == 1 {
		vectors := make([]float64, size*len(columns))
		for b := range blocks {
			f.rawBlock(dst, columns, b*size, size, vectors)
		}
		return
	}
	var next atomic.Int64
	var done sync.WaitGroup
	for range threads {
		done.Go(func() {
			vectors := make([]float64, size*len(columns))
			for {
				b := int(next.Add(1)) - 1
				if b >= blocks {
					return
				}
				f.rawBlock(dst, columns, b*size, size, vectors)
			}
		})
	}
	done.Wait()
}

// blockSize returns the rows of a block of vectors of that many features.
func blockSize(features int) int {
	return max(1, min(blockRows, blockValues/max(1, features)))
}

// rawBlock scores rows from..from+size, as far as dst goes. vectors is scratch.
func (f *Forest) rawBlock(dst []float64, columns [][]float64, from, size int, vectors []float64) {
	dst = dst[from:min(from+size, len(dst))]
	width := len(columns)
	for j, c := range columns {
		c = c[from : from+len(dst)]
		for i, v := range c {
			vectors[i*width+j] = v
		}
	}
	clear(dst)
	for k := range f.Trees {
		t := &f.Trees[k]
		for i := range dst {
			dst[i] += t.LeafValue[t.Leaf(vectors[i*width:i*width+width])]
		}
	}
	if f.Average {
		for i := range dst {
			dst[i] /= float64(len(f.Trees))
		}
	}
}
