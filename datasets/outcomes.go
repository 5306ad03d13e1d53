package datasets

import (
	"fmt"
	"math"
)

// Outcomes returns the rows of the outcomes table in file order. A row without
// a claim, an instant or a known conclusion, or with a propensity outside
// [0, 1], is an error that names it. A missing propensity is NaN.
func (d *Dataset) Outcomes() ([]Outcome, error) {
	ts := d.Spec.Tables[OutcomesTable]
	if ts == nil {
		return nil, fmt.Errorf("cannot read outcomes: dataset %s has no table %q; outcomes are needed to train and to measure", d.Dir, OutcomesTable)
	}
	columns := []string{"claim_id", "concluded_at", "conclusion"}
	for _, optional := range []string{"propensity", "why_investigated"} {
		if ts.Column(optional) != nil {
			columns = append(columns, optional)
		}
	}
	t, err := d.Table(OutcomesTable, columns...)
	if err != nil {
		return nil, err
	}
	return t.outcomes()
}

func (t *Table) outcomes() ([]Outcome, error) {
	claims, err := t.Strings("claim_id")
	if err != nil {
		return nil, err
	}
	times, err := t.Micros("concluded_at")
	if err != nil {
		return nil, err
	}
	conclusions, err := t.Strings("conclusion")
	if err != nil {
		return nil, err
	}
	out := make([]Outcome, t.rows)
	for i := range out {
		label, err := Conclusion(conclusions[i]).Label()
		switch {
		case claims[i] == "":
			return nil, fmt.Errorf("cannot read outcomes: claim_id is null or empty in row %d; remove the row or name its claim", i+1)
		case times[i] == NoTime:
			return nil, fmt.Errorf("cannot read outcomes: concluded_at is null in row %d (claim %q); an outcome is known from its conclusion on", i+1, claims[i])
		case err != nil:
			return nil, fmt.Errorf("cannot read outcomes: row %d (claim %q): %w", i+1, claims[i], err)
		}
		out[i] = Outcome{ClaimID: claims[i], ConcludedAt: times[i], Conclusion: Conclusion(conclusions[i]), Label: label, Propensity: math.NaN()}
	}
	return out, t.selections(out)
}

// selections fills how the claims were chosen for investigation.
func (t *Table) selections(out []Outcome) error {
	if t.has("propensity") {
		p, err := t.Floats("propensity")
		if err != nil {
			return err
		}
		for i := range out {
			if out[i].Propensity = p[i]; p[i] < 0 || p[i] > 1 {
				return fmt.Errorf("cannot read outcomes: propensity is %v in row %d (claim %q): want a probability from 0 to 1, or null", p[i], i+1, out[i].ClaimID)
			}
		}
	}
	if t.has("why_investigated") {
		why, err := t.Strings("why_investigated")
		if err != nil {
			return err
		}
		for i := range out {
			out[i].Why = why[i]
		}
	}
	return nil
}

func (t *Table) has(column string) bool { return len(t.schema.FieldIndices(column)) > 0 }

// OutcomesAt returns, for each claim, the last conclusion known strictly before
// the instant (microseconds since 1970 UTC). Of several at the same instant the
// one in the later row counts. Claims without one are absent.
func (d *Dataset) OutcomesAt(before int64) (map[string]Outcome, error) {
	all, err := d.Outcomes()
	if err != nil {
		return nil, err
	}
	return LatestOutcomes(all, before), nil
}

// LatestOutcomes returns, for each claim, the last of the outcomes concluded
// strictly before the instant; of several at the same instant the later one in
// the slice.
func LatestOutcomes(outcomes []Outcome, before int64) map[string]Outcome {
	latest := make(map[string]Outcome)
	for _, o := range outcomes {
		if o.ConcludedAt >= before {
			continue
		}
		if had, ok := latest[o.ClaimID]; !ok || o.ConcludedAt >= had.ConcludedAt {
			latest[o.ClaimID] = o
		}
	}
	return latest
}

// FirstConclusions returns, for each claim, the instant of its first clear or
// suspected conclusion; claims without any are absent. From then on there is
// nothing left to predict about the claim: its own facts may tell how it ended.
func FirstConclusions(outcomes []Outcome) map[string]int64 {
	first := map[string]int64{}
	for _, o := range outcomes {
		if o.Label == Unknown {
			continue
		}
		if at, there := first[o.ClaimID]; !there || o.ConcludedAt < at {
			first[o.ClaimID] = o.ConcludedAt
		}
	}
	return first
}
