package gbdt

import (
	"cmp"
	"slices"
)

// coveredShare of the known rows get a bin of their code even above max_bin.
const coveredShare = 0.99

// categoricalColumn bins codes below words by falling frequency; nil when
// there is nothing to split: one bin that holds all rows, or none.
func categoricalColumn(values []float64, words, maxBin, minData int) *column {
	counts := make([]int, words)
	known := 0
	for _, v := range values {
		if v == v {
			counts[int(v)]++
			known++
		}
	}
	c := &column{categorical: true, codes: frequentCodes(counts, known, maxBin, minData)}
	c.bins = len(c.codes)
	if c.bins == 0 || (c.bins == 1 && counts[c.codes[0]] == len(values)) {
		return nil
	}
	binOf := make([]int, words)
	for code := range binOf {
		binOf[code] = c.bins
	}
	for k, code := range c.codes {
		binOf[code] = k
	}
	c.store(values, func(v float64) int {
		if v != v {
			return c.bins
		}
		return binOf[int(v)]
	})
	return c
}

// frequentCodes returns the codes that get a bin: the package comment has the rule.
func frequentCodes(counts []int, known, maxBin, minData int) []int32 {
	codes := make([]int32, len(counts))
	for i := range codes {
		codes[i] = int32(i)
	}
	slices.SortFunc(codes, func(a, b int32) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	// In whole numbers: products of floats round differently near a half.
	wanted := known - int(float64(known)*(1-coveredShare))
	covered := 0
	for k, code := range codes {
		enough := covered >= wanted && k >= maxBin-1
		rare := counts[code] < minData && k > 1
		if counts[code] == 0 || enough || rare || k >= maxBins {
			return codes[:k]
		}
		covered += counts[code]
	}
	return codes
}
