package audit

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"

	"claimsieve/screen/metric"
)

// Method is how propensities become weights.
type Method uint8

// The methods.
const (
	// Hajek scales the weights so that they sum to the number of claims with
	// and without a flag: less spread, and right also when some of the chosen
	// claims, at random, were not concluded.
	Hajek Method = iota
	// HorvitzThompson takes one over the propensity as it is: unbiased when
	// every chosen claim was concluded.
	HorvitzThompson
)

// Sample is the claims of a period, parallel slices.
type Sample struct {
	// Flagged: the threshold or rule to be measured alerts. It need not be the
	// one by which claims were investigated at the time.
	Flagged []bool
	// Concluded: investigated to a clear conclusion.
	Concluded []bool
	// Fraud: confirmed; read only where Concluded.
	Fraud []bool
	// Propensity: the recorded chance in (0, 1] of having been chosen for
	// investigation. 0 or NaN anywhere makes estimates not identified.
	Propensity []float64
}

// Rates are what a sample says about a threshold or rule.
type Rates struct {
	Prevalence        Estimate `json:"prevalence"`          // frauds among all claims
	Recall            Estimate `json:"recall"`              // flagged among frauds
	Precision         Estimate `json:"precision"`           // frauds among flagged
	FalsePositiveRate Estimate `json:"false_positive_rate"` // flagged among honest claims
	Frauds            Estimate `json:"frauds"`              // number in the period
	Missed            Estimate `json:"missed"`              // frauds not flagged (漏检估计)
}

// Weights returns one over the propensity of each concluded claim and 0 for
// the others: sampling weights for other statistics.
func (s Sample) Weights() []float64 {
	out := make([]float64, len(s.Concluded))
	for i, v := range s.Concluded {
		if v && s.Propensity[i] > 0 {
			out[i] = 1 / s.Propensity[i]
		}
	}
	return out
}

// Estimate returns the rates. Intervals come from those of the weighted
// numbers of frauds with and without a flag (Fay and Feuer's for weighted
// sums, with the finite-population correction), combined by recovery of
// variances. An error means slices of different lengths or a propensity above
// 1; what the design cannot tell is not an error but not identified.
func (s Sample) Estimate(method Method) (Rates, error) {
	if err := s.check(); err != nil {
		return notIdentified(""), err
	}
	if reason := s.gap(); reason != "" {
		return notIdentified(reason), nil
	}
	with, without := s.stratum(true, method), s.stratum(false, method)
	cases := with.cases + without.cases
	n := with.rows + without.rows
	all := with.frauds.plus(without.frauds)
	all.low, all.high = max(all.low, 0), min(all.high, n)
	var r Rates
	r.Frauds = finish(all.value, all.low, all.high, cases)
	r.Missed = finish(without.frauds.value, without.frauds.low, without.frauds.high, without.cases)
	r.Prevalence = finish(all.value/n, all.low/n, all.high/n, cases)
	v, low, high := with.frauds.of(without.frauds)
	r.Recall = finish(v, low, high, cases)
	v, low, high = with.honest().of(without.honest())
	r.FalsePositiveRate = finish(v, low, high, cases)
	f := with.frauds
	r.Precision = finish(f.value/with.rows, f.low/with.rows, f.high/with.rows, with.cases)
	return r, nil
}

func notIdentified(reason string) Rates {
	e := NotIdentified(reason)
	return Rates{e, e, e, e, e, e}
}

func (s Sample) check() error {
	n := len(s.Flagged)
	if len(s.Concluded) != n || len(s.Fraud) != n || len(s.Propensity) != n {
		return fmt.Errorf("cannot estimate from an audit: %d flags, %d conclusions, %d frauds, %d propensities: want one of each per claim", n, len(s.Concluded), len(s.Fraud), len(s.Propensity))
	}
	for i, p := range s.Propensity {
		if p < 0 || p > 1 {
			return fmt.Errorf("cannot estimate from an audit: propensity %v in row %d: want a chance in (0, 1]", p, i)
		}
	}
	return nil
}

