package backtest

import (
	"fmt"
	"math"

	"claimsieve/datasets"
)

// Basis is what a figure stands on.
type Basis string

// The bases.
const (
	Concluded     Basis = "all claims concluded"
	AuditWeighted Basis = "audit-weighted"
	Assumed       Basis = "assumes unknown = negative"
	// ConcludedOnly figures are about the claims that were investigated to a
	// conclusion, and nothing else.
	ConcludedOnly Basis = "concluded claims only"
	// AllClaims figures need no outcome.
	AllClaims Basis = "all claims"
)

// Labels counts claims by what is known of them; each claim once.
type Labels struct {
	Confirmed       int `json:"confirmed"`
	Cleared         int `json:"cleared"`
	Suspected       int `json:"suspected"`
	AssumedNegative int `json:"assumed_negative"` // without a conclusion, taken for honest
	Unknown         int `json:"unknown"`          // without a conclusion, not taken for anything
	Immature        int `json:"immature"`         // too young; left out whatever their label
}

// population is the mature claims that belong to the evaluation, and what is
// known of them.
type population struct {
	row   []int     // of Scored
	y     []float64 // 1, 0, or NaN where not known
	basis Basis
	notes []string
	count Labels
}

func (s Scored) population(o Options) population {
	var p population
	youngest := int64(math.MaxInt64)
	if o.Maturity > 0 {
		youngest = o.AsOf - o.Maturity.Microseconds()
	}
	take := func(i int, y float64) {
		p.row, p.y = append(p.row, i), append(p.y, y)
	}
	for i, label := range s.Outcome {
		if s.Time[i] > youngest {
			p.count.Immature++
			continue
		}
		switch label {
		case datasets.Confirmed:
			p.count.Confirmed++
			take(i, 1)
		case datasets.Cleared:
			p.count.Cleared++
			take(i, 0)
		case datasets.Suspected:
			p.count.Suspected++
			if o.Suspected != LeaveOut {
				take(i, map[Use]float64{AsFraud: 1, AsHonest: 0}[o.Suspected])
			}
		default:
			if o.Unknown == AsHonest {
				p.count.AssumedNegative++
				take(i, 0)
			} else {
				p.count.Unknown++
				take(i, math.NaN())
			}
		}
	}
	p.settle(s, o)
	return p
}

// settle finds the basis and writes the assumptions down.
func (p *population) settle(s Scored, o Options) {
	switch {
	case p.count.AssumedNegative > 0:
		p.basis = Assumed
		p.notes = append(p.notes, fmt.Sprintf("%d claims without a conclusion are taken for honest; frauds among them count as false alarms and misses do not show", p.count.AssumedNegative))
	case p.count.Unknown == 0:
		p.basis = Concluded
	case s.Propensity != nil:
		p.basis = AuditWeighted
		p.notes = append(p.notes, fmt.Sprintf("%d claims without a conclusion are represented by audited ones, weighted by one over the recorded propensity", p.count.Unknown))
	default:
		p.basis = ConcludedOnly
		p.notes = append(p.notes, fmt.Sprintf("%d claims have no conclusion, and there is neither an audit arm nor an assumption about them", p.count.Unknown))
	}
	if p.oneSided() {
		p.notes = append(p.notes, oneSided)
	}
	if p.count.Suspected > 0 {
		p.notes = append(p.notes, fmt.Sprintf("%d suspected claims are %s", p.count.Suspected, map[Use]string{LeaveOut: "left out", AsFraud: "taken for fraud", AsHonest: "taken for honest"}[o.Suspected]))
	}
	if p.count.Immature > 0 {
		p.notes = append(p.notes, fmt.Sprintf("%d claims younger than %v are left out", p.count.Immature, o.Maturity))
	}
}

// oneSided reports whether only frauds were recorded as concluded: then being
// concluded tells the outcome, and concluded claims say nothing of a score.
func (p *population) oneSided() bool {
	return p.basis == ConcludedOnly && p.count.Confirmed > 0 && p.count.Cleared == 0
}

const oneSided = "no claim is recorded as cleared: concluded claims are frauds by definition and measure nothing"
