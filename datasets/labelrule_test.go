package datasets

import (
	"fmt"
	"math"
	"testing"
)

// TestLabelRule holds every label, treatment and age against the rules of
// meaning: unknown is never clean by itself, immature claims are always left out.
func TestLabelRule(t *testing.T) {
	const asOf = 1000 * microsPerDay
	old, young := int64(100*microsPerDay), int64(990*microsPerDay)
	outcomes := map[string]Outcome{
		"confirmed": {Label: Confirmed}, "cleared": {Label: Cleared}, "suspected": {Label: Suspected}, "closed": {Label: Unknown},
	}
	nan := math.NaN()
	for _, c := range []struct {
		id    string
		known int64
		rule  LabelRule
		want  float64
	}{
		{"confirmed", old, LabelRule{}, 1},
		{"confirmed", young, LabelRule{}, 1},
		{"cleared", old, LabelRule{}, 0},
		{"suspected", old, LabelRule{}, nan},
		{"suspected", old, LabelRule{Suspected: AsPositive}, 1},
		{"suspected", old, LabelRule{Suspected: AsNegative}, 0},
		{"closed", old, LabelRule{}, nan},
		{"closed", old, LabelRule{Unknown: AsNegative}, 0},
		{"none", old, LabelRule{Unknown: AsNegative}, nan},
		{"none", old, LabelRule{Unknown: AsNegative, MaturityDays: 90}, 0},
		{"none", young, LabelRule{Unknown: AsNegative, MaturityDays: 90}, nan},
		{"confirmed", young, LabelRule{MaturityDays: 90}, nan},
		{"confirmed", old, LabelRule{MaturityDays: 90}, 1},
		{"closed", young, LabelRule{Unknown: AsNegative, MaturityDays: 90}, nan},
		{"none", old, LabelRule{MaturityDays: 90}, nan},
		{"none", NoTime, LabelRule{Unknown: AsNegative, MaturityDays: 90}, nan},
	} {
		got := c.rule.Apply([]string{c.id}, []int64{c.known}, outcomes, asOf)
		if fmt.Sprint(got.Y[0]) != fmt.Sprint(c.want) {
			t.Errorf("%s known at %d under %+v: target %v, want %v", c.id, c.known, c.rule, got.Y[0], c.want)
		}
		n := got.Counts
		if n.Positives+n.Negatives+n.LeftOut != 1 || n.Confirmed+n.Cleared+n.Suspected+n.Unknown+n.Immature != 1 {
			t.Errorf("%s under %+v is not counted once: %+v", c.id, c.rule, n)
		}
	}
}

func TestUnknownCannotBePositive(t *testing.T) {
	if (LabelRule{Unknown: AsPositive}).Validate() == nil || (LabelRule{MaturityDays: -1}).Validate() == nil {
		t.Error("a rule that cannot be meant was taken")
	}
	if err := (LabelRule{}).Validate(); err != nil {
		t.Error(err)
	}
}

func TestEveryConclusionHasALabel(t *testing.T) {
	for c, want := range map[Conclusion]Label{RefusedFraud: Confirmed, WithdrawnFraud: Confirmed, ConfirmedFraud: Confirmed, SuspectedFraud: Suspected, ClearedClaim: Cleared, Inconclusive: Unknown, ClosedUnseen: Unknown} {
		if got, err := c.Label(); err != nil || got != want {
			t.Errorf("%s is %s (%v), want %s", c, got, err, want)
		}
	}
	if _, err := Conclusion("clean").Label(); err == nil {
		t.Error("a conclusion that is none was taken")
	}
}

// TestFirstConclusions: what says nothing about fraud settles nothing, and of
// several conclusions the earliest counts, in any order.
func TestFirstConclusions(t *testing.T) {
	first := FirstConclusions([]Outcome{
		{ClaimID: "a", ConcludedAt: 30, Label: Cleared}, {ClaimID: "a", ConcludedAt: 10, Label: Confirmed}, {ClaimID: "a", ConcludedAt: 5, Label: Unknown},
		{ClaimID: "b", ConcludedAt: 7, Label: Unknown}, {ClaimID: "c", ConcludedAt: -4, Label: Suspected},
	})
	if len(first) != 2 || first["a"] != 10 || first["c"] != -4 {
		t.Errorf("got %v, want a at 10 and c at -4", first)
	}
}
