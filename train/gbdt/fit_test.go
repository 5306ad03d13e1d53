package gbdt

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"claimsieve/features"
	"claimsieve/models/forest"
)

func column1(values ...float64) *features.Matrix {
	return &features.Matrix{Names: []string{"a"}, Columns: [][]float64{values}}
}

func TestFaultsAreNamed(t *testing.T) {
	good := func() Samples { return Samples{X: column1(1, 2, 3, 4), Y: []float64{0, 1, 0, 1}} }
	words := func(v ...float64) *features.Matrix {
		m := column1(v...)
		m.Categories = [][]string{{"x", "y"}}
		return m
	}
	for _, c := range []struct {
		change func(*Config, *Samples)
		want   string
	}{
		{func(_ *Config, s *Samples) { s.X = nil }, "there is no column"},
		{func(_ *Config, s *Samples) { s.X, s.Y = column1(), nil }, "there is no row"},
		{func(_ *Config, s *Samples) { s.Y = s.Y[:3] }, "3 outcomes for 4 rows"},
		{func(_ *Config, s *Samples) { s.Weight = []float64{1} }, "1 weights for 4 rows"},
		{func(_ *Config, s *Samples) { s.Y[2] = 0.5 }, "row 2 has outcome 0.5"},
		{func(_ *Config, s *Samples) { s.Y[2] = math.NaN() }, "row 2 has outcome NaN"},
		{func(_ *Config, s *Samples) { s.Y = []float64{0, 0, 0, 0} }, "outcome 1"},
		{func(_ *Config, s *Samples) { s.Weight = []float64{0, 1, 0, 1} }, "no row of positive weight has outcome 0"},
		{func(_ *Config, s *Samples) { s.Weight = []float64{1, 1, math.NaN(), 1} }, "row 2 has weight NaN"},
		{func(_ *Config, s *Samples) { s.Weight = []float64{1, -1, 1, 1} }, "row 1 has weight -1"},
		{func(_ *Config, s *Samples) {
			s.X.Names = append(s.X.Names, "a")
			s.X.Columns = append(s.X.Columns, s.X.Columns[0])
		}, `both named "a"`},
		{func(_ *Config, s *Samples) {
			s.X.Names = append(s.X.Names, "b")
			s.X.Columns = append(s.X.Columns, []float64{1})
		}, `column "b" has 1 rows`},
		{func(_ *Config, s *Samples) { s.X = words(0, 1, 2, 0) }, `row 2 of column "a" holds 2`},
		{func(_ *Config, s *Samples) { s.X = words(0, 0.5, 1, 0) }, `row 1 of column "a" holds 0.5`},
		{func(c *Config, _ *Samples) { c.MonotoneConstraints = []int{1, 1} }, "monotone_constraints has 2 numbers"},
		{func(c *Config, s *Samples) { s.X = words(0, 1, 0, 1); c.MonotoneConstraints = []int{1} }, "categorical"},
		{func(c *Config, _ *Samples) { c.EarlyStoppingRound = 3 }, "early_stopping_round is 3"},
		{func(c *Config, _ *Samples) { c.NumLeaves = 1 }, "num_leaves is 1, want 2 to"},
	} {
		cfg, s := DefaultConfig(), good()
		c.change(&cfg, &s)
		r, err := Fit(context.Background(), cfg, Runtime{}, s, nil)
		if err == nil || r != nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "cannot use ") {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
	}
	other := good()
	other.X.Names = []string{"b"}
	if _, err := Fit(context.Background(), DefaultConfig(), Runtime{}, good(), &other); err == nil {
		t.Error("validation samples of other columns are taken")
	}
}

func TestValidateListsEveryFault(t *testing.T) {
	err := Config{LearningRate: math.NaN(), LambdaL2: -1, MonotoneConstraints: []int{2}}.Validate()
	if err == nil {
		t.Fatal("the zero settings are taken")
	}
	for _, want := range []string{"num_iterations is 0", "learning_rate is NaN", "num_leaves is 0", "lambda_l2 is -1", "max_bin is 0", "min_data_in_bin is 0",
		"feature_fraction is 0", "bagging_fraction is 0", `metric is ""`, "max_cat_threshold is 0", "scale_pos_weight is 0", "monotone_constraints[0] is 2"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in: %v", want, err)
		}
	}
	if err := DefaultConfig().Validate(); err != nil {
		t.Errorf("the default settings are refused: %v", err)
	}
}

func TestSmallAndEmptySamples(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, s := range []Samples{
		{X: column1(1, 2), Y: []float64{0, 1}},
		{X: column1(1, 2, 3), Y: []float64{0, 1, 1}},
		{X: column1(nan, nan, nan), Y: []float64{0, 1, 1}},
		{X: column1(5, 5, 5), Y: []float64{0, 1, 1}},
		{X: column1(inf, -inf, nan, nan), Y: []float64{0, 1, 1, 0}},
		{X: column1(inf, inf, nan, nan), Y: []float64{1, 1, 0, 0}},
		{X: column1(1, 2, 3, 4), Y: []float64{0, 0, 1, 1}, Weight: []float64{0, 1e-9, 1e9, 0}},
	} {
		cfg := shallow()
		cfg.MinDataInLeaf, cfg.MinDataInBin, cfg.MinSumHessianInLeaf = 1, 1, 0
		r := fit(t, cfg, s)
		for _, v := range scores(r, s.X) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Errorf("score %v for %v", v, s.X.Columns)
			}
		}
	}
	r := fit(t, shallow(), Samples{X: column1(5, 5, 5, 5), Y: []float64{0, 1, 1, 1}})
	if got := r.Forest.Raw([]float64{5}); len(r.Forest.Trees) != 1 || math.Abs(got-math.Log(3)) > 1e-15 || r.Stopped != StoppedNoSplit {
		t.Errorf("constant column: %d trees, score %v, stopped by %q; want one tree, ln 3, no_split", len(r.Forest.Trees), got, r.Stopped)
	}
	// +Inf above all numbers, NaN apart from them: both are told apart from numbers.
	s := Samples{X: column1(slices.Repeat([]float64{1, inf, nan}, 40)...), Y: slices.Repeat([]float64{0, 1, 0}, 40)}
	f := fit(t, shallow(), s).Forest
	if !(f.Raw([]float64{inf}) > 1 && f.Raw([]float64{1}) < -1 && f.Raw([]float64{nan}) < -1) {
		t.Errorf("scores of +Inf, 1, NaN: %v, %v, %v", f.Raw([]float64{inf}), f.Raw([]float64{1}), f.Raw([]float64{nan}))
	}
}

