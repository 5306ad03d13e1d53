// Package foresttest makes random forests and vectors for tests. Both reach
// into the corners: every kind of missing value, values on a threshold, codes
// that no set knows. The same seed gives the same forest on every machine.
package foresttest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"claimsieve/models/forest"
)

// Shape says what a random forest looks like. Counts below 1 are taken as 1,
// except Categorical and Codes.
type Shape struct {
	Trees       int
	Leaves      int // of every tree
	Features    int
	Categorical int  // the last so many features are categorical
	Codes       int  // words of each categorical feature
	Average     bool // mean of the trees instead of their sum
}

// Random returns a valid forest of that shape. Covers are consistent: a node's
// count and weight are the sums over its leaves.
func Random(seed uint64, s Shape) *forest.Forest {
	rng := rand.New(rand.NewPCG(seed, 1))
	width := max(1, s.Features)
	f := &forest.Forest{Average: s.Average, Sigmoid: !s.Average}
	f.Categories = make([][]string, width)
	for j := range width {
		f.Features = append(f.Features, fmt.Sprintf("f%d", j))
		if j < width-s.Categorical {
			f.Min = append(f.Min, -4)
			f.Max = append(f.Max, 4)
			continue
		}
		f.Min = append(f.Min, math.NaN())
		f.Max = append(f.Max, math.NaN())
		f.Categories[j] = make([]string, max(1, s.Codes))
		for c := range f.Categories[j] {
			f.Categories[j][c] = fmt.Sprintf("w%d", c)
		}
	}
	for range max(1, s.Trees) {
		f.Trees = append(f.Trees, randomTree(rng, f, max(1, s.Leaves)))
	}
	return f
}

// randomTree splits leaves at random until there are enough: the split leaf
// keeps its number on the left and the new leaf goes right.
func randomTree(rng *rand.Rand, f *forest.Forest, leaves int) forest.Tree {
	t := forest.Tree{Shrinkage: 0.1}
	parent := []int32{-1} // of each leaf: the node, and which side
	isRight := []bool{false}
	for n := range int32(leaves - 1) {
		l := int32(rng.IntN(len(parent)))
		if p := parent[l]; p >= 0 {
			if isRight[l] {
				t.Right[p] = n
			} else {
				t.Left[p] = n
			}
		}
		addNode(rng, f, &t)
		t.Left = append(t.Left, ^l)
		t.Right = append(t.Right, ^(n + 1))
		parent[l], isRight[l] = n, false
		parent, isRight = append(parent, n), append(isRight, true)
	}
	for range leaves {
		count := 1 + rng.Int64N(200)
		t.LeafValue = append(t.LeafValue, rng.NormFloat64())
		t.LeafCount = append(t.LeafCount, count)
		t.LeafWeight = append(t.LeafWeight, float64(count)*rng.Float64())
	}
	t.NodeCount = make([]int64, leaves-1)
	t.NodeWeight = make([]float64, leaves-1)
	for n := leaves - 2; n >= 0; n-- { // children have larger numbers
		for _, c := range [2]int32{t.Left[n], t.Right[n]} {
			if c < 0 {
				t.NodeCount[n] += t.LeafCount[^c]
				t.NodeWeight[n] += t.LeafWeight[^c]
			} else {
				t.NodeCount[n] += t.NodeCount[c]
				t.NodeWeight[n] += t.NodeWeight[c]
			}
		}
	}
	return t
}

func addNode(rng *rand.Rand, f *forest.Forest, t *forest.Tree) {
	j := rng.IntN(len(f.Features))
	t.Feature = append(t.Feature, int32(j))
	t.DefaultLeft = append(t.DefaultLeft, rng.IntN(2) == 0)
	t.Gain = append(t.Gain, rng.ExpFloat64())
	t.NodeValue = append(t.NodeValue, rng.NormFloat64())
	t.Categorical = append(t.Categorical, f.IsCategorical(j))
	if !f.IsCategorical(j) {
		t.Missing = append(t.Missing, forest.Missing(rng.IntN(3)))
		t.Threshold = append(t.Threshold, threshold(rng))
		return
	}
	t.Missing = append(t.Missing, forest.MissingNone)
	if t.CatBounds == nil {
		t.CatBounds = []int32{0}
	}
	t.Threshold = append(t.Threshold, float64(len(t.CatBounds)-1))
	words := make([]uint32, (len(f.Categories[j])+31)/32)
	for c := range f.Categories[j] {
		if rng.IntN(2) == 0 {
			words[c/32] |= 1 << (c % 32)
		}
	}
	t.CatBits = append(t.CatBits, words...)
	t.CatBounds = append(t.CatBounds, int32(len(t.CatBits)))
}

// threshold is on a coarse grid, so that values meet it. Beside zero it is
// LightGBM's smallest magnitude, never zero itself: LightGBM reads a matrix's
// values of smaller magnitude as 0 before its trees see them.
func threshold(rng *rand.Rand) float64 {
	switch k := rng.IntN(33) - 16; k {
	case 0:
		return forest.ZeroThreshold
	case 1:
		return -forest.ZeroThreshold
	case 2, 3: // as LightGBM parts missing values from all others
		return math.Inf(5 - 2*k)
	default:
		return float64(k) / 4
	}
}

// Columns returns rows random vectors for f, by column. Numeric elements lie
// on the grid of the thresholds or are missing, infinite, zero or tiny;
// categorical ones are codes, known or not, negative, fractional or missing.
func Columns(seed uint64, f *forest.Forest, rows int) [][]float64 {
	rng := rand.New(rand.NewPCG(seed, 2))
	columns := make([][]float64, len(f.Features))
	for j := range columns {
		columns[j] = make([]float64, rows)
		for i := range columns[j] {
			if f.IsCategorical(j) {
				columns[j][i] = code(rng, len(f.Categories[j]))
			} else {
				columns[j][i] = number(rng)
			}
		}
	}
	return columns
}

// Row copies row i of columns.
func Row(columns [][]float64, i int) []float64 {
	x := make([]float64, len(columns))
	for j, c := range columns {
		x[j] = c[i]
	}
	return x
}

func number(rng *rand.Rand) float64 {
	switch rng.IntN(20) {
	case 0, 1:
		return math.NaN()
	case 2:
		return 0
	case 3:
		return math.Copysign(0, -1)
	case 4:
		return math.Copysign(1e-36, float64(rng.IntN(2))-0.5)
	case 5:
		return math.Inf(rng.IntN(2)*2 - 1)
	case 6:
		return rng.NormFloat64()
	default:
		return float64(rng.IntN(33)-16) / 4
	}
}

func code(rng *rand.Rand, words int) float64 {
	switch rng.IntN(20) {
	case 0:
		return math.NaN()
	case 1:
		return -1 - float64(rng.IntN(40))
	case 2:
		return float64(words + rng.IntN(100))
	case 3:
		return 1e10 * rng.NormFloat64()
	case 4:
		return rng.Float64()*2 - 1
	default:
		return float64(rng.IntN(max(1, words))) + 0.5*float64(rng.IntN(2))
	}
}
