package audit

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %.10g, want %.10g within %g", what, got, want, within)
	}
}

// Hepatic scintigraphy and diaphanography, as published.
func TestBeggGreenes(t *testing.T) {
	for _, c := range []struct {
		table              Table
		naiveSe, naiveSp   float64
		recall, specificty float64
	}{
		{Table{231, 32, 27, 54, 166, 140}, .8953, .6279, .8365, .7384},
		{Table{26, 11, 7, 44, 30, 782}, .7879, .8000, .2917, .9730},
	} {
		near(t, "naive recall", c.table.TP/(c.table.TP+c.table.FN), c.naiveSe, 5e-5)
		near(t, "naive specificity", c.table.TN/(c.table.TN+c.table.FP), c.naiveSp, 5e-5)
		recall, specificity := BeggGreenes(c.table)
		near(t, "recall", recall.Value, c.recall, 5e-5)
		near(t, "specificity", specificity.Value, c.specificty, 5e-5)
		low, high := RecallBounds(c.table)
		if !(low <= recall.Low && recall.Low < recall.Value && recall.Value < recall.High && recall.High <= high) {
			t.Errorf("recall %v is not inside of its bounds [%v, %v]", recall, low, high)
		}
	}
	if r, _ := BeggGreenes(Table{TP: 10, FP: 5, UnverifiedOthers: 100}); r.Identified || !math.IsNaN(r.Value) {
		t.Errorf("recall without an audit is %v", r)
	}
	low, high := RecallBounds(Table{TP: 10, FP: 5, UnverifiedOthers: 90})
	near(t, "low bound", low, .1, 1e-12)
	near(t, "high bound", high, 1, 0)
}

func TestBeggGreenesCoverage(t *testing.T) {
	// 2,000 claims, 15 % alerts of which 30 % fraud, 3 % among others; 80 % and
	// 20 % of them concluded.
	truth := .15 * .3 / (.15*.3 + .85*.03)
	in := 0
	for run := range 2000 {
		rng := rand.New(rand.NewPCG(21, uint64(run)))
		var c Table
		for range 2000 {
			switch alert, u, seen := rng.Float64() < .15, rng.Float64(), rng.Float64(); {
			case alert && seen > .8:
				c.UnverifiedAlerts++
			case alert && u < .3:
				c.TP++
			case alert:
				c.FP++
			case seen > .2:
				c.UnverifiedOthers++
			case u < .03:
				c.FN++
			default:
				c.TN++
			}
		}
		r, _ := BeggGreenes(c)
		if r.Low <= truth && truth <= r.High {
			in++
		}
	}
	if coverage := float64(in) / 2000; coverage < .93 || coverage > .97 {
		t.Errorf("coverage %v, want 0.93 to 0.97", coverage)
	}
}

func TestEstimateJSONAndWeights(t *testing.T) {
	for _, e := range []Estimate{NotIdentified("no arm"), finish(.3, .1, .4, 40)} {
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var back Estimate
		if err := json.Unmarshal(text, &back); err != nil || back.String() != e.String() {
			t.Errorf("%v comes back as %v (%v)", e, back, err)
		}
	}
	s := Sample{Concluded: []bool{true, false, true}, Propensity: []float64{.1, .1, 1}}
	if w := s.Weights(); w[0] != 10 || w[1] != 0 || w[2] != 1 {
		t.Errorf("weights %v, want 10 0 1", w)
	}
}

func TestRoganGladen(t *testing.T) {
	e := RoganGladen(45, 820, 35.0/36, 774.0/784)
	near(t, "prevalence", e.Value, 36.0/820, 1e-12)
	if !(e.Low < e.Value && e.Value < e.High) {
		t.Errorf("interval %v", e)
	}
	if RoganGladen(45, 820, .4, .5).Identified {
		t.Error("a test below chance identified something")
	}
}

func TestSampleSize(t *testing.T) {
	for _, c := range []struct {
		p, half float64
		want    int
	}{{.05, .01, 1825}, {.01, .005, 1522}} {
		if got, err := SampleSize(c.p, c.half, .95); err != nil || got != c.want {
			t.Errorf("%v plus or minus %v needs %d, want %d (%v)", c.p, c.half, got, c.want, err)
		}
	}
	if _, err := SampleSize(0, .1, .95); err == nil {
		t.Error("a share of 0 was planned for")
	}
}

func TestAllocateBeatsOtherSplits(t *testing.T) {
	strata := []Stratum{{1000, .2, 100}, {9000, .02, 200}, {50, .5, 50}}
	n, err := Allocate(strata, 60000)
	if err != nil {
		t.Fatal(err)
	}
	variance := func(n []float64) (v float64) {
		for i, s := range strata {
			v += s.Claims * s.Claims * s.Share * (1 - s.Share) / n[i]
		}
		return v
	}
	cost := 0.0
	for i, s := range strata {
		cost += n[i] * s.Cost
		if n[i] > s.Claims {
			t.Errorf("stratum %d gets %v audits of %v claims", i, n[i], s.Claims)
		}
	}
	near(t, "spent", cost, 60000, 1e-6)
	moved := []float64{n[0] + 20, n[1] - 10, n[2]}
	if variance(moved) < variance(n) {
		t.Error("another split of the same cost is better")
	}
}

