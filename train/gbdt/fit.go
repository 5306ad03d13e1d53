package gbdt

import (
	"context"
	"fmt"
	"math"

	"claimsieve/models/forest"
)

// Why a training ended; see [Result].
const (
	StoppedIterations = "iterations"     // all num_iterations trees were grown
	StoppedEarly      = "early_stopping" // early_stopping_round trees brought nothing
	StoppedNoSplit    = "no_split"       // no leaf could be split any more
	StoppedCancelled  = "cancelled"      // the context was done
)

// Iteration is what is known after a tree.
type Iteration struct {
	Number int     // trees so far, from 1
	Leaves int     // of this tree
	Valid  float64 // metric of the validation samples; NaN without them
}

// Result is a training's outcome.
type Result struct {
	Forest *forest.Forest
	// BestIteration is the number of trees with the best validation metric, the
	// fewest among equals; without validation samples all of them. With
	// early_stopping_round > 0 the forest is cut to it.
	BestIteration int
	History       []Iteration // one for each tree grown, those cut off included
	Stopped       string      // one of the Stopped constants
}

// Fit trains a forest whose raw output is the log-odds of outcome 1. valid may
// be nil; its metric is taken after each tree, and early stopping needs it. The
// columns and words of valid must be those of train.
//
// When ctx is done before the end, Fit returns both the model as far as it came
// (its best iteration, where early stopping is on; at least a constant),
// Stopped set to [StoppedCancelled], and ctx's error. With any other error the
// result is nil.
//
// Gradients are rounded to a unit of which their absolute sum over all rows has
// at least 2^60; hessians to one of which the mean row has at least 2^(61-2b),
// when the number of rows has b bits: 2^21 for a million rows.
func Fit(ctx context.Context, cfg Config, rt Runtime, train Samples, valid *Samples) (*Result, error) {
	if err := checkAll(cfg, train, valid); err != nil {
		return nil, err
	}
	b := newBooster(cfg, rt, train, valid)
	for b.result.Stopped == "" {
		if err := b.step(ctx); err != nil {
			b.result.Stopped = StoppedCancelled
			return b.finish(), fmt.Errorf("cannot finish training after %d trees: %w", len(b.result.History), err)
		}
	}
	return b.finish(), nil
}

func checkAll(cfg Config, train Samples, valid *Samples) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	if err := train.check("training"); err != nil {
		return err
	}
	if err := train.checkClasses("training"); err != nil {
		return err
	}
	if err := checkMonotone(cfg.MonotoneConstraints, train.X); err != nil {
		return err
	}
	if valid == nil {
		if cfg.EarlyStoppingRound > 0 {
			return fmt.Errorf("cannot use training settings: early_stopping_round is %d, want 0 without validation samples", cfg.EarlyStoppingRound)
		}
		return nil
	}
	if err := valid.check("validation"); err != nil {
		return err
	}
	if cfg.Metric == MetricAUC {
		if err := valid.checkClasses("validation"); err != nil {
			return err
		}
	}
	return valid.checkLike(train)
}

// booster is a training under way.
type booster struct {
	cfg      Config
	rt       Runtime
	threads  int
	train    Samples
	data     *dataset
	goal     *objective
	grower   *grower
	start    float64   // score before the first tree
	scores   []float64 // of the training rows
	drawn    []int32   // rows of the last tree, nil for all
	monitor  *monitor  // nil without validation samples
	result   *Result
	improved int // number of trees at the best metric
}

func newBooster(cfg Config, rt Runtime, train Samples, valid *Samples) *booster {
	b := &booster{cfg: cfg, rt: rt, threads: threadsOf(rt), train: train}
	b.data = bin(train.X, cfg, b.threads)
	b.goal = newObjective(train, cfg.ScalePosWeight)
	b.grower = newGrower(cfg, b.threads, b.data, b.goal)
	if cfg.BoostFromAverage {
		b.start = start(train)
	}
	b.scores = make([]float64, b.data.rows)
	for i := range b.scores {
		b.scores[i] = b.start
	}
	if valid != nil {
		b.monitor = newMonitor(cfg.Metric, *valid)
	}
	b.result = &Result{Forest: newForest(train, b.data)}
	return b
}

// step grows one tree and decides whether it was the last.
func (b *booster) step(ctx context.Context) error {
	number := len(b.result.Forest.Trees)
	b.goal.update(b.scores, b.threads)
	b.drawn = sampleRows(b.cfg, b.data.rows, number, b.drawn)
	s, err := b.grower.grow(ctx, b.drawn, sampleColumns(b.cfg, b.data.columns, number))
	if err != nil {
		return err
	}
	if len(s.nodes) == 0 {
		b.result.Stopped = StoppedNoSplit
		return nil
	}
	bias := 0.0
	if number == 0 {
		bias = b.start
	}
	tree := s.tree(b.grower.leaves, &b.goal.scale, b.cfg.LearningRate, bias)
	b.addScores(s, &tree, number == 0)
	b.result.Forest.Trees = append(b.result.Forest.Trees, tree)
	b.record(&tree)
	return nil
}

// addScores moves the training rows' scores by the tree. The first tree holds
// the start already.
func (b *booster) addScores(s *sprout, tree *forest.Tree, first bool) {
	leaves, rows := b.grower.leaves, b.grower.part.rows
	move := func(i int32, value float64) {
		if first {
			b.scores[i] = 0
		}
		b.scores[i] += value
	}
	if b.drawn == nil {
		each(b.threads, len(leaves), func(k int) {
			for _, i := range rows[leaves[k].begin:leaves[k].end] {
				move(i, tree.LeafValue[k])
			}
		})
		return
	}
	w := s.walker()
	eachChunk(b.threads, len(b.scores), func(_, begin, end int) {
		for i := begin; i < end; i++ {
			move(int32(i), tree.LeafValue[w.leaf(int32(i))])
		}
	})
}

// record notes the tree in the history and stops the training when it is time.
func (b *booster) record(tree *forest.Tree) {
	trees := len(b.result.Forest.Trees)
	it := Iteration{Number: trees, Leaves: len(tree.LeafValue), Valid: math.NaN()}
	better := true
	if b.monitor != nil {
		it.Valid, better = b.monitor.add(b.result.Forest, tree, b.threads)
	}
	if better {
		b.improved = trees
	}
	b.result.History = append(b.result.History, it)
	switch {
	case b.cfg.EarlyStoppingRound > 0 && trees-b.improved >= b.cfg.EarlyStoppingRound:
		b.result.Stopped = StoppedEarly
	case trees == b.cfg.NumIterations:
		b.result.Stopped = StoppedIterations
	}
	if b.rt.Progress != nil {
		b.rt.Progress(it)
	}
}

// finish cuts the forest where it was best.
func (b *booster) finish() *Result {
	f := b.result.Forest
	if b.cfg.EarlyStoppingRound > 0 {
		f.Trees = f.Trees[:b.improved:b.improved]
	}
	if len(f.Trees) == 0 {
		f.Trees = []forest.Tree{constant(b.start, b.data.rows)}
	}
	b.result.BestIteration = max(1, b.improved)
	return b.result
}
