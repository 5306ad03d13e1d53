package calibration

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %.10g, want %.10g within %g", what, got, want, within)
	}
}

// sample draws margins and outcomes whose true log-odds are slope*m+intercept.
func sample(seed uint64, n int, slope, intercept float64) (margin, y, weight []float64) {
	rng := rand.New(rand.NewPCG(seed, 2))
	for range n {
		m := math.Round(rng.NormFloat64()*200)/100 - 2
		v := 0.0
		if rng.Float64() < logistic(slope*m+intercept) {
			v = 1
		}
		margin, y, weight = append(margin, m), append(y, v), append(weight, float64(rng.IntN(3)))
	}
	return margin, y, weight
}

var fits = map[Method]func(margin, y, weight []float64) (*Calibrator, error){
	Platt: FitPlatt, Isotonic: FitIsotonic, Intercept: FitIntercept, Beta: FitBeta,
}

// The three rows published with the libsvm form of Platt's method.
func TestPlattVector(t *testing.T) {
	c, err := FitPlatt([]float64{5, -4, 1}, []float64{1, 0, 0}, nil)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "A", -c.Slope, -.20261354, 2e-6)
	near(t, "B", -c.Intercept, .65236315, 8e-6)
	// At the optimum the targets and probabilities agree in sum and in moment.
	var sum, moment float64
	for i, m := range []float64{5, -4, 1} {
		d := c.Probability(m) - [...]float64{2.0 / 3, 1.0 / 4, 1.0 / 4}[i]
		sum += d
		moment += d * m
	}
	near(t, "gradient", math.Abs(sum)+math.Abs(moment), 0, 1e-9)
}

func TestPoolAdjacentVector(t *testing.T) {
	got := PoolAdjacent([]float64{3, 7, 5, 9, 8, 7, 10}, nil)
	if want := []float64{3, 6, 6, 8, 8, 8, 10}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The min-max formula of isotonic regression is an independent definition.
func TestPoolAdjacentIsMinMax(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		n := 1 + rng.IntN(12)
		y, w := make([]float64, n), make([]float64, n)
		for i := range y {
			y[i], w[i] = float64(rng.IntN(6)), 1+float64(rng.IntN(3))
		}
		got := PoolAdjacent(y, w)
		for i := range y {
			best := math.Inf(-1)
			for a := 0; a <= i; a++ {
				low := math.Inf(1)
				for b := i; b < n; b++ {
					var sum, weight float64
					for k := a; k <= b; k++ {
						sum += w[k] * y[k]
						weight += w[k]
					}
					low = min(low, sum/weight)
				}
				best = max(best, low)
			}
			near(t, "isotonic value", got[i], best, 1e-12)
		}
	}
}

func TestVennAbersVector(t *testing.T) {
	v, err := FitVennAbers([]float64{.1, .2, .3, .4, .5, .6, .7, .8}, []float64{0, 0, 1, 0, 1, 0, 1, 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][4]float64{{.25, 0, .6, .375}, {.45, 1. / 3, 2. / 3, .5}, {.65, .4, 1, .625}, {.9, 2. / 3, 1, .75}} {
		low, high, p := v.Probability(c[0])
		near(t, "low", low, c[1], 1e-12)
		near(t, "high", high, c[2], 1e-12)
		near(t, "p", p, c[3], 1e-12)
	}
}

func TestUndoSampling(t *testing.T) {
	near(t, "1 % kept", UndoSampling(.0999, .01), .0011086, 5e-8)
	near(t, "6.4 % kept", UndoSampling(.5, .064), .060150, 5e-7)
	// The same in log-odds.
	p := UndoSampling(.3, .2)
	near(t, "shift", math.Log(p/(1-p)), math.Log(.3/.7)+math.Log(.2), 1e-12)
}

// Two bins of 1994-95 moved to the claims of 1996: the estimate overshoots the
// true share 213/4083 because both bins fell by the same factor.
func TestEstimatePrior(t *testing.T) {
	prior, err := EstimatePrior([]float64{655.0 / 5136, 55.0 / 6201}, []float64{1812, 2271}, 710.0/11337)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "EM prior", prior, .04418, 5e-6)
	if truth := 213.0 / 4083; prior >= truth {
		t.Errorf("prior %v does not overshoot the fall to %v", prior, truth)
	}
	// Where only the share moves it finds the share: two scores of known odds.
	up, down := MovePrior(.2, .5, .1), MovePrior(.8, .5, .1)
	for _, share := range []float64{.02, .3, .7} {
		weight := []float64{share*.2 + (1-share)*.8, share*.8 + (1-share)*.2}
		got, err := EstimatePrior([]float64{up, down}, weight, .1)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "pure prior shift", got, share, 1e-9)
	}
}

