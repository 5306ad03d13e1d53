package conformance

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	"claimsieve/datasets"
	"claimsieve/features"
)

// vectors are the rows of a matrix by claim.
func vectors(w *world, m *features.Matrix) map[string][]float64 {
	out := map[string][]float64{}
	for i, c := range w.rows["claims"] {
		out[c["claim_id"].(string)] = m.Row(nil, i)
	}
	return out
}

// unchanged holds the vectors of some claims to those of a changed history.
func unchanged(t *testing.T, what string, p *pipeline, before, after map[string][]float64, holds func(id string) bool) {
	t.Helper()
	for _, id := range slices.Sorted(maps.Keys(before)) {
		if !holds(id) {
			continue
		}
		for j, x := range p.indicators {
			if !sameNumber(before[id][j], after[id][j]) {
				t.Errorf("%s: claim %s at the %s: %s was %v and is %v (network: %s)", what, id, p.stage, x.words, before[id][j], after[id][j], p.network)
			}
		}
	}
}

func everyClaim(string) bool { return true }

// TestChangesThatMustNotMatter changes histories and compares vectors; it needs
// no oracle.
func TestChangesThatMustNotMatter(t *testing.T) {
	for seed := range uint64(14) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			d := newDice(seed + 2000)
			w := d.world(3 + d.IntN(30))
			data := w.create(t)
			for range 3 {
				p := d.pipeline(w, 12)
				p.addRanks(d)
				before := vectors(w, run(t, data, p.text(), 2))
				d.futureRemoved(t, w, p, before)
				d.ownChanged(t, w, p, before)
				strangerAdded(t, w, p, before)
				d.shuffled(t, w, p)
			}
		})
	}
}

// addRanks asks a declared network for what is refreshed by the month as well.
func (p *pipeline) addRanks(d dice) {
	if p.network != "" {
		for i, do := range []string{"rank", "gang_claims", "gang_confirmed"} {
			p.indicators = append(p.indicators, indicator{name: fmt.Sprint("refreshed", i), words: "network: {do: " + do + "}"})
		}
	}
}

// futureRemoved cuts a history at an instant: every row known from then on is
// gone, and so is every value that a later stage brought from then on.
func (d dice) futureRemoved(t *testing.T, w *world, p *pipeline, before map[string][]float64) {
	t.Helper()
	cut := d.moment(firstDay+10*day, 30)
	c := w.clone()
	for name, rows := range c.rows {
		spec := c.spec.Tables[name]
		c.rows[name] = slices.DeleteFunc(rows, func(r row) bool {
			k, ok := r[spec.KnownAt].(micros)
			return !ok || k >= cut
		})
		for _, r := range c.rows[name] {
			for _, column := range spec.Columns {
				at := spec.StageTime(column.FromStage())
				if s, ok := r[at].(micros); column.FromStage() > datasets.Report && (!ok || s >= cut) && column.Name != at {
					r[column.Name] = nil
				}
			}
		}
	}
	early := map[string]bool{}
	for _, claim := range c.rows["claims"] {
		at, ok := c.instant(claim, p.stage)
		early[claim["claim_id"].(string)] = ok && at < cut && c.settled(claim, at)
	}
	if len(c.rows["policies"]) == 0 || len(c.rows["claims"]) == 0 {
		return
	}
	after, ok := c.attempt(t, p)
	if ok {
		unchanged(t, fmt.Sprintf("cut at day %v", float64(cut-firstDay)/float64(day)), p, before, after, func(id string) bool { return early[id] })
	}
}

// settled says whether a claim reached every earlier stage by its instant, so
// that a cut after the instant takes none of its own values away.
func (w *world) settled(claim row, at micros) bool {
	for _, name := range w.spec.Tables["claims"].Stages {
		if s, ok := claim[name].(micros); !ok || s > at {
			return false
		}
	}
	k, ok := claim["reported_at"].(micros)
	return ok && k <= at
}

// attempt runs a pipeline over a changed world.
func (w *world) attempt(t *testing.T, p *pipeline) (out map[string][]float64, ok bool) {
	t.Helper()
	return vectors(w, run(t, w.create(t), p.text(), 1)), true
}

// ownChanged changes the outcomes of one claim, and what it tells in columns of
// stages after the pipeline's.
func (d dice) ownChanged(t *testing.T, w *world, p *pipeline, before map[string][]float64) {
	t.Helper()
	c := w.clone()
	mine := one(d, c.rows["claims"]...)
	id := mine["claim_id"].(string)
	for _, r := range c.rows["outcomes"] {
		if r["claim_id"] == id {
			r["conclusion"] = one(d, "refused_fraud", "cleared", "suspected", "closed")
		}
	}
	for _, column := range c.spec.Tables["claims"].Columns {
		if column.FromStage() > p.stage && column.Type == datasets.Float {
			mine[column.Name] = d.Float64()
		}
	}
	aboutOwn := map[int]bool{} // what asks for the claim's own outcomes
	for j, x := range p.indicators {
		aboutOwn[j] = x.readsOwnOutcome(p)
	}
	after, ok := c.attempt(t, p)
	if !ok {
		return
	}
	for j := range aboutOwn {
		if aboutOwn[j] {
			after[id][j] = before[id][j]
		}
	}
	unchanged(t, "own outcome changed", p, before, after, func(other string) bool { return other == id })
}

// strangerAdded adds a claim that shares nothing with any other and is known
// before all of them.
func strangerAdded(t *testing.T, w *world, p *pipeline, before map[string][]float64) {
	t.Helper()
	c := w.clone()
	c.rows["claims"] = append(c.rows["claims"], row{"claim_id": "stranger", "reported_at": firstDay - 90*day, "loss_at": firstDay - 91*day,
		"surveyed_at": firstDay - 89*day, "assessed_at": firstDay - 88*day, "closed_at": firstDay - 87*day, "vehicle_id": "V-stranger", "driver_id": "P-stranger",
		"holder_id": "P-stranger2", "reporter_phone": "T-stranger", "region": "nowhere", "unit": int64(999), "shop_id": "S-stranger", "staff_id": "E-stranger",
		"narrative": "Ein Baum fiel im Sturm quer auf das abgestellte Fahrzeug", "severity": int64(3), "amount": math.Pi})
	if after, ok := c.attempt(t, p); ok {
		unchanged(t, "stranger added", p, before, after, everyClaim)
	}
}