func TestArm(t *testing.T) {
	arm := Arm{Key: []byte("0123456789abcdef"), Share: .05}
	if err := arm.Validate(); err != nil {
		t.Fatal(err)
	}
	chosen, kept, wider := 0, 0, Arm{Key: arm.Key, Share: .1}
	other := Arm{Key: []byte("fedcba9876543210"), Share: .05}
	for i := range 40000 {
		id := fmt.Sprintf("C%06d", i)
		if arm.Selected(id) {
			chosen++
			if !wider.Selected(id) {
				t.Fatal("a wider share drops a claim")
			}
			if other.Selected(id) {
				kept++
			}
		}
	}
	near(t, "share", float64(chosen)/40000, .05, .004)
	near(t, "share under another key", float64(kept)/float64(chosen), .05, .02)
	if (Arm{Share: .5}).Selected("C1") || (Arm{Key: arm.Key}).Selected("C1") || arm.Selected("") || (Arm{Key: arm.Key, Share: math.NaN()}).Selected("C1") {
		t.Error("an arm without key, share or claim chose")
	}
	if !(Arm{Key: arm.Key, Share: 1}).Selected("C1") {
		t.Error("a share of 1 left a claim out")
	}
	if arm.Propensity(true) != 1 || arm.Propensity(false) != .05 || (Arm{Share: .5}).Propensity(false) != 0 {
		t.Error("propensities are wrong")
	}
	if (Arm{Share: .5}).Validate() == nil || (Arm{Key: arm.Key, Share: -1}).Validate() == nil {
		t.Error("a bad arm is valid")
	}
	text, err := json.Marshal(arm)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{string(text), fmt.Sprint(arm), fmt.Sprintf("%+v", arm), fmt.Sprintf("%#v", arm)} {
		if strings.Contains(s, "0123") || strings.Contains(s, "48 49") || strings.Contains(s, "MDEy") {
			t.Errorf("the key shows in %s", s)
		}
	}
}

// population draws a portfolio in which a rule flags a tenth of claims, with a
// fraud share of 15 % among them and 3.9 % among the others.
func population(n int) (flagged, fraud []bool, recall, prevalence float64) {
	rng := rand.New(rand.NewPCG(11, 1))
	var hit, all float64
	for range n {
		f := rng.Float64() < .1
		d := rng.Float64() < .039
		if f {
			d = rng.Float64() < .15
		}
		flagged, fraud = append(flagged, f), append(fraud, d)
		if d {
			all++
			if f {
				hit++
			}
		}
	}
	return flagged, fraud, hit / all, all / float64(n)
}

// investigate audits a share of the claims without a flag.
func investigate(flagged, fraud []bool, share float64, rng *rand.Rand) Sample {
	s := Sample{Flagged: flagged, Fraud: fraud, Concluded: make([]bool, len(flagged)), Propensity: make([]float64, len(flagged))}
	for i, f := range flagged {
		s.Propensity[i] = share
		if f {
			s.Propensity[i] = 1
		}
		s.Concluded[i] = f || rng.Float64() < share
	}
	return s
}

func TestAuditWeightedCoverage(t *testing.T) {
	flagged, fraud, recall, prevalence := population(3000)
	for _, method := range []Method{Hajek, HorvitzThompson} {
		for _, share := range []float64{.05, .2} {
			var inRecall, inPrevalence, inFPR, naive int
			var mean float64
			const runs = 2000
			for run := range runs {
				s := investigate(flagged, fraud, share, rand.New(rand.NewPCG(5, uint64(run))))
				r, err := s.Estimate(method)
				if err != nil {
					t.Fatal(err)
				}
				if r.Recall.Low <= recall && recall <= r.Recall.High {
					inRecall++
				}
				if r.Prevalence.Low <= prevalence && prevalence <= r.Prevalence.High {
					inPrevalence++
				}
				mean += r.Frauds.Value / runs
				if fp := .085 / .949; r.FalsePositiveRate.Low <= fp+.01 && fp-.01 <= r.FalsePositiveRate.High {
					inFPR++
				}
				var hit, all float64
				for i, v := range s.Concluded {
					if v && fraud[i] {
						all++
						if flagged[i] {
							hit++
						}
					}
				}
				if half := 1.96 * math.Sqrt(hit/all*(1-hit/all)/all); math.Abs(hit/all-recall) <= half {
					naive++
				}
			}
			t.Logf("method %d share %v: recall %.4f prevalence %.4f naive %.4f", method, share, float64(inRecall)/runs, float64(inPrevalence)/runs, float64(naive)/runs)
			for _, in := range []int{inRecall, inPrevalence} {
				if c := float64(in) / runs; c < .93 || c > .99 {
					t.Errorf("method %d share %v: coverage %v, want 0.93 to 0.99", method, share, c)
				}
			}
			near(t, "mean number of frauds", mean, prevalence*3000, 3)
			if inFPR != runs {
				t.Errorf("the false-positive rate was off in %d runs", runs-inFPR)
			}
			if float64(naive)/runs > .2 {
				t.Errorf("the naive recall covers in %d of %d runs: want it to miss", naive, runs)
			}
		}
	}
}

