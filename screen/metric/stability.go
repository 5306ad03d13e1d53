package metric

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Stability is a population stability index with what chance alone would give.
type Stability struct {
	PSI      Optional `json:"psi"`
	Critical Optional `json:"critical"` // 95 % quantile of the index when nothing has changed
	PValue   Optional `json:"p_value"`  // chance of at least this index when nothing has changed
	Bins     int      `json:"bins"`
	Empty    int      `json:"empty"` // bins that only one of the two has, floored at a share of 1e-6
}

// emptyShare stands for the share of an empty bin in the logarithm.
const emptyShare = 1e-6

// PSI (群体稳定性指标) is the sum over bins of (q-p) ln(q/p) of two counts of the
// same bins. When nothing has changed it is distributed as (1/n+1/m) times
// chi-squared with bins-1 degrees of freedom (Yurdakul and Naranjo 2020), which
// gives the critical value and p-value in place of the fixed 0.1 and 0.25 that
// ignore the numbers of claims. Bins empty on both sides are left out. The
// approximation wants some five claims per bin.
func PSI(before, after []float64) (Stability, error) {
	if len(before) != len(after) {
		return Stability{}, fmt.Errorf("cannot measure stability: %d and %d bins: want the same bins", len(before), len(after))
	}
	var n, m float64
	for i := range before {
		for _, v := range [...]float64{before[i], after[i]} {
			if !(v >= 0) || math.IsInf(v, 0) {
				return Stability{}, fmt.Errorf("cannot measure stability: count %v in bin %d: want a finite number >= 0", v, i)
			}
		}
		n += before[i]
		m += after[i]
	}
	s := Stability{PSI: nan, Critical: nan, PValue: nan}
	if n == 0 || m == 0 {
		return s, nil
	}
	psi := 0.0
	for i := range before {
		if before[i] == 0 && after[i] == 0 {
			continue
		}
		s.Bins++
		if before[i] == 0 || after[i] == 0 {
			s.Empty++
		}
		p, q := max(before[i]/n, emptyShare), max(after[i]/m, emptyShare)
		psi += float64((q - p) * math.Log(q/p))
	}
	s.PSI, s.Critical, s.PValue = Optional(psi), 0, 1
	if s.Bins > 1 {
		scale := 1/n + 1/m
		degrees := float64(s.Bins - 1)
		s.Critical = Optional(float64(scale * distuv.ChiSquared{K: degrees}.Quantile(Level)))
		s.PValue = Optional(mathext.GammaIncRegComp(degrees/2, psi/scale/2))
	}
	return s, nil
}

// PSIOf bins values by the quantiles of before (equal mass, at most the given
// number of bins) and returns [PSI] of the two counts. NaN values form a bin of
// their own, so that a rise of missing values shows.
func PSIOf(before, after []float64, bins int) (Stability, error) {
	if bins < 2 {
		return Stability{}, fmt.Errorf("cannot measure stability: %d bins: want at least 2", bins)
	}
	known := slices.DeleteFunc(slices.Clone(before), math.IsNaN)
	slices.SortFunc(known, cmp.Compare)
	var edges []float64 // bin k holds values up to edges[k]
	for k := 1; k < bins && len(known) > 0; k++ {
		e := known[(len(known)*k-1)/bins]
		if len(edges) == 0 || e > edges[len(edges)-1] {
			edges = append(edges, e)
		}
	}
	fill := func(values []float64) []float64 {
		counts := make([]float64, len(edges)+2)
		for _, v := range values {
			if math.IsNaN(v) {
				counts[len(edges)+1]++
				continue
			}
			k, _ := slices.BinarySearch(edges, v)
			counts[k]++
		}
		return counts
	}
	return PSI(fill(before), fill(after))
}
