package metric

import (
	"encoding/json"
	"math"
	"testing"
)

// The numbers in this file are published, or follow from published counts by
// arithmetic; each test names its source.

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %.10g, want %.10g within %g", what, got, want, within)
	}
}

// motor1996 is the car claims of 1996 under the two-condition rule "fault of
// the policy holder and not a liability policy", with the probabilities that
// 1994-95 gave its two bins: 655/5136 and 55/6201.
func motor1996() (p, y, weight []float64) {
	high, low := 655.0/5136, 55.0/6201
	return []float64{high, high, low, low}, []float64{1, 0, 1, 0}, []float64{196, 1812 - 196, 17, 2271 - 17}
}

var motorCosts = Costs{AverageLoss: 2640, Recovered: 1, Investigation: 203}

func TestCarClaimsRule(t *testing.T) {
	p, y, w := motor1996()
	brier, err := Brier(p, y, w)
	if err != nil {
		t.Fatal(err)
	}
	loss, err := LogLoss(p, y, w)
	if err != nil {
		t.Fatal(err)
	}
	auc, err := AUC(p, y, w)
	if err != nil {
		t.Fatal(err)
	}
	oe, err := ObservedExpected(p, y, w)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "Brier", brier.Value, 0.0471113, 5e-8)
	near(t, "log loss", loss.Value, 0.1774474, 5e-8)
	near(t, "AUC", auc.Value, 0.7513084, 5e-8)
	near(t, "O/E", oe.Ratio, 0.8478, 5e-5)
	if !oe.Off() {
		t.Errorf("O/E interval [%v, %v] holds 1: want a model that is off", oe.Low, oe.High)
	}
	for bin, want := range []float64{0.8482, 0.8440} {
		part, err := ObservedExpected(p[2*bin:2*bin+2], y[2*bin:2*bin+2], w[2*bin:2*bin+2])
		if err != nil {
			t.Fatal(err)
		}
		near(t, "O/E of a bin", part.Ratio, want, 5e-5)
	}
	base := 213.0 / 4083
	flat := []float64{base, base, base, base}
	if brier, err = Brier(flat, y, w); err != nil {
		t.Fatal(err)
	}
	if loss, err = LogLoss(flat, y, w); err != nil {
		t.Fatal(err)
	}
	// The published base figures use the base rate of 1994-95, 0.06263.
	train := 710.0 / 11337
	for i := range flat {
		flat[i] = train
	}
	brierTrain, err := Brier(flat, y, w)
	if err != nil {
		t.Fatal(err)
	}
	lossTrain, err := LogLoss(flat, y, w)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "base Brier", brierTrain.Value, 0.0495555, 5e-8)
	near(t, "base log loss", lossTrain.Value, 0.2058333, 5e-8)
	if brier.Value > brierTrain.Value || loss.Value > lossTrain.Value {
		t.Errorf("the rate of 1996 itself measures worse than that of 1994-95")
	}
}

func TestCarClaimsSavings(t *testing.T) {
	p, y, w := motor1996()
	c, err := ConfusionAt(p, y, w, 203.0/2640)
	if err != nil {
		t.Fatal(err)
	}
	if c.TP != 196 || c.Alerts() != 1812 {
		t.Fatalf("rule has H=%v K=%v, want 196 and 1812", c.TP, c.Alerts())
	}
	near(t, "rule savings", motorCosts.Savings(c.TP, c.Alerts()), 149604, 0)
	near(t, "all alerts", motorCosts.Savings(213, 4083), -266529, 0)
	near(t, "perfect", motorCosts.Savings(213, 213), 519081, 0)
	near(t, "Phua", motorCosts.Savings(203, 1817), 167069, 0)
	near(t, "p*", motorCosts.Threshold(), 0.0769, 5e-5)
	solutions := 0
	for h := 0; h <= 213; h++ {
		for k := h; k <= 4083; k++ {
			if motorCosts.Savings(float64(h), float64(k)) == 167069 {
				solutions++
			}
		}
	}
	if solutions != 1 {
		t.Errorf("$167,069 has %d whole-number solutions, want the one of H=203, K=1817", solutions)
	}
	of, err := motorCosts.SavingsOf(Alerts(p, 0.05), y, nil, w)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "sum over rows", of.Value, 149604, 1e-6)
	// Published bootstrap of the rule: 83 k to 223 k.
	near(t, "savings low", of.Low, 83000, 4000)
	near(t, "savings high", of.High, 223000, 8000)
	near(t, "accuracy of Phua's decode", Confusion{TP: 203, FP: 1614, FN: 10, TN: 4083 - 1827}.Accuracy().Value, 0.602, 5e-4)
}

func TestClopperPearson(t *testing.T) {
	for _, c := range []struct{ k, n, low, high float64 }{
		{196, 1812, .0942, .1234}, {203, 1817, .0976, .1271}, {45, 820, .0403, .0727},
	} {
		r := NewRate(c.k, c.n)
		near(t, "low", r.Low, c.low, 5e-5)
		near(t, "high", r.High, c.high, 5e-5)
	}
	// Closed forms at the ends.
	low, high := ClopperPearson(0, 20, .95)
	near(t, "low of 0/20", low, 0, 0)
	near(t, "high of 0/20", high, 1-math.Pow(.025, 1.0/20), 1e-12)
	low, high = ClopperPearson(20, 20, .95)
	near(t, "low of 20/20", low, math.Pow(.025, 1.0/20), 1e-12)
	near(t, "high of 20/20", high, 1, 0)
}

