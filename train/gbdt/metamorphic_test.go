package gbdt

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"claimsieve/features"
)

func TestThreadsDoNotMatter(t *testing.T) {
	train, valid := simulated(1, 20000), simulated(2, 3000)
	cfg := shallow()
	cfg.BaggingFraction, cfg.BaggingFreq, cfg.FeatureFraction, cfg.EarlyStoppingRound = 0.7, 2, 0.8, 5
	var want *Result
	for _, threads := range []int{1, 2, 3, 8} {
		got, err := Fit(context.Background(), cfg, Runtime{Threads: threads}, train, &valid)
		if err != nil {
			t.Fatal(err)
		}
		for j := range got.Forest.Min { // NaN differs from itself
			if math.IsNaN(got.Forest.Min[j]) {
				got.Forest.Min[j], got.Forest.Max[j] = 0, 0
			}
		}
		if want == nil {
			want = got
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("%d threads train another model than one", threads)
		}
	}
}

func TestRowOrderDoesNotMatter(t *testing.T) {
	s := simulated(3, 3000)
	order := rand.New(rand.NewPCG(1, 1)).Perm(len(s.Y))
	moved := Samples{X: s.X.Select(order)}
	for _, i := range order {
		moved.Y = append(moved.Y, s.Y[i])
	}
	a, b := fit(t, shallow(), s), fit(t, shallow(), moved)
	if d := furthest(scores(a, s.X), scores(b, s.X)); d > 1e-9 {
		t.Errorf("scores differ by up to %v when the rows are in another order", d)
	}
}

func TestWeightTwoIsRowTwice(t *testing.T) {
	s := simulated(4, 1500)
	s.X = &features.Matrix{Names: s.X.Names[2:6], Columns: s.X.Columns[2:6], Categories: s.X.Categories[2:6]}
	for i, v := range s.X.Columns[2] {
		s.X.Columns[2][i] = math.Round(8 * v) // few values, so that the bins do not depend on counts
	}
	s.Weight = make([]float64, len(s.Y))
	var rows []int
	for i := range s.Y {
		s.Weight[i] = float64(1 + i%2)
		for range 1 + i%2 {
			rows = append(rows, i)
		}
	}
	twice := Samples{X: s.X.Select(rows)}
	for _, i := range rows {
		twice.Y = append(twice.Y, s.Y[i])
	}
	cfg := shallow()
	cfg.MinDataInLeaf, cfg.MinDataInBin, cfg.MinSumHessianInLeaf = 1, 1, 2
	a, b := fit(t, cfg, s), fit(t, cfg, twice)
	if d := furthest(scores(a, s.X), scores(b, s.X)); d > 1e-9 {
		t.Errorf("scores differ by up to %v between weight 2 and the row twice", d)
	}
}

func TestConstantColumnDoesNothing(t *testing.T) {
	s := simulated(4, 1500)
	more := Samples{Y: s.Y, X: &features.Matrix{
		Names: append(slices.Clone(s.X.Names), "constant", "missing"), Categories: append(slices.Clone(s.X.Categories), nil, nil),
		Columns: append(slices.Clone(s.X.Columns), slices.Repeat([]float64{7}, len(s.Y)), slices.Repeat([]float64{math.NaN()}, len(s.Y))),
	}}
	a, b := fit(t, shallow(), s), fit(t, shallow(), more)
	if !reflect.DeepEqual(a.Forest.Trees, b.Forest.Trees) {
		t.Error("a constant column and an empty one change the trees")
	}
}

func TestMonotoneChangeOfColumnKeepsScores(t *testing.T) {
	s := simulated(6, 1500)
	for i, v := range s.X.Columns[0] {
		s.X.Columns[0][i] = math.Round(10*v) / 10
	}
	moved := Samples{Y: s.Y, X: s.X.Select(sequence(len(s.Y)))}
	for i, v := range moved.X.Columns[0] {
		moved.X.Columns[0][i] = -1e6 + math.Exp(v/9)
	}
	a, b := fit(t, shallow(), s), fit(t, shallow(), moved)
	if d := furthest(scores(a, s.X), scores(b, moved.X)); d != 0 {
		t.Errorf("scores differ by up to %v after a monotone change of a column", d)
	}
}

func sequence(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func TestMonotoneConstraintHolds(t *testing.T) {
	s := simulated(7, 3000)
	for _, direction := range []int{1, -1} { // one with the data's trend, one against
		cfg := DefaultConfig()
		cfg.MonotoneConstraints = []int{direction, 0, -direction, 0, 0, 0, 0}
		f := fit(t, cfg, s).Forest
		for i := range 60 {
			x := s.X.Row(nil, i)
			for column, sign := range map[int]float64{0: float64(direction), 2: -float64(direction)} {
				y := slices.Clone(x)
				last := math.Inf(-1)
				for v := -1.0; v < 13; v += 0.25 {
					y[column] = v
					now := sign * f.Raw(y)
					if now < last-1e-12 {
						t.Fatalf("column %d, constraint %v: the score moves the wrong way at %v, by %v", column, sign, v, last-now)
					}
					last = now
				}
			}
		}
	}
}

// TestShuffledOutcomesTeachNothing averages over shuffles: one model of noise
// leans by chance toward or away from the true signal, all together do not.
func TestShuffledOutcomesTeachNothing(t *testing.T) {
	train, test := simulated(1, 2000), simulated(2, 2000)
	r := rand.New(rand.NewPCG(5, 5))
	var sum, squares float64
	const rounds = 40
	for range rounds {
		r.Shuffle(len(train.Y), func(i, k int) { train.Y[i], train.Y[k] = train.Y[k], train.Y[i] })
		auc, _ := quality(scores(fit(t, shallow(), train), test.X), test.Y)
		sum += auc
		squares += auc * auc
	}
	mean := sum / rounds
	sd := math.Sqrt(squares/rounds - mean*mean)
	t.Logf("AUC on unseen rows: mean %.4f, standard deviation %.4f", mean, sd)
	if sd > 0.06 || math.Abs(mean-0.5) > 3.5*sd/math.Sqrt(rounds) {
		t.Errorf("AUC %v on unseen rows after training on shuffled outcomes (standard deviation %v), want about 0.5", mean, sd)
	}
}
