package main

import (
	"fmt"
	"math"

	"claimsieve/datasets"
	"claimsieve/models"
)

// period is claims known in [from, until) with the outcomes known before asOf.
type period struct {
	from, until, asOf int64
	labels            datasets.LabelRule
}

// periodFlags are the words of a period's flags.
type periodFlags struct {
	from, until, asOf  string
	unknown, suspected string
	maturityDays       int
}

// resolve reads the flags; until and asOf default to after everything.
func (f *periodFlags) resolve() (period, error) {
	p := period{until: math.MaxInt64, labels: datasets.LabelRule{MaturityDays: f.maturityDays}}
	for _, d := range []struct {
		flag, text string
		into       *int64
	}{{"from", f.from, &p.from}, {"until", f.until, &p.until}, {"as-of", f.asOf, &p.asOf}} {
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
	if p.asOf == 0 {
		p.asOf = math.MaxInt64
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
}

// scorePeriod scores the claims of a period with a model's pipeline, trees and
// calibration, and gives each its target.
func scorePeriod(d *datasets.Dataset, m *models.Bundle, p period) (*scoredPeriod, error) {
	spec := d.Spec.Tables["claims"]
	claims, err := claimColumns(d, m.Pipeline.Inputs())
	if err != nil {
		return nil, err
	}
	ids, err := claims.Strings(spec.Key)
	if err != nil {
		return nil, err
	}
	known, err := claims.Micros(spec.KnownAt)
	if err != nil {
		return nil, err
	}
	matrix, err := m.Pipeline.Run(claims)
	if err != nil {
		return nil, err
	}
	outcomes, err := d.OutcomesAt(p.asOf)
	if err != nil {
		return nil, err
	}
	s := &scoredPeriod{}
	var x []float64
	for i, t := range known {
		if t == datasets.NoTime || t < p.from || t >= p.until {
			continue
		}
		x = matrix.Row(x, i)
		o, concluded := outcomes[ids[i]]
		s.ids, s.known = append(s.ids, ids[i]), append(s.known, t)
		s.probability = append(s.probability, m.Calibrate.Calibrator.Probability(m.Forest.Raw(x)))
		s.outcomes, s.concluded = append(s.outcomes, o), append(s.concluded, concluded)
	}
	if len(s.ids) == 0 {
		return nil, fmt.Errorf("cannot evaluate: no claim of %s lies in the period", d.Dir)
	}
	s.targets = p.labels.Apply(s.ids, s.known, outcomes, p.asOf)
	return s, nil
}

// labelled returns probabilities and targets of the claims that have a target.
func (s *scoredPeriod) labelled() (probability, y []float64) {
	for i, v := range s.targets.Y {
		if !math.IsNaN(v) {
			probability, y = append(probability, s.probability[i]), append(y, v)
		}
	}
	return probability, y
}