// gap says why the design cannot tell, or "".
func (s Sample) gap() string {
	var rows, concluded [2]int
	for i, p := range s.Propensity {
		if !(p > 0) {
			return fmt.Sprintf("the claim in row %d had no known chance of being investigated (propensity %v): there was no audit arm, or it was not recorded", i, p)
		}
		k := 0
		if s.Flagged[i] {
			k = 1
		}
		rows[k]++
		if s.Concluded[i] {
			concluded[k]++
		}
	}
	switch {
	case rows[0]+rows[1] == 0:
		return "there are no claims"
	case rows[0] > 0 && concluded[0] == 0:
		return "no claim without a flag was investigated to a conclusion"
	case rows[1] > 0 && concluded[1] == 0:
		return "no flagged claim was investigated to a conclusion"
	}
	return ""
}

// stratum is the claims with or without a flag.
type stratum struct {
	rows, cases float64
	frauds      total
}

// honest is the rest of the claims.
func (s stratum) honest() total {
	return total{s.rows - s.frauds.value, s.rows - s.frauds.high, s.rows - s.frauds.low}
}

func (s Sample) stratum(flagged bool, method Method) stratum {
	var st stratum
	weights := 0.0
	for i, f := range s.Flagged {
		if f == flagged {
			st.rows++
			if s.Concluded[i] {
				st.cases++
				weights += 1 / s.Propensity[i]
			}
		}
	}
	scale := 1.0
	if method == Hajek && weights > 0 {
		scale = st.rows / weights
	}
	var sum, variance, found, next, nextVariance float64
	for i, f := range s.Flagged {
		if f != flagged || !s.Concluded[i] {
			continue
		}
		w := max(1, scale/s.Propensity[i]) // a claim stands at least for itself
		spread := float64(w*w) - w         // w^2 (1 - 1/w)
		next, nextVariance = max(next, w-1), max(nextVariance, spread)
		if s.Fraud[i] {
			sum += w
			variance += spread
			found++
		}
	}
	if method == Hajek && st.rows > 0 {
		variance *= max(0, 1-sum/st.rows)
	}
	low, high := gammaInterval(sum, variance, next, nextVariance, metric.Level)
	unseen := st.rows - st.cases
	st.frauds = total{sum, min(sum, max(low, found)), max(sum, min(high, found+unseen))}
	return st
}

// DoublyRobust estimates prevalence and recall with a guess of each claim's
// fraud probability (finite, such as a calibrated model fitted on other
// claims): D = V*Fraud/p - (V-p)/p*guess is averaged (Alonzo and Pepe 2005;
// AIPW). It is unbiased when the propensities or the guesses are right, and
// spreads less than [Sample.Estimate] when the guesses are good. Intervals are
// normal; those of the prevalence cut at 0, of the recall to [0, 1].
func (s Sample) DoublyRobust(guess []float64) (prevalence, recall Estimate, err error) {
	none := NotIdentified("")
	if err := s.check(); err != nil {
		return none, none, err
	}
	if len(guess) != len(s.Flagged) {
		return none, none, fmt.Errorf("cannot estimate from an audit: %d guesses for %d claims: want one per claim", len(guess), len(s.Flagged))
	}
	if reason := s.gap(); reason != "" {
		return NotIdentified(reason), NotIdentified(reason), nil
	}
	n := float64(len(guess))
	d := make([]float64, len(guess))
	var sum, flagged, cases float64
	for i, g := range guess {
		if math.IsNaN(g) || math.IsInf(g, 0) {
			return none, none, fmt.Errorf("cannot estimate from an audit: guess %v in row %d: want a finite number", g, i)
		}
		d[i] = g
		if s.Concluded[i] {
			cases++
			y := 0.0
			if s.Fraud[i] {
				y = 1
			}
			d[i] += (y - g) / s.Propensity[i]
		}
		sum += d[i]
		if s.Flagged[i] {
			flagged += d[i]
		}
	}
	mean, ratio := sum/n, flagged/sum
	var spread, ratioSpread float64
	for i, v := range d {
		spread += float64((v - mean) * (v - mean))
		e := -ratio
		if s.Flagged[i] {
			e++
		}
		ratioSpread += float64(float64(v*v) * float64(e*e))
	}
	z := mathext.NormalQuantile(1 - (1-metric.Level)/2)
	half, ratioHalf := z*math.Sqrt(spread)/n, z*math.Sqrt(ratioSpread)/math.Abs(sum)
	prevalence = finish(mean, max(0, mean-half), mean+half, cases)
	recall = finish(ratio, max(0, ratio-ratioHalf), min(1, ratio+ratioHalf), cases)
	if !(sum > 0) {
		recall = finish(math.NaN(), math.NaN(), math.NaN(), cases)
	}
	return prevalence, recall, nil
}
