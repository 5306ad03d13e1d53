package forest_test

import (
	"math"
	"strings"
	"testing"

	"claimsieve/models/forest"
	"claimsieve/models/forest/foresttest"
)

func TestValidateAcceptsRandomForests(t *testing.T) {
	for k, s := range shapes() {
		if err := foresttest.Random(uint64(k), s).Validate(); err != nil {
			t.Errorf("shape %d: %v", k, err)
		}
	}
	if err := (&forest.Forest{}).Validate(); err != nil {
		t.Errorf("empty forest: %v", err)
	}
}

// TestValidateNamesFault breaks one thing at a time in a forest of two trees of
// six leaves and wants the fault named. Feature 2 is categorical with 5 words.
func TestValidateNamesFault(t *testing.T) {
	for want, spoil := range map[string]func(f *forest.Forest, tr *forest.Tree, cat int){
		"features 0 and 1 are both named": func(f *forest.Forest, _ *forest.Tree, _ int) { f.Features[1] = f.Features[0] },
		"feature 1 has no name":           func(f *forest.Forest, _ *forest.Tree, _ int) { f.Features[1] = "" },
		"categories of 1 features":        func(f *forest.Forest, _ *forest.Tree, _ int) { f.Categories = f.Categories[:1] },
		"minima of 0 features":            func(f *forest.Forest, _ *forest.Tree, _ int) { f.Min = f.Min[:0] },
		"maxima of 2 features":            func(f *forest.Forest, _ *forest.Tree, _ int) { f.Max = f.Max[:2] },
		"it averages its trees but has none": func(f *forest.Forest, _ *forest.Tree, _ int) {
			f.Average, f.Trees = true, nil
		},
		"tree 1: 4 thresholds for 5 nodes, want 5":   func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.Threshold = tr.Threshold[:4] },
		"tree 1: 5 leaf values for 5 nodes, want 6":  func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.LeafValue = tr.LeafValue[:5] },
		"tree 1: 0 leaf counts for 5 nodes, want 6":  func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.LeafCount = nil },
		"tree 1: 6 node counts for 5 nodes, want 5":  func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.NodeCount = append(tr.NodeCount, 1) },
		"tree 1: node 2: feature 3 is not one of 3":  func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.Feature[2] = 3 },
		"tree 1: node 2: feature -1 is not one of 3": func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.Feature[2] = -1 },
		"tree 1: node 3: kind of missing value 3":    func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.Missing[3] = 3 },
		"tree 1: node 4: count -1 is negative":       func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.NodeCount[4] = -1 },
		"tree 1: leaf 5: count -1 is negative":       func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.LeafCount[5] = -1 },
		"tree 1: leaf 5: value NaN is not finite":    func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.LeafValue[5] = math.NaN() },
		"tree 1: leaf 0: value -Inf is not finite":   func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.LeafValue[0] = math.Inf(-1) },
		"threshold is not a number": func(_ *forest.Forest, tr *forest.Tree, cat int) {
			n := (cat + 1) % 5
			tr.Feature[n], tr.Categorical[n], tr.Threshold[n] = 0, false, math.NaN()
		},
		"tree 1: node 4: child 5 is neither":           func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.Left[4] = 5 },
		"tree 1: node 4: child -7 is neither":          func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.Right[4] = -7 },
		"tree 1: node 4: child -2147483648 is neither": func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.Right[4] = math.MinInt32 },
		"node 0 is reached twice":                      func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.Left[4] = 0 },
		"is reached twice":                             func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.Left[4] = tr.Right[4] },
		"on feature \"f0\", which is numeric":          func(_ *forest.Forest, tr *forest.Tree, cat int) { tr.Feature[cat] = 0 },
		"category set 0.5 is not one of":               func(_ *forest.Forest, tr *forest.Tree, cat int) { tr.Threshold[cat] = 0.5 },
		"category set 99 is not one of":                func(_ *forest.Forest, tr *forest.Tree, cat int) { tr.Threshold[cat] = 99 },
		"category set NaN is not one of":               func(_ *forest.Forest, tr *forest.Tree, cat int) { tr.Threshold[cat] = math.NaN() },
		"holds code 5 of feature \"f2\", which has 5":  func(_ *forest.Forest, tr *forest.Tree, cat int) { tr.CatBits[int(tr.Threshold[cat])] |= 1 << 5 },
		"category sets begin at word 1":                func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.CatBounds[0] = 1 },
		"before its begin":                             func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.CatBounds[1] = -1 },
		"category sets end at word":                    func(_ *forest.Forest, tr *forest.Tree, _ int) { tr.CatBits = append(tr.CatBits, 0) },
	} {
		f, cat := spoilable(t)
		spoil(f, &f.Trees[len(f.Trees)-1], cat)
		err := f.Validate()
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "cannot use forest: ") {
			t.Errorf("want a fault that says %q, got %v", want, err)
		}
	}
}

// spoilable returns a forest whose last tree has a categorical node, and that node.
func spoilable(t *testing.T) (*forest.Forest, int) {
	t.Helper()
	for seed := range uint64(100) {
		f := foresttest.Random(seed, foresttest.Shape{Trees: 2, Leaves: 6, Features: 3, Categorical: 1, Codes: 5})
		for n, c := range f.Trees[1].Categorical {
			if c {
				return f, n
			}
		}
	}
	t.Fatal("no seed gives a categorical node")
	return nil, 0
}

// TestValidateFindsUnreachedLoop closes two nodes on each other, away from the
// root: every child is in range and every node has one parent.
func TestValidateFindsUnreachedLoop(t *testing.T) {
	f := foresttest.Random(3, foresttest.Shape{Trees: 1, Leaves: 4, Features: 1})
	tr := &f.Trees[0]
	tr.Left, tr.Right = []int32{^0, 2, 1}, []int32{^1, ^2, ^3}
	if err := f.Validate(); err == nil || !strings.Contains(err.Error(), "tree 0: node 1: not reached from the root") {
		t.Errorf("got %v", err)
	}
}
