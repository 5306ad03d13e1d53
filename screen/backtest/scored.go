package backtest

import (
	"fmt"
	"math"
	"time"

	"claimsieve/datasets"
)

// Scored is a table of claims with the probability they were or would have
// been given, parallel slices.
type Scored struct {
	ClaimID     []string
	Time        []int64   // of the decision, microseconds since 1970 UTC
	Probability []float64 // calibrated, 0 to 1
	Outcome     []datasets.Label
	Loss        []float64 // amount at stake, nil or NaN where not known: the average loss is taken
	Propensity  []float64 // recorded chance of investigation in (0, 1]; nil when there was no audit arm
	Raised      []bool    // an alert whatever the probability, by an expert rule of the policy; nil for none
}

// alert says whether claim i is an alert at a threshold.
func (s Scored) alert(i int, threshold float64) bool {
	return s.Probability[i] >= threshold || s.Raised != nil && s.Raised[i]
}

// Use is what becomes of claims of a label. The zero value leaves them out.
type Use string

// The uses.
const (
	LeaveOut Use = ""
	AsFraud  Use = "fraud"
	AsHonest Use = "honest"
)

// Options are the assumptions of an evaluation. The zero value assumes nothing.
type Options struct {
	// AsOf is the time at which outcomes were read, microseconds since 1970
	// UTC, and Maturity the age from which a claim counts: younger ones at AsOf
	// are immature and left out, concluded or not, because quick conclusions
	// are not like the others. Maturity 0 counts all.
	AsOf     int64
	Maturity time.Duration
	// Unknown says what claims without a conclusion are: LeaveOut or AsHonest.
	Unknown Use
	// Suspected says what suspected claims are; LeaveOut takes them out of the
	// population.
	Suspected Use
	// Replicates, Seed and Threads are those of the bootstrap; see
	// metric.Bootstrap.
	Replicates int
	Seed       uint64
	Threads    int
}

func (o Options) validate() error {
	switch {
	case o.Unknown != LeaveOut && o.Unknown != AsHonest:
		return fmt.Errorf("cannot backtest: unknown claims as %q: want \"\" or honest", o.Unknown)
	case o.Suspected != LeaveOut && o.Suspected != AsHonest && o.Suspected != AsFraud:
		return fmt.Errorf("cannot backtest: suspected claims as %q: want \"\", honest or fraud", o.Suspected)
	case o.Maturity < 0:
		return fmt.Errorf("cannot backtest: maturity %v: want an age >= 0", o.Maturity)
	case o.Maturity > 0 && o.AsOf == 0:
		return fmt.Errorf("cannot backtest: a maturity of %v without as_of: want the time at which outcomes were read", o.Maturity)
	}
	return nil
}

func (s Scored) validate() error {
	n := len(s.ClaimID)
	for _, c := range [...]struct {
		name string
		rows int
	}{{"times", len(s.Time)}, {"probabilities", len(s.Probability)}, {"outcomes", len(s.Outcome)}} {
		if c.rows != n {
			return fmt.Errorf("cannot backtest: %d claims and %d %s: want one per claim", n, c.rows, c.name)
		}
	}
	if s.Loss != nil && len(s.Loss) != n || s.Propensity != nil && len(s.Propensity) != n || s.Raised != nil && len(s.Raised) != n {
		return fmt.Errorf("cannot backtest: %d claims, %d losses, %d propensities, %d raised: want one per claim, or none", n, len(s.Loss), len(s.Propensity), len(s.Raised))
	}
	for i, p := range s.Probability {
		if !(p >= 0 && p <= 1) {
			return fmt.Errorf("cannot backtest: probability %v of claim %q in row %d: want 0 to 1; leave claims that could not be scored out", p, s.ClaimID[i], i)
		}
		if s.ClaimID[i] == "" {
			return fmt.Errorf("cannot backtest: the claim in row %d has no id", i)
		}
		if s.Time[i] == datasets.NoTime {
			return fmt.Errorf("cannot backtest: claim %q in row %d has no time", s.ClaimID[i], i)
		}
		if s.Outcome[i] > datasets.Cleared {
			return fmt.Errorf("cannot backtest: outcome %v of claim %q in row %d: there is no such label", s.Outcome[i], s.ClaimID[i], i)
		}
		if s.Loss != nil && (s.Loss[i] < 0 || math.IsInf(s.Loss[i], 0)) {
			return fmt.Errorf("cannot backtest: loss %v of claim %q in row %d: want a finite amount >= 0, or NaN where not known", s.Loss[i], s.ClaimID[i], i)
		}
		if s.Propensity != nil && (s.Propensity[i] < 0 || s.Propensity[i] > 1) {
			return fmt.Errorf("cannot backtest: propensity %v of claim %q in row %d: want a chance in (0, 1]", s.Propensity[i], s.ClaimID[i], i)
		}
	}
	return nil
}
