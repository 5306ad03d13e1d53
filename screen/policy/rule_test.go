package policy

import (
	"slices"
	"strings"
	"testing"
)

func TestRulesRaiseAndNeverLower(t *testing.T) {
	p := &Policy{Rules: []Rule{{Indicator: "night_staged", Tier: Investigate}, {Indicator: "odd_shop", Tier: Review}}}
	for _, c := range []struct {
		from  Tier
		fired []bool
		want  Tier
		names []string
	}{
		{Clear, []bool{false, false}, Clear, []string{}},
		{Clear, []bool{false, true}, Review, []string{"odd_shop"}},
		{Clear, []bool{true, true}, Investigate, []string{"night_staged", "odd_shop"}},
		{Investigate, []bool{false, true}, Investigate, []string{"odd_shop"}},
		{Undecided, []bool{false, false}, Undecided, []string{}},
		{Undecided, []bool{true, false}, Investigate, []string{"night_staged"}},
	} {
		tier, names := p.Raise(c.from, c.fired)
		if tier != c.want || !slices.Equal(names, c.names) {
			t.Errorf("from %s with %v: %s by %v, want %s by %v", c.from, c.fired, tier, names, c.want, c.names)
		}
	}
	var none *Policy
	if tier, names := none.Raise(Review, nil); tier != Review || len(names) != 0 {
		t.Errorf("without a policy: %s by %v", tier, names)
	}
}

func TestRulesThatCannotBeMeant(t *testing.T) {
	p := &Policy{Rules: []Rule{{Indicator: "", Tier: Review}, {Indicator: "a", Tier: Clear}, {Indicator: "a", Tier: Review}}}
	err := p.Validate()
	for _, want := range []string{"rules[0] names no indicator", "rules[1]: tier clear", "rules[2]: indicator \"a\" stands twice"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
}
