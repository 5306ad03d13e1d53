package gbdt

import "math"

// numericColumn bins the values of a numeric column; nil when there is nothing
// to split: fewer than two bins, NaN counted. low and high are as in finiteRange.
func numericColumn(values []float64, maxBin, minData int) (c *column, low, high float64) {
	known := make([]float64, 0, len(values))
	for _, v := range values {
		if v != v {
			continue
		}
		// -Inf cannot be told from the lowest number by a finite threshold.
		v = max(v, -math.MaxFloat64) + 0
		known = append(known, v)
	}
	missing := len(known) < len(values)
	sorted := sortFloats(known, make([]float64, len(known)))
	low, high = finiteRange(values)
	distinct, counts := runs(sorted)
	if missing {
		maxBin--
	}
	if len(distinct) == 0 || (len(distinct) == 1 && !missing) {
		return nil, low, high
	}
	c = &column{}
	for _, k := range binEnds(counts, maxBin, minData) {
		c.upper = append(c.upper, midpoint(distinct[k], distinct[k+1]))
	}
	c.bins = len(c.upper) + 1
	if c.bins == 1 && !missing {
		return nil, low, high
	}
	c.top = math.IsInf(distinct[len(distinct)-1], 1)
	c.bottom = distinct[0] == -math.MaxFloat64
	c.store(values, c.searcher())
	return c, low, high
}

// finiteRange returns the least and the largest finite value, NaN without one.
func finiteRange(values []float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if math.Abs(v) <= math.MaxFloat64 {
			low, high = min(low, v), max(high, v)
		}
	}
	if low > high {
		return math.NaN(), math.NaN()
	}
	return low, high
}

// runs returns the distinct numbers of a sorted slice and how often each occurs.
func runs(sorted []float64) (distinct []float64, counts []int) {
	for i := 0; i < len(sorted); {
		k := i + 1
		for k < len(sorted) && sorted[k] == sorted[i] {
			k++
		}
		distinct = append(distinct, sorted[i])
		counts = append(counts, k-i)
		i = k
	}
	return distinct, counts
}

// binEnds returns, ascending, the distinct values after which a bin ends; the
// last bin's end is left out. counts are the rows of each distinct value.
func binEnds(counts []int, maxBin, minData int) []int {
	if len(counts) <= maxBin {
		return smallBins(counts, minData)
	}
	return quantileBins(counts, maxBin, minData)
}

// smallBins gives each value a bin, joined with the next ones up to minData rows.
func smallBins(counts []int, minData int) []int {
	var ends []int
	rows := 0
	for k, n := range counts[:max(0, len(counts)-1)] {
		if rows += n; rows >= minData {
			ends = append(ends, k)
			rows = 0
		}
	}
	return ends
}

// quantileBins aims at bins of equal counts. A value that fills a bin alone
// gets one; the mean size is taken over the others, and again after each bin,
// because bins never come out exactly.
func quantileBins(counts []int, maxBin, minData int) []int {
	total := 0
	for _, n := range counts {
		total += n
	}
	bins := max(1, min(maxBin, total/minData))
	mean := float64(total) / float64(bins)
	isHeavy := make([]bool, len(counts))
	rest, restBins := total, bins
	for k, n := range counts {
		if float64(n) >= mean {
			isHeavy[k] = true
			rest -= n
			restBins--
		}
	}
	size := meanSize(rest, restBins)
	var ends []int
	rows := 0
	for k := 0; k < len(counts)-1 && len(ends) < bins-1; k++ {
		rows += counts[k]
		if !isHeavy[k] {
			rest -= counts[k]
		}
		full := isHeavy[k] || float64(rows) >= size || (isHeavy[k+1] && float64(rows) >= max(1, size/2))
		if !full {
			continue
		}
		ends = append(ends, k)
		rows = 0
		if !isHeavy[k] {
			restBins--
			size = meanSize(rest, restBins)
		}
	}
	return ends
}

// meanSize is the rows of a bin when the rest is spread evenly; without a bin
// left nothing is ever full.
func meanSize(rows, bins int) float64 {
	if bins <= 0 {
		return math.Inf(1)
	}
	return float64(rows) / float64(bins)
}
