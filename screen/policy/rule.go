package policy

import "fmt"

// Rule is an expert rule (Application Guideline No. 1, Article 17(1)) that
// raises a claim: one for which the indicator of that name is true is at least
// in the tier, whatever its probability. It never lowers one. The policy's own
// evidence is that of its thresholds alone; what a rule adds stands with it.
type Rule struct {
	Indicator string `json:"indicator"`
	Tier      Tier   `json:"tier"` // Review or Investigate
	// Evidence is what the rule does on the policy's window; nil when it was not
	// counted.
	Evidence *RuleEvidence `json:"evidence,omitempty"`
}

// RuleEvidence counts claims, without weights.
type RuleEvidence struct {
	Claims    int `json:"claims"`    // for which the rule is true
	Raised    int `json:"raised"`    // of these, with a lower tier by their probability
	Concluded int `json:"concluded"` // of the raised, investigated to a conclusion
	Confirmed int `json:"confirmed"` // of these, confirmed as fraud
}

// Raise returns the tier of a claim of tier t for which the given rules of the
// policy are true (fired[i] belongs to p.Rules[i]), and the indicators of those
// that are true. A nil policy has none.
func (p *Policy) Raise(t Tier, fired []bool) (Tier, []string) {
	names := []string{}
	if p == nil {
		return t, names
	}
	for i, r := range p.Rules {
		if fired[i] {
			t = max(t, r.Tier)
			names = append(names, r.Indicator)
		}
	}
	return t, names
}

// ruleFaults lists what is wrong with the rules.
func (p *Policy) ruleFaults() []error {
	var faults []error
	seen := map[string]bool{}
	for i, r := range p.Rules {
		switch {
		case r.Indicator == "":
			faults = append(faults, fmt.Errorf("rules[%d] names no indicator", i))
		case seen[r.Indicator]:
			faults = append(faults, fmt.Errorf("rules[%d]: indicator %q stands twice: keep one", i, r.Indicator))
		case r.Tier != Review && r.Tier != Investigate:
			faults = append(faults, fmt.Errorf("rules[%d]: tier %s of indicator %q: want review or investigate", i, r.Tier, r.Indicator))
		}
		seen[r.Indicator] = true
	}
	return faults
}