func TestFullInvestigationIsExact(t *testing.T) {
	flagged, fraud, recall, prevalence := population(2000)
	s := investigate(flagged, fraud, 1, rand.New(rand.NewPCG(1, 1)))
	r, err := s.Estimate(Hajek)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []float64{r.Recall.Value, r.Recall.Low, r.Recall.High} {
		near(t, "recall", v, recall, 1e-12)
	}
	near(t, "prevalence", r.Prevalence.High, prevalence, 1e-12)
}

func TestNotIdentifiedWithoutAnArm(t *testing.T) {
	flagged, fraud, _, _ := population(500)
	s := investigate(flagged, fraud, 0, rand.New(rand.NewPCG(1, 1)))
	r, err := s.Estimate(Hajek)
	if err != nil || r.Recall.Identified || !math.IsNaN(r.Recall.Value) || !strings.Contains(r.Recall.Reason, "audit arm") {
		t.Errorf("recall without an arm is %v (%v)", r.Recall, err)
	}
	text, err := json.Marshal(r.Recall)
	if err != nil || !strings.Contains(string(text), `"identified":false`) || !strings.Contains(string(text), `"value":null`) {
		t.Errorf("JSON is %s (%v)", text, err)
	}
	if text, err = json.Marshal(Estimate{}); err != nil || !strings.Contains(string(text), `"value":null`) {
		t.Errorf("JSON of the zero value is %s (%v)", text, err)
	}
	for i := range s.Propensity {
		s.Propensity[i] = .5
		s.Concluded[i] = flagged[i]
	}
	if r, err = s.Estimate(Hajek); err != nil || r.Recall.Identified {
		t.Errorf("recall without an audited claim is %v (%v)", r.Recall, err)
	}
	s.Propensity[3] = 1.5
	if _, err = s.Estimate(Hajek); err == nil {
		t.Error("propensity 1.5 was accepted")
	}
}

func TestNoFraudFoundStillHasAnUpperLimit(t *testing.T) {
	n := 1000
	s := Sample{Flagged: make([]bool, n), Concluded: make([]bool, n), Fraud: make([]bool, n), Propensity: make([]float64, n)}
	for i := range n {
		s.Propensity[i] = .1
		if i < 100 {
			s.Flagged[i], s.Concluded[i], s.Fraud[i], s.Propensity[i] = true, true, i < 20, 1
		} else {
			s.Concluded[i] = i%10 == 0
		}
	}
	r, err := s.Estimate(Hajek)
	if err != nil {
		t.Fatal(err)
	}
	// No fraud in 90 audits: at most about 3.7 expected in the sample, 37 in all.
	if r.Missed.Value != 0 || r.Missed.High < 28 || r.Missed.High > 38 || r.Recall.Low > .45 || r.Recall.High != 1 {
		t.Errorf("missed %v, recall %v", r.Missed, r.Recall)
	}
}

func TestDoublyRobustIsRightIfEitherIs(t *testing.T) {
	flagged, fraud, recall, prevalence := population(3000)
	good, bad := make([]float64, 3000), make([]float64, 3000)
	for i, f := range flagged {
		good[i], bad[i] = .039, .3
		if f {
			good[i] = .15
		}
	}
	means := map[string][2]float64{}
	cover := 0
	for run := range 500 {
		s := investigate(flagged, fraud, .2, rand.New(rand.NewPCG(8, uint64(run))))
		add := func(name string, s Sample, guess []float64) {
			p, r, err := s.DoublyRobust(guess)
			if err != nil {
				t.Fatal(err)
			}
			m := means[name]
			means[name] = [2]float64{m[0] + p.Value/500, m[1] + r.Value/500}
			if name == "both right" && r.Low <= recall && recall <= r.High {
				cover++
			}
		}
		add("both right", s, good)
		add("guess wrong", s, bad)
		wrong := s
		wrong.Propensity = make([]float64, 3000)
		for i, p := range s.Propensity {
			wrong.Propensity[i] = min(1, p*1.5)
		}
		add("propensity wrong", wrong, good)
	}
	for _, name := range []string{"both right", "guess wrong", "propensity wrong"} {
		near(t, name+": prevalence", means[name][0], prevalence, .002)
		// The recall is a ratio: a bad guess leaves a bias of small samples.
		near(t, name+": recall", means[name][1], recall, .03)
	}
	if c := float64(cover) / 500; c < .93 {
		t.Errorf("coverage of the recall %v", c)
	}
}
