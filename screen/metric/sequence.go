package metric

import (
	"fmt"
	"math"
)

// SequentialRate returns hits/n with an interval that holds at all n at once:
// it may be looked at after every conclusion, and acted on, without raising the
// chance 1-level that it ever misses a constant rate. It is the set of p with
// (n+1) * Binomial(hits; n, p) > 1-level, from the uniform mixture of
// likelihood ratios (Robbins 1970). hits and n are whole numbers. Values, NaN
// and Insufficient are as in [NewRate].
func SequentialRate(hits, n, level float64) Rate {
	r := NewRateAt(hits, n, level)
	if math.IsNaN(r.Value) || n != math.Trunc(n) || hits != math.Trunc(hits) {
		r.Low, r.High = math.NaN(), math.NaN()
		return r
	}
	a, _ := math.Lgamma(n + 1)
	b, _ := math.Lgamma(hits + 1)
	c, _ := math.Lgamma(n - hits + 1)
	choose := a - b - c + math.Log(n+1)
	outside := func(p float64) bool {
		likelihood := choose
		if hits > 0 {
			likelihood += float64(hits * math.Log(p))
		}
		if hits < n {
			likelihood += float64((n - hits) * math.Log1p(-p))
		}
		return likelihood <= math.Log(1-level)
	}
	r.Low, r.High = 0, 1
	if hits > 0 {
		r.Low = boundary(0, r.Value, outside)
	}
	if hits < n {
		r.High = boundary(1, r.Value, outside)
	}
	return r
}

// boundary bisects between a point outside and one inside of a set.
func boundary(out, in float64, outside func(float64) bool) float64 {
	for range 100 {
		mid := (out + in) / 2
		if mid == out || mid == in {
			break
		}
		if outside(mid) {
			out = mid
		} else {
			in = mid
		}
	}
	return (out + in) / 2
}

// ChainLadder completes a run-off triangle of cumulative counts (or amounts),
// such as frauds confirmed by age for each month of claims: triangle[i][j] is
// row i at age j, and each row has at most as many ages as the one before it.
// It returns the age-to-age factors (column sums of the rows that have both
// ages) and the ultimate of each row at the last age of the first row. The
// maturity of row i is its last value over its ultimate. NaN where a factor is
// 0/0.
func ChainLadder(triangle [][]float64) (factors, ultimate []float64, err error) {
	for i, row := range triangle {
		if len(row) == 0 || i > 0 && len(row) > len(triangle[i-1]) {
			return nil, nil, fmt.Errorf("cannot complete the triangle: row %d has %d ages: want at least 1 and no more than the row before", i, len(row))
		}
		for j, v := range row {
			if !(v >= 0) || math.IsInf(v, 0) {
				return nil, nil, fmt.Errorf("cannot complete the triangle: value %v in row %d at age %d: want a finite number >= 0", v, i, j)
			}
		}
	}
	if len(triangle) == 0 {
		return nil, nil, nil
	}
	for j := range len(triangle[0]) - 1 {
		var now, next float64
		for _, row := range triangle {
			if len(row) > j+1 {
				now += row[j]
				next += row[j+1]
			}
		}
		factors = append(factors, next/now)
	}
	for _, row := range triangle {
		u := row[len(row)-1]
		for _, f := range factors[len(row)-1:] {
			u *= f
		}
		ultimate = append(ultimate, u)
	}
	return factors, ultimate, nil
}
