package formats

import (
	"math"
	"strconv"

	"claimsieve/models/forest"
)

// appendTree writes tree i with the two empty lines that end its block, which
// the sizes in the header include.
func appendTree(b []byte, i int, t *forest.Tree) []byte {
	sets := max(0, len(t.CatBounds)-1)
	decisions := make([]uint8, len(t.Feature))
	for n := range decisions {
		decisions[n] = decisionType(t, n)
	}
	b = appendList(b, "Tree", []int{i}, appendInt[int])
	b = appendList(b, "num_leaves", []int{len(t.LeafValue)}, appendInt[int])
	b = appendList(b, "num_cat", []int{sets}, appendInt[int])
	b = appendList(b, "split_feature", t.Feature, appendInt[int32])
	b = appendList(b, "split_gain", t.Gain, appendFloat)
	b = appendList(b, "threshold", t.Threshold, appendFloat)
	b = appendList(b, "decision_type", decisions, appendInt[uint8])
	b = appendList(b, "left_child", t.Left, appendInt[int32])
	b = appendList(b, "right_child", t.Right, appendInt[int32])
	b = appendList(b, "leaf_value", t.LeafValue, appendFloat)
	b = appendList(b, "leaf_weight", t.LeafWeight, appendFloat)
	b = appendList(b, "leaf_count", t.LeafCount, appendInt[int64])
	b = appendList(b, "internal_value", t.NodeValue, appendFloat)
	b = appendList(b, "internal_weight", t.NodeWeight, appendFloat)
	b = appendList(b, "internal_count", t.NodeCount, appendInt[int64])
	if sets > 0 {
		b = appendList(b, "cat_boundaries", t.CatBounds, appendInt[int32])
		b = appendList(b, "cat_threshold", t.CatBits, appendInt[uint32])
	}
	b = append(b, "is_linear=0\n"...)
	b = appendList(b, "shrinkage", []float64{t.Shrinkage}, appendFloat)
	return append(b, "\n\n"...)
}

// appendList writes one line: the key, an equals sign, the values with a space
// between them.
func appendList[T any](b []byte, key string, values []T, one func([]byte, T) []byte) []byte {
	b = append(append(b, key...), '=')
	for i, v := range values {
		if i > 0 {
			b = append(b, ' ')
		}
		b = one(b, v)
	}
	return append(b, '\n')
}

func appendInt[T int | int32 | int64 | uint8 | uint32](b []byte, v T) []byte {
	return strconv.AppendInt(b, int64(v), 10)
}

// appendFloat writes the fewest digits that read back as v, and the words that
// C libraries know for what is not a number.
func appendFloat(b []byte, v float64) []byte {
	switch {
	case math.IsNaN(v):
		return append(b, "nan"...)
	case math.IsInf(v, 1):
		return append(b, "inf"...)
	case math.IsInf(v, -1):
		return append(b, "-inf"...)
	}
	return strconv.AppendFloat(b, v, 'g', -1, 64)
}
