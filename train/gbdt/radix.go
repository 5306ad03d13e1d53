package gbdt

import (
	"math"
	"slices"
)

// digitBits is the width of a digit of the radix sort: 64 bits are six digits.
const (
	digitBits = 11
	digits    = 6
	digitMask = 1<<digitBits - 1
)

// sortFloats sorts keys ascending and returns them, in keys or in scratch,
// which must be as long. NaN is not allowed; -0 must have been made 0.
func sortFloats(keys, scratch []float64) []float64 {
	if len(keys) < 2048 {
		slices.Sort(keys)
		return keys
	}
	var counts [digits][digitMask + 1]uint32
	for _, v := range keys {
		k := orderedBits(v)
		for d := range counts {
			counts[d][k>>(d*digitBits)&digitMask]++
		}
	}
	for d := range counts {
		shift := d * digitBits
		if int(counts[d][orderedBits(keys[0])>>shift&digitMask]) == len(keys) {
			continue // all keys share this digit
		}
		next := uint32(0)
		for i, c := range counts[d] {
			counts[d][i] = next
			next += c
		}
		for _, v := range keys {
			place := &counts[d][orderedBits(v)>>shift&digitMask]
			scratch[*place] = v
			*place++
		}
		keys, scratch = scratch, keys
	}
	return keys
}

// orderedBits maps numbers to integers of the same order.
func orderedBits(v float64) uint64 {
	b := math.Float64bits(v)
	return b ^ (uint64(int64(b)>>63) | 1<<63)
}
