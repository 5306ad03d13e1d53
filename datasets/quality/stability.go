package quality

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// emptyShare stands for the share of an empty bin in the logarithm.
const emptyShare = 1e-6

// stability is a population stability index (群体稳定性指标) of two counts of the
// same bins.
type stability struct {
	psi      float64 // sum over bins of (q-p) ln(q/p)
	critical float64 // its quantile at 1-level when nothing has changed
	scale    float64 // 1/n + 1/m
	degrees  float64 // bins that either has, less one; 0 says that nothing can change
}

// stabilityOf compares counts before and after; false when one of them is
// empty. When nothing has changed the index is distributed as (1/n+1/m) times
// chi-squared with bins-1 degrees of freedom (Yurdakul and Naranjo 2020).
func stabilityOf(before, after []int, level float64) (stability, bool) {
	var n, m float64
	for i := range before {
		n += float64(before[i])
		m += float64(after[i])
	}
	if n == 0 || m == 0 {
		return stability{}, false
	}
	s := stability{scale: 1/n + 1/m, degrees: -1}
	for i := range before {
		if before[i] == 0 && after[i] == 0 {
			continue
		}
		s.degrees++
		p, q := max(float64(before[i])/n, emptyShare), max(float64(after[i])/m, emptyShare)
		s.psi += float64((q - p) * math.Log(q/p))
	}
	s.critical = s.quantile(level)
	return s, true
}

// quantile returns what the index exceeds with a chance of level when nothing
// has changed.
func (s stability) quantile(level float64) float64 {
	if s.degrees < 1 {
		return 0
	}
	return s.scale * distuv.ChiSquared{K: s.degrees}.Quantile(1-level)
}
