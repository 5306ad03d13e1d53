package metric

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// sample draws scores on a coarse grid, so that there are ties.
func sample(seed uint64, n int, grid float64) (score, y, weight []float64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	for range n {
		s := math.Round(rng.Float64()*grid) / grid
		v := 0.0
		if rng.Float64() < .05+.4*s {
			v = 1
		}
		score, y, weight = append(score, s), append(y, v), append(weight, float64(rng.IntN(4)))
	}
	return score, y, weight
}

// bruteAUC counts pairs.
func bruteAUC(score, y, w []float64) float64 {
	var hit, all float64
	for i := range y {
		for j := range y {
			if y[i] == 1 && y[j] == 0 {
				all += w[i] * w[j]
				if score[i] > score[j] {
					hit += w[i] * w[j]
				} else if score[i] == score[j] {
					hit += w[i] * w[j] / 2
				}
			}
		}
	}
	return hit / all
}

// bruteDeLong is the variance by its definition, from the kernel matrix.
func bruteDeLong(score, y []float64) float64 {
	var pos, neg []float64
	for i, s := range score {
		if y[i] == 1 {
			pos = append(pos, s)
		} else {
			neg = append(neg, s)
		}
	}
	kernel := func(a, b float64) float64 {
		if a > b {
			return 1
		} else if a == b {
			return .5
		}
		return 0
	}
	spread := func(a, b []float64, flip bool) float64 {
		var v []float64
		mean := 0.0
		for _, x := range a {
			s := 0.0
			for _, z := range b {
				if flip {
					s += kernel(z, x)
				} else {
					s += kernel(x, z)
				}
			}
			v = append(v, s/float64(len(b)))
			mean += s / float64(len(b)) / float64(len(a))
		}
		sum := 0.0
		for _, x := range v {
			sum += (x - mean) * (x - mean)
		}
		return sum / float64(len(a)-1) / float64(len(a))
	}
	return spread(pos, neg, false) + spread(neg, pos, true)
}

// bruteAP walks all rows for every distinct threshold.
func bruteAP(score, y, w []float64) float64 {
	seen := map[float64]bool{}
	var frauds, ap float64
	for i := range y {
		frauds += w[i] * y[i]
	}
	for _, t := range score {
		if seen[t] {
			continue
		}
		seen[t] = true
		var at, tp, all float64
		for i, s := range score {
			if s >= t {
				all += w[i]
				tp += w[i] * y[i]
			}
			if s == t {
				at += w[i] * y[i]
			}
		}
		if all > 0 {
			ap += at / frauds * tp / all
		}
	}
	return ap
}

func TestRankingAgainstBruteForce(t *testing.T) {
	for seed := range uint64(40) {
		score, y, w := sample(seed, 60, 12)
		r, err := Rank(score, y, w)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "AUC", r.AUC().Value, bruteAUC(score, y, w), 1e-12)
		near(t, "AP", r.AveragePrecision().Value, bruteAP(score, y, w), 1e-12)
		ranks := planOf(score)
		near(t, "planned AUC", ranks.auc(y, w, nil), bruteAUC(score, y, w), 1e-12)
		near(t, "planned AP", ranks.averagePrecision(y, w, nil), bruteAP(score, y, w), 1e-12)
		even, err := Rank(score, y, nil)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "DeLong", even.delong(even.auc()), bruteDeLong(score, y), 1e-12)
		ks := 0.0
		for _, c := range score {
			f, err := ConfusionAt(score, y, nil, c)
			if err != nil {
				t.Fatal(err)
			}
			ks = max(ks, math.Abs(f.Recall().Value-f.FalsePositiveRate().Value))
		}
		got, at := even.KS()
		near(t, "KS", got, ks, 1e-12)
		f, _ := ConfusionAt(score, y, nil, at)
		near(t, "KS at its threshold", math.Abs(f.Recall().Value-f.FalsePositiveRate().Value), ks, 1e-12)
		curve := r.Curve()
		for i, p := range curve.Points {
			c, err := ConfusionAt(score, y, w, p.Threshold)
			if err != nil || c != curve.Confusion(i) {
				t.Fatalf("curve point %d is %+v, counted %+v (%v)", i, curve.Confusion(i), c, err)
			}
		}
	}
}

