package forest_test

import (
	"math"
	"math/big"
	"testing"

	"claimsieve/models/forest"
	"claimsieve/models/forest/foresttest"
)

// TestGoesLeft holds the walk to the written rules of LightGBM, case by case.
func TestGoesLeft(t *testing.T) {
	nan, zero := math.NaN(), forest.ZeroThreshold
	for _, c := range []struct {
		what        string
		missing     forest.Missing
		defaultLeft bool
		threshold   float64
		v           float64
		want        bool
	}{
		{"on the threshold", forest.MissingNaN, false, 1.5, 1.5, true},
		{"just above", forest.MissingNaN, true, 1.5, math.Nextafter(1.5, 2), false},
		{"NaN to the default, left", forest.MissingNaN, true, -9, nan, true},
		{"NaN to the default, right", forest.MissingNaN, false, 9, nan, false},
		{"NaN is 0, left", forest.MissingNone, false, 0, nan, true},
		{"NaN is 0, right", forest.MissingNone, true, -1, nan, false},
		{"zero is a value unless missing", forest.MissingNaN, false, 1, 0, true},
		{"zero missing", forest.MissingZero, false, 1, 0, false},
		{"negative zero missing", forest.MissingZero, false, 1, math.Copysign(0, -1), false},
		{"NaN with zero missing", forest.MissingZero, true, -1, nan, true},
		{"largest zero", forest.MissingZero, false, 1, zero, false},
		{"smallest negative zero", forest.MissingZero, true, -1, -zero, true},
		{"beyond zero", forest.MissingZero, false, 1, math.Nextafter(zero, 1), true},
		{"infinite", forest.MissingNaN, true, math.MaxFloat64, math.Inf(1), false},
		{"minus infinite", forest.MissingNaN, false, -math.MaxFloat64, math.Inf(-1), true},
	} {
		tree := forest.Tree{Feature: []int32{0}, Threshold: []float64{c.threshold}, Categorical: []bool{false},
			DefaultLeft: []bool{c.defaultLeft}, Missing: []forest.Missing{c.missing}}
		if got := tree.GoesLeft(0, c.v); got != c.want {
			t.Errorf("%s: %v against %v goes left: %v, want %v", c.what, c.v, c.threshold, got, c.want)
		}
	}
}

// TestGoesLeftCategorical holds a set {0, 33} to its rules.
func TestGoesLeftCategorical(t *testing.T) {
	tree := forest.Tree{Feature: []int32{0}, Threshold: []float64{1}, Categorical: []bool{true}, DefaultLeft: []bool{true},
		Missing: []forest.Missing{forest.MissingNaN}, CatBounds: []int32{0, 1, 3}, CatBits: []uint32{^uint32(0), 1, 2}}
	for v, want := range map[float64]bool{
		0: true, 0.9: true, -0.9: true, 33: true, 33.99: true, 1: false, 32: false, 34: false, -1: false, -33: false,
		64: false, 1 << 31: false, 1<<32 + 33: false, 1 << 40: false, math.Inf(1): false, math.Inf(-1): false, -1e300: false,
	} {
		if got := tree.GoesLeft(0, v); got != want {
			t.Errorf("code %v goes left: %v, want %v", v, got, want)
		}
	}
	if tree.GoesLeft(0, math.NaN()) {
		t.Error("NaN went left at a categorical node, want right whatever the default side")
	}
}

// slowLeaf is an independent reading of the contract: recursive, with sets of
// codes as numbers of any size.
func slowLeaf(tr *forest.Tree, node int32, x []float64) int {
	if node < 0 {
		return int(-node) - 1
	}
	v, left := x[tr.Feature[node]], false
	missing := math.IsNaN(v) && tr.Missing[node] == forest.MissingNaN ||
		tr.Missing[node] == forest.MissingZero && !(math.Abs(v) > forest.ZeroThreshold)
	switch {
	case tr.Categorical[node]:
		set := new(big.Int)
		bounds := tr.CatBounds[int(tr.Threshold[node]):]
		for w := bounds[1] - 1; w >= bounds[0]; w-- {
			set.Lsh(set, 32).Or(set, big.NewInt(int64(tr.CatBits[w])))
		}
		code := math.Trunc(v)
		left = code >= 0 && code < 1<<31 && set.Bit(int(code)) == 1
	case missing:
		left = tr.DefaultLeft[node]
	case math.IsNaN(v):
		left = tr.Threshold[node] >= 0
	default:
		left = v <= tr.Threshold[node]
	}
	if left {
		return slowLeaf(tr, tr.Left[node], x)
	}
	return slowLeaf(tr, tr.Right[node], x)
}

