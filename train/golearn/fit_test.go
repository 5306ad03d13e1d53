package golearn

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/sjwhitworth/golearn/base"

	"claimsieve/features"
)

// simulated draws rows with numbers, missing and infinite values, and a category.
func simulated(seed uint64, rows int) (*features.Matrix, []float64) {
	r := rand.New(rand.NewPCG(seed, 1))
	x := &features.Matrix{Names: []string{"amount", "delay", "count", "class", "noise"}, Columns: make([][]float64, 5), Categories: make([][]string, 5)}
	for k := range 40 {
		x.Categories[3] = append(x.Categories[3], "w"+strconv.Itoa(k))
	}
	var y []float64
	for range rows {
		amount, delay, count, word := r.NormFloat64(), r.NormFloat64(), float64(r.IntN(5)), float64(r.IntN(38))
		z := -1 + amount - 0.5*count + 1.5*math.Sin(word)
		switch r.IntN(12) {
		case 0:
			delay = math.NaN()
			z += 2
		case 1:
			delay = math.Inf(1)
		case 2:
			delay = math.Inf(-1)
		case 3:
			word = math.NaN()
		}
		for j, v := range []float64{amount, delay, count, word, r.NormFloat64()} {
			x.Columns[j] = append(x.Columns[j], v)
		}
		if r.Float64() < 1/(1+math.Exp(-z)) {
			y = append(y, 1)
		} else {
			y = append(y, 0)
		}
	}
	return x, y
}

func settings() ForestConfig {
	cfg := DefaultForestConfig()
	cfg.Trees, cfg.FeaturesPerTree, cfg.Seed, cfg.Leaves = 11, 4, 3, Votes
	return cfg
}

func fit(t *testing.T, cfg ForestConfig, x *features.Matrix, y []float64) *Result {
	t.Helper()
	r, err := FitForest(context.Background(), cfg, x, y)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Forest.Validate(); err != nil {
		t.Fatal(err)
	}
	return r
}

func votes(r *Result, x *features.Matrix) []float64 {
	dst := make([]float64, x.Rows())
	r.Forest.RawBatch(dst, x.Columns, 1)
	return dst
}

// TestForestVotesAsGolearn lets golearn predict every row with every tree.
func TestForestVotesAsGolearn(t *testing.T) {
	x, y := simulated(1, 1200)
	r := fit(t, settings(), x, y)
	all := make([]int, len(y))
	for i := range all {
		all[i] = i
	}
	sum := make([]int, len(y))
	for k, tree := range r.trees {
		g, err := grid(r.columns, r.Features[k], y, all)
		if err != nil {
			t.Fatal(err)
		}
		predicted, err := tree.Predict(g)
		if err != nil {
			t.Fatal(err)
		}
		for i := range y {
			vote, _ := strconv.Atoi(base.GetClass(predicted, i))
			sum[i] += vote
			if own := &r.Forest.Trees[k]; own.LeafValue[own.Leaf(x.Row(nil, i))] != float64(vote) {
				t.Fatalf("tree %d, row %d: golearn votes %d, our tree otherwise", k, i, vote)
			}
		}
	}
	for i, share := range votes(r, x) {
		if share != float64(sum[i])/float64(len(r.trees)) {
			t.Fatalf("row %d: %v of the votes, golearn gives %d of %d", i, share, sum[i], len(r.trees))
		}
	}
}

// auc compares every pair.
func auc(score, outcome []float64) float64 {
	var wins, pairs float64
	for i, a := range score {
		for k, b := range score {
			if outcome[i] == 1 && outcome[k] == 0 {
				pairs++
				if a > b {
					wins++
				} else if a == b {
					wins += 0.5
				}
			}
		}
	}
	return wins / pairs
}

// TestSharesAreThoseOfTheTrainingRows routes the training rows again.
func TestSharesAreThoseOfTheTrainingRows(t *testing.T) {
	x, y := simulated(4, 800)
	cfg := settings()
	cfg.Leaves = Shares
	r := fit(t, cfg, x, y)
	for k := range r.Forest.Trees {
		tree := &r.Forest.Trees[k]
		rows, frauds := make([]float64, len(tree.LeafValue)), make([]float64, len(tree.LeafValue))
		for i, outcome := range y {
			leaf := tree.Leaf(x.Row(nil, i))
			rows[leaf]++
			frauds[leaf] += outcome
		}
		for leaf, n := range rows {
			if n > 0 && tree.LeafValue[leaf] != frauds[leaf]/n {
				t.Fatalf("tree %d, leaf %d: %v, but %v of %v rows are frauds", k, leaf, tree.LeafValue[leaf], frauds[leaf], n)
			}
		}
	}
}

