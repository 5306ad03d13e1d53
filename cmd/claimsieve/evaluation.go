package main

import (
	"fmt"
	"math"

	"claimsieve/datasets"
	"claimsieve/features"
	"claimsieve/models"
	"claimsieve/screen/policy"
)

// period is claims known in [from, until) with the outcomes known before asOf;
// an asOf of 0 is after everything that the dataset knows.
type period struct {
	from, until, asOf int64
	frozen            int64 // indicators see no outcome concluded from this instant on; 0: they see all that was known
	labels            datasets.LabelRule
}

// periodFlags are the words of a period's flags.
type periodFlags struct {
	from, until, asOf  string
	frozen             string
	unknown, suspected string
	maturityDays       int
}

// resolve reads the flags.
func (f *periodFlags) resolve() (period, error) {
	p := period{until: math.MaxInt64, labels: datasets.LabelRule{MaturityDays: f.maturityDays}}
	for _, d := range []struct {
		flag, text string
		into       *int64
	}{{"from", f.from, &p.from}, {"until", f.until, &p.until}, {"as-of", f.asOf, &p.asOf}, {"freeze-outcomes", f.frozen, &p.frozen}} {
		at, err := parseDay(d.flag, d.text)
		if err != nil {
			return p, err
		}
		if d.text != "" {
			*d.into = at
		}
	}
	for _, t := range []struct {
		flag, text string
		into       *datasets.Treatment
	}{{"unknown", f.unknown, &p.labels.Unknown}, {"suspected", f.suspected, &p.labels.Suspected}} {
		if err := t.into.UnmarshalText([]byte(t.text)); err != nil {
			return p, usageError{fmt.Errorf("--%s: %w", t.flag, err)}
		}
	}
	if err := p.labels.Validate(); err != nil {
		return p, usageError{err}
	}
	if p.from >= p.until {
		return p, usageError{fmt.Errorf("cannot use a period from %s to %s: it ends before it begins", f.from, f.until)}
	}
	return p, nil
}

// scoredPeriod is the claims of a period, scored, with what is known of them.
type scoredPeriod struct {
	ids         []string
	known       []int64
	probability []float64
	outcomes    []datasets.Outcome // zero (Unknown) where there is none
	concluded   []bool
	targets     datasets.Targets
	fired       [][]bool // per rule of the policy, the claims for which it is true
	settled     int      // claims left out because their conclusion was known at the time of the vector
	asOf        int64    // the instant before which the outcomes were known
}

// scorePeriod scores the claims of a period with a model's pipeline, trees and
// calibration, and gives each its target and what the policy's rules say.
func scorePeriod(d *datasets.Dataset, m *models.Bundle, pol *policy.Policy, p period) (*scoredPeriod, error) {
	rules, err := m.Rules(pol)
	if err != nil {
		return nil, err
	}
	in, ids, err := modelInput(d, m, features.ReadOptions{OutcomesBefore: p.frozen})
	if err != nil {
		return nil, err
	}
	known := in.Instants()
	matrix, err := m.Pipeline.Run(in)
	if err != nil {
		return nil, err
	}
	if p.asOf == 0 {
		if p.asOf, err = afterEverything(d, known); err != nil {
			return nil, err
		}
	}
	outcomes, err := d.OutcomesAt(p.asOf)
	if err != nil {
		return nil, err
	}
	first, err := firstConclusions(d)
	if err != nil {
		return nil, err
	}
	s := &scoredPeriod{asOf: p.asOf, fired: make([][]bool, len(rules))}
	var x []float64
	for i, t := range known {
		if t == datasets.NoTime || t < p.from || t >= p.until {
			continue
		}
		if at, settled := first[ids[i]]; settled && at <= t {
			s.settled++
			continue
		}
		x = matrix.Row(x, i)
		o, concluded := outcomes[ids[i]]
		s.ids, s.known = append(s.ids, ids[i]), append(s.known, t)
		s.probability = append(s.probability, m.Calibrate.Calibrator.Probability(m.Forest.Raw(x)))
		for k, j := range rules {
			s.fired[k] = append(s.fired[k], x[j] == 1)
		}
		s.outcomes, s.concluded = append(s.outcomes, o), append(s.concluded, concluded)
	}
	if len(s.ids) == 0 {
		return nil, fmt.Errorf("cannot evaluate: no claim of %s lies in the period without a conclusion at its time (%d had one)", d.Dir, s.settled)
	}
	s.targets = p.labels.Apply(s.ids, s.known, outcomes, p.asOf)
	return s, nil
}

