package datasets

import (
	"fmt"
	"math"
	"strings"
)

// Label is what is known about a claim's truth. The zero value is Unknown: a
// claim that nobody investigated to a conclusion is not clean, it is unknown.
type Label uint8

// The labels. They never merge silently: what becomes of Suspected and Unknown
// in training is an explicit, recorded option.
const (
	Unknown   Label = iota
	Confirmed       // fraud confirmed: refused for fraud or withdrawn on discovery
	Suspected       // 疑似欺诈, doubt without conclusive proof
	Cleared         // investigated to a clear conclusion: no fraud
)

var labelNames = [...]string{"unknown", "confirmed", "suspected", "cleared"}

// String returns the label's name in files.
func (l Label) String() string {
	if int(l) < len(labelNames) {
		return labelNames[l]
	}
	return fmt.Sprintf("Label(%d)", uint8(l))
}

// Conclusion is how a claim's file was closed, as the outcomes table says it.
type Conclusion string

// The conclusions. Sources: Application Guideline No. 1, Articles 21 and 26.
const (
	RefusedFraud   Conclusion = "refused_fraud"   // 欺诈拒绝赔付
	WithdrawnFraud Conclusion = "withdrawn_fraud" // 欺诈放弃索赔
	ConfirmedFraud Conclusion = "confirmed_fraud" // fraud confirmed, how it ended is not stated
	SuspectedFraud Conclusion = "suspected"       // 疑似欺诈, partial reductions included
	ClearedClaim   Conclusion = "cleared"         // investigated to a clear conclusion, no fraud
	Inconclusive   Conclusion = "inconclusive"    // investigated without a clear conclusion
	ClosedUnseen   Conclusion = "closed"          // closed, not investigated
)

var conclusionLabels = map[Conclusion]Label{
	RefusedFraud:   Confirmed,
	WithdrawnFraud: Confirmed,
	ConfirmedFraud: Confirmed,
	SuspectedFraud: Suspected,
	ClearedClaim:   Cleared,
	Inconclusive:   Unknown,
	ClosedUnseen:   Unknown,
}

// Label returns the label that c amounts to, or an error for a conclusion that
// is not in the list.
func (c Conclusion) Label() (Label, error) {
	if l, ok := conclusionLabels[c]; ok {
		return l, nil
	}
	known := []string{string(RefusedFraud), string(WithdrawnFraud), string(ConfirmedFraud), string(SuspectedFraud), string(ClearedClaim), string(Inconclusive), string(ClosedUnseen)}
	return Unknown, fmt.Errorf("cannot use conclusion %q: want one of %s", string(c), strings.Join(known, ", "))
}

// Outcome is one conclusion about one claim.
type Outcome struct {
	ClaimID     string
	ConcludedAt int64 // microseconds since 1970, UTC; the outcome is known from this instant on
	Conclusion  Conclusion
	Label       Label
	Propensity  float64 // probability with which the claim was chosen for investigation; NaN when not recorded
	Why         string  // why it was investigated (for example alert, random, referral); "" when not recorded or not investigated
}

// Referral is the reason of an investigation that somebody asked for who knew
// something. Nobody knows the chance of that, but every referred claim is
// investigated.
const Referral = "referral"

// Chance returns the probability with which an investigated claim came to be
// investigated: the recorded propensity, and 1 for a referral without one,
// because the referred claims are a group of which all are investigated. It is
// NaN where nothing was recorded.
func (o Outcome) Chance() float64 {
	if math.IsNaN(o.Propensity) && o.Why == Referral {
		return 1
	}
	return o.Propensity
}
