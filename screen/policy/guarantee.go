package policy

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"

	"claimsieve/screen/metric"
)

// NeymanPearsonRank returns the smallest k such that, with the k-th smallest of
// n held-out scores of honest claims as the threshold (alert strictly above),
// the false-positive rate passes alpha with a chance of at most delta (Tong,
// Feng and Li 2018): sum over j >= k of C(n,j) (1-alpha)^j alpha^(n-j) <= delta.
// ok is false when n is below [NeymanPearsonCases], or alpha or delta is not in
// (0, 1). The claims must be known to be honest, not merely not investigated,
// and like the future ones.
func NeymanPearsonRank(n int, alpha, delta float64) (k int, ok bool) {
	if n < 1 || !(alpha > 0 && alpha < 1) || !(delta > 0 && delta < 1) {
		return 0, false
	}
	low, high := 0, n+1 // the tail is above delta at low and not above at high
	for high-low > 1 {
		mid := (low + high) / 2
		if mathext.RegIncBeta(float64(mid), float64(n-mid+1), 1-alpha) <= delta {
			high = mid
		} else {
			low = mid
		}
	}
	return high, high <= n
}

// NeymanPearsonCases returns the least number of honest claims from which
// [NeymanPearsonRank] can give its guarantee: ln(delta)/ln(1-alpha), rounded up.
// 0 when alpha or delta is not in (0, 1).
func NeymanPearsonCases(alpha, delta float64) int {
	if !(alpha > 0 && alpha < 1) || !(delta > 0 && delta < 1) {
		return 0
	}
	return int(math.Ceil(math.Log(delta)/math.Log1p(-alpha) - 1e-9))
}

// NeymanPearsonThreshold returns the threshold (alert at or above) of
// [NeymanPearsonRank] on scores of honest claims, in any order.
func NeymanPearsonThreshold(honest []float64, alpha, delta float64) (float64, error) {
	k, ok := NeymanPearsonRank(len(honest), alpha, delta)
	if !ok {
		return math.NaN(), fmt.Errorf("cannot bound the false-positive rate by %v with chance %v: %d honest claims: want at least %d", alpha, 1-delta, len(honest), NeymanPearsonCases(alpha, delta))
	}
	sorted, err := ascending("honest", honest)
	if err != nil {
		return math.NaN(), err
	}
	return math.Nextafter(sorted[k-1], math.Inf(1)), nil
}

// ConformalRiskLimit returns the largest mean loss over n calibration claims
// at which a setting still keeps the expected loss of the next claim at alpha:
// n/(n+1)*R + bound/(n+1) <= alpha, for losses from 0 to bound that fall
// monotonically with the setting (Angelopoulos and others 2024). It is below 0
// when n is too small for alpha, and NaN for n < 1.
func ConformalRiskLimit(n int, alpha, bound float64) float64 {
	if n < 1 {
		return math.NaN()
	}
	m := float64(n)
	return (float64(alpha*(m+1)) - bound) / m
}

// ConformalRecallThreshold returns the highest threshold (alert at or above)
// at which the next fraud is missed with a chance of at most alpha, from the
// scores of confirmed frauds, in any order. They must be like the next one:
// frauds found by this score alone are not.
func ConformalRecallThreshold(frauds []float64, alpha float64) (float64, error) {
	n := len(frauds)
	limit := ConformalRiskLimit(n, alpha, 1)
	if !(limit >= -1e-12) || !(alpha > 0 && alpha < 1) {
		return math.NaN(), fmt.Errorf("cannot bound the missed share by %v: %d frauds: want a share in (0, 1) and at least %.0f frauds", alpha, n, math.Ceil(1/alpha-1))
	}
	sorted, err := ascending("fraud", frauds)
	if err != nil {
		return math.NaN(), err
	}
	missed := int(math.Floor(float64(limit*float64(n)) + 1e-9))
	return sorted[min(missed, n-1)], nil
}

// HoeffdingBentkus returns a p-value of "the expected loss is above alpha" after
// a mean loss risk in [0, 1] over n independent claims with losses in [0, 1]
// (Bates and others 2021): the smaller of exp(-n h(min(risk, alpha), alpha)) and
// e * P(Binomial(n, alpha) <= ceil(n*risk)). NaN out of range.
func HoeffdingBentkus(risk float64, n int, alpha float64) float64 {
	if !(risk >= 0 && risk <= 1) || n < 1 || !(alpha > 0 && alpha < 1) {
		return math.NaN()
	}
	m := float64(n)
	a := min(risk, alpha)
	entropy := 0.0
	if a > 0 {
		entropy += float64(a * math.Log(a/alpha))
	}
	if a < 1 {
		entropy += float64((1 - a) * math.Log((1-a)/(1-alpha)))
	}
	hoeffding := math.Exp(-float64(m * entropy))
	bentkus := 1.0
	if k := math.Ceil(float64(m*risk) - 1e-9); k < m {
		bentkus = math.E * mathext.RegIncBeta(m-k, k+1, 1-alpha)
	}
	return min(1, hoeffding, bentkus)
}

// PrecisionGuarantee walks points in the given order, fixed before looking at
// outcomes, as long as "the precision is at most floor" is refused at delta by
// P(Binomial(alerts, floor) >= hits), and returns the index of the last one
// refused. The precision there is above floor with a chance of at least
// 1-delta, whatever the number of points (fixed-sequence testing). ok is false
// when the first point fails: start at one with more alerts. Counts are whole
// numbers of concluded alerts.
func PrecisionGuarantee(points []metric.Point, floor, delta float64) (index int, ok bool) {
	index = -1
	for i, p := range points {
		tail := 1.0 // chance of at least this many hits at precision floor
		if p.Hits > 0 && p.Hits <= p.Alerts {
			tail = mathext.RegIncBeta(p.Hits, p.Alerts-p.Hits+1, floor)
		}
		if !(tail <= delta) {
			break
		}
		index = i
	}
	return index, index >= 0
}

func ascending(what string, scores []float64) ([]float64, error) {
	for i, s := range scores {
		if math.IsNaN(s) || math.IsInf(s, 0) {
			return nil, fmt.Errorf("cannot set a threshold: %s score %v in row %d: want a finite number", what, s, i)
		}
	}
	out := slices.Clone(scores)
	slices.Sort(out)
	return out, nil
}
