package golearn

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// ranked is a column as golearn gets it: a whole number for each row, where
// only the order matters.
type ranked struct {
	ranks []int
	// Numeric columns: rank 0 is missing; rank k holds the values up to
	// upper[k-1] and above upper[k-2]; the last rank holds those above all.
	upper []float64
	// Categorical columns: codes[r] is the code of rank r; missing is above.
	codes       []int32
	categorical bool
}

// rankNumbers cuts values into at most bins quantile bins. A bin ends at a
// value that occurs, so that v <= upper is exact.
func rankNumbers(values []float64, bins int) ranked {
	var sorted []float64
	for _, v := range values {
		if v >= -math.MaxFloat64 && v != -math.MaxFloat64 { // NaN fails too
			sorted = append(sorted, v)
		}
	}
	slices.Sort(sorted)
	var c ranked
	for k := 1; k < bins && len(sorted) > 0; k++ {
		v := sorted[(len(sorted)*k-1)/bins] + 0 // no negative zero
		last := v == sorted[len(sorted)-1]
		if !last && (len(c.upper) == 0 || v > c.upper[len(c.upper)-1]) {
			c.upper = append(c.upper, v)
		}
	}
	c.ranks = make([]int, len(values))
	for i, v := range values {
		if v > -math.MaxFloat64 {
			c.ranks[i] = 1 + sort.SearchFloat64s(c.upper, v)
		}
	}
	return c
}

// rankWords numbers the codes that occur by their share of outcome 1, equal
// ones by code.
func rankWords(values, y []float64, words int) ranked {
	rows, ones := make([]int, words), make([]int, words)
	for i, v := range values {
		if v == v {
			rows[int(v)]++
			ones[int(v)] += int(y[i])
		}
	}
	c := ranked{categorical: true, ranks: make([]int, len(values))}
	for code, n := range rows {
		if n > 0 {
			c.codes = append(c.codes, int32(code))
		}
	}
	slices.SortFunc(c.codes, func(a, b int32) int {
		return cmp.Or(cmp.Compare(ones[a]*rows[b], ones[b]*rows[a]), cmp.Compare(a, b))
	})
	rankOf := make([]int, words)
	for r, code := range c.codes {
		rankOf[code] = r
	}
	for i, v := range values {
		if c.ranks[i] = len(c.codes); v == v {
			c.ranks[i] = rankOf[int(v)]
		}
	}
	return c
}

// threshold returns the number that has the ranks 0..cut at or below it, NaN
// apart. The column is numeric.
func (c *ranked) threshold(cut int) float64 {
	if cut == 0 {
		return -math.MaxFloat64
	}
	return c.upper[cut-1]
}

// set returns the bits of the codes of ranks 0..cut. The column is categorical.
func (c *ranked) set(cut int) []uint32 {
	left := c.codes[:cut+1]
	bits := make([]uint32, slices.Max(left)/32+1)
	for _, code := range left {
		bits[code/32] |= 1 << (code % 32)
	}
	return bits
}
