package history

import (
	"slices"

	"claimsieve/datasets"
)

// Columns returns the columns of the table that the source reads, sorted, but for
// its texts.
func (s *Source) Columns() []string {
	seen := map[string]bool{}
	add := func(names ...string) {
		for _, n := range names {
			if n != "" {
				seen[n] = true
			}
		}
	}
	add(s.Spec.KnownAt, s.Spec.HappenedAt, s.Claim)
	for _, stage := range s.Stages {
		add(s.Spec.StageTime(stage))
	}
	for _, k := range s.Keys {
		add(k.Columns...)
	}
	for _, v := range s.Values {
		add(v.Program.Inputs()...)
	}
	for _, p := range slices.Concat(s.Words, s.Wheres) {
		add(p.Inputs()...)
	}
	if s.Labels {
		add(conclusionColumn)
	}
	names := make([]string, 0, len(seen))
	for n := range seen {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

const conclusionColumn = "conclusion"

// belongs says whether the rows of the source belong to a claim, other than
// the claims themselves.
func (s *Source) belongs() bool { return s.Claim != "" && s.Name != datasets.ClaimsTable }

// ownClock is the part of a stage's clock that the source's own table keeps:
// the stage itself where it names its instant, else the report.
func (s *Source) ownClock(stage datasets.Stage) datasets.Stage {
	if s.Spec.StageTime(stage) != "" {
		return stage
	}
	return datasets.Report
}

// claimClock is the part that is left to the row's claim.
func (s *Source) claimClock(stage datasets.Stage) datasets.Stage {
	if s.Spec.StageTime(stage) != "" {
		return datasets.Report
	}
	return stage
}
