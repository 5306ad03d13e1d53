package metric

import (
	"math"
	"reflect"
	"testing"
)

func TestBootstrapDraws(t *testing.T) {
	b := Bootstrap{Seed: 5}
	draw := make([]float64, 200000)
	b.draw(draw, 3)
	counts := make([]float64, 20)
	var mean float64
	for _, d := range draw {
		counts[int(d)]++
		mean += d / float64(len(draw))
	}
	near(t, "mean", mean, 1, .01)
	for k, want := range []float64{.36788, .36788, .18394, .06131, .01533} {
		near(t, "share", counts[k]/float64(len(draw)), want, .004)
	}
	other := make([]float64, len(draw))
	b.draw(other, 4)
	var product float64
	for i := range draw {
		product += (draw[i] - 1) * (other[i] - 1) / float64(len(draw))
	}
	near(t, "covariance of replicates", product, 0, .01)
}

func TestBootstrapClustersMoveTogether(t *testing.T) {
	b := Bootstrap{Seed: 1, Cluster: []uint64{7, 8, 7, 9, 8}}
	runs, err := b.Run(5, func(d []float64) []float64 {
		if d[0] != d[2] || d[1] != d[4] {
			t.Error("rows of one cluster have different draws")
		}
		return []float64{d[0] - d[1]}
	})
	if err != nil || len(runs) != 1000 {
		t.Fatalf("%d runs (%v)", len(runs), err)
	}
}

func TestBootstrapThreadsChangeNothing(t *testing.T) {
	score, y, w := sample(8, 400, 30)
	other, _, _ := sample(9, 400, 30)
	var want Difference
	for _, threads := range []int{0, 1, 2, 3, 8} {
		b := Bootstrap{Replicates: 200, Seed: 3, Threads: threads}
		got, err := b.AUCDifference(score, other, y, w)
		if err != nil {
			t.Fatal(err)
		}
		if threads == 0 {
			want = got
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("%d threads: %+v, want %+v", threads, got, want)
		}
	}
}

func TestBootstrapAgreesWithDeLong(t *testing.T) {
	score, y, _ := sample(2, 1500, 1000)
	d, err := AUC(score, y, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Bootstrap{Seed: 2, Threads: 2}.AUC(score, y, nil)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "value", b.Value, d.Value, 1e-12)
	near(t, "width", b.High-b.Low, d.High-d.Low, .15*(d.High-d.Low))
}

func TestSavingsDifferenceIsPaired(t *testing.T) {
	score, y, _ := sample(6, 2000, 1000)
	first, second := Alerts(score, .5), Alerts(score, .52)
	d, err := Bootstrap{Seed: 2}.SavingsDifference(first, second, y, nil, nil, motorCosts)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "difference", d.Difference.Value, d.First.Value-d.Second.Value, 1e-6)
	if wide := d.First.High - d.First.Low; d.Difference.High-d.Difference.Low > wide/2 {
		t.Errorf("paired interval %v is not narrower than %v", d.Difference, wide)
	}
	same, err := Bootstrap{}.SavingsDifference(first, first, y, nil, nil, motorCosts)
	if err != nil || same.Difference.Low != 0 || same.Difference.High != 0 || same.Better != .5 {
		t.Errorf("a set against itself differs by %+v (%v)", same, err)
	}
	none, err := Bootstrap{}.AUC([]float64{1, 2}, []float64{0, 0}, nil)
	if err != nil || !math.IsNaN(none.Value) || !none.Insufficient {
		t.Errorf("AUC without frauds is %+v (%v)", none, err)
	}
}

func TestCalibrationErrorOfCalibratedRows(t *testing.T) {
	// Drawn from its own probabilities, the debiased error is about 0, the
	// plain one is not.
	var debiased, plain float64
	for seed := range uint64(200) {
		p, _, _ := sample(seed, 500, 1e6)
		y := drawFrom(p, seed)
		r, err := CalibrationError(p, y, nil, 10)
		if err != nil {
			t.Fatal(err)
		}
		debiased += float64(r.Debiased) / 200
		plain += float64(r.ECE) / 200
	}
	near(t, "debiased", debiased, 0, 5e-4)
	if plain < .02 {
		t.Errorf("plain ECE is %v: want its bias above .02", plain)
	}
}

func drawFrom(p []float64, seed uint64) []float64 {
	y := make([]float64, len(p))
	for i, v := range p {
		if float64(mix(mix(seed)+uint64(i))>>11)/(1<<53) < v {
			y[i] = 1
		}
	}
	return y
}

func TestPSIOfCountsMissing(t *testing.T) {
	before, after := make([]float64, 1000), make([]float64, 1000)
	for i := range before {
		before[i], after[i] = float64(i%100), float64(i%100)
	}
	s, err := PSIOf(before, after, 10)
	if err != nil || s.PSI != 0 || s.Bins != 10 {
		t.Errorf("no change gave %+v (%v)", s, err)
	}
	for i := range 300 {
		after[i] = math.NaN()
	}
	if s, err = PSIOf(before, after, 10); err != nil || s.PSI < s.Critical || s.Empty != 1 {
		t.Errorf("missing values gave %+v (%v)", s, err)
	}
}