func TestPoissonInterval(t *testing.T) {
	// Garwood's table: 0 gives [0, 3.689], 10 gives [4.795, 18.390].
	low, high := PoissonInterval(0, .95)
	near(t, "low of 0", low, 0, 0)
	near(t, "high of 0", high, 3.6889, 5e-5)
	low, high = PoissonInterval(10, .95)
	near(t, "low of 10", low, 4.7954, 5e-5)
	near(t, "high of 10", high, 18.3904, 5e-5)
}

func TestSequentialRate(t *testing.T) {
	for _, c := range []struct{ k, n, low, high float64 }{
		{10, 100, .0288, .2283}, {100, 1000, .0688, .1384}, {196, 1812, .0829, .1375},
	} {
		r := SequentialRate(c.k, c.n, .95)
		near(t, "low", r.Low, c.low, 5e-5)
		near(t, "high", r.High, c.high, 5e-5)
	}
}

func TestPSI(t *testing.T) {
	s, err := PSI([]float64{253, 302, 204, 134, 72, 26, 8}, []float64{177, 262, 285, 158, 88, 25, 6})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "PSI", float64(s.PSI), 0.067693, 5e-7)
	near(t, "critical", float64(s.Critical), 0.025183, 5e-7)
	near(t, "p-value", float64(s.PValue), 7.20e-6, 5e-9)
}

func TestAveragePrecisionInterval(t *testing.T) {
	low, high := AveragePrecisionInterval(.1463, 213, .95)
	near(t, "low", low, .1049, 5e-5)
	near(t, "high", high, .2004, 5e-5)
}

func TestBahnsen(t *testing.T) {
	y := []float64{0, 1, 1, 0}
	alerts := []bool{false, true, false, false}
	m := CostMatrix{FP: []float64{4, 1, 2, 2}, FN: []float64{1, 3, 3, 1}, TP: make([]float64, 4), TN: make([]float64, 4)}
	cost, err := CostLoss(alerts, y, m)
	if err != nil {
		t.Fatal(err)
	}
	score, err := SavingsScore(alerts, y, m)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "cost", cost, 3, 0)
	near(t, "savings score", score, .5, 0)
}

// The triangle of Taylor and Ashe (1983).
func TestChainLadder(t *testing.T) {
	triangle := [][]float64{
		{357848, 1124788, 1735330, 2218270, 2745596, 3319994, 3466336, 3606286, 3833515, 3901463},
		{352118, 1236139, 2170033, 3353322, 3799067, 4120063, 4647867, 4914039, 5339085},
		{290507, 1292306, 2218525, 3235179, 3985995, 4132918, 4628910, 4909315},
		{310608, 1418858, 2195047, 3757447, 4029929, 4381982, 4588268},
		{443160, 1136350, 2128333, 2897821, 3402672, 3873311},
		{396132, 1333217, 2180715, 2985752, 3691712},
		{440832, 1288463, 2419861, 3483130},
		{359480, 1421128, 2864498},
		{376686, 1363294},
		{344014},
	}
	factors, ultimate, err := ChainLadder(triangle)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "first factor", factors[0], 3.4906, 5e-5)
	near(t, "last factor", factors[8], 1.0177, 5e-5)
	reserve := 0.0
	for i, u := range ultimate {
		reserve += u - triangle[i][len(triangle[i])-1]
	}
	near(t, "reserve", reserve, 18680856, .5)
	if _, _, err := ChainLadder([][]float64{{1}, {1, 2}}); err == nil {
		t.Error("a growing triangle was accepted")
	}
}

func TestNothingIsNotZero(t *testing.T) {
	var c Confusion
	for _, r := range []Rate{c.Precision(), c.Recall(), c.FalsePositiveRate(), c.AlertRate()} {
		if !math.IsNaN(r.Value) || !r.Insufficient {
			t.Errorf("0/0 is %v, insufficient %v: want NaN and true", r.Value, r.Insufficient)
		}
	}
	if !math.IsNaN(c.FalseAlarmRatio()) || !math.IsNaN(c.F(1)) || !math.IsNaN(c.Lift().Value) {
		t.Error("ratios of an empty confusion are numbers")
	}
	if !NewRate(3, 9).Insufficient || NewRate(3, 10).Insufficient {
		t.Error("insufficient is not below ten cases")
	}
	text, err := json.Marshal(NewRate(0, 0))
	if err != nil || string(text) != `{"numerator":0,"denominator":0,"value":null,"low":null,"high":null,"insufficient":true}` {
		t.Errorf("JSON of 0/0 is %s (%v)", text, err)
	}
	var back Rate
	if err := json.Unmarshal(text, &back); err != nil || !math.IsNaN(back.Value) || !back.Insufficient {
		t.Errorf("0/0 comes back as %+v (%v)", back, err)
	}
	for _, score := range [][]float64{nil, {.5}} {
		a, err := AUC(score, make([]float64, len(score)), nil)
		if err != nil || !math.IsNaN(a.Value) || !a.Insufficient {
			t.Errorf("AUC of %v is %+v (%v)", score, a, err)
		}
	}
}
