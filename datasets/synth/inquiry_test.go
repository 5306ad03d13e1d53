package synth

import (
	"math"
	"slices"
	"strings"
	"testing"

	"claimsieve/datasets/codes"
)

// The leaves of the taxonomy, written out apart from the package's own lists.
var leaves = strings.Fields("01.1 01.2 01.3 01.4 01.5 01.6 02.1 02.2 02.3 02.4 02.5 03 04 05 06.1 06.2 07 08 09 10 11.1 11.2 11.3 12 13 14 15 16")

func TestOutcomesMeanWhatTheySay(t *testing.T) {
	p := sample()
	conclusion, why := strs(t, p.Outcomes, "conclusion"), strs(t, p.Outcomes, "why_investigated")
	flag, recovered, propensity := floats(t, p.Outcomes, "fraud_flag"), floats(t, p.Outcomes, "recovered_amount"), floats(t, p.Outcomes, "propensity")
	for i, types := range strs(t, p.Outcomes, "fraud_types") {
		fraud := slices.Contains([]string{"refused_fraud", "withdrawn_fraud", "confirmed_fraud"}, conclusion[i])
		found := fraud || conclusion[i] == "suspected"
		if (conclusion[i] == "closed") != (why[i] == "") {
			t.Fatalf("row %d: %s though investigated for %q", i, conclusion[i], why[i])
		}
		if (flag[i] == 1) != fraud || (flag[i] == 0) != (conclusion[i] == "cleared") {
			t.Fatalf("row %d: flag %v at %s", i, flag[i], conclusion[i])
		}
		if (types != "") != found || (recovered[i] > 0) != found {
			t.Fatalf("row %d: types %q, recovered %v at %s", i, types, recovered[i], conclusion[i])
		}
		for code := range strings.SplitSeq(types, ",") {
			if types != "" && !slices.Contains(leaves, code) {
				t.Fatalf("row %d: code %q is no leaf", i, code)
			}
		}
		if math.IsNaN(propensity[i]) != (why[i] == "referral") || propensity[i] < 0.03 || propensity[i] > 1 {
			t.Fatalf("row %d: propensity %v for %q", i, propensity[i], why[i])
		}
	}
}

// The fields of Article 26 agree with the conclusion and with the code tables.
func TestOutcomesHaveArticle26(t *testing.T) {
	p := sample()
	conclusion, reason := strs(t, p.Outcomes, "conclusion"), strs(t, p.Outcomes, "refusal_reason")
	refusedFlag, paid := floats(t, p.Outcomes, "refused"), floats(t, p.Outcomes, "paid_amount")
	for i, c := range conclusion {
		if (refusedFlag[i] == 1) != (c == "refused_fraud") || (reason[i] != "") != (c == "refused_fraud") {
			t.Fatalf("row %d: refused %v for %q at %s", i, refusedFlag[i], reason[i], c)
		}
		if gone := c == "refused_fraud" || c == "withdrawn_fraud"; gone != (paid[i] == 0) && c != "suspected" && c != "confirmed_fraud" || paid[i] < 0 {
			t.Fatalf("row %d: %v paid at %s", i, paid[i], c)
		}
	}
	tables := map[string]string{"fraud_types": codes.FraudTypes, "refusal_reason": codes.RefusalReasons, "vehicle_risk_codes": codes.VehicleRisk,
		"person_risk_codes": codes.PersonRisk, "institution_risk_codes": codes.InstitutionRisk}
	for column, name := range tables {
		table, err := codes.Embedded(name)
		if err != nil {
			t.Fatal(err)
		}
		named := 0
		for i, value := range strs(t, p.Outcomes, column) {
			list := codes.Split(value)
			named += len(list)
			if !slices.IsSorted(list) || len(list) > 0 && !strings.HasSuffix(conclusion[i], "_fraud") && conclusion[i] != "suspected" {
				t.Fatalf("row %d: %s %q at %s", i, column, value, conclusion[i])
			}
			for _, code := range list {
				if !table.Has(code) {
					t.Fatalf("row %d: %s has no code %q", i, name, code)
				}
			}
		}
		if named < 20 {
			t.Errorf("%d codes in %s", named, column)
		}
	}
}

// arms pools portfolios: per concluded claim why, propensity, confirmed, fraud,
// for claims of the first two years, of which nearly all are concluded.
type arms struct {
	why                          []string
	propensity, confirmed, fraud []float64
	claims, truth                float64
}

func pooledArms(t *testing.T) (a arms) {
	t.Helper()
	for seed := range 4 {
		p, err := Generate(Config{Seed: uint64(40 + seed)})
		if err != nil {
			t.Fatal(err)
		}
		limit := p.Config.Start.AddDate(2, 0, 0).UnixMicro()
		fraud, claims := floats(t, p.Truth, "fraud"), index(t, strs(t, p.Claims, "claim_id"))
		reported := micros(t, p.Claims, "reported_at")
		for i, at := range reported {
			if at < limit {
				a.claims++
				a.truth += fraud[i]
			}
		}
		first := firsts(t, p)
		why, conclusion, propensity := strs(t, first, "why_investigated"), strs(t, first, "conclusion"), floats(t, first, "propensity")
		for i, id := range strs(t, first, "claim_id") {
			c := claims[id]
			if reported[c] >= limit {
				continue
			}
			a.why, a.propensity, a.fraud = append(a.why, why[i]), append(a.propensity, propensity[i]), append(a.fraud, fraud[c])
			confirmed := 0.0
			if strings.HasSuffix(conclusion[i], "_fraud") {
				confirmed = 1
			}
			a.confirmed = append(a.confirmed, confirmed)
		}
	}
	return a
}

