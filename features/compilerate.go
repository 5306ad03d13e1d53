package features

import (
	"fmt"

	"claimsieve/datasets"
	"claimsieve/features/history"
	"claimsieve/features/window"
)

// defaultStrength is how many claims a prior weighs unless told.
const defaultStrength = 10

// rate compiles a rate: sums over the changes that outcomes make to two counts.
func (c *compiling) rate(s *RateSpec) {
	if !c.outcomes() {
		return
	}
	ask := c.ask(s.By)
	if ask == nil {
		return
	}
	if ask.table != datasets.ClaimsTable {
		c.fault("a rate is by columns of the claims table")
		return
	}
	g := c.outcomeGroup(s)
	g.AskOf, g.Ask, g.Space = datasets.ClaimsTable, ask.key, c.source(datasets.ClaimsTable).Keys[ask.key].Space
	clock := datasets.Report
	if !c.eventKeys(&g, ask, s.As, datasets.ClaimsTable, &clock) {
		return
	}
	g.ClaimClock = c.claimClock(clock)
	c.instant()
	c.tables = append(c.tables, datasets.OutcomesTable)
	if len(c.faults) > 0 {
		return
	}
	win := s.Window.window()
	switch s.Do {
	case "confirmed":
		c.addAggregate(g, window.Aggregate{Do: window.Sum, Window: win}, true, false, confirmedValue, history.Column{Answer: c.answer})
		return
	case "concluded":
		c.addAggregate(g, window.Aggregate{Do: window.Sum, Window: win}, true, false, concludedValue, history.Column{Answer: c.answer})
		return
	}
	r := history.Rate{Answer: c.answer, Prior: s.Prior.Share, Overall: !s.Prior.Given, Strength: defaultStrength}
	if s.Strength != nil {
		r.Strength = *s.Strength
	}
	r.Group, r.Concluded, r.Confirmed = c.counts(g, win)
	if r.Overall {
		all := c.outcomeGroup(s)
		all.AskOf, all.Space, all.ClaimClock = datasets.ClaimsTable, history.EveryRow, datasets.Report
		r.OverallGroup, r.OverallConcluded, r.OverallConfirmed = c.counts(all, win)
	}
	c.plan.Rates = append(c.plan.Rates, r)
}

// The values of an outcome's event.
const (
	concludedValue = 0
	confirmedValue = 1
)

// outcomes makes the plan read the outcomes, if the dataset has any.
func (c *compiling) outcomes() bool {
	if c.table(datasets.OutcomesTable) == nil {
		return false
	}
	c.source(datasets.OutcomesTable).Labels = true
	return true
}

func (c *compiling) outcomeGroup(s *RateSpec) history.Group {
	return history.Group{Of: datasets.OutcomesTable, Clock: datasets.Report, ClaimClock: datasets.Report, Values: []int{concludedValue, confirmedValue}, Outcomes: &history.Treatments{Unknown: s.Unknown, Suspected: s.Suspected}}
}

// counts adds the two counts of a rate to a group, once for each window.
func (c *compiler) counts(g history.Group, win window.Window) (group, concluded, confirmed int) {
	key := fmt.Sprintf("%d %d %v %v %d %v", g.Space, g.Ask, g.Keys, *g.Outcomes, g.ClaimClock, win)
	if at, known := c.rates[key]; known {
		return at.group, at.concluded, at.confirmed
	}
	group, concluded = c.addAggregate(g, window.Aggregate{Do: window.Sum, Window: win}, true, false, concludedValue, history.Column{Answer: -1})
	_, confirmed = c.addAggregate(g, window.Aggregate{Do: window.Sum, Window: win}, true, false, confirmedValue, history.Column{Answer: -1})
	c.rates[key] = counted{group, concluded, confirmed}
	return group, concluded, confirmed
}

// counted is where the two counts of a rate stand.
type counted struct{ group, concluded, confirmed int }
