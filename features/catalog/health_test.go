package catalog

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"claimsieve/datasets"
)

var illnessPhrases = [][]string{
	{"患者反复咳嗽三天", "患者腰痛一周", "患者头晕伴恶心两天", "患者外伤后疼痛", "患者发热四天"},
	{"无明显诱因", "劳累后加重", "夜间明显", "休息后缓解", "伴食欲减退"},
	{"既往体健", "有高血压史", "有糖尿病史", "否认手术史", "有慢性胃炎史"},
	{"予对症治疗后好转", "予抗感染治疗", "予手术治疗", "予理疗", "建议继续观察"},
}

// healthPortfolio draws a small portfolio of the shape of health: few patients
// and providers, so that they meet again, and some stays that overlap.
func healthPortfolio(claims int) tables {
	d, out := newDice(1), tables{}
	for i := range 60 {
		start := d.after(firstDay.AddDate(-1, 0, 0), 900).Truncate(24 * time.Hour)
		out["policies"] = append(out["policies"], row{"policy_id": fmt.Sprintf("P%03d", i), "holder_id": fmt.Sprintf("N%03d", i%40),
			"issued_on": start.AddDate(0, 0, -d.IntN(20)), "start_on": start, "end_on": start.AddDate(3, 0, -1),
			"waiting_days": 30 * d.IntN(4), "sum_insured": d.money(1e4, 1e5), "daily_allowance": d.money(50, 600)})
	}
	var stories []string
	for i := range claims {
		patient := d.IntN(60)
		admitted := d.after(firstDay, 1000)
		if last := len(out["claims"]) - 1; i%9 == 8 { // the patient before, again and soon
			before := out["claims"][last]
			patient = before["patient"].(int)
			admitted = before["admitted_at"].(time.Time).Add(hoursOf(24 * d.between(1, 30)))
		}
		out["claims"] = append(out["claims"], d.stay(i, patient, admitted))
		story := d.story(stories, illnessPhrases...)
		stories = append(stories, story)
		out["claims"][i]["narrative"] = story
	}
	for _, c := range out["claims"] {
		delete(c, "patient")
		out["outcomes"] = append(out["outcomes"], d.outcome(c["claim_id"], c["reported_at"].(time.Time), 0.4))
		for range 1 + d.IntN(5) {
			out["bills"] = append(out["bills"], row{"claim_id": c["claim_id"], "billed_at": c["discharged_at"], "known_at": c["reported_at"],
				"item": d.id("I", 12), "kind": d.one("drug", "test", "bed", "nursing", "surgery"), "amount": d.money(10, 900)})
		}
	}
	return out
}

// stay draws claim i, of one patient from an admission on.
func (d dice) stay(i, patient int, admitted time.Time) row {
	care, days := d.one("inpatient", "inpatient", "outpatient", "day_case"), 0.2
	if care == "inpatient" {
		days = 1 + math.Floor(d.between(0, 25))
	}
	hospital := d.IntN(8)
	discharged := admitted.Add(hoursOf(24 * days))
	billed := d.money(100, 9000)
	return row{"claim_id": fmt.Sprintf("C%04d", i), "patient": patient, "patient_id": fmt.Sprintf("N%03d", patient), "holder_id": fmt.Sprintf("N%03d", patient%40),
		"admitted_at": admitted, "discharged_at": discharged, "reported_at": d.after(discharged, 12).Add(time.Minute),
		"policy_id": fmt.Sprintf("P%03d", patient), "hospital_id": fmt.Sprintf("H%d", hospital), "physician_id": fmt.Sprintf("D%02d", hospital*2+d.IntN(2)),
		"agent_id": d.id("A", 6), "handler_id": d.id("L", 4), "reporter_phone": d.id("T", 80), "payee_account": d.id("B", 70),
		"care": care, "diagnosis": d.one("lung", "back", "stomach", "injury", "heart"), "hospital_level": 1 + hospital%3, "patient_age": 18 + patient,
		"patient_region": d.one("north", "south"), "hospital_region": d.one("north", "south"), "billed_amount": billed,
		"drug_amount": billed * d.between(0, 0.7), "test_amount": billed * d.between(0, 0.3), "surgery": d.chance(0.2), "previous_illness": d.chance(0.3)}
}

func TestHealthOnADatasetOfItsShape(t *testing.T) {
	rows := healthPortfolio(600)
	v := compute(t, "health", datasetOf(t, "health", rows))
	v.saySomething(t)
	claims := rows["claims"]
	v.equals(t, "patient_claims_90d", func(i int) float64 {
		return count(claims, i, 90, func(c row) bool { return c["patient_id"] == claims[i]["patient_id"] })
	})
	v.equals(t, "patient_hospitals_90d", func(i int) float64 {
		return distinct(claims, i, 90, "hospital_id", func(c row) bool { return c["patient_id"] == claims[i]["patient_id"] })
	})
	v.equals(t, "stay_days", func(i int) float64 {
		return claims[i]["discharged_at"].(time.Time).Sub(claims[i]["admitted_at"].(time.Time)).Hours() / 24
	})
	v.equals(t, "bill_entries", func(i int) float64 {
		n := 0.0
		for _, b := range rows["bills"] {
			if b["claim_id"] == claims[i]["claim_id"] {
				n++
			}
		}
		return n
	})
	v.equals(t, "overlapping_stays", overlap(claims))
	v.equals(t, "holder_investigated", investigated(rows, "cleared", "refused_fraud"))
	v.equals(t, "holder_confirmed", investigated(rows, "refused_fraud"))
}

// investigated counts the other claims of claim i's holder with one of the
// conclusions, as far as they were concluded before its report.
func investigated(rows tables, conclusions ...string) func(int) float64 {
	claims := rows["claims"]
	return func(i int) float64 {
		n := 0.0
		for j, o := range rows["outcomes"] { // a row for each claim, in the same order
			if claims[j]["holder_id"] == claims[i]["holder_id"] && o["concluded_at"].(time.Time).Before(knownOf(claims[i])) && slices.Contains(conclusions, o["conclusion"].(string)) {
				n++
			}
		}
		return n
	}
}

// overlap says whether the patient's last inpatient discharge that was known
// before claim i lies after the admission of claim i.
func overlap(claims []row) func(int) float64 {
	return func(i int) float64 {
		latest, admitted := time.Time{}, claims[i]["admitted_at"].(time.Time)
		for j, c := range claims {
			if j != i && c["patient_id"] == claims[i]["patient_id"] && c["care"] == "inpatient" && c["reported_at"].(time.Time).Before(claims[i]["reported_at"].(time.Time)) {
				if at := c["discharged_at"].(time.Time); at.After(latest) && at.Before(claims[i]["reported_at"].(time.Time)) {
					latest = at
				}
			}
		}
		switch {
		case latest.IsZero():
			return math.NaN()
		case latest.After(admitted):
			return 1
		}
		return 0
	}
}

// TestShapesAreDescriptions: each shape is a dataset.yaml whose line is its name.
func TestShapesAreDescriptions(t *testing.T) {
	for _, name := range Shapes() {
		text, err := Shape(name)
		if err != nil {
			t.Fatal(err)
		}
		spec, err := datasets.ParseSpec(name+".yaml", text)
		if err != nil {
			t.Fatal(err)
		}
		if spec.Line != name {
			t.Errorf("the shape %s is of line %q", name, spec.Line)
		}
	}
	if _, err := Shape("heath"); err == nil {
		t.Error("an unknown shape was found")
	}
}
