package train

import (
	"context"
	"fmt"

	"claimsieve/features"
	"claimsieve/models/forest"
	"claimsieve/train/gbdt"
	"claimsieve/train/golearn"
)

// Samples are vectors with their targets.
type Samples struct {
	X *features.Matrix
	Y []float64 // 0 or 1
}

// Learner grows a forest on fit; valid is a later window, for learners that
// choose their size by it.
type Learner interface {
	Learn(ctx context.Context, fit, valid Samples, rt Runtime) (*Learned, error)
}

// Learned is what a learner hands over.
type Learned struct {
	Forest  *forest.Forest
	Summary map[string]any // for metrics.json: deterministic values only
}

// newLearner returns the learner that the settings name.
func newLearner(c Config, directions []int) Learner {
	if c.Learner == GolearnForest {
		return golearnForest{config: c.Forest, seed: c.Seed}
	}
	cfg := c.GBDT
	cfg.Seed = c.Seed
	cfg.MonotoneConstraints = directions
	return boosting{cfg}
}

// boosting is train/gbdt as a Learner.
type boosting struct{ config gbdt.Config }

func (b boosting) Learn(ctx context.Context, fit, valid Samples, rt Runtime) (*Learned, error) {
	progress := func(it gbdt.Iteration) {
		if rt.Progress != nil {
			rt.Progress(it.Number, b.config.NumIterations, fmt.Sprintf("%s %.5f", b.config.Metric, it.Valid))
		}
	}
	r, err := gbdt.Fit(ctx, b.config, gbdt.Runtime{Threads: rt.Threads, Progress: progress},
		gbdt.Samples{X: fit.X, Y: fit.Y}, &gbdt.Samples{X: valid.X, Y: valid.Y})
	if err != nil {
		return nil, err
	}
	return &Learned{Forest: r.Forest, Summary: map[string]any{
		"trees":          len(r.Forest.Trees),
		"best_iteration": r.BestIteration,
		"stopped":        r.Stopped,
	}}, nil
}

// golearnForest is golearn's random forest as a Learner. It has no use for
// the validation window.
type golearnForest struct {
	config golearn.ForestConfig
	seed   uint64
}

func (g golearnForest) Learn(ctx context.Context, fit, _ Samples, _ Runtime) (*Learned, error) {
	cfg := g.config
	cfg.Seed = int64(g.seed)
	r, err := golearn.FitForest(ctx, cfg, fit.X, fit.Y)
	if err != nil {
		return nil, err
	}
	return &Learned{Forest: r.Forest, Summary: map[string]any{"trees": len(r.Forest.Trees)}}, nil
}