// everything measures a sample by all metrics of a ranking or probability.
func everything(t *testing.T, score, y, w []float64) map[string]any {
	t.Helper()
	out := map[string]any{}
	r, err := Rank(score, y, w)
	if err != nil {
		t.Fatal(err)
	}
	out["auc"], out["gini"], out["ap"], out["curve"] = r.AUC(), r.Gini(), r.AveragePrecision(), r.Curve()
	ks, at := r.KS()
	out["ks"] = [2]float64{ks, at}
	c, err := ConfusionAt(score, y, w, .4)
	out["confusion"], out["lift"], out["precision"] = c, c.Lift(), c.Precision()
	if err == nil {
		out["deviation"], err = ObservedExpected(score, y, w)
	}
	if err == nil {
		out["local"], err = LocalDeviation(score, y, w, .4, .1)
	}
	if err == nil {
		out["reliability"], err = CalibrationError(score, y, w, 7)
	}
	if err == nil {
		out["brier"], err = Brier(score, y, w)
	}
	if err == nil {
		out["loss"], err = LogLoss(score, y, w)
	}
	if err == nil {
		out["savings"], err = motorCosts.SavingsOf(Alerts(score, .4), y, nil, w)
	}
	if err == nil {
		out["value"], err = ValueDetection(Alerts(score, .4), y, score, w)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// alike compares results number by number.
func alike(t *testing.T, what string, a, b any, within float64) {
	t.Helper()
	var walk func(path string, x, y reflect.Value)
	walk = func(path string, x, y reflect.Value) {
		switch x.Kind() {
		case reflect.Float64:
			if d := math.Abs(x.Float() - y.Float()); d > within*max(1, math.Abs(x.Float())) {
				t.Errorf("%s: %s is %v and %v", what, path, x.Float(), y.Float())
			}
		case reflect.Struct:
			for i := range x.NumField() {
				walk(path+"."+x.Type().Field(i).Name, x.Field(i), y.Field(i))
			}
		case reflect.Slice, reflect.Array:
			if x.Len() != y.Len() {
				t.Errorf("%s: %s has %d and %d elements", what, path, x.Len(), y.Len())
				return
			}
			for i := range x.Len() {
				walk(path, x.Index(i), y.Index(i))
			}
		default:
			if !reflect.DeepEqual(x.Interface(), y.Interface()) {
				t.Errorf("%s: %s is %v and %v", what, path, x, y)
			}
		}
	}
	walk("", reflect.ValueOf(a), reflect.ValueOf(b))
}

func TestWeightTwoIsRowTwice(t *testing.T) {
	for seed := range uint64(10) {
		score, y, w := sample(seed, 200, 20)
		var s2, y2 []float64
		for i := range score {
			for range int(w[i]) {
				s2, y2 = append(s2, score[i]), append(y2, y[i])
			}
		}
		a, b := everything(t, score, y, w), everything(t, s2, y2, nil)
		for name := range a {
			alike(t, name, a[name], b[name], 1e-9)
		}
	}
}

func TestRowOrderDoesNotMatter(t *testing.T) {
	score, y, w := sample(3, 300, 15)
	a := everything(t, score, y, w)
	rng := rand.New(rand.NewPCG(9, 9))
	rng.Shuffle(len(score), func(i, j int) {
		score[i], score[j] = score[j], score[i]
		y[i], y[j] = y[j], y[i]
		w[i], w[j] = w[j], w[i]
	})
	b := everything(t, score, y, w)
	for name := range a {
		alike(t, name, a[name], b[name], 1e-12)
	}
}

func TestMonotoneTransformsKeepRanks(t *testing.T) {
	score, y, w := sample(4, 300, 50)
	moved := make([]float64, len(score))
	mirrored := make([]float64, len(score))
	for i, s := range score {
		moved[i] = math.Exp(3*s) - 7
		mirrored[i] = -s
	}
	a, _ := Rank(score, y, w)
	b, _ := Rank(moved, y, w)
	c, _ := Rank(mirrored, y, w)
	if a.AUC() != b.AUC() || a.AveragePrecision() != b.AveragePrecision() {
		t.Error("a monotone transform moved AUC or AP")
	}
	near(t, "mirrored AUC", c.AUC().Value, 1-a.AUC().Value, 1e-12)
}

func TestPerfectSeparationHasAnInterval(t *testing.T) {
	var score, y []float64
	for i := range 40 {
		score = append(score, float64(i))
		y = append(y, float64(i/30))
	}
	a, err := AUC(score, y, nil)
	if err != nil || a.Value != 1 || a.High != 1 {
		t.Fatalf("AUC is %+v (%v)", a, err)
	}
	near(t, "low", a.Low, math.Pow(.025, .1), 1e-12)
}

func TestBadRowsAreNamed(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		score, y, w []float64
		want        string
	}{
		{[]float64{1, nan}, []float64{0, 1}, nil, "row 1"},
		{[]float64{inf, 1}, []float64{0, 1}, nil, "row 0"},
		{[]float64{1, 1}, []float64{0, .5}, nil, "outcome 0.5 in row 1"},
		{[]float64{1, 1}, []float64{nan, 1}, nil, "row 0"},
		{[]float64{1, 1}, []float64{1}, nil, "2 scores and 1 outcomes"},
		{[]float64{1, 1}, []float64{0, 1}, []float64{1, -1}, "weight -1 in row 1"},
		{[]float64{1, 1}, []float64{0, 1}, []float64{1}, "1 weights"},
	} {
		if _, err := AUC(c.score, c.y, c.w); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: error %v, want one with %q", c, err, c.want)
		}
		if _, err := (Bootstrap{}).AUC(c.score, c.y, c.w); err == nil {
			t.Errorf("%v: the bootstrap accepted it", c)
		}
	}
	if _, err := Brier([]float64{1.5}, []float64{1}, nil); err == nil || !strings.Contains(err.Error(), "1.5 in row 0") {
		t.Errorf("probability 1.5: error %v", err)
	}
	if l, err := LogLoss([]float64{0, 1}, []float64{1, 1}, nil); err != nil || !math.IsInf(l.Value, 1) {
		t.Errorf("log loss of an impossible event is %+v (%v)", l, err)
	}
	if err := (Costs{AverageLoss: -1, Recovered: 2, Investigation: nan}).Validate(); err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("three faults gave %v", err)
	}
}

