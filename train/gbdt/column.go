package gbdt

import (
	"math"
	"math/bits"
)

// column is one feature's values as bin numbers. Bins 0..bins-1 are the values
// of a numeric column in order, or the codes of a categorical column by falling
// frequency. Bin number bins is NaN, and for categories the rest too.
type column struct {
	feature  int      // index in the matrix
	narrow   []uint8  // bin of each row, when all bin numbers fit 8 bits
	wide     []uint16 // bin of each row otherwise
	bins     int
	offset   int // of its first cell in a histogram
	monotone int // 1 rising, -1 falling, 0 free

	// Numeric columns.
	upper  []float64 // upper[k] is the threshold between bins k and k+1
	top    bool      // the last bin holds +Inf, which no finite threshold has below it
	bottom bool      // the first bin holds numbers that no finite threshold has above it

	// Categorical columns.
	categorical bool
	codes       []int32 // code of each bin
}

// cells is the number of histogram cells of the column.
func (c *column) cells() int { return c.bins + 1 }

// store keeps the rows' bin numbers, which bin(v) gives.
func (c *column) store(values []float64, bin func(v float64) int) {
	if c.cells() <= 256 {
		c.narrow = make([]uint8, len(values))
		for i, v := range values {
			c.narrow[i] = uint8(bin(v))
		}
		return
	}
	c.wide = make([]uint16, len(values))
	for i, v := range values {
		c.wide[i] = uint16(bin(v))
	}
}

// bin returns the bin number of row i.
func (c *column) bin(i int32) int {
	if c.narrow != nil {
		return int(c.narrow[i])
	}
	return int(c.wide[i])
}

// threshold returns the finite number that has bins 0..cut at or below it and
// the others above it. cut is -1 for none and bins-1 for all.
func (c *column) threshold(cut int) float64 {
	switch cut {
	case -1:
		return -math.MaxFloat64
	case c.bins - 1:
		return math.MaxFloat64
	}
	return c.upper[cut]
}

// searcher returns the function from a value to its bin number. It counts the
// thresholds below v in steps of halving length. Floats are compared as ordered
// integers, whose borrow is a number and not a branch that a processor could
// guess wrong.
func (c *column) searcher() func(v float64) int {
	upper := make([]uint64, len(c.upper))
	for k, t := range c.upper {
		upper[k] = orderedBits(t)
	}
	missing := c.bins
	return func(v float64) int {
		if v != v {
			return missing
		}
		key := orderedBits(v + 0) // -0 is 0
		from, n := 0, len(upper)
		for n > 1 {
			half := n / 2
			_, below := bits.Sub64(upper[from+half-1], key, 0)
			from += half & -int(below)
			n -= half
		}
		if n == 1 {
			_, below := bits.Sub64(upper[from], key, 0)
			from += int(below)
		}
		return from
	}
}
