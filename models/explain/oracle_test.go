package explain_test

import (
	"math"
	"math/bits"

	"claimsieve/models/forest"
)

// expectation is the output of a tree for x when only the features in known
// are: at a split of another feature both sides count, by their covers.
func expectation(t *forest.Tree, n int32, x []float64, known uint32) float64 {
	if n < 0 {
		return t.LeafValue[^n]
	}
	l, r := t.Left[n], t.Right[n]
	if j := t.Feature[n]; known>>j&1 == 1 {
		if t.GoesLeft(n, x[j]) {
			return expectation(t, l, x, known)
		}
		return expectation(t, r, x, known)
	}
	a, b := covers(t, l, r)
	return a*expectation(t, l, x, known) + b*expectation(t, r, x, known)
}

func covers(t *forest.Tree, l, r int32) (float64, float64) {
	count := func(c int32) float64 {
		if c < 0 {
			return float64(t.LeafCount[^c])
		}
		return float64(t.NodeCount[c])
	}
	a, b := count(l), count(r)
	if a+b == 0 {
		return 0.5, 0.5
	}
	return a / (a + b), b / (a + b)
}

func root(t *forest.Tree) int32 {
	if len(t.Feature) == 0 {
		return -1
	}
	return 0
}

// byEnumeration is the definition of the Shapley value: the mean gain of
// knowing feature i over all subsets of the others, each size weighing the same.
func byEnumeration(f *forest.Forest, x []float64) (phi []float64, expected float64) {
	width := len(f.Features)
	game := make([]float64, 1<<width)
	for s := range game {
		for i := range f.Trees {
			game[s] += expectation(&f.Trees[i], root(&f.Trees[i]), x, uint32(s))
		}
		if f.Average {
			game[s] /= float64(len(f.Trees))
		}
	}
	phi = make([]float64, width)
	for s := range game {
		for i := range width {
			if s>>i&1 == 0 {
				phi[i] += setWeight(bits.OnesCount(uint(s)), width) * (game[s|1<<i] - game[s])
			}
		}
	}
	return phi, game[0]
}

// setWeight is s!(n-s-1)!/n!.
func setWeight(s, n int) float64 {
	a, _ := math.Lgamma(float64(s + 1))
	b, _ := math.Lgamma(float64(n - s))
	c, _ := math.Lgamma(float64(n + 1))
	return math.Exp(a + b - c)
}

// byLeaves computes Shapley values leaf by leaf from the polynomial that
// counts subsets by their size. It is slow but works at any number of features.
func byLeaves(f *forest.Forest, x []float64) []float64 {
	phi := make([]float64, len(f.Features))
	for i := range f.Trees {
		t := &f.Trees[i]
		leafShares(t, root(t), x, nil, phi)
	}
	if f.Average {
		for j := range phi {
			phi[j] /= float64(len(f.Trees))
		}
	}
	return phi
}

// passed is what a path says of one feature.
type passed struct {
	feature int32
	o, z    float64
}

func leafShares(t *forest.Tree, n int32, x []float64, way []passed, phi []float64) {
	if n < 0 {
		for i, p := range way {
			sizes := []float64{1} // sizes[s]: sum over subsets of s other features
			for j, other := range way {
				if j == i {
					continue
				}
				next := make([]float64, len(sizes)+1)
				for s, v := range sizes {
					next[s] += v * other.z
					next[s+1] += v * other.o
				}
				sizes = next
			}
			for s, v := range sizes {
				phi[p.feature] += t.LeafValue[^n] * (p.o - p.z) * v * setWeight(s, len(way))
			}
		}
		return
	}
	l, r := t.Left[n], t.Right[n]
	a, b := covers(t, l, r)
	left := 0.0
	if t.GoesLeft(n, x[t.Feature[n]]) {
		left = 1
	}
	leafShares(t, l, x, extend(way, t.Feature[n], left, a), phi)
	leafShares(t, r, x, extend(way, t.Feature[n], 1-left, b), phi)
}

func extend(way []passed, feature int32, o, z float64) []passed {
	out := append([]passed{}, way...)
	for i := range out {
		if out[i].feature == feature {
			out[i].o *= o
			out[i].z *= z
			return out
		}
	}
	return append(out, passed{feature, o, z})
}
