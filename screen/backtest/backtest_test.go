package backtest

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"claimsieve/datasets"
	"claimsieve/screen/metric"
	"claimsieve/screen/policy"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %.10g, want %.10g within %g", what, got, want, within)
	}
}

var costs = metric.Costs{AverageLoss: 2640, Recovered: 1, Investigation: 203}

const day = int64(24 * time.Hour / time.Microsecond)

var newYear = time.Date(1996, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

// motor1996 is the car claims of 1996 from their published counts: the rule's
// bin holds 196 frauds of 1,812, the other one 17 of 2,271. The data say only
// who was found a fraud; the rest is without a conclusion.
func motor1996() Scored {
	var s Scored
	add := func(n int, p float64, label datasets.Label) {
		for range n {
			i := len(s.ClaimID)
			s.ClaimID = append(s.ClaimID, fmt.Sprintf("C%05d", i))
			s.Time = append(s.Time, newYear+int64(i*7%366)*day)
			s.Probability = append(s.Probability, p)
			s.Outcome = append(s.Outcome, label)
		}
	}
	add(196, 655.0/5136, datasets.Confirmed)
	add(1616, 655.0/5136, datasets.Unknown)
	add(17, 55.0/6201, datasets.Confirmed)
	add(2254, 55.0/6201, datasets.Unknown)
	return s
}

func motorPolicy(t *testing.T) *policy.Policy {
	t.Helper()
	p, err := policy.FitExpectedCost(nil, nil, nil, policy.Options{Model: policy.Model{Name: "motor", Version: 1}, Costs: costs})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestCarClaims1996(t *testing.T) {
	r, err := Evaluate(motor1996(), motorPolicy(t), Options{Unknown: AsHonest, Seed: 1, Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	if r.Basis != Assumed || r.Recall.Basis != Assumed || r.Labels.AssumedNegative != 3870 || r.Labels.Confirmed != 213 {
		t.Errorf("basis %q, labels %+v", r.Basis, r.Labels)
	}
	if r.Confusion.TP != 196 || r.Confusion.Alerts() != 1812 {
		t.Errorf("confusion %+v, want H=196 K=1812", r.Confusion)
	}
	near(t, "AUC", float64(r.AUC.Value), .7513084, 5e-8)
	near(t, "Brier", float64(r.Brier.Value), .0471113, 5e-8)
	near(t, "log loss", float64(r.LogLoss.Value), .1774474, 5e-8)
	near(t, "O/E", r.Deviation.Ratio, .8478, 5e-5)
	near(t, "savings", float64(r.Savings.Value), 149604, 1e-6)
	near(t, "savings low", float64(r.Savings.Low), 83000, 5000)
	near(t, "savings high", float64(r.Savings.High), 223000, 9000)
	near(t, "precision low", float64(r.Precision.Low), .0942, 5e-5)
	near(t, "precision high", float64(r.Precision.High), .1234, 5e-5)
	var claims int
	var sum Month
	for _, m := range r.Months {
		claims += m.Claims
		sum.Hits += m.Hits
		sum.Alerts += m.Alerts
		sum.Frauds += m.Frauds
		sum.Savings += m.Savings
	}
	if claims != 4083 || sum.Hits != 196 || sum.Alerts != 1812 || sum.Frauds != 213 || len(r.Months) != 12 || r.Months[0].Month != "1996-01" {
		t.Errorf("months sum to %d claims, %+v", claims, sum)
	}
	near(t, "savings of months", float64(sum.Savings), 149604, 1e-6)
}

func TestNothingIsAssumedInSilence(t *testing.T) {
	r, err := Evaluate(motor1996(), motorPolicy(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	// Only frauds are recorded: even a precision would be 1 by definition.
	if r.Precision.Identified || r.Savings.Identified || !r.Deviation.Insufficient || !strings.Contains(strings.Join(r.Assumptions, "\n"), "no claim is recorded as cleared") {
		t.Errorf("precision %+v, savings %+v, assumptions %q", r.Precision, r.Savings, r.Assumptions)
	}
	some := motor1996()
	for i := 200; i < 1200; i++ {
		some.Outcome[i] = datasets.Cleared
	}
	if r, err = Evaluate(some, motorPolicy(t), Options{}); err != nil {
		t.Fatal(err)
	}
	near(t, "precision", float64(r.Precision.Value), 196.0/1196, 1e-12)
	for name, f := range map[string]Figure{"AUC": r.AUC, "AP": r.AveragePrecision, "recall": r.Recall, "FPR": r.FalsePositiveRate, "prevalence": r.Prevalence, "value detection": r.ValueDetection, "lift": r.Lift} {
		if f.Identified || !math.IsNaN(float64(f.Value)) || f.Reason == "" {
			t.Errorf("%s is %+v without any assumption", name, f)
		}
	}
	if r.Basis != ConcludedOnly || r.Precision.Basis != ConcludedOnly || !r.Precision.Identified || r.AlertRate.Basis != AllClaims {
		t.Errorf("basis %q, precision %+v", r.Basis, r.Precision)
	}
	near(t, "alert rate", float64(r.AlertRate.Value), 1812.0/4083, 1e-12)
	if len(r.Assumptions) == 0 || !strings.Contains(r.Assumptions[0], "2870 claims have no conclusion") {
		t.Errorf("assumptions %q", r.Assumptions)
	}
	s := motor1996()
	s.Propensity = make([]float64, len(s.ClaimID))
	if r, err = Evaluate(s, motorPolicy(t), Options{}); err != nil || r.Basis != ConcludedOnly || r.Recall.Identified {
		t.Errorf("propensities of 0 identified a recall: %+v (%v)", r.Recall, err)
	}
}

// portfolio draws claims with known truth; some are audited.
func portfolio(n int, share float64, seed uint64) (s Scored, truth []float64) {
	rng := rand.New(rand.NewPCG(seed, 3))
	for i := range n {
		p := math.Pow(rng.Float64(), 8)
		y := 0.0
		if rng.Float64() < p {
			y = 1
		}
		pi, label := share, datasets.Unknown
		if p >= .4 {
			pi = 1
		}
		if rng.Float64() < pi {
			label = datasets.Cleared
			if y == 1 {
				label = datasets.Confirmed
			}
		}
		s.ClaimID = append(s.ClaimID, fmt.Sprintf("A%d", i))
		s.Time = append(s.Time, newYear+int64(i%300)*day)
		s.Probability = append(s.Probability, p)
		s.Outcome = append(s.Outcome, label)
		s.Loss = append(s.Loss, 1000+4000*rng.Float64())
		s.Propensity = append(s.Propensity, pi)
		truth = append(truth, y)
	}
	return s, truth
}

func TestAuditWeightsFindTheTruth(t *testing.T) {
	s, truth := portfolio(20000, .2, 1)
	r, err := EvaluateThreshold(s, .25, costs, Options{Replicates: 300, Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	full, err := metric.ConfusionAt(s.Probability, truth, nil, .25)
	if err != nil {
		t.Fatal(err)
	}
	auc, err := metric.AUC(s.Probability, truth, nil)
	if err != nil {
		t.Fatal(err)
	}
	savings, err := costs.SavingsOf(metric.Alerts(s.Probability, .25), truth, s.Loss, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		f    Figure
		want float64
	}{
		{"recall", r.Recall, full.Recall().Value}, {"FPR", r.FalsePositiveRate, full.FalsePositiveRate().Value},
		{"prevalence", r.Prevalence, full.BaseRate().Value}, {"precision", r.Precision, full.Precision().Value},
		{"AUC", r.AUC, auc.Value}, {"savings", r.Savings, savings.Value},
	} {
		if c.f.Basis != AuditWeighted || !(float64(c.f.Low) <= c.want && c.want <= float64(c.f.High)) {
			t.Errorf("%s %+v misses the truth %v", c.name, c.f, c.want)
		}
	}
	near(t, "recall of the confusion", r.Confusion.Recall().Value, float64(r.Recall.Value), 1e-9)
	near(t, "rows of the confusion", r.Confusion.Total(), 20000, 1e-6)
	// Counting concluded claims alone flatters the recall.
	naive := 0.0
	hits := 0.0
	for i, l := range s.Outcome {
		if l == datasets.Confirmed {
			naive++
			if s.Probability[i] >= .25 {
				hits++
			}
		}
	}
	if hits/naive <= float64(r.Recall.High) {
		t.Errorf("the naive recall %v is inside of %v: the simulation shows nothing", hits/naive, r.Recall)
	}
}

func TestFullAuditEqualsAllConcluded(t *testing.T) {
	s, truth := portfolio(3000, 1, 2)
	r, err := EvaluateThreshold(s, .3, costs, Options{Replicates: 50})
	if err != nil {
		t.Fatal(err)
	}
	c, err := metric.ConfusionAt(s.Probability, truth, nil, .3)
	if err != nil || r.Basis != Concluded || r.Confusion != c {
		t.Errorf("basis %q, confusion %+v, want %+v (%v)", r.Basis, r.Confusion, c, err)
	}
}

func TestMaturityAndSuspected(t *testing.T) {
	s, _ := portfolio(2000, 1, 3)
	for i := range 100 {
		s.Outcome[i] = datasets.Suspected
	}
	asOf := newYear + 320*day
	o := Options{AsOf: asOf, Maturity: 90 * 24 * time.Hour, Replicates: 20}
	r, err := EvaluateThreshold(s, .3, costs, o)
	if err != nil {
		t.Fatal(err)
	}
	young, suspected := 0, 0
	for i, at := range s.Time {
		if at > asOf-90*day {
			young++
		} else if s.Outcome[i] == datasets.Suspected {
			suspected++
		}
	}
	l := r.Labels
	if l.Immature != young || l.Suspected != suspected || l.Confirmed+l.Cleared+l.Suspected+l.Immature != 2000 {
		t.Errorf("labels %+v, want %d immature, %d suspected", l, young, suspected)
	}
	near(t, "population", r.Confusion.Total(), float64(2000-young-suspected), 0)
	if r.To.UnixMicro() > asOf-90*day {
		t.Errorf("the period ends at %v, among immature claims", r.To)
	}
	o.Suspected = AsFraud
	more, err := EvaluateThreshold(s, .3, costs, o)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "suspected as fraud", more.Confusion.Frauds()-r.Confusion.Frauds(), float64(suspected), 0)
}

func TestRowOrderAndThreadsChangeNothing(t *testing.T) {
	s, _ := portfolio(1500, .3, 4)
	want, err := EvaluateThreshold(s, .3, costs, Options{Replicates: 60})
	if err != nil {
		t.Fatal(err)
	}
	again, err := EvaluateThreshold(s, .3, costs, Options{Replicates: 60, Threads: 3})
	if err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(want)
	b, _ := json.Marshal(again)
	if string(a) != string(b) {
		t.Error("three threads change the report")
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(s.ClaimID), func(i, j int) {
		s.ClaimID[i], s.ClaimID[j] = s.ClaimID[j], s.ClaimID[i]
		s.Time[i], s.Time[j] = s.Time[j], s.Time[i]
		s.Probability[i], s.Probability[j] = s.Probability[j], s.Probability[i]
		s.Outcome[i], s.Outcome[j] = s.Outcome[j], s.Outcome[i]
		s.Loss[i], s.Loss[j] = s.Loss[j], s.Loss[i]
		s.Propensity[i], s.Propensity[j] = s.Propensity[j], s.Propensity[i]
	})
	shuffled, err := EvaluateThreshold(s, .3, costs, Options{Replicates: 60})
	if err != nil {
		t.Fatal(err)
	}
	x, y := reflect.ValueOf(*want), reflect.ValueOf(*shuffled)
	for i := range x.NumField() {
		f, ok := x.Field(i).Interface().(Figure)
		if !ok {
			continue
		}
		g := y.Field(i).Interface().(Figure)
		for _, pair := range [][2]metric.Optional{{f.Value, g.Value}, {f.Low, g.Low}, {f.High, g.High}} {
			if d := math.Abs(float64(pair[0] - pair[1])); d > 1e-9*max(1, math.Abs(float64(pair[0]))) {
				t.Errorf("%s is %+v in one order and %+v in another", x.Type().Field(i).Name, f, g)
			}
		}
	}
}

func TestCompare(t *testing.T) {
	s := motor1996()
	pol := motorPolicy(t)
	rule := Rule{Name: "fault of the policy holder", Alerts: make([]bool, len(s.ClaimID))}
	for i, p := range s.Probability {
		rule.Alerts[i] = p > .1
	}
	c, err := Compare(s, pol, rule, Options{Unknown: AsHonest, Replicates: 200})
	if err != nil {
		t.Fatal(err)
	}
	if c.Savings.Difference.Value != 0 || c.Savings.Difference.High != 0 || c.Both != 1812 || c.PolicyOnly+c.RuleOnly != 0 {
		t.Errorf("a rule against itself: %+v", c)
	}
	near(t, "rule savings", c.Savings.Second.Value, 149604, 1e-6)
	for i := range rule.Alerts {
		rule.Alerts[i] = true
	}
	if c, err = Compare(s, pol, rule, Options{Unknown: AsHonest, Replicates: 200}); err != nil {
		t.Fatal(err)
	}
	near(t, "all alerts", c.Savings.Second.Value, -266529, 1e-6)
	near(t, "difference", c.Savings.Difference.Value, 149604+266529, 1e-6)
	if c.Savings.Difference.Low < 350000 || c.Savings.Difference.Low >= c.Savings.Difference.Value || c.RuleOnly != 2271 {
		t.Errorf("comparison %+v", c)
	}
	if _, err := Compare(s, pol, Rule{Name: "short", Alerts: []bool{true}}, Options{}); err == nil || !strings.Contains(err.Error(), `"short"`) {
		t.Errorf("a short rule gave %v", err)
	}
	if _, err := Compare(s, nil, rule, Options{}); err == nil {
		t.Error("no policy was compared")
	}
}

func TestReportReadsAndWrites(t *testing.T) {
	for _, o := range []Options{{}, {Unknown: AsHonest}} {
		o.Replicates = 20
		r, err := Evaluate(motor1996(), motorPolicy(t), o)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var back Report
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(&back)
		if err != nil || string(again) != string(text) {
			t.Errorf("the report comes back otherwise (%v)", err)
		}
		var b strings.Builder
		if err := r.WriteText(&b); err != nil {
			t.Fatal(err)
		}
		want := []string{"1996-01-01 to 1996-12-31", string(r.Basis), "命中率", "confirmed 213", "O/E"}
		if o.Unknown == LeaveOut {
			want = append(want, "not identified")
		}
		for _, w := range want {
			if !strings.Contains(b.String(), w) {
				t.Errorf("%q is missing in\n%s", w, b.String())
			}
		}
	}
}

func TestNoClaims(t *testing.T) {
	r, err := EvaluateThreshold(Scored{}, .5, costs, Options{Replicates: 5})
	if err != nil {
		t.Fatal(err)
	}
	if !r.AUC.Insufficient || !math.IsNaN(float64(r.Precision.Value)) {
		t.Errorf("a report of nothing: %+v", r)
	}
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
	var b strings.Builder
	if err := r.WriteText(&b); err != nil || !strings.Contains(b.String(), "no claims") {
		t.Errorf("text %q (%v)", b.String(), err)
	}
}

func TestBadTablesAreNamed(t *testing.T) {
	for _, c := range []struct {
		spoil func(*Scored, *Options)
		want  string
	}{
		{func(s *Scored, o *Options) { s.Probability[7] = math.NaN() }, `claim "C00007" in row 7`},
		{func(s *Scored, o *Options) { s.Probability[7] = 1.2 }, "probability 1.2"},
		{func(s *Scored, o *Options) { s.Time = s.Time[1:] }, "4083 claims and 4082 times"},
		{func(s *Scored, o *Options) { s.Outcome[3] = 9 }, "no such label"},
		{func(s *Scored, o *Options) { s.ClaimID[2] = "" }, "row 2 has no id"},
		{func(s *Scored, o *Options) { s.Loss = []float64{1} }, "1 losses"},
		{func(s *Scored, o *Options) { o.Unknown = AsFraud }, "unknown claims"},
		{func(s *Scored, o *Options) { o.Maturity = time.Hour }, "as_of"},
		{func(s *Scored, o *Options) { o.Replicates = 1 }, "1 replicates"},
	} {
		s, o := motor1996(), Options{}
		c.spoil(&s, &o)
		if _, err := EvaluateThreshold(s, .1, costs, o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
	}
	if _, err := EvaluateThreshold(motor1996(), math.NaN(), costs, Options{}); err == nil {
		t.Error("a NaN threshold was taken")
	}
}
