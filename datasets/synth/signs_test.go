package synth

import (
	"math"
	"testing"

	"claimsieve/datasets"
)

// What the later stages find raises the odds of fraud, each sign modestly: it
// neither says nothing nor gives the truth away.
func TestLaterSigns(t *testing.T) {
	p := sample()
	fraud := floats(t, p.Truth, "fraud")
	number := func(name string) []float64 { return floats(t, p.Claims, name) }
	claimed, guide := number("claimed_amount"), number("guide_amount")
	impacts, agree, acquainted := number("impact_points"), number("statements_agree"), number("parties_acquainted")
	broker, cctv, supplements := number("intermediary_involved"), number("cctv"), number("supplements")
	insured, parts := number("payee_is_insured"), number("replaced_parts")
	for name, sign := range map[string]func(i int) (yes, known bool){
		"above the guide":       func(i int) (bool, bool) { return claimed[i] > 1.2*guide[i], !math.IsNaN(claimed[i] + guide[i]) },
		"several impacts":       func(i int) (bool, bool) { return impacts[i] > 1, impacts[i] > 0 },
		"statements disagree":   func(i int) (bool, bool) { return agree[i] == 0, !math.IsNaN(agree[i]) },
		"parties acquainted":    func(i int) (bool, bool) { return acquainted[i] == 1, !math.IsNaN(acquainted[i]) },
		"intermediary":          func(i int) (bool, bool) { return broker[i] == 1, !math.IsNaN(broker[i]) },
		"no camera":             func(i int) (bool, bool) { return cctv[i] == 0, !math.IsNaN(cctv[i]) },
		"supplements":           func(i int) (bool, bool) { return supplements[i] > 0, !math.IsNaN(supplements[i]) },
		"somebody else is paid": func(i int) (bool, bool) { return insured[i] == 0, !math.IsNaN(insured[i]) },
		"many parts":            func(i int) (bool, bool) { return parts[i] > 4, !math.IsNaN(parts[i]) },
	} {
		odds := oddsRatio(fraud, sign)
		if odds < 1.2 || odds > 25 {
			t.Errorf("%s: odds ratio %.2f", name, odds)
		}
	}
}

// oddsRatio is the odds of fraud with a sign over those without, where the sign
// is known.
func oddsRatio(fraud []float64, sign func(i int) (yes, known bool)) float64 {
	n := [2][2]float64{{.5, .5}, {.5, .5}}
	for i, y := range fraud {
		yes, known := sign(i)
		switch {
		case !known:
		case yes:
			n[1][int(y)]++
		default:
			n[0][int(y)]++
		}
	}
	return n[1][1] * n[0][0] / (n[1][0] * n[0][1])
}

// Injuries go together: without one there is no hospital, no medical bill and
// no grade, and a staged injury costs more.
func TestInjuriesAgree(t *testing.T) {
	p := sample()
	kinds := strs(t, p.Truth, "kind")
	severity, injured := strs(t, p.Claims, "injury_severity"), floats(t, p.Claims, "injured_count")
	hospital, medical := strs(t, p.Claims, "hospital_id"), floats(t, p.Claims, "medical_amount")
	days, grade := floats(t, p.Claims, "lost_work_days"), floats(t, p.Claims, "disability_grade")
	institution, assessed := strs(t, p.Claims, "appraisal_institution_id"), micros(t, p.Claims, "assessed_at")
	var sum, n [2]float64
	grades := 0
	for i := range kinds {
		if severity[i] != "" && (severity[i] == "none") != (injured[i] == 0) {
			t.Fatalf("claim %d: severity %s of %v injured", i, severity[i], injured[i])
		}
		if severity[i] == "none" && (hospital[i] != "" || !math.IsNaN(medical[i]) || !math.IsNaN(days[i]) || !math.IsNaN(grade[i])) ||
			injured[i] > 0 && assessed[i] != datasets.NoTime && hospital[i] == "" {
			t.Fatalf("claim %d: severity %s, hospital %q, medical %v, days %v, grade %v", i, severity[i], hospital[i], medical[i], days[i], grade[i])
		}
		if !math.IsNaN(grade[i]) {
			grades++
			if grade[i] < 1 || grade[i] > 10 || institution[i] == "" {
				t.Fatalf("claim %d: grade %v by %q", i, grade[i], institution[i])
			}
		}
		if medical[i] > 0 && severity[i] == "slight" {
			k := 0
			if kinds[i] == "staged_ring" {
				k = 1
			}
			sum[k], n[k] = sum[k]+math.Log(medical[i]), n[k]+1
		}
	}
	if grades == 0 || grades > len(kinds)/20 {
		t.Errorf("%d grades of disability", grades)
	}
	if sum[1]/n[1] < sum[0]/n[0]+0.15 {
		t.Errorf("slight injuries: mean log cost %.2f when staged (%v), %.2f else", sum[1]/n[1], n[1], sum[0]/n[0])
	}
}

// Brokers sell in their channels only, branches say nothing of fraud, and the
// accomplices of rings have more of it than chance gives.
func TestStaff(t *testing.T) {
	p := sample()
	fraud, kinds, rings := floats(t, p.Truth, "fraud"), strs(t, p.Truth, "kind"), strs(t, p.Truth, "ring_id")
	channel, broker := strs(t, p.Claims, "channel"), strs(t, p.Claims, "broker_id")
	branch, policies := strs(t, p.Claims, "branch_id"), strs(t, p.Claims, "policy_id")
	at := map[string]string{}
	for i, c := range channel {
		if c != "" && (broker[i] == "") != (c == "phone" || c == "online") {
			t.Fatalf("claim %d: channel %s, broker %q", i, c, broker[i])
		}
		if b, ok := at[policies[i]]; ok && b != branch[i]+broker[i] {
			t.Fatalf("policy %s has two branches or brokers", policies[i])
		}
		at[policies[i]] = branch[i] + broker[i]
	}
	if len(fraud) == 0 {
		t.Fatal("no claims")
	}
	for _, name := range []string{"broker_id", "surveyor_id", "handler_id"} {
		entity := strs(t, p.Claims, name)
		share := topShare(entity, rings)
		if honest := topShare(entity, kinds); share < honest+0.05 {
			t.Errorf("%s: a ring's most frequent one has %.2f of its claims", name, share)
		}
	}
	var inRing, alone []string
	hospital := strs(t, p.Claims, "hospital_id")
	for i, r := range rings {
		if hospital[i] != "" && kinds[i] == "staged_ring" {
			inRing, alone = append(inRing, hospital[i]), append(alone, r)
		}
	}
	if share := topShare(inRing, alone); share < 0.6 {
		t.Errorf("a ring's most frequent hospital has %.2f of its injured", share)
	}
}

// topShare is the mean share, over groups of five claims and more with an
// entity, of the group's most frequent entity.
func topShare(entity, group []string) float64 {
	counts, sizes := map[string]map[string]int{}, map[string]int{}
	for i, g := range group {
		if g == "" || entity[i] == "" {
			continue
		}
		if counts[g] == nil {
			counts[g] = map[string]int{}
		}
		counts[g][entity[i]]++
		sizes[g]++
	}
	var top, all float64
	for g, n := range sizes {
		if n < 5 {
			continue
		}
		most := 0
		for _, k := range counts[g] {
			most = max(most, k)
		}
		top, all = top+float64(most), all+float64(n)
	}
	return top / all
}