func TestFitsRecoverTheTruth(t *testing.T) {
	margin, y, _ := sample(5, 40000, 1.7, .4)
	for _, method := range []Method{Platt, Beta} {
		c, err := fits[method](margin, y, nil)
		if err != nil {
			t.Fatal(err)
		}
		for m := -4.0; m < 1; m += .5 {
			near(t, string(method), c.Probability(m), logistic(1.7*m+.4), .02)
		}
	}
	c, err := FitPlatt(margin, y, nil)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "slope", c.Slope, 1.7, .06)
	near(t, "intercept", c.Intercept, .4, .08)
	shifted, y2, _ := sample(6, 40000, 1, -.7)
	c, err = FitIntercept(shifted, y2, nil)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "shift", c.Intercept, -.7, .06)
	var expected, observed float64
	for i, m := range shifted {
		expected += c.Probability(m)
		observed += y2[i]
	}
	near(t, "sum of probabilities", expected, observed, 1e-6)
	iso, err := FitIsotonic(margin, y, nil)
	if err != nil {
		t.Fatal(err)
	}
	for m := -4.0; m < 1; m += .5 {
		near(t, "isotonic", iso.Probability(m), logistic(1.7*m+.4), .06)
	}
}

func TestBetaHoldsTheIdentity(t *testing.T) {
	c := &Calibrator{Format: 1, Method: Beta, A: 1, B: 1}
	for m := -30.0; m <= 30; m += .7 {
		near(t, "identity member", c.Probability(m), Logistic().Probability(m), 1e-12)
	}
}

func TestBetaHoldsCoefficientsAtZero(t *testing.T) {
	// True log-odds that fall again at high margins, or at low ones.
	for _, signs := range [][2]float64{{2, -.8}, {-.8, 2}} {
		rng := rand.New(rand.NewPCG(3, 3))
		var margin, y []float64
		for range 20000 {
			m := rng.NormFloat64() * 2
			v := 0.0
			if rng.Float64() < logistic(signs[1]*softplus(m)-signs[0]*softplus(-m)) {
				v = 1
			}
			margin, y = append(margin, m), append(y, v)
		}
		c, err := FitBeta(margin, y, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := [2]bool{c.A == 0, c.B == 0}; got != [2]bool{signs[0] < 0, signs[1] < 0} || c.Validate() != nil {
			t.Errorf("a=%v b=%v for true %v", c.A, c.B, signs)
		}
	}
	if _, err := FitBeta([]float64{-1, -2, 1, 2}, []float64{1, 1, 0, 0}, nil); err == nil {
		t.Error("a backward ranking was fitted")
	}
}

func TestProbabilitiesAreInsideAndRise(t *testing.T) {
	for seed := range uint64(10) {
		margin, y, w := sample(seed, 300, 1.2, 0)
		for method, fit := range fits {
			c, err := fit(margin, y, w)
			if err != nil {
				t.Fatal(err)
			}
			last := 0.0
			for m := -60.0; m <= 60; m += .05 {
				p := c.Probability(m)
				if !(p > 0 && p < 1) || p < last-1e-15 {
					t.Fatalf("%s: probability %v at %v after %v", method, p, m, last)
				}
				last = p
			}
			for _, m := range []float64{math.MaxFloat64, -math.MaxFloat64, 5e-324} {
				if p := c.Probability(m); !(p > 0 && p < 1) {
					t.Errorf("%s: probability %v at %v", method, p, m)
				}
			}
			if all := c.ProbabilityAll(nil, margin); len(all) != 300 || all[9] != c.Probability(margin[9]) {
				t.Errorf("%s: a batch differs from single rows", method)
			}
			for _, m := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
				if p := c.Probability(m); !math.IsNaN(p) {
					t.Errorf("%s: probability %v at %v, want NaN", method, p, m)
				}
			}
		}
	}
}