func TestForestLearns(t *testing.T) {
	x, y := simulated(1, 2500)
	test, outcome := simulated(2, 2000)
	cfg := settings()
	cfg.Trees, cfg.FeaturesPerTree = 40, 3
	byVotes := auc(votes(fit(t, cfg, x, y), test), outcome)
	cfg.Leaves = Shares
	r := fit(t, cfg, x, y)
	byShares := auc(votes(r, test), outcome)
	t.Logf("AUC on unseen rows: %.4f by votes, %.4f by shares", byVotes, byShares)
	// Seeds 3, 7 and 14 gave 0.738, 0.709 and 0.717 by votes; boosting reaches 0.80 here.
	if byVotes < 0.68 || byShares < byVotes {
		t.Errorf("AUC on unseen rows is %v by votes, want at least 0.68, and %v by shares, want no less than by votes", byVotes, byShares)
	}
	// A word that training never saw goes where missing words go.
	row := test.Row(nil, 0)
	row[3] = 39
	unseen := r.Forest.Raw(row)
	if row[3] = math.NaN(); r.Forest.Raw(row) != unseen {
		t.Error("a word without rows in training scores otherwise than a missing one")
	}
}

func TestSameSeedSameForest(t *testing.T) {
	x, y := simulated(4, 600)
	a, b := fit(t, settings(), x, y), fit(t, settings(), x, y)
	if !reflect.DeepEqual(a.Forest.Trees, b.Forest.Trees) || !reflect.DeepEqual(a.Features, b.Features) {
		t.Error("the same settings and samples give two forests")
	}
	other := settings()
	other.Seed++
	if reflect.DeepEqual(fit(t, other, x, y).Forest.Trees, a.Forest.Trees) {
		t.Error("another seed gives the same forest")
	}
}

func TestCounts(t *testing.T) {
	x, y := simulated(5, 600)
	for k, tree := range fit(t, settings(), x, y).Forest.Trees {
		if tree.NodeCount[0] != 600 {
			t.Errorf("tree %d: %d rows at the root, want 600", k, tree.NodeCount[0])
		}
		rows := int64(0)
		for l, n := range tree.LeafCount {
			rows += n
			if n == 0 {
				t.Errorf("tree %d: no row reaches leaf %d, though its bootstrap sample did", k, l)
			}
		}
		if rows != 600 {
			t.Errorf("tree %d: %d rows in the leaves, want 600", k, rows)
		}
	}
}

func TestRanks(t *testing.T) {
	inf := math.Inf(1)
	values := []float64{3, math.NaN(), -inf, 1, inf, 2, 2, 2, 5e-324, 0}
	c := rankNumbers(values, 32)
	for i, v := range values {
		for cut := 0; cut <= len(c.upper); cut++ {
			left := v <= c.threshold(cut) || math.IsNaN(v) // NaN goes left by default
			if limit := c.threshold(cut); math.IsInf(limit, 0) || left != (c.ranks[i] <= cut) {
				t.Errorf("%v has rank %d, but lies on the other side of the threshold %v after rank %d", v, c.ranks[i], limit, cut)
			}
		}
	}
	if got := rankNumbers(make([]float64, 5), 32); len(got.upper) != 0 {
		t.Errorf("a constant column is cut at %v", got.upper)
	}
}

func TestFaultsAreNamed(t *testing.T) {
	for _, c := range []struct {
		change func(*ForestConfig, *features.Matrix, []float64)
		want   string
	}{
		{func(c *ForestConfig, _ *features.Matrix, _ []float64) { c.MaxRows = 20 }, "30 rows, golearn is too slow beyond max_rows = 20"},
		{func(c *ForestConfig, _ *features.Matrix, _ []float64) { c.Trees, c.FeaturesPerTree, c.Bins = 0, 1, 1 }, "trees is 0, want at least 1; features_per_tree is 1, want 0 or at least 2"},
		{func(c *ForestConfig, _ *features.Matrix, _ []float64) { c.FeaturesPerTree = 6 }, "at most the 5 columns"},
		{func(_ *ForestConfig, x *features.Matrix, _ []float64) { x.Names[1] = "amount" }, `both named "amount"`},
		{func(_ *ForestConfig, x *features.Matrix, _ []float64) { x.Columns[3][2] = 40 }, `row 2 of column "class" holds 40`},
		{func(_ *ForestConfig, x *features.Matrix, _ []float64) { x.Columns[1] = nil }, `column "delay" has 0 rows`},
		{func(_ *ForestConfig, _ *features.Matrix, y []float64) { y[4] = math.NaN() }, "row 4 has outcome NaN"},
		{func(_ *ForestConfig, _ *features.Matrix, y []float64) { clear(y) }, "30 rows have outcome 0 and 0 outcome 1"},
	} {
		x, y := simulated(1, 30)
		cfg := settings()
		c.change(&cfg, x, y)
		if r, err := FitForest(context.Background(), cfg, x, y); err == nil || r != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
	}
	x, y := simulated(1, 30)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := FitForest(ctx, settings(), x, y); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v after cancelling", err)
	}
}
