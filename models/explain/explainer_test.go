package explain_test

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"claimsieve/models/explain"
	"claimsieve/models/forest"
	"claimsieve/models/forest/foresttest"
)

func newExplainer(t testing.TB, f *forest.Forest) *explain.Explainer {
	t.Helper()
	e, err := explain.New(f)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// scale is what rounding errors are relative to: the largest output that the
// forest's leaves could give.
func scale(f *forest.Forest) float64 {
	sum := 1.0
	for i := range f.Trees {
		most := 0.0
		for _, v := range f.Trees[i].LeafValue {
			most = max(most, math.Abs(v))
		}
		sum += most
	}
	return sum
}

func near(t *testing.T, what string, got, want []float64, within float64) {
	t.Helper()
	for j := range want {
		if !(math.Abs(got[j]-want[j]) <= within) {
			t.Fatalf("%s: feature %d gets %v, want %v (%v apart)", what, j, got[j], want[j], got[j]-want[j])
		}
	}
}

// TestAgainstEnumeration compares with the definition of the Shapley value on
// small trees: features repeated on a path, categories, missing values,
// averages, paths of more than 8 features.
func TestAgainstEnumeration(t *testing.T) {
	for k, s := range []foresttest.Shape{
		{Trees: 3, Leaves: 1, Features: 2},
		{Trees: 3, Leaves: 2, Features: 2},
		{Trees: 3, Leaves: 20, Features: 1},
		{Trees: 3, Leaves: 40, Features: 2, Categorical: 1, Codes: 40},
		{Trees: 5, Leaves: 15, Features: 6, Categorical: 2, Codes: 5},
		{Trees: 4, Leaves: 9, Features: 5, Categorical: 5, Codes: 3, Average: true},
		{Trees: 2, Leaves: 60, Features: 11, Categorical: 3, Codes: 9},
	} {
		f := foresttest.Random(uint64(k), s)
		e := newExplainer(t, f)
		columns := foresttest.Columns(uint64(k), f, 12)
		for i := range 12 {
			x := foresttest.Row(columns, i)
			want, expected := byEnumeration(f, x)
			got := e.Contributions(nil, x)
			near(t, fmt.Sprintf("shape %d", k), got, want, 1e-12*scale(f))
			if d := e.Expected() - expected; math.Abs(d) > 1e-12*scale(f) {
				t.Errorf("shape %d: expected output %v, want %v", k, e.Expected(), expected)
			}
		}
	}
}

// chain returns a tree whose longest path splits on that many features, one
// after the other, each going right with a share of the rows.
func chain(features int, seed uint64) *forest.Forest {
	f := foresttest.Random(seed, foresttest.Shape{Trees: 1, Leaves: features + 1, Features: features})
	tr := &f.Trees[0]
	left := int64(0)
	for n := features - 1; n >= 0; n-- {
		tr.Feature[n], tr.Left[n], tr.Right[n] = int32(n), ^int32(n), int32(n+1)
		if n == features-1 {
			tr.Right[n] = ^int32(n + 1)
			left = tr.LeafCount[n+1]
		}
		left += tr.LeafCount[n]
		tr.NodeCount[n] = left
	}
	return f
}

// TestLongPaths compares with the polynomial of subset sizes where more than
// one block of quadrature points is needed, and checks the sum at 150 features.
func TestLongPaths(t *testing.T) {
	for _, features := range []int{7, 8, 9, 16, 17, 24, 25, 40} {
		f := chain(features, uint64(features))
		e := newExplainer(t, f)
		columns := foresttest.Columns(1, f, 20)
		for i := range 20 {
			x := foresttest.Row(columns, i)
			near(t, fmt.Sprintf("chain of %d", features), e.Contributions(nil, x), byLeaves(f, x), 1e-12*scale(f))
		}
	}
	f := foresttest.Random(9, foresttest.Shape{Trees: 4, Leaves: 300, Features: 60, Categorical: 5, Codes: 30})
	e := newExplainer(t, f)
	columns := foresttest.Columns(9, f, 5)
	for i := range 5 {
		x := foresttest.Row(columns, i)
		near(t, "300 leaves", e.Contributions(nil, x), byLeaves(f, x), 1e-12*scale(f))
	}
	sums(t, chain(150, 3), 50)
}

// sums checks that contributions and expected output add up to the raw output.
func sums(t *testing.T, f *forest.Forest, rows int) {
	t.Helper()
	e := newExplainer(t, f)
	columns := foresttest.Columns(77, f, rows)
	var phi []float64
	for i := range rows {
		x := foresttest.Row(columns, i)
		phi = e.Contributions(phi, x)
		sum := e.Expected()
		for _, c := range phi {
			sum += c
		}
		if raw := f.Raw(x); math.Abs(sum-raw) > 1e-12*scale(f) {
			t.Fatalf("row %d: expected and contributions add up to %v, raw output is %v", i, sum, raw)
		}
	}
}

func TestSumsToRaw(t *testing.T) {
	for k := range 30 {
		sums(t, foresttest.Random(uint64(k), foresttest.Shape{Trees: 1 + k%7, Leaves: 1 + 11*k, Features: 1 + k, Categorical: k % 4, Codes: 5 * k, Average: k%3 == 0}), 40)
	}
}

// TestNoCounts wants finite contributions that add up even where counts are
// zero: on some leaves, and everywhere.
func TestNoCounts(t *testing.T) {
	f := foresttest.Random(4, foresttest.Shape{Trees: 3, Leaves: 20, Features: 4})
	for i := range f.Trees {
		for l := range f.Trees[i].LeafCount {
			if l%3 > 0 {
				f.Trees[i].LeafCount[l] = 0
			}
		}
	}
	check := func() {
		t.Helper()
		sums(t, f, 50)
		columns := foresttest.Columns(2, f, 20)
		for i := range 20 {
			x := foresttest.Row(columns, i)
			want, _ := byEnumeration(f, x)
			near(t, "zero counts", newExplainer(t, f).Contributions(nil, x), want, 1e-12*scale(f))
		}
	}
	check()
	for i := range f.Trees {
		clear(f.Trees[i].LeafCount)
		clear(f.Trees[i].NodeCount)
	}
	check()
}

// TestMetamorphic: a mirrored tree, a tree twice, and an unused feature change
// contributions as they must.
func TestMetamorphic(t *testing.T) {
	f := foresttest.Random(6, foresttest.Shape{Trees: 3, Leaves: 25, Features: 5, Categorical: 1, Codes: 8})
	twice := *f
	twice.Trees = append(slices.Clone(f.Trees), f.Trees...)
	mean := twice
	mean.Average = true
	wide := *f
	wide.Features = append(slices.Clone(f.Features), "unused")
	wide.Categories = append(slices.Clone(f.Categories), nil)
	wide.Min, wide.Max = nil, nil
	columns := foresttest.Columns(6, f, 30)
	for i := range 30 {
		x := foresttest.Row(columns, i)
		phi := newExplainer(t, f).Contributions(nil, x)
		double, third := make([]float64, len(phi)), make([]float64, len(phi))
		for j, c := range phi {
			double[j], third[j] = 2*c, c/3
		}
		near(t, "every tree twice", newExplainer(t, &twice).Contributions(nil, x), double, 1e-13*scale(f))
		near(t, "mean of every tree twice", newExplainer(t, &mean).Contributions(nil, x), third, 1e-13*scale(f))
		near(t, "unused feature", newExplainer(t, &wide).Contributions(nil, append(slices.Clone(x), 3)), append(phi, 0), 0)
	}
}

// TestConcurrent wants the same bits from many goroutines on one Explainer.
func TestConcurrent(t *testing.T) {
	f := foresttest.Random(8, foresttest.Shape{Trees: 10, Leaves: 31, Features: 10, Categorical: 2, Codes: 20})
	e := newExplainer(t, f)
	columns := foresttest.Columns(8, f, 100)
	want := make([][]float64, 100)
	for i := range want {
		want[i] = e.Contributions(nil, foresttest.Row(columns, i))
	}
	var done sync.WaitGroup
	for range 4 {
		done.Go(func() {
			var phi []float64
			for i := range want {
				phi = e.Contributions(phi, foresttest.Row(columns, i))
				if !slices.Equal(phi, want[i]) {
					t.Errorf("row %d: %v, alone %v", i, phi, want[i])
				}
			}
		})
	}
	done.Wait()
}

func TestNewRefusesInvalid(t *testing.T) {
	f := foresttest.Random(1, foresttest.Shape{Trees: 1, Leaves: 3, Features: 1})
	f.Trees[0].Left[0] = 0
	if _, err := explain.New(f); err == nil {
		t.Error("a tree with a loop was prepared")
	}
}

func BenchmarkContributions(b *testing.B) {
	f := foresttest.Random(1, foresttest.Shape{Trees: 100, Leaves: 31, Features: 40, Categorical: 5, Codes: 30})
	e := newExplainer(b, f)
	columns := foresttest.Columns(1, f, 256)
	rows := make([][]float64, 256)
	for i := range rows {
		rows[i] = foresttest.Row(columns, i)
	}
	var phi []float64
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		phi = e.Contributions(phi, rows[i%256])
	}
}
