package conformance

import (
	"claimsieve/datasets"
	"claimsieve/features"
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestProbe runs small hand-made pipelines
func TestProbe(t *testing.T) {
	if os.Getenv("PROBE") == "" {
		return
	}
	spec := describe(form{claimsHappen: true, partiesHappen: true, lossType: datasets.Time, surveyType: datasets.Time, paidOn: datasets.Time})
	D := func(x float64) micros { return firstDay + micros(x*float64(day)) }
	try := func(name string, rows map[string][]row, stage string, network string, inds ...string) {
		w := &world{spec: spec, rows: rows}
		text := "format: 1\nname: p\nstage: " + stage + "\n"
		if network != "" {
			text += "network: {" + network + "}\n"
		}
		text += "indicators:\n"
		for i, x := range inds {
			text += fmt.Sprintf("  - {name: x%d, %s, dimension: person}\n", i, x)
		}
		defer func() {
			if e := recover(); e != nil {
				fmt.Println(name, "PANIC", e)
			}
		}()
		s, err := features.ParseSpec("p.yaml", []byte(text))
		if err != nil {
			fmt.Println(name, err)
			return
		}
		data := w.create(t)
		p, err := features.Compile(s, data.Spec)
		if err != nil {
			fmt.Println(name, err)
			return
		}
		in, err := p.Read(data, features.ReadOptions{})
		if err != nil {
			fmt.Println(name, err)
			return
		}
		f, err := p.Fit(in, nil)
		if err != nil {
			fmt.Println(name, err)
			return
		}
		m, err := f.Run(in)
		if err != nil {
			fmt.Println(name, err)
			return
		}
		for j := range m.Columns {
			fmt.Println(name, strings.TrimSpace(inds[j]), m.Columns[j])
		}
	}
	two := func() []row {
		return []row{
			{"claim_id": "C0", "reported_at": D(1), "loss_at": D(0), "vehicle_id": "7", "policy_id": "y1", "holder_id": "p1", "region": "north", "unit": int64(7)},
			{"claim_id": "C1", "reported_at": D(9), "loss_at": D(8), "assessed_at": D(10), "closed_at": D(11), "vehicle_id": "7", "policy_id": "y1", "holder_id": "p1", "region": "north", "unit": int64(7)}}
	}
	// P1
	try("P1 ", map[string][]row{"claims": two(), "payments": {{"claim_id": "C0", "paid_at": D(2), "due_on": D(2)}}}, "report", "", "aggregate: {of: payments, by: vehicle_id, do: count}")
	try("P1b", map[string][]row{"claims": two(), "outcomes": {{"claim_id": "C0", "concluded_at": D(2), "conclusion": "closed"}}}, "report", "", "aggregate: {of: outcomes, by: claim_id, do: count}")
	try("P1c", map[string][]row{"claims": two(), "parties": {{"claim_id": "C0", "joined_at": D(2)}}}, "report", "", "aggregate: {of: parties, by: claim_id, do: count}")
	// P2
	try("P2 ", map[string][]row{"claims": two()}, "assessment", "over: [vehicle_id, parties.account]", "network: {do: claims}")
	try("P2b", map[string][]row{"claims": two()}, "assessment", "over: [vehicle_id, parties.phone]", "network: {do: claims}")
	// P3
	pol := []row{{"policy_id": "y1", "issued_at": D(0), "rated_at": D(1), "rating": 5.0, "sum_insured": 10.0, "kind": "gold"}, {"policy_id": "y1", "issued_at": D(3), "rated_at": D(20), "rating": 6.0, "sum_insured": 20.0, "kind": "tin"}}
	try("P3 ", map[string][]row{"claims": two()}, "audit", "", "rule: 'isnull(policies.vip)'")
	try("J1 ", map[string][]row{"claims": two(), "policies": pol}, "assessment", "", "expr: 'policies.sum_insured'")
	try("J2 ", map[string][]row{"claims": two(), "policies": pol}, "assessment", "", "expr: 'policies.sum_insured'", "expr: 'policies.rating'")
	try("P3b", map[string][]row{"claims": {}, "policies": pol}, "assessment", "", "expr: 'policies.sum_insured'")
	try("P3c", map[string][]row{"claims": two(), "policies": {}}, "assessment", "", "expr: 'policies.sum_insured'", "rule: 'policies.kind == \"x\"'")
	// empty words
	cl := two()
	cl[0]["region"] = ""
	cl[1]["region"] = ""
	try("E1 ", map[string][]row{"claims": cl}, "report", "region", "aggregate: {by: region, do: count}")
	cl = two()
	cl[0]["vehicle_id"] = ""
	cl[1]["vehicle_id"] = ""
	try("E2 ", map[string][]row{"claims": cl}, "report", "over: [vehicle_id]", "aggregate: {by: vehicle_id, do: count}", "network: {do: claims}")
	// rounding
	for _, v := range []float64{1.115, 1.005, 2.675, 0.285, 1.00005, 0.00005, 8.345, 1.0049999999999999} {
		cl = two()
		cl[0]["amount"] = v
		try(fmt.Sprint("R ", v), map[string][]row{"claims": cl}, "report", "", "aggregate: {by: vehicle_id, do: sum, column: amount, digits: 2}")
	}
	for _, v := range []float64{1e12, 1e14, 9e17, 1e18, 1e300} {
		cl = two()
		cl[0]["amount"] = v
		try(fmt.Sprint("BIG ", v), map[string][]row{"claims": cl}, "report", "", "aggregate: {by: vehicle_id, do: sum, column: amount}")
	}
	// mixed tuple and 7 == "7"
	try("T1 ", map[string][]row{"claims": two(), "payments": {{"claim_id": "C0", "paid_at": D(2), "due_on": D(2), "unit": "7"}}}, "report", "", "aggregate: {of: payments, by: unit, do: count, column: paid ?? 1}", "aggregate: {of: payments, by: [unit, vehicle_id], do: count, column: paid ?? 1}")
	try("DIST", map[string][]row{"claims": two()}, "report", "", "aggregate: {by: vehicle_id, do: distinct, column: amount}", "aggregate: {by: vehicle_id, do: top_share, column: amount}")
}
