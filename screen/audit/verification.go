package audit

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mathext"

	"claimsieve/screen/metric"
)

// Table counts claims by alert, conclusion and truth.
type Table struct {
	TP, FP float64 // alerted and concluded: fraud, honest
	FN, TN float64 // not alerted and concluded: fraud, honest
	// UnverifiedAlerts and UnverifiedOthers were not investigated to a conclusion.
	UnverifiedAlerts, UnverifiedOthers float64
}

func (t Table) valid() bool {
	for _, v := range [...]float64{t.TP, t.FP, t.FN, t.TN, t.UnverifiedAlerts, t.UnverifiedOthers} {
		if !(v >= 0) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// BeggGreenes corrects recall and specificity (1 - false-positive rate) for
// claims that were not concluded (Begg and Greenes 1983), taking the concluded
// claims with and without an alert each as a random part of theirs. Intervals
// are of the log-odds by the delta method. When no claim without an alert, or
// none with one, was concluded, both are not identified: see [RecallBounds].
func BeggGreenes(t Table) (recall, specificity Estimate) {
	v1, v0 := t.TP+t.FP, t.FN+t.TN
	switch {
	case !t.valid():
		e := NotIdentified("a count is negative or not finite")
		return e, e
	case v0 == 0:
		e := NotIdentified("no claim without an alert was investigated to a conclusion")
		return e, e
	case v1 == 0:
		e := NotIdentified("no alert was investigated to a conclusion")
		return e, e
	}
	n1, n0 := v1+t.UnverifiedAlerts, v0+t.UnverifiedOthers
	recall = corrected(t.TP/v1, t.FN/v0, v1, v0, n1, n0)
	specificity = corrected(t.TN/v0, t.FP/v1, v0, v1, n0, n1)
	return recall, specificity
}

// corrected is a*n/(a*n + b*m) where the shares a and b were seen on v and u
// concluded claims of n and m.
func corrected(a, b, v, u, n, m float64) Estimate {
	value := a * n / (a*n + b*m)
	e := finish(value, math.NaN(), math.NaN(), v+u)
	if a > 0 && b > 0 {
		variance := (1-a)/(a*v) + (1-b)/(b*u) + 1/n + 1/m
		e.Low, e.High = metric.LogitInterval(value, math.Sqrt(variance), metric.Level)
	}
	return e
}

// RecallBounds returns the least and the largest recall that the counts allow
// without any assumption (Manski): all claims that were not concluded placed
// where they harm, or help, most. NaN, NaN when no fraud is possible.
func RecallBounds(t Table) (low, high float64) {
	if !t.valid() {
		return math.NaN(), math.NaN()
	}
	missed := t.FN + t.UnverifiedOthers
	low = t.TP / (t.TP + missed)
	found := t.TP + t.UnverifiedAlerts
	high = found / (found + t.FN)
	if math.IsNaN(low) { // nothing missed and nothing concluded as fraud
		low = high
	}
	if math.IsNaN(high) {
		high = low
	}
	return low, high
}

// RoganGladen corrects a share of positives out of n for a test of known
// sensitivity and specificity (Rogan and Gladen 1978): (share + specificity -
// 1)/(sensitivity + specificity - 1), cut to [0, 1]. The interval is that of
// the share (Clopper-Pearson), moved alike: the two are taken as known. A test
// no better than chance identifies nothing.
func RoganGladen(positives, n, sensitivity, specificity float64) Estimate {
	youden := sensitivity + specificity - 1
	if !(sensitivity >= 0 && sensitivity <= 1 && specificity >= 0 && specificity <= 1) || !(youden > 0) {
		return NotIdentified(fmt.Sprintf("a test of sensitivity %v and specificity %v is no better than chance", sensitivity, specificity))
	}
	r := metric.NewRate(positives, n)
	move := func(p float64) float64 { return min(1, max(0, (p+specificity-1)/youden)) }
	return finish(move(r.Value), move(r.Low), move(r.High), n)
}

// SampleSize returns how many concluded audits estimate a share near p within
// plus or minus half, at the level: z^2 p (1-p) / half^2, rounded up.
func SampleSize(p, half, level float64) (int, error) {
	if !(p > 0 && p < 1) || !(half > 0 && half < 1) || !(level > 0 && level < 1) {
		return 0, fmt.Errorf("cannot plan an audit: share %v, half width %v, level %v: want each in (0, 1)", p, half, level)
	}
	z := mathext.NormalQuantile(1 - (1-level)/2)
	return int(math.Ceil(float64(float64(z*z)*float64(p*(1-p))) / float64(half*half))), nil
}

// Stratum is a part of the claims for the plan of an audit.
type Stratum struct {
	Claims float64 // number of claims, > 0
	Share  float64 // guessed share of frauds, in [0, 1]
	Cost   float64 // of one audit, > 0
}

// Allocate spreads a budget over strata so that the overall share of frauds is
// estimated best (Neyman's allocation with costs): audits in proportion to
// Claims * sqrt(Share(1-Share)/Cost), never more than the claims of a stratum;
// what one cannot take goes to the others. It returns numbers of audits, not
// rounded.
func Allocate(strata []Stratum, budget float64) ([]float64, error) {
	if !(budget >= 0) || math.IsInf(budget, 0) {
		return nil, fmt.Errorf("cannot plan an audit: budget %v: want a finite amount >= 0", budget)
	}
	var faults []error
	for i, s := range strata {
		if !(s.Claims > 0) || !(s.Share >= 0 && s.Share <= 1) || !(s.Cost > 0) || math.IsInf(s.Claims+s.Cost, 0) {
			faults = append(faults, fmt.Errorf("stratum %d has %v claims, share %v, cost %v: want claims and cost above 0, share 0 to 1", i, s.Claims, s.Share, s.Cost))
		}
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("cannot plan an audit: %w", errors.Join(faults...))
	}
	out := make([]float64, len(strata))
	full := make([]bool, len(strata))
	for range strata {
		pull := 0.0
		for i, s := range strata {
			if !full[i] {
				pull += float64(s.Claims * math.Sqrt(s.Share*(1-s.Share)*s.Cost))
			}
		}
		again, spent := false, 0.0
		for i, s := range strata {
			if full[i] || pull == 0 {
				continue
			}
			out[i] = budget * s.Claims * math.Sqrt(s.Share*(1-s.Share)/s.Cost) / pull
			if out[i] >= s.Claims {
				out[i], full[i], again = s.Claims, true, true
				spent += float64(s.Claims * s.Cost)
			}
		}
		if !again {
			break
		}
		budget = max(0, budget-spent)
	}
	return out, nil
}