func TestWeightsAndOrder(t *testing.T) {
	margin, y, w := sample(3, 400, 1.1, .5)
	var m2, y2 []float64
	for i := range y {
		for range int(w[i]) {
			m2, y2 = append(m2, margin[i]), append(y2, y[i])
		}
	}
	m3, y3 := append([]float64(nil), m2...), append([]float64(nil), y2...)
	rand.New(rand.NewPCG(4, 4)).Shuffle(len(m3), func(i, j int) {
		m3[i], m3[j] = m3[j], m3[i]
		y3[i], y3[j] = y3[j], y3[i]
	})
	for method, fit := range fits {
		a, err := fit(margin, y, w)
		if err != nil {
			t.Fatal(err)
		}
		b, err := fit(m2, y2, nil)
		if err != nil {
			t.Fatal(err)
		}
		c, err := fit(m3, y3, nil)
		if err != nil {
			t.Fatal(err)
		}
		for m := -6.0; m < 4; m += .1 {
			near(t, string(method)+" twice", b.Probability(m), a.Probability(m), 1e-9)
			near(t, string(method)+" shuffled", c.Probability(m), b.Probability(m), 1e-9)
		}
	}
}

func TestSeparatedAndConstantMargins(t *testing.T) {
	for method, fit := range fits {
		for _, margin := range [][]float64{{-2, -1, 1, 2}, {0, 0, 0, 0}, {1e6, 1e6 + 1, 1e6 + 2, 1e6 + 3}} {
			c, err := fit(margin, []float64{0, 0, 1, 1}, nil)
			if err != nil {
				t.Fatalf("%s of %v: %v", method, margin, err)
			}
			if err := c.Validate(); err != nil {
				t.Errorf("%s of %v: %v", method, margin, err)
			}
			if p := c.Probability(margin[3]); !(p >= .5 && p < 1) {
				t.Errorf("%s of %v: probability %v for a fraud", method, margin, p)
			}
		}
		if _, err := fit([]float64{1, 2}, []float64{0, 0}, nil); err == nil {
			t.Errorf("%s fitted one class", method)
		}
		if _, err := fit([]float64{1, math.NaN()}, []float64{0, 1}, nil); err == nil {
			t.Errorf("%s fitted a NaN", method)
		}
	}
	if _, err := FitPlatt([]float64{-1, -2, 1, 2}, []float64{1, 1, 0, 0}, nil); err == nil {
		t.Error("platt fitted a backward ranking")
	}
}

func TestJSONRoundTrip(t *testing.T) {
	margin, y, w := sample(8, 500, 1, 0)
	all := []*Calibrator{Logistic()}
	for _, method := range []Method{Platt, Isotonic, Intercept, Beta} {
		c, err := fits[method](margin, y, w)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	for _, c := range all {
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(back, c) {
			t.Errorf("%s comes back as %+v, was %+v", c.Method, back, c)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"format":1,"method":"identity","slope":1,"intercept":0,"rows":0,"positives":0}`,
		`{"format":1,"method":"platt","slope":-1,"intercept":0,"rows":9,"positives":3}`,
		`{"format":1,"method":"isotonic","slope":0,"intercept":0,"margins":[-1,2],"probabilities":[0.1,0.4],"rows":9,"positives":3}`,
		`{"format":1,"method":"isotonic","slope":0,"intercept":0,"margins":[-1e308,1e308],"probabilities":[0.4,0.1],"rows":9,"positives":3}`,
		`{"format":1,"method":"beta","slope":0,"intercept":1e308,"a":1e308,"b":2,"rows":9,"positives":3}`,
		`{}`, `null`, `[]`, `{"format":1} x`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := Parse(text)
		if err != nil {
			return
		}
		for _, m := range []float64{-math.MaxFloat64, -3, 0, 2, math.MaxFloat64} {
			if p := c.Probability(m); !(p > 0 && p < 1) {
				t.Errorf("a valid calibrator gives %v at %v", p, m)
			}
		}
	})
}
