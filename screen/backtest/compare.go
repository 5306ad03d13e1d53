package backtest

import (
	"fmt"

	"claimsieve/screen/metric"
	"claimsieve/screen/policy"
)

// Rule is a named set of alerts on the same table, one per claim.
type Rule struct {
	Name   string
	Alerts []bool
}

// Comparison is a policy against a rule on the same claims. Counts are of
// claims whose outcome is known or assumed, weighted when audit-weighted.
type Comparison struct {
	Rule        string           `json:"rule"`
	Basis       Basis            `json:"basis"`
	Assumptions []string         `json:"assumptions"`
	Policy      metric.Confusion `json:"policy_confusion"`
	Other       metric.Confusion `json:"rule_confusion"`
	// Savings is First the policy, Second the rule, and their difference with
	// the interval of a paired bootstrap.
	Savings metric.Difference `json:"savings"`
	// Both, PolicyOnly and RuleOnly count alerts by who raised them.
	Both       float64 `json:"both"`
	PolicyOnly float64 `json:"policy_only"`
	RuleOnly   float64 `json:"rule_only"`
}

// Compare measures the investigate threshold of a policy against a rule.
func Compare(s Scored, p *policy.Policy, rule Rule, o Options) (*Comparison, error) {
	if p == nil {
		return nil, fmt.Errorf("cannot compare with rule %q: there is no policy", rule.Name)
	}
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("cannot compare with rule %q: %w", rule.Name, err)
	}
	return CompareThreshold(s, p.Thresholds.Investigate, p.Costs, rule, o)
}

// CompareThreshold measures a threshold (alert at or above) against a rule.
func CompareThreshold(s Scored, threshold float64, costs metric.Costs, rule Rule, o Options) (*Comparison, error) {
	if len(rule.Alerts) != len(s.ClaimID) {
		return nil, fmt.Errorf("cannot compare with rule %q: %d alerts for %d claims: want one per claim", rule.Name, len(rule.Alerts), len(s.ClaimID))
	}
	e, err := prepare(s, threshold, costs, o)
	if err != nil {
		return nil, err
	}
	c := &Comparison{Rule: rule.Name, Basis: e.pop.basis, Assumptions: append([]string{}, e.pop.notes...)}
	other := make([]bool, len(e.row))
	for k, i := range e.row {
		other[k] = rule.Alerts[i]
		w := 1.0
		if e.weight != nil {
			w = e.weight[k]
		}
		switch {
		case other[k] && e.alerts[k]:
			c.Both += w
		case e.alerts[k]:
			c.PolicyOnly += w
		case other[k]:
			c.RuleOnly += w
		}
	}
	if c.Policy, err = metric.ConfusionOf(e.alerts, e.y, e.weight); err == nil {
		c.Other, err = metric.ConfusionOf(other, e.y, e.weight)
	}
	if err == nil {
		c.Savings, err = e.bootstrap().SavingsDifference(e.alerts, other, e.y, e.loss, e.weight, costs)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot compare with rule %q: %w", rule.Name, err)
	}
	return c, nil
}
