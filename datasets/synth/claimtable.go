package synth

import (
	"context"
	"math"
	"slices"

	"claimsieve/datasets"
)

// claimRow is a claim with its place in the order of report, what became of it
// and what the claims system lost of it.
type claimRow struct {
	*claim
	w       *world
	at      int
	missing uint32
	surveyFacts
	assessmentFacts
	settlement
}

// The values that the claims system may lack, as bits of claimRow.missing.
const (
	noAge = 1 << iota
	noPrice
	noVehicleAge
	noWitnesses
	noPolice
	noEstimate
	noNarrative
	noReporter
	noHour
	noChannel
	noParts
	noWeather
	noRoad
	noMinutes
	noImpacts
	noAirbag
	noStatements
	noGuide
	noHours
	noOriginal
	noCamera
	noMedical
	noLostDays
)

// missingRates are the chances of the bits, in their order.
var missingRates = []float64{.04, .03, .02, .08, .02, .05, .03, .01, .02, .01, .10,
	.03, .02, .06, .05, .03, .04, .05, .04, .03, .06, .02, .10}

// claimRows lists the claims in the order of report. later says whether the
// facts that come after the report, and what is missing (completely at random),
// are wanted.
func (s *simulation) claimRows(later bool) rowsOf[*claimRow] {
	var store []claimRow
	var rows []*claimRow
	return rowsOf[*claimRow]{
		prepare: func(context.Context) (int, error) { return partsOf(len(s.claims)), nil },
		rows: func(part int) []*claimRow {
			from, to := partOf(part, len(s.claims))
			store, rows = slices.Grow(store[:0], to-from)[:to-from], rows[:0]
			for i := range store {
				store[i] = claimRow{claim: &s.claims[from+i], w: s.world, at: from + i}
				rows = append(rows, &store[i])
			}
			if later {
				onAll(len(store), func(i int) { store[i].live() })
			}
			return rows
		},
	}
}

// live draws what becomes of the claim and what gets lost.
func (r *claimRow) live() {
	d := roll(r.w.cfg.Seed, storyStream, r.slot)
	for bit, rate := range missingRates {
		if d.chance(rate) {
			r.missing |= 1 << bit
		}
	}
	if r.hasSurvey() {
		r.surveyFacts = r.w.survey(r.claim)
	}
	if r.hasAssessment() {
		r.assessmentFacts = r.w.assessment(r.claim)
	}
	var verdicts [2]verdict
	r.settlement = r.w.settle(r.claim, r.w.verdicts(r.claim, verdicts[:0]))
}

func (r *claimRow) lacks(bit uint32) bool { return r.missing&bit != 0 }

// survey and assessment results are there once they are known within the period.
func (r *claimRow) hasSurvey() bool     { return r.surveyed != 0 && r.surveyed < r.w.end }
func (r *claimRow) hasAssessment() bool { return r.assessed < r.w.end }

// hasRepair says whether the assessment is of a repair.
func (r *claimRow) hasRepair() bool { return r.hasAssessment() && r.repaired() }

// unless hides a level that is missing.
func unless(hidden bool, level int) int {
	if hidden {
		return -1
	}
	return level
}

func numberUnless(hidden bool, x float64) float64 {
	if hidden {
		return math.NaN()
	}
	return x
}

// claimColumns returns the columns of the claims table.
func claimColumns() []column[*claimRow] {
	var all []column[*claimRow]
	for _, of := range []struct {
		stage   datasets.Stage
		columns []column[*claimRow]
	}{
		{datasets.Report, reportColumns()}, {datasets.Report, policyColumns()}, {datasets.Report, intakeColumns()},
		{datasets.Survey, surveyColumns()}, {datasets.Assessment, assessmentColumns()}, {datasets.Assessment, injuryColumns()},
		{datasets.Audit, auditColumns()},
	} {
		for _, c := range of.columns {
			all = append(all, c.at(of.stage))
		}
	}
	return all
}
