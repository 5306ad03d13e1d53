package forest

import (
	"fmt"
	"math"
)

// ZeroThreshold is the largest magnitude that a [MissingZero] node takes for
// zero. It is the single precision number nearest to 1e-35, as in LightGBM.
const ZeroThreshold = float64(float32(1e-35))

// Raw returns the raw output for the vector x: the sum of the trees' leaf
// values in tree order, or their mean when f.Average is set. NaN in x means
// missing, and a categorical element holds its code. The forest must be valid
// (see [Forest.Validate]); x must have one element per name in f.Features, and
// another length panics, because a score for a wrong vector would look valid.
// Raw allocates nothing and may be called from many goroutines at once.
//
// An empty forest gives 0; an empty average is not a valid forest.
func (f *Forest) Raw(x []float64) float64 {
	if len(x) != len(f.Features) {
		panic(fmt.Sprintf("BUG: vector of %d elements given to a forest of %d features", len(x), len(f.Features)))
	}
	sum := 0.0
	for i := range f.Trees {
		t := &f.Trees[i]
		sum += t.LeafValue[t.Leaf(x)]
	}
	if f.Average {
		sum /= float64(len(f.Trees))
	}
	return sum
}

// Leaf returns the index of the leaf that the vector x reaches. The tree must
// be valid and x long enough for its features.
func (t *Tree) Leaf(x []float64) int {
	if len(t.Feature) == 0 {
		return 0
	}
	n := int32(0)
	for n >= 0 {
		// Both children are loaded so that the choice is a conditional move:
		// which way a vector goes is what a processor guesses worst.
		next, left := t.Right[n], t.Left[n]
		if t.GoesLeft(n, x[t.Feature[n]]) {
			next = left
		}
		n = next
	}
	return int(^n)
}

// GoesLeft reports whether internal node n sends the value v of its feature to
// the left child. The rules are those of LightGBM:
//   - A categorical node sends the codes in its set left; the code is v
//     truncated toward zero. NaN, negative codes and codes beyond the set go right.
//   - A numeric node sends missing values to its default side, where
//     t.Missing[n] says what is missing. NaN is read as 0 by a node for which
//     NaN is not missing. Any other v goes left when v <= Threshold.
//
// LightGBM reads the values of a matrix within ZeroThreshold of zero as 0
// before its trees see them. That differs from these rules only at a threshold
// inside that range, which its trainer never makes.
func (t *Tree) GoesLeft(n int32, v float64) bool {
	if t.Categorical[n] {
		return t.inSet(int32(t.Threshold[n]), v)
	}
	switch t.Missing[n] {
	case MissingNaN:
		if math.IsNaN(v) {
			return t.DefaultLeft[n]
		}
	case MissingZero:
		if math.IsNaN(v) || (v >= -ZeroThreshold && v <= ZeroThreshold) {
			return t.DefaultLeft[n]
		}
	default:
		if math.IsNaN(v) {
			v = 0
		}
	}
	return v <= t.Threshold[n]
}

// inSet reports whether category set s holds the code that v stands for.
func (t *Tree) inSet(s int32, v float64) bool {
	// NaN fails both comparisons, so only a number that fits is converted: the
	// conversion of anything else differs between processors.
	if !(v > -1 && v < math.MaxInt32+1) {
		return false
	}
	code := uint32(v)
	words := t.CatBits[t.CatBounds[s]:t.CatBounds[s+1]]
	w := code / 32
	return w < uint32(len(words)) && words[w]>>(code%32)&1 == 1
}