func shapes() []foresttest.Shape {
	return []foresttest.Shape{
		{Trees: 1, Leaves: 1, Features: 1},
		{Trees: 7, Leaves: 2, Features: 3, Categorical: 3, Codes: 40},
		{Trees: 20, Leaves: 31, Features: 12, Categorical: 4, Codes: 70},
		{Trees: 9, Leaves: 64, Features: 3, Categorical: 1, Codes: 5, Average: true},
		{Trees: 3, Leaves: 300, Features: 400},
	}
}

func TestLeafAgainstSlowWalk(t *testing.T) {
	for k, s := range shapes() {
		f := foresttest.Random(uint64(k), s)
		columns := foresttest.Columns(uint64(k), f, 500)
		for i := range 500 {
			x := foresttest.Row(columns, i)
			for n := range f.Trees {
				tr, root := &f.Trees[n], int32(0)
				if s.Leaves == 1 {
					root = -1
				}
				if got, want := tr.Leaf(x), slowLeaf(tr, root, x); got != want {
					t.Fatalf("shape %d, tree %d, row %v: leaf %d, want %d", k, n, x, got, want)
				}
			}
		}
	}
}

// TestRawBatchSameBits holds every number of threads and rows to Raw, bit by bit.
func TestRawBatchSameBits(t *testing.T) {
	for k, s := range shapes() {
		f := foresttest.Random(uint64(k), s)
		for _, rows := range []int{0, 1, 255, 256, 257, 1500} {
			columns := foresttest.Columns(uint64(rows), f, rows)
			for _, threads := range []int{0, 1, 2, 3, 8} {
				dst := make([]float64, rows)
				f.RawBatch(dst, columns, threads)
				for i, got := range dst {
					if want := f.Raw(foresttest.Row(columns, i)); math.Float64bits(got) != math.Float64bits(want) {
						t.Fatalf("shape %d, row %d of %d, %d threads: %v, want %v", k, i, rows, threads, got, want)
					}
				}
			}
		}
	}
}

// TestAverage checks that an average is the sum divided by the trees, and that
// an average does not change when every tree is there twice.
func TestAverage(t *testing.T) {
	f := foresttest.Random(5, foresttest.Shape{Trees: 8, Leaves: 9, Features: 4, Average: true})
	sum := *f
	sum.Average = false
	twice := *f
	twice.Trees = append(append([]forest.Tree{}, f.Trees...), f.Trees...)
	columns := foresttest.Columns(5, f, 200)
	for i := range 200 {
		x := foresttest.Row(columns, i)
		if got, want := f.Raw(x), sum.Raw(x)/8; got != want {
			t.Fatalf("average %v, want %v", got, want)
		}
		if got, want := twice.Raw(x), f.Raw(x); math.Abs(got-want) > 1e-14 {
			t.Fatalf("average of every tree twice %v, want %v", got, want)
		}
	}
}

func TestRawAllocatesNothing(t *testing.T) {
	f := foresttest.Random(1, foresttest.Shape{Trees: 50, Leaves: 31, Features: 10, Categorical: 3, Codes: 50})
	x := foresttest.Row(foresttest.Columns(1, f, 1), 0)
	sink := 0.0
	if n := testing.AllocsPerRun(200, func() { sink += f.Raw(x) }); n != 0 {
		t.Errorf("Raw allocates %v times a call, want 0 (sum %v)", n, sink)
	}
}

func TestWrongShapePanics(t *testing.T) {
	f := foresttest.Random(1, foresttest.Shape{Trees: 1, Leaves: 2, Features: 2})
	for what, call := range map[string]func(){
		"short vector":  func() { f.Raw([]float64{1}) },
		"long vector":   func() { f.Raw([]float64{1, 2, 3}) },
		"few columns":   func() { f.RawBatch(make([]float64, 1), [][]float64{{1}}, 1) },
		"ragged column": func() { f.RawBatch(make([]float64, 1), [][]float64{{1}, {1, 2}}, 1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s gave a score", what)
				}
			}()
			call()
		}()
	}
}