// firstConclusions returns when each claim was first investigated to a conclusion.
func firstConclusions(d *datasets.Dataset) (map[string]int64, error) {
	outcomes, err := d.Outcomes()
	if err != nil {
		return nil, err
	}
	return datasets.FirstConclusions(outcomes), nil
}

// raised tells, per claim, whether a rule of the policy sends it to an
// investigation; nil without such rules.
func (s *scoredPeriod) raised(pol *policy.Policy) []bool {
	var out []bool
	for k, r := range pol.Rules {
		if r.Tier != policy.Investigate {
			continue
		}
		if out == nil {
			out = make([]bool, len(s.ids))
		}
		for i, fired := range s.fired[k] {
			out[i] = out[i] || fired
		}
	}
	return out
}

// ruleEvidence counts what rule k of the policy does on the period.
func (s *scoredPeriod) ruleEvidence(pol *policy.Policy, k int) *policy.RuleEvidence {
	e := &policy.RuleEvidence{}
	for i, fired := range s.fired[k] {
		if !fired {
			continue
		}
		e.Claims++
		if pol.Tier(s.probability[i]) >= pol.Rules[k].Tier {
			continue
		}
		e.Raised++
		switch s.outcomes[i].Label {
		case datasets.Confirmed:
			e.Concluded, e.Confirmed = e.Concluded+1, e.Confirmed+1
		case datasets.Cleared:
			e.Concluded++
		}
	}
	return e
}

// modelInput reads what a model's pipeline needs from a dataset that describes
// its tables as the training's did.
func modelInput(d *datasets.Dataset, m *models.Bundle, opt features.ReadOptions) (*features.Input, []string, error) {
	if err := m.Pipeline.Agrees(d.Spec); err != nil {
		return nil, nil, err
	}
	in, err := m.Pipeline.Read(d, opt)
	if err != nil {
		return nil, nil, err
	}
	ids, err := in.Claims().Strings(d.Spec.Tables[datasets.ClaimsTable].Key)
	if err != nil {
		return nil, nil, err
	}
	return in, ids, datasets.DistinctKeys(datasets.ClaimsTable, ids)
}

// afterEverything is the first instant at which all claims and outcomes of a
// dataset are known.
func afterEverything(d *datasets.Dataset, known []int64) (int64, error) {
	last := int64(math.MinInt64)
	for _, t := range known {
		last = max(last, t) // a missing time is the least number
	}
	outcomes, err := d.Outcomes()
	if err != nil {
		return 0, err
	}
	for _, o := range outcomes {
		last = max(last, o.ConcludedAt)
	}
	return last + 1, nil
}

// labelled returns probabilities and targets of the claims that have a target,
// and the number of claims that each stands for: the inverse of its chance of
// being investigated. The weights are nil where unknown claims count too, or
// where a chance was not recorded.
func (s *scoredPeriod) labelled(rule datasets.LabelRule) (probability, y, weight []float64) {
	weighted := rule.Unknown == datasets.Exclude
	for i, v := range s.targets.Y {
		if math.IsNaN(v) {
			continue
		}
		chance := s.outcomes[i].Chance()
		weighted = weighted && chance > 0
		probability, y, weight = append(probability, s.probability[i]), append(y, v), append(weight, 1/chance)
	}
	if !weighted {
		weight = nil
	}
	return probability, y, weight
}

// assumptions says in words which claims of a period counted as what.
func (p period) assumptions(weighted bool) []string {
	out := []string{fmt.Sprintf("unknown claims: %s; suspected claims: %s", p.labels.Unknown, p.labels.Suspected)}
	if p.labels.MaturityDays > 0 {
		out = append(out, fmt.Sprintf("claims younger than %d days are left out", p.labels.MaturityDays))
	} else {
		out = append(out, "claims without a conclusion are left out; concluded ones count at any age")
	}
	if weighted {
		out = append(out, "investigated claims are weighted by the inverse of their recorded chance of being investigated")
	}
	return out
}
