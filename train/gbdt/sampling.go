package gbdt

import (
	"math"
	"math/rand/v2"
)

// Draws are seeded by the tree's number and the purpose, not taken from one
// stream, so that what one draws does not depend on whether the other does.
const (
	drawRows uint64 = iota
	drawColumns
)

func source(seed uint64, tree int, purpose uint64) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(tree)<<1|purpose))
}

// choose returns k of the numbers 0..n-1, ascending; each set is equally
// likely (Knuth, The Art of Computer Programming 2, algorithm S).
func choose(r *rand.Rand, n, k int) []int32 {
	out := make([]int32, 0, k)
	for i := 0; i < n && len(out) < k; i++ {
		if r.Uint64N(uint64(n-i)) < uint64(k-len(out)) {
			out = append(out, int32(i))
		}
	}
	return out
}

// share returns how many of n a fraction means: rounded, at least one.
func share(fraction float64, n int) int {
	return min(n, max(1, int(math.RoundToEven(fraction*float64(n)))))
}

// sampleRows returns the rows for a tree, nil for all. last are those of the tree before.
func sampleRows(cfg Config, n, tree int, last []int32) []int32 {
	if cfg.BaggingFreq == 0 || cfg.BaggingFraction == 1 {
		return nil
	}
	if tree%cfg.BaggingFreq != 0 {
		return last
	}
	return choose(source(cfg.Seed, tree, drawRows), n, share(cfg.BaggingFraction, n))
}

// sampleColumns returns the columns for a tree.
func sampleColumns(cfg Config, columns []*column, tree int) []*column {
	if cfg.FeatureFraction == 1 || len(columns) == 0 {
		return columns
	}
	var out []*column
	for _, k := range choose(source(cfg.Seed, tree, drawColumns), len(columns), share(cfg.FeatureFraction, len(columns))) {
		out = append(out, columns[k])
	}
	return out
}
