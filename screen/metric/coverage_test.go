package metric

import (
	"math"
	"math/rand/v2"
	"testing"
)

// covered is how often an interval held the truth in simulated runs.
func covered(runs int, seed uint64, once func(rng *rand.Rand) (low, high, truth float64)) float64 {
	hit := 0
	for run := range runs {
		low, high, truth := once(rand.New(rand.NewPCG(seed, uint64(run))))
		if low <= truth && truth <= high {
			hit++
		}
	}
	return float64(hit) / float64(runs)
}

// binormal draws frauds with mean d and others with mean 0, unit variance.
func binormal(rng *rand.Rand, frauds, others int, d float64) (score, y []float64) {
	for i := range frauds + others {
		v, s := 0.0, rng.NormFloat64()
		if i < frauds {
			v, s = 1, s+d
		}
		score, y = append(score, s), append(y, v)
	}
	return score, y
}

func within(t *testing.T, what string, coverage, low, high float64) {
	t.Helper()
	t.Logf("%s: coverage %.4f", what, coverage)
	if coverage < low || coverage > high {
		t.Errorf("%s: coverage %.4f, want %.2f to %.2f", what, coverage, low, high)
	}
}

func TestDeLongCoverage(t *testing.T) {
	truth := .5 * math.Erfc(-1/math.Sqrt2/math.Sqrt2) // AUC of a shift by 1
	within(t, "DeLong", covered(2000, 1, func(rng *rand.Rand) (float64, float64, float64) {
		score, y := binormal(rng, 60, 400, 1)
		a, _ := AUC(score, y, nil)
		return a.Low, a.High, truth
	}), .93, .97)
}

func TestClopperPearsonCoverage(t *testing.T) {
	// An exact interval covers at least its level, at some rates much more.
	for _, p := range []float64{.02, .11, .5} {
		within(t, "Clopper-Pearson", covered(2000, 2, func(rng *rand.Rand) (float64, float64, float64) {
			k := 0.0
			for range 400 {
				if rng.Float64() < p {
					k++
				}
			}
			r := NewRate(k, 400)
			return r.Low, r.High, p
		}), .94, .985)
	}
}

func TestPoissonCoverage(t *testing.T) {
	within(t, "Garwood", covered(2000, 3, func(rng *rand.Rand) (float64, float64, float64) {
		k, sum := 0.0, rng.ExpFloat64()
		for sum < 80 {
			k++
			sum += rng.ExpFloat64()
		}
		d := NewDeviation(k, 100)
		return d.Low, d.High, .8
	}), .94, .97)
}

func TestSavingsCoverage(t *testing.T) {
	// Alerts on 40 % of claims, a tenth of these are frauds.
	truth := motorCosts.Savings(.04*1500, .4*1500)
	within(t, "savings", covered(2000, 4, func(rng *rand.Rand) (float64, float64, float64) {
		alerts, y := make([]bool, 1500), make([]float64, 1500)
		for i := range alerts {
			u := rng.Float64()
			alerts[i] = u < .4
			if u < .04 {
				y[i] = 1
			}
		}
		s, _ := motorCosts.SavingsOf(alerts, y, nil, nil)
		return s.Low, s.High, truth
	}), .93, .97)
}

func TestPairedBootstrapCoverage(t *testing.T) {
	// Two rules that share most alerts: the difference is of the rows where
	// they disagree, about eighteen frauds against one. Fewer runs than
	// elsewhere, because each holds a bootstrap.
	truth := motorCosts.Savings(.06*600, .30*600) - motorCosts.Savings(.03*600, .30*600)
	coverage := covered(1000, 5, func(rng *rand.Rand) (float64, float64, float64) {
		a, b, y := make([]bool, 600), make([]bool, 600), make([]float64, 600)
		for i := range a {
			u := rng.Float64()
			a[i], b[i] = u < .30, u >= .03 && u < .33
			if u < .06 {
				y[i] = 1
			}
		}
		d, err := Bootstrap{Replicates: 200, Seed: rng.Uint64()}.SavingsDifference(a, b, y, nil, nil, motorCosts)
		if err != nil {
			t.Fatal(err)
		}
		return d.Difference.Low, d.Difference.High, truth
	})
	within(t, "paired savings", coverage, .93, .97)
}

func TestAveragePrecisionCoverage(t *testing.T) {
	score, y := binormal(rand.New(rand.NewPCG(8, 8)), 100000, 900000, 1.5)
	truth, err := AveragePrecision(score, y, nil)
	if err != nil {
		t.Fatal(err)
	}
	within(t, "AP", covered(2000, 9, func(rng *rand.Rand) (float64, float64, float64) {
		s, y := binormal(rng, 60, 540, 1.5)
		a, _ := AveragePrecision(s, y, nil)
		return a.Low, a.High, truth.Value
	}), .93, .97)
}

func TestSequentialCoverageOverTime(t *testing.T) {
	// The rate is held at all times at once, which an ordinary interval misses.
	missed, ordinary := 0, 0
	for run := range 300 {
		rng := rand.New(rand.NewPCG(6, uint64(run)))
		k, bad, plain := 0.0, false, false
		for n := 1.0; n <= 400; n++ {
			if rng.Float64() < .11 {
				k++
			}
			if int(n)%10 == 0 {
				s, r := SequentialRate(k, n, .95), NewRate(k, n)
				bad = bad || .11 < s.Low || .11 > s.High
				plain = plain || .11 < r.Low || .11 > r.High
			}
		}
		if bad {
			missed++
		}
		if plain {
			ordinary++
		}
	}
	if missed > 15 || ordinary < 30 {
		t.Errorf("missed in %d of 300 runs (ordinary interval %d): want at most 15", missed, ordinary)
	}
}

func TestPSICriticalValue(t *testing.T) {
	over := 0
	for run := range 2000 {
		rng := rand.New(rand.NewPCG(7, uint64(run)))
		a, b := make([]float64, 8), make([]float64, 8)
		for range 800 {
			a[rng.IntN(8)]++
		}
		for range 500 {
			b[rng.IntN(8)]++
		}
		s, _ := PSI(a, b)
		if s.PSI > s.Critical {
			over++
		}
		if (s.PSI > s.Critical) != (s.PValue < .05) {
			t.Fatalf("critical value and p-value disagree: %+v", s)
		}
	}
	within(t, "PSI under no change", 1-float64(over)/2000, .93, .97)
}