// Sensitivity and false confirmations as the package documents them.
const (
	documentedSensitivity = 0.85
	documentedFalse       = 0.01
)

// corrected turns a share of confirmed claims into a share of frauds (Rogan
// and Gladen, American Journal of Epidemiology 107, 1978).
func corrected(apparent float64) float64 {
	return (apparent - documentedFalse) / (documentedSensitivity - documentedFalse)
}

// The random arm's confirmed share, corrected for the investigators' errors,
// covers the true share; what seemed odd is far above it.
func TestRandomArmCoversTheTruth(t *testing.T) {
	a := pooledArms(t)
	var n, hits, odd, oddFraud float64
	for i, why := range a.why {
		switch why {
		case "random":
			n++
			hits += a.confirmed[i]
		case "odd":
			odd++
			oddFraud += a.fraud[i]
		}
	}
	truth := a.truth / a.claims
	estimate, se := corrected(hits/n), math.Sqrt(hits/n*(1-hits/n)/n)/(documentedSensitivity-documentedFalse)
	if math.Abs(estimate-truth) > 3*se {
		t.Errorf("random arm: %.4f, standard error %.4f, truth %.4f", estimate, se, truth)
	}
	if share := n / a.claims; math.Abs(share-0.03) > 5*math.Sqrt(.03*.97/a.claims) {
		t.Errorf("random arm is %.4f of the claims", share)
	}
	if share := odd / a.claims; share < 0.08 || share > 0.11 {
		t.Errorf("odd investigations are %.4f of the claims", share)
	}
	if oddFraud/odd < 2*truth {
		t.Errorf("of odd claims %.3f are fraud, of all %.3f", oddFraud/odd, truth)
	}
}

// Weighting the chosen claims by their propensity (Horvitz and Thompson 1952)
// gives the number of claims and, corrected, of frauds: so the propensity is
// the one with which they were chosen.
func TestPropensityWeightsBackToThePortfolio(t *testing.T) {
	a := pooledArms(t)
	var claims, claimsV, hits, hitsV float64
	for i, why := range a.why {
		if why != "odd" && why != "random" {
			continue
		}
		w := 1 / a.propensity[i]
		claims += w
		claimsV += w * (w - 1)
		hits += w * (a.confirmed[i] - documentedFalse) / (documentedSensitivity - documentedFalse)
		hitsV += w * w * a.confirmed[i] * 1.5
	}
	if math.Abs(claims-a.claims) > 4*math.Sqrt(claimsV)+0.005*a.claims {
		t.Errorf("weights add up to %.0f, want %.0f claims (standard error %.0f)", claims, a.claims, math.Sqrt(claimsV))
	}
	if math.Abs(hits-a.truth) > 4*math.Sqrt(hitsV) {
		t.Errorf("weighted frauds %.0f, truth %.0f (standard error %.0f)", hits, a.truth, math.Sqrt(hitsV))
	}
}

// A detected share of about .85 of investigated frauds, and .98 of the honest
// left alone.
func TestInvestigatorsErrAsDocumented(t *testing.T) {
	a := pooledArms(t)
	var frauds, found, honest, wrong float64
	for i, why := range a.why {
		if why == "" {
			continue
		}
		if a.fraud[i] == 1 {
			frauds++
			found += a.confirmed[i]
		} else {
			honest++
			wrong += a.confirmed[i]
		}
	}
	if s := found / frauds; math.Abs(s-documentedSensitivity) > 4*math.Sqrt(.85*.15/frauds) {
		t.Errorf("sensitivity %.3f", s)
	}
	if s := wrong / honest; math.Abs(s-documentedFalse) > 4*math.Sqrt(.01*.99/honest) {
		t.Errorf("false confirmations %.4f", s)
	}
}

func TestConclusionDelays(t *testing.T) {
	p := sample()
	claims := index(t, strs(t, p.Claims, "claim_id"))
	reported, limit := micros(t, p.Claims, "reported_at"), p.Config.Start.AddDate(2, 0, 0).UnixMicro()
	first := firsts(t, p)
	why, concluded, fraud := strs(t, first, "why_investigated"), micros(t, first, "concluded_at"), floats(t, p.Truth, "fraud")
	var seen, caught, unseen []float64
	for i, id := range strs(t, first, "claim_id") {
		c := claims[id]
		days := float64(concluded[i]-reported[c]) / dayMicros
		switch {
		case reported[c] >= limit:
		case why[i] == "":
			unseen = append(unseen, days)
		case fraud[c] == 1:
			caught = append(caught, days)
		default:
			seen = append(seen, days)
		}
	}
	for _, m := range []struct {
		name string
		days []float64
		want float64
	}{{"investigated", seen, 45}, {"fraud", caught, 68}, {"closed", unseen, 20}} {
		slices.Sort(m.days)
		if got := m.days[len(m.days)/2]; math.Abs(got/m.want-1) > 0.12 {
			t.Errorf("%s: median %.1f days of %d, want about %v", m.name, got, len(m.days), m.want)
		}
	}
}
