package datasets

import (
	"fmt"
	"math"
	"strings"
)

// Treatment says what becomes of a label that is neither confirmed nor
// cleared. The zero value leaves such claims out.
type Treatment uint8

// The treatments.
const (
	Exclude Treatment = iota
	AsNegative
	AsPositive
)

var treatmentNames = [...]string{"exclude", "negative", "positive"}

// String returns the treatment's name in files.
func (t Treatment) String() string {
	if int(t) < len(treatmentNames) {
		return treatmentNames[t]
	}
	return fmt.Sprintf("Treatment(%d)", uint8(t))
}

// MarshalText writes the name used in files.
func (t Treatment) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads the name used in files; "" is Exclude.
func (t *Treatment) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*t = Exclude
		return nil
	}
	for i, n := range treatmentNames {
		if n == string(text) {
			*t = Treatment(i)
			return nil
		}
	}
	return fmt.Errorf("cannot use treatment %q: want one of %s", text, strings.Join(treatmentNames[:], ", "))
}

// LabelRule turns what is known about a claim into a target of learning or
// evaluation. It is the recorded assumption of a model: the zero value uses
// only claims that were investigated to a clear conclusion.
type LabelRule struct {
	Unknown   Treatment `json:"unknown" yaml:"unknown"`     // closed without investigation, or inconclusive; AsPositive is refused
	Suspected Treatment `json:"suspected" yaml:"suspected"` // 疑似欺诈
	// MaturityDays is the age from which a claim counts. A younger one is
	// immature and left out, concluded or not: what is concluded early is not
	// like the rest, because frauds take longer. An older one without any
	// conclusion is Unknown. 0 knows no age: concluded claims count at once,
	// claims without a conclusion never.
	MaturityDays int `json:"maturity_days" yaml:"maturity_days"`
}

// Validate reports a rule that cannot be meant.
func (r LabelRule) Validate() error {
	if r.Unknown == AsPositive {
		return fmt.Errorf("cannot use label rule: a claim that nobody investigated (unknown) cannot count as fraud; use exclude or negative")
	}
	if r.MaturityDays < 0 {
		return fmt.Errorf("cannot use label rule: maturity_days is %d; want 0 or more", r.MaturityDays)
	}
	return nil
}

// Targets is the result of applying a rule to claims: one element per claim.
type Targets struct {
	Y      []float64 // 1 fraud, 0 not fraud, NaN left out
	Counts LabelCounts
}

// LabelCounts says how many claims were what, and what became of them.
type LabelCounts struct {
	Claims    int `json:"claims"`
	Confirmed int `json:"confirmed"`
	Cleared   int `json:"cleared"`
	Suspected int `json:"suspected"`
	Unknown   int `json:"unknown"`  // concluded without a clear conclusion, or mature without any
	Immature  int `json:"immature"` // younger than the maturity, or without a conclusion where there is none; always left out
	Positives int `json:"positives"`
	Negatives int `json:"negatives"`
	LeftOut   int `json:"left_out"`
	// Settled is claims beside those counted above: they had a conclusion at the
	// time of their vector, which may know it, and are always left out.
	Settled int `json:"settled"`
}

// Apply gives the target of each claim (identified by ids, known at the
// instants known in microseconds) with the outcomes that were known before
// asOf, as from [Dataset.OutcomesAt].
func (r LabelRule) Apply(ids []string, known []int64, outcomes map[string]Outcome, asOf int64) Targets {
	t := Targets{Y: make([]float64, len(ids)), Counts: LabelCounts{Claims: len(ids)}}
	for i, id := range ids {
		o, concluded := outcomes[id]
		t.Y[i] = r.target(o, concluded, r.mature(known[i], asOf), &t.Counts)
		switch {
		case math.IsNaN(t.Y[i]):
			t.Counts.LeftOut++
		case t.Y[i] == 1:
			t.Counts.Positives++
		default:
			t.Counts.Negatives++
		}
	}
	return t
}

func (r LabelRule) mature(known, asOf int64) bool {
	return r.MaturityDays > 0 && known != NoTime && asOf-known >= int64(r.MaturityDays)*microsPerDay
}

func (r LabelRule) target(o Outcome, concluded, mature bool, n *LabelCounts) float64 {
	if !mature && (r.MaturityDays > 0 || !concluded) {
		n.Immature++
		return math.NaN()
	}
	switch o.Label {
	case Confirmed:
		n.Confirmed++
		return 1
	case Cleared:
		n.Cleared++
		return 0
	case Suspected:
		n.Suspected++
		return r.Suspected.target()
	}
	n.Unknown++
	return r.Unknown.target()
}

func (t Treatment) target() float64 {
	switch t {
	case AsNegative:
		return 0
	case AsPositive:
		return 1
	}
	return math.NaN()
}
