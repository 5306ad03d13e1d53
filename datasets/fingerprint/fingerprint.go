// Package fingerprint gives 64-bit fingerprints of the values of arrow arrays:
// equal values have equal ones in every run and on every machine, different
// values share one with a chance of about 2^-64. They are no secret: whoever can
// guess a value can confirm it. The text hash is FNV-1a (Fowler, Noll, Vo), the
// finish that of SplitMix64 (Steele, Lea, Flood 2014).
package fingerprint

import (
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// Null is the fingerprint of null.
const Null uint64 = 0x9e3779b97f4a7c15

// Mix scatters a number over all 64 bits, one to one.
func Mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Text returns the fingerprint of a text.
func Text(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return Mix(h)
}

// Number returns the fingerprint of a float64: both zeros have one, and all NaN.
func Number(x float64) uint64 {
	switch {
	case x == 0:
		x = 0
	case math.IsNaN(x):
		x = math.NaN()
	}
	return Mix(math.Float64bits(x))
}

// Append appends the fingerprint of every element of an array of the types of
// datasets, nulls included: texts and words alike by their text, numbers by
// their value, instants and days by their count.
func Append(dst []uint64, a arrow.Array) ([]uint64, error) {
	value, err := reader(a)
	if err != nil {
		return dst, err
	}
	for i := range a.Len() {
		if a.IsNull(i) {
			dst = append(dst, Null)
		} else {
			dst = append(dst, value(i))
		}
	}
	return dst, nil
}

func reader(a arrow.Array) (func(i int) uint64, error) {
	switch a := a.(type) {
	case *array.String:
		return func(i int) uint64 { return Text(a.Value(i)) }, nil
	case *array.Dictionary:
		words, ok := a.Dictionary().(*array.String)
		if !ok {
			break
		}
		prints := make([]uint64, words.Len())
		for i := range prints {
			prints[i] = Text(words.Value(i))
		}
		return func(i int) uint64 { return prints[a.GetValueIndex(i)] }, nil
	case *array.Int64:
		return func(i int) uint64 { return Mix(uint64(a.Value(i))) }, nil
	case *array.Float64:
		return func(i int) uint64 { return Number(a.Value(i)) }, nil
	case *array.Timestamp:
		return func(i int) uint64 { return Mix(uint64(a.Value(i))) }, nil
	case *array.Date32:
		return func(i int) uint64 { return Mix(uint64(a.Value(i))) }, nil
	case *array.Boolean:
		return func(i int) uint64 {
			if a.Value(i) {
				return Mix(1)
			}
			return Mix(0)
		}, nil
	}
	return nil, fmt.Errorf("cannot fingerprint values of arrow type %s", a.DataType())
}