func TestDeviationJSON(t *testing.T) {
	for _, d := range []Deviation{NewDeviation(0, 0), NewDeviation(30, 20.5), {Observed: 5, Expected: math.Inf(1), Ratio: 0, Low: math.NaN(), High: 2}} {
		text, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		var back Deviation
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(back)
		if err != nil || string(again) != string(text) {
			t.Errorf("%s comes back as %s (%v)", text, again, err)
		}
	}
}

func TestAlertsOfARule(t *testing.T) {
	score, y, w := sample(2, 100, 10)
	a, err := ConfusionOf(Alerts(score, .5), y, w)
	if err != nil {
		t.Fatal(err)
	}
	b, err := ConfusionAt(score, y, w, .5)
	if err != nil || a != b {
		t.Errorf("%+v and %+v (%v)", a, b, err)
	}
	near(t, "base rate", a.BaseRate().Value, a.Frauds()/a.Total(), 0)
	near(t, "F1", a.F(1), 2/(1/a.Precision().Value+1/a.Recall().Value), 1e-12)
	near(t, "lift", a.Lift().Value, a.Precision().Value/a.BaseRate().Value, 1e-12)
	near(t, "false alarms for a hit", a.FalseAlarmRatio(), 1/a.Precision().Value-1, 1e-12)
	if Alerts([]float64{math.NaN()}, 0)[0] {
		t.Error("NaN alerts")
	}
}

func TestBudgetTopAndBest(t *testing.T) {
	r, err := Rank([]float64{9, 8, 8, 7, 1}, []float64{1, 1, 0, 0, 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := r.Curve()
	if p, ok := c.WithinBudget(2); !ok || p.Alerts != 1 {
		t.Errorf("budget 2 gave %+v, want the one alert above the tie", p)
	}
	if _, ok := c.WithinBudget(.5); ok {
		t.Error("a budget below one alert was met")
	}
	if top := c.Top(2); top.TP != 1.5 || top.FP != .5 {
		t.Errorf("top 2 is %+v, want 1.5 hits", top)
	}
	best, savings, ok := c.BestSavings(Costs{AverageLoss: 10, Recovered: 1, Investigation: 4})
	if !ok || best.Threshold != 1 || savings != 10 {
		t.Errorf("best is %+v with %v", best, savings)
	}
	score, y, _ := sample(1, 5000, 1e6)
	r, _ = Rank(score, y, nil)
	thin := r.Curve().Thin(50)
	if n := len(thin.Points); n > 50 || n < 45 || thin.Points[n-1].Alerts != 5000 {
		t.Errorf("a curve thinned to 50 has %d points", n)
	}
}