func TestEarlyStopping(t *testing.T) {
	train, valid := simulated(1, 1500), simulated(2, 1500)
	for _, metric := range []Metric{MetricLogLoss, MetricAUC} {
		cfg := DefaultConfig()
		cfg.NumIterations, cfg.LearningRate, cfg.EarlyStoppingRound, cfg.Metric = 400, 0.2, 10, metric
		r, err := Fit(context.Background(), cfg, Runtime{Threads: 2}, train, &valid)
		if err != nil {
			t.Fatal(err)
		}
		if r.Stopped != StoppedEarly || len(r.History) != r.BestIteration+10 || len(r.Forest.Trees) != r.BestIteration {
			t.Errorf("%s: stopped by %q after %d trees, best %d, kept %d", metric, r.Stopped, len(r.History), r.BestIteration, len(r.Forest.Trees))
		}
		auc, loss := quality(scores(r, valid.X), valid.Y)
		want := loss
		if metric == MetricAUC {
			want = auc
		}
		if got := r.History[r.BestIteration-1].Valid; math.Abs(got-want) > 1e-12 {
			t.Errorf("%s: history says %v, the kept forest has %v", metric, got, want)
		}
		for _, it := range r.History {
			best := r.History[r.BestIteration-1].Valid
			if (metric == MetricLogLoss && it.Valid < best) || (metric == MetricAUC && it.Valid > best) {
				t.Errorf("%s: tree %d has %v, better than the best, %v", metric, it.Number, it.Valid, best)
			}
		}
	}
}

func TestCancelledTrainingHandsOverItsTrees(t *testing.T) {
	s := simulated(1, 1500)
	full := fit(t, shallow(), s)
	ctx, cancel := context.WithCancel(context.Background())
	r, err := Fit(ctx, shallow(), Runtime{Progress: func(it Iteration) {
		if it.Number == 7 {
			cancel()
		}
	}}, s, nil)
	if !errors.Is(err, context.Canceled) || r == nil || r.Stopped != StoppedCancelled {
		t.Fatalf("result %v, error %v", r, err)
	}
	if !reflect.DeepEqual(r.Forest.Trees, full.Forest.Trees[:7]) {
		t.Errorf("a training cancelled after 7 trees has %d, or others than the full one", len(r.Forest.Trees))
	}
	r, err = Fit(ctx, shallow(), Runtime{}, s, nil)
	if err == nil || len(r.Forest.Trees) != 1 || r.Forest.Validate() != nil {
		t.Error("a training cancelled at once has no constant model")
	}
}

// TestScoresOfTraining compares the scores that training kept, for rows in and
// out of the draw, with those of the finished forest.
func TestScoresOfTraining(t *testing.T) {
	s := simulated(1, 1500)
	for _, fraction := range []float64{1, 0.5} {
		cfg := shallow()
		cfg.BaggingFraction, cfg.BaggingFreq = fraction, 3
		b := newBooster(cfg, Runtime{Threads: 2}, s, nil)
		for b.result.Stopped == "" {
			if err := b.step(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		if d := furthest(b.scores, scores(b.finish(), s.X)); d != 0 {
			t.Errorf("bagging_fraction %v: scores differ by up to %v", fraction, d)
		}
	}
}

func TestImportances(t *testing.T) {
	s := simulated(1, 3000)
	f := fit(t, shallow(), s).Forest
	nodes := 0
	for _, tree := range f.Trees {
		nodes += len(tree.Feature)
	}
	byName := map[string]Importance{}
	for _, i := range Importances(f) {
		byName[i.Feature] = i
		nodes -= i.Splits
	}
	if nodes != 0 || len(byName) != 7 {
		t.Errorf("%d splits are missing among %d features", nodes, len(byName))
	}
	if byName["noise"].Gain*10 > byName["garage"].Gain {
		t.Errorf("noise gains %v, the garage only %v", byName["noise"].Gain, byName["garage"].Gain)
	}
	if got := Importances(&forest.Forest{}); len(got) != 0 {
		t.Errorf("%d importances of nothing", len(got))
	}
}

// TestWideColumns trains with more bins than 8 bits hold, in numbers and words.
func TestWideColumns(t *testing.T) {
	s := simulated(1, 4000)
	cfg := shallow()
	cfg.MaxBin = 2000
	wide, narrow := fit(t, cfg, s), fit(t, shallow(), s)
	a, _ := quality(scores(wide, s.X), s.Y)
	b, _ := quality(scores(narrow, s.X), s.Y)
	if a < b-0.01 {
		t.Errorf("AUC %v with 2000 bins, %v with 255", a, b)
	}
	if fit(t, cfg, s).Forest.Trees[0].Threshold[0] != wide.Forest.Trees[0].Threshold[0] {
		t.Error("two trainings differ")
	}
}
