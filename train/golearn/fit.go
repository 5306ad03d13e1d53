package golearn

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/sjwhitworth/golearn/trees"

	"claimsieve/features"
	"claimsieve/models/forest"
)

// Result is a trained forest.
type Result struct {
	// Forest has the mean of its leaves as its raw output: of their shares of
	// frauds, or of their votes (see ForestConfig.Leaves).
	Forest *forest.Forest
	// Features are, for each tree, the columns that it was offered, ascending.
	Features [][]int

	columns []ranked
	trees   []*trees.ID3DecisionTree
}

// FitForest trains a random forest on vectors x with outcomes y (0 or 1, both
// present). When ctx is done it returns ctx's error after at most one more
// tree. NaN is a value like any other; the package comment says how.
func FitForest(ctx context.Context, cfg ForestConfig, x *features.Matrix, y []float64) (*Result, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if err := check(cfg, x, y); err != nil {
		return nil, err
	}
	r := &Result{Forest: newForest(x), columns: rank(cfg, x, y)}
	for k := range cfg.Trees {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("cannot finish the forest after %d of %d trees: %w", k, cfg.Trees, err)
		}
		if err := r.addTree(cfg, k, x, y); err != nil {
			return nil, fmt.Errorf("cannot grow tree %d with golearn: %w", k, err)
		}
	}
	return r, nil
}

// addTree grows tree number k on its own draw of rows and columns.
func (r *Result) addTree(cfg ForestConfig, k int, x *features.Matrix, y []float64) error {
	source := rand.New(rand.NewPCG(uint64(cfg.Seed), uint64(k)))
	rows := make([]int, len(y))
	for i := range rows {
		rows[i] = source.IntN(len(y))
	}
	slices.Sort(rows)
	chosen := source.Perm(len(x.Columns))[:cfg.featuresPerTree(len(x.Columns))]
	slices.Sort(chosen)
	g, err := grid(r.columns, chosen, y, rows)
	if err != nil {
		return err
	}
	grown, err := growTree(g)
	if err != nil {
		return err
	}
	tree, err := export(grown.Root, r.columns)
	if err != nil {
		return err
	}
	count(&tree, x, y, cfg.Leaves == Shares)
	r.Forest.Trees = append(r.Forest.Trees, tree)
	r.Features = append(r.Features, chosen)
	r.trees = append(r.trees, grown)
	return nil
}

// rank orders the values of every column.
func rank(cfg ForestConfig, x *features.Matrix, y []float64) []ranked {
	out := make([]ranked, len(x.Columns))
	for j, values := range x.Columns {
		if words := categories(x, j); words != nil {
			out[j] = rankWords(values, y, len(words))
		} else {
			out[j] = rankNumbers(values, cfg.Bins)
		}
	}
	return out
}

func newForest(x *features.Matrix) *forest.Forest {
	f := &forest.Forest{
		Features: slices.Clone(x.Names), Categories: slices.Clone(x.Categories),
		Min: make([]float64, len(x.Columns)), Max: make([]float64, len(x.Columns)), Average: true,
	}
	for j, values := range x.Columns {
		low, high := math.Inf(1), math.Inf(-1)
		for _, v := range values {
			if categories(x, j) == nil && math.Abs(v) <= math.MaxFloat64 {
				low, high = min(low, v), max(high, v)
			}
		}
		if low > high { // a category, or no finite number
			low, high = math.NaN(), math.NaN()
		}
		f.Min[j], f.Max[j] = low, high
	}
	return f
}

func categories(x *features.Matrix, j int) []string {
	if x.Categories == nil {
		return nil
	}
	return x.Categories[j]
}
