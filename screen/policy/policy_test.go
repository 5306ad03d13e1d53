package policy

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"claimsieve/screen/metric"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %.10g, want %.10g within %g", what, got, want, within)
	}
}

var options = Options{
	Model:  Model{Name: "motor", Version: 3, Digest: "sha256:ab"},
	Costs:  metric.Costs{AverageLoss: 2640, Recovered: 1, Investigation: 203},
	Window: Window{time.Date(1996, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1997, 1, 1, 0, 0, 0, 0, time.UTC)},
	Author: "chen", ValidFrom: time.Date(1997, 1, 1, 0, 0, 0, 0, time.UTC), ValidTo: time.Date(1998, 1, 1, 0, 0, 0, 0, time.UTC),
	Audit: Audit{Share: .02, KeyID: "k1"},
}

// motor1996 is the two-bin model of car claims on the claims of 1996.
func motor1996() (p, y, weight []float64) {
	return []float64{655.0 / 5136, 655.0 / 5136, 55.0 / 6201, 55.0 / 6201}, []float64{1, 0, 1, 0}, []float64{196, 1616, 17, 2254}
}

func TestExpectedCost(t *testing.T) {
	p, y, w := motor1996()
	pol, err := FitExpectedCost(p, y, w, options)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "p*", pol.Thresholds.Investigate, .0769, 5e-5)
	near(t, "review", pol.Thresholds.Review, 203.0/2640/2, 1e-15)
	e := pol.Evidence
	if e.Rows != 4083 || e.Positives != 213 || e.Alerts != 1812 || e.Hits != 196 {
		t.Errorf("evidence %+v, want 196 of 1812 alerts on 213 of 4083", e)
	}
	near(t, "savings", e.Savings.Value, 149604, 1e-6)
	near(t, "deviation", e.Deviation.Ratio, .8478, 5e-5)
	near(t, "precision low", e.Precision.Low, .0942, 5e-5)
	best, err := FitSavingsMax(p, y, w, options)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "best savings", best.Evidence.Savings.Value, 149604, 1e-6)
	if _, err := FitExpectedCost(nil, nil, nil, options); err != nil {
		t.Errorf("a policy without evidence: %v", err)
	}
	dear := options
	dear.Costs.Investigation = 5000
	if _, err := FitExpectedCost(p, y, w, dear); err == nil || !strings.Contains(err.Error(), "1.894") {
		t.Errorf("a threshold above 1 gave %v", err)
	}
	if _, err := FitSavingsMax(p, y, w, dear); err == nil {
		t.Error("savings were found where none are")
	}
}

func TestAlertRateKeepsTheBudget(t *testing.T) {
	var p, y []float64
	for i := range 1000 {
		p, y = append(p, (float64(i*7919%997)+1)/1000), append(y, float64(i%2))
	}
	for _, share := range []float64{.01, .05, .1, .333, 1} {
		pol, err := FitAlertRate(p, y, nil, share, options)
		if err != nil {
			t.Fatal(err)
		}
		got := pol.Evidence.AlertRate.Value
		if got > share || got < share-.003 {
			t.Errorf("share %v alerts on %v", share, got)
		}
	}
	if _, err := FitAlertRate([]float64{.5, .5}, []float64{0, 1}, nil, .3, options); err == nil {
		t.Error("a tie above the budget was accepted")
	}
}

func TestTierNeverGuesses(t *testing.T) {
	pol, err := SetManual(.4, nil, nil, nil, options)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		p    float64
		want Tier
	}{
		{0, Clear}, {.199, Clear}, {.2, Review}, {.3999, Review}, {.4, Investigate}, {1, Investigate},
		{math.NaN(), Undecided}, {-.01, Undecided}, {1.01, Undecided}, {math.Inf(1), Undecided}, {math.Inf(-1), Undecided},
	} {
		if got := pol.Tier(c.p); got != c.want {
			t.Errorf("tier of %v is %v, want %v", c.p, got, c.want)
		}
	}
	for _, bad := range []*Policy{nil, {}, {Thresholds: Thresholds{math.NaN(), .1}}, {Thresholds: Thresholds{.1, .4}}} {
		if got := bad.Tier(.9); got != Undecided {
			t.Errorf("%+v decides %v", bad, got)
		}
	}
	var zero Tier
	if zero != Undecided || zero.TitleZH() == "" || Tier(9).TitleZH() != "" {
		t.Error("the zero tier is not undecided, or lacks its title")
	}
	for i := range 4 {
		text, err := Tier(i).MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		if back, err := ParseTier(string(text)); err != nil || back != Tier(i) {
			t.Errorf("tier %d comes back as %v (%v)", i, back, err)
		}
	}
	if _, err := Tier(4).MarshalText(); err == nil {
		t.Error("tier 4 was written")
	}
	if _, err := ParseTier("Investigate"); err == nil {
		t.Error("a name in other letters was read")
	}
}

func TestValidateListsEveryFault(t *testing.T) {
	pol, err := SetManual(.4, nil, nil, nil, options)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(1997, 6, 1, 0, 0, 0, 0, time.UTC)
	if err := pol.ValidateFor(options.Model, at); err != nil {
		t.Errorf("a sound policy: %v", err)
	}
	bad := *pol
	bad.Costs.Investigation = -1
	bad.Thresholds = Thresholds{Investigate: .2, Review: 1.2}
	bad.Approver = bad.Author
	bad.Audit.KeyID = ""
	bad.Method = "luck"
	err = bad.ValidateFor(Model{Name: "motor", Version: 4}, at.AddDate(2, 0, 0))
	for _, want := range []string{"investigation -1", "thresholds.review 1.2: want", "above thresholds.investigate", "second person", "audit.key_id", `method "luck"`, "belongs to motor version 3", "term ended"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
	if err := pol.ValidateFor(options.Model, at.AddDate(-3, 0, 0)); err == nil || !strings.Contains(err.Error(), "term begins") {
		t.Errorf("before its term: %v", err)
	}
}

func TestJSONRoundTrip(t *testing.T) {
	p, y, w := motor1996()
	pol, err := FitExpectedCost(p, y, w, options)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(pol)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "local deviation", pol.Evidence.Local.Ratio, (181.2*196/1812+181.2*17/2271)/(181.2*655/5136+181.2*55/6201), 1e-9)
	if !reflect.DeepEqual(back, pol) {
		t.Errorf("comes back as %+v, was %+v", back, pol)
	}
	empty, err := FitExpectedCost(nil, nil, nil, options)
	if err != nil {
		t.Fatal(err)
	}
	if text, err = json.Marshal(empty); err != nil {
		t.Fatal(err)
	}
	if back, err = Parse(text); err != nil || !math.IsNaN(back.Evidence.Precision.Value) {
		t.Errorf("a policy without evidence comes back as %+v (%v)", back, err)
	}
}

func FuzzParse(f *testing.F) {
	pol, err := SetManual(.4, nil, nil, nil, options)
	if err != nil {
		f.Fatal(err)
	}
	text, err := json.Marshal(pol)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"format":1,"thresholds":{"investigate":1e-320,"review":0}}`))
	f.Add([]byte(`{"valid_to":"1997-13-01T00:00:00Z"}`))
	f.Add([]byte(`{"evidence":{"savings":{"value":null}}}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, text []byte) {
		pol, err := Parse(text)
		if err != nil {
			return
		}
		if got := pol.Tier(1); got != Investigate {
			t.Errorf("a valid policy gives %v at probability 1", got)
		}
		if _, err := json.Marshal(pol); err != nil {
			t.Errorf("a valid policy cannot be written: %v", err)
		}
	})
}
