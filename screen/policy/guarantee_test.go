package policy

import (
	"math"
	"math/rand/v2"
	"testing"

	"claimsieve/screen/metric"
)

func TestNeymanPearsonTable(t *testing.T) {
	for _, c := range []struct {
		alpha, delta float64
		n            int
	}{{.05, .05, 59}, {.01, .05, 299}, {.10, .05, 29}, {.05, .01, 90}, {.02, .05, 149}} {
		if got := NeymanPearsonCases(c.alpha, c.delta); got != c.n {
			t.Errorf("least n of %v, %v is %d, want %d", c.alpha, c.delta, got, c.n)
		}
		if _, ok := NeymanPearsonRank(c.n, c.alpha, c.delta); !ok {
			t.Errorf("n=%d is refused", c.n)
		}
		if _, ok := NeymanPearsonRank(c.n-1, c.alpha, c.delta); ok {
			t.Errorf("n=%d is accepted", c.n-1)
		}
	}
	for n, want := range map[int]int{100: 99, 200: 196, 500: 484, 1000: 962, 5000: 4776} {
		if got, ok := NeymanPearsonRank(n, .05, .05); !ok || got != want {
			t.Errorf("k of n=%d is %d, want %d", n, got, want)
		}
	}
}

func TestNeymanPearsonGuarantee(t *testing.T) {
	over := 0
	for run := range 2000 {
		rng := rand.New(rand.NewPCG(1, uint64(run)))
		honest := make([]float64, 200)
		for i := range honest {
			honest[i] = rng.Float64()
		}
		threshold, err := NeymanPearsonThreshold(honest, .05, .05)
		if err != nil {
			t.Fatal(err)
		}
		if 1-threshold > .05 { // the true rate of a uniform score
			over++
		}
	}
	if share := float64(over) / 2000; share > .065 || share < .01 {
		t.Errorf("the rate passed alpha in %v of runs, want up to .05", share)
	}
	if _, err := NeymanPearsonThreshold(make([]float64, 58), .05, .05); err == nil {
		t.Error("58 honest claims were enough")
	}
}

func TestConformalRisk(t *testing.T) {
	near(t, "n=1000", ConformalRiskLimit(1000, .05, 1), .04905, 5e-6)
	near(t, "n=100", ConformalRiskLimit(100, .05, 1), .0405, 5e-5)
	near(t, "n=19", ConformalRiskLimit(19, .05, 1), 0, 1e-12)
	missed := 0.0
	for run := range 4000 {
		rng := rand.New(rand.NewPCG(2, uint64(run)))
		frauds := make([]float64, 59)
		for i := range frauds {
			frauds[i] = rng.Float64()
		}
		threshold, err := ConformalRecallThreshold(frauds, .1)
		if err != nil {
			t.Fatal(err)
		}
		missed += threshold / 4000 // the chance that a uniform score is below
	}
	// The expectation is 6/60 exactly.
	near(t, "missed share", missed, .1, .003)
	if _, err := ConformalRecallThreshold(make([]float64, 18), .05); err == nil {
		t.Error("18 frauds were enough for 5 %")
	}
	if _, err := ConformalRecallThreshold(make([]float64, 19), .05); err != nil {
		t.Errorf("19 frauds: %v", err)
	}
}

func TestHoeffdingBentkus(t *testing.T) {
	near(t, ".03", HoeffdingBentkus(.03, 1000, .05), .003471, 5e-7)
	near(t, ".04", HoeffdingBentkus(.04, 1000, .05), .21919, 5e-6)
	near(t, ".80", HoeffdingBentkus(.80, 500, .85), .0041578, 5e-8)
	if !math.IsNaN(HoeffdingBentkus(math.NaN(), 10, .1)) || HoeffdingBentkus(1, 10, .1) != 1 {
		t.Error("ends are wrong")
	}
}

func TestPrecisionGuarantee(t *testing.T) {
	points := []metric.Point{{Alerts: 100, Hits: 40}, {Alerts: 300, Hits: 75}, {Alerts: 1000, Hits: 110}, {Alerts: 1200, Hits: 400}}
	if i, ok := PrecisionGuarantee(points, .15, .05); !ok || i != 1 {
		t.Errorf("accepted point %d, %v, want 1: the walk stops at the first failure", i, ok)
	}
	if _, ok := PrecisionGuarantee([]metric.Point{{Alerts: 3, Hits: 1}}, .15, .05); ok {
		t.Error("one hit of three was a guarantee")
	}
	// The binomial tail against its sum.
	tail := 0.0
	for j := 75; j <= 300; j++ {
		a, _ := math.Lgamma(301)
		b, _ := math.Lgamma(float64(j + 1))
		c, _ := math.Lgamma(float64(301 - j))
		tail += math.Exp(a - b - c + float64(j)*math.Log(.2) + float64(300-j)*math.Log(.8))
	}
	if _, ok := PrecisionGuarantee(points[1:2], .2, tail*1.001); !ok {
		t.Error("refused just above its p-value")
	}
	if _, ok := PrecisionGuarantee(points[1:2], .2, tail*.999); ok {
		t.Error("accepted just below its p-value")
	}
}
