package catalog

import (
	"fmt"
	"testing"
	"time"
)

var lossPhrases = [][]string{
	{"夜间闻到焦味", "清晨发现渗水", "周末返回后发现", "接到邻居电话", "巡查时发现"},
	{"库房货物受损", "屋顶受损", "门锁被破坏", "线路起火", "管道破裂"},
	{"已报消防", "已自行处理", "等待查勘", "已转移剩余财物", "现场未动"},
	{"损失待清点", "存货清单待补", "账册齐全", "部分单据遗失", "已拍照"},
}

// propertyPortfolio draws a small portfolio of the shape of property. The last
// claims are neither surveyed nor assessed.
func propertyPortfolio(claims int) tables {
	d, out := newDice(2), tables{}
	for i := range 90 {
		start := d.after(firstDay.AddDate(-1, 0, 0), 1200).Truncate(24 * time.Hour)
		sum, stock := d.money(1e5, 1e6), d.money(1e4, 3e5)
		out["policies"] = append(out["policies"], row{"policy_id": fmt.Sprintf("P%03d", i), "holder_id": fmt.Sprintf("N%03d", i%70), "address_id": fmt.Sprintf("Q%03d", i%80),
			"recorded_on": start.AddDate(0, 0, d.IntN(40)), "issued_on": start.AddDate(0, 0, -d.IntN(10)), "start_on": start, "end_on": start.AddDate(2, 0, -1),
			"sum_insured": sum, "sum_before": sum * d.between(0.3, 1), "increased_on": start.AddDate(0, 0, -d.IntN(10)),
			"stock_declared": stock, "stock_declared_before": stock * d.between(0.3, 1.2), "premium_overdue": d.chance(0.2)})
	}
	var stories []string
	for i := range claims {
		c := d.loss(i)
		if i < claims-20 {
			out["invoices"] = append(out["invoices"], d.settle(c)...)
		}
		story := d.story(stories, lossPhrases...)
		stories = append(stories, story)
		c["narrative"] = story
		out["claims"] = append(out["claims"], c)
		out["outcomes"] = append(out["outcomes"], d.outcome(c["claim_id"], c["reported_at"].(time.Time).AddDate(0, 0, 40), 0.4))
	}
	return out
}

// loss draws what is known of claim i at the report.
func (d dice) loss(i int) row {
	policy := d.IntN(90)
	happened := d.after(firstDay, 1000)
	loss := d.money(1e3, 9e5)
	return row{"claim_id": fmt.Sprintf("C%04d", i), "happened_at": happened, "reported_at": d.after(happened, 9).Add(time.Minute),
		"policy_id": fmt.Sprintf("P%03d", policy), "holder_id": fmt.Sprintf("N%03d", policy%70), "address_id": fmt.Sprintf("Q%03d", policy%80),
		"neighbourhood": fmt.Sprintf("Z%d", policy%6), "region": d.one("north", "south"), "reporter_phone": d.id("T", 90), "broker_id": d.id("B", 6), "handler_id": d.id("L", 5),
		"peril": d.one("fire", "fire", "water", "storm", "theft"), "property": d.one("dwelling", "shop", "warehouse"), "occupancy": d.one("occupied", "let", "vacant"),
		"estimated_loss": loss, "stock_loss": loss * d.between(0.1, 0.9), "police_reported": d.chance(0.5), "alarm_worked": d.chance(0.6), "forced_entry": d.chance(0.6),
		"owner_present": d.chance(0.4), "business_in_arrears": d.chance(0.3)}
}

// settle draws the survey and the assessment of a claim, and returns its invoices.
func (d dice) settle(c row) []row {
	surveyed := d.after(c["reported_at"].(time.Time), 5)
	assessed := d.after(surveyed, 25)
	c["surveyed_at"], c["surveyor_id"], c["cause_found"], c["origins"], c["books_available"] = surveyed, d.id("S", 7), d.one("accident", "fault", "intent", "unknown"), d.IntN(4), d.chance(0.7)
	c["assessed_at"], c["adjuster_id"], c["contractor_id"] = assessed, d.id("J", 6), d.id("K", 9)
	c["claimed_amount"], c["stock_documented"], c["payee_account"] = c["estimated_loss"].(float64)*d.between(0.5, 1.5), c["stock_loss"].(float64)*d.between(0.2, 1), d.id("A", 60)
	var invoices []row
	for range 1 + d.IntN(3) {
		invoices = append(invoices, row{"claim_id": c["claim_id"], "issued_at": surveyed, "known_at": assessed,
			"contractor_id": d.id("K", 9), "number": d.id("F", 700), "amount": d.money(500, 90000)})
	}
	return invoices
}

func TestPropertyOnADatasetOfItsShape(t *testing.T) {
	rows := propertyPortfolio(600)
	d := datasetOf(t, "property", rows)
	claims := rows["claims"]
	v := compute(t, "property", d)
	v.saySomething(t)
	v.equals(t, "address_claims_ever", func(i int) float64 {
		return count(claims, i, 1e6, func(c row) bool { return c["address_id"] == claims[i]["address_id"] })
	})
	v.equals(t, "neighbourhood_claims_365d", func(i int) float64 {
		return count(claims, i, 365, func(c row) bool {
			return c["neighbourhood"] == claims[i]["neighbourhood"] && c["peril"] == claims[i]["peril"]
		})
	})
	v.equals(t, "phone_holders_730d", func(i int) float64 {
		return distinct(claims, i, 730, "holder_id", func(c row) bool { return c["reporter_phone"] == claims[i]["reporter_phone"] })
	})
}

// TestPropertyAtItsLaterStages looks at the survey and at the assessment: a
// claim that was not assessed has no history there.
func TestPropertyAtItsLaterStages(t *testing.T) {
	rows := propertyPortfolio(600)
	d := datasetOf(t, "property", rows)
	claims := rows["claims"]
	compute(t, "property@survey", d).saySomething(t)
	v := compute(t, "property@assessment", d)
	v.saySomething(t)
	v.equals(t, "contractor_claims_90d", func(i int) float64 {
		return atAssessment(claims, i, 90, "contractor_id")
	})
	v.equals(t, "invoices_in_claim", func(i int) float64 {
		if claims[i]["assessed_at"] == nil {
			return missing
		}
		n := 0.0
		for _, b := range rows["invoices"] {
			if b["claim_id"] == claims[i]["claim_id"] {
				n++
			}
		}
		return n
	})
}

// atAssessment counts the claims of claim i's value of a column that were
// assessed before its assessment and happened in the days before it.
func atAssessment(claims []row, i int, days float64, column string) float64 {
	at, ok := claims[i]["assessed_at"].(time.Time)
	if !ok {
		return missing
	}
	n := 0.0
	for j, c := range claims {
		known, ok := c["assessed_at"].(time.Time)
		happened := c["happened_at"].(time.Time)
		if ok && j != i && c[column] == claims[i][column] && known.Before(at) && !happened.Before(at.Add(-hoursOf(24*days))) && happened.Before(at) {
			n++
		}
	}
	return n
}
