package parquetfile

import (
	"fmt"
	"math"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"
)

// valueFault says which value of a page or dictionary does not convert, and why.
type valueFault struct {
	index int
	text  string
}

// Error returns the reason.
func (f *valueFault) Error() string { return f.text }

// fillFunc converts the values [lo, lo+len(dst)) into dst.
type fillFunc[T any] func(dst []T, lo int) *valueFault

// mismatch is the error of a column that cannot become the wanted type.
func (c *leaf) mismatch(want wanted) error {
	found := c.info()
	return fmt.Errorf("it holds %s, which cannot be read as %s; %s", found, want, c.mend(want))
}

// mend says what to do about a column of the wrong type.
func (c *leaf) mend(want wanted) string {
	switch {
	case c.logical.means == meansForeign:
		return "convert it when writing the file"
	case c.physical == format.Boolean:
		return "declare it as bool"
	case c.logical.means == meansDate:
		return "declare it as date or time"
	case c.logical.means == meansTimestamp || c.physical == format.Int96:
		return "declare it as time"
	case want == wantTime || want == wantDate:
		return "write it as a timestamp or date when writing the file"
	case c.physical == format.ByteArray || c.logical.means == meansUUID:
		return "declare it as id, text or category, or convert it when writing the file"
	}
	return "declare it as int or float, or convert it when writing the file"
}

// integersOf returns the conversion of values to int64, time or date.
func (c *leaf) integersOf(v encoding.Values, want wanted) (fillFunc[int64], error) {
	switch {
	case want == wantTime:
		return c.instantsOf(v)
	case c.logical.means == meansNull:
		return func(dst []int64, lo int) *valueFault { return c.notNull(lo) }, nil
	}
	switch c.physical {
	case format.Int32, format.Int64:
		switch c.logical.means {
		case meansNothing, meansInt:
			return c.wholeNumbers(v), nil
		case meansDecimal:
			return c.exact(c.wholeNumbers(v)), nil
		}
	case format.Float, format.Double, format.ByteArray, format.FixedLenByteArray:
		floats, err := c.floatsOf(v)
		if err != nil {
			return nil, c.mismatch(want)
		}
		return integral(floats), nil
	}
	return nil, c.mismatch(want)
}

// notNull is the fault of a value in a column that is declared to have none.
func (c *leaf) notNull(index int) *valueFault {
	return &valueFault{index, "it holds a value, but the file declares that every value is null"}
}

// wholeNumbers reads INT32 and INT64, signed or not.
func (c *leaf) wholeNumbers(v encoding.Values) fillFunc[int64] {
	if c.physical == format.Int32 {
		from := v.Int32()
		if c.logical.unsigned {
			return func(dst []int64, lo int) *valueFault {
				for i, x := range from[lo : lo+len(dst)] {
					dst[i] = int64(uint32(x))
				}
				return nil
			}
		}
		return func(dst []int64, lo int) *valueFault {
			for i, x := range from[lo : lo+len(dst)] {
				dst[i] = int64(x)
			}
			return nil
		}
	}
	from := v.Int64()
	return func(dst []int64, lo int) *valueFault {
		copy(dst, from[lo:lo+len(dst)])
		if c.logical.unsigned {
			for i, x := range dst {
				if x < 0 {
					return &valueFault{lo + i, fmt.Sprintf("value %d is above %d, the largest int; declare the column as float or id", uint64(x), int64(math.MaxInt64))}
				}
			}
		}
		return nil
	}
}

// exact divides decimals by their scale and refuses fractions.
func (c *leaf) exact(unscaled fillFunc[int64]) fillFunc[int64] {
	if c.logical.scale > 18 {
		return func(dst []int64, lo int) *valueFault {
			return &valueFault{lo, fmt.Sprintf("a decimal of scale %d is no int; declare the column as float", c.logical.scale)}
		}
	}
	scale := int64(1)
	for range c.logical.scale {
		scale *= 10
	}
	return func(dst []int64, lo int) *valueFault {
		if f := unscaled(dst, lo); f != nil {
			return f
		}
		for i, x := range dst {
			if x%scale != 0 {
				return &valueFault{lo + i, fmt.Sprintf("value %v has a fraction and is no int; declare the column as float", float64(x)/float64(scale))}
			}
			dst[i] = x / scale
		}
		return nil
	}
}

// integral refuses numbers that are not whole or beyond 2^53, above which
// doubles no longer tell neighbours apart.
func integral(floats fillFunc[float64]) fillFunc[int64] {
	var buffer []float64
	return func(dst []int64, lo int) *valueFault {
		if cap(buffer) < len(dst) {
			buffer = make([]float64, len(dst))
		}
		buffer = buffer[:len(dst)]
		if f := floats(buffer, lo); f != nil {
			return f
		}
		for i, x := range buffer {
			if x != math.Trunc(x) || math.Abs(x) > 1<<53 {
				return &valueFault{lo + i, fmt.Sprintf("value %v is no int; declare the column as float", x)}
			}
			dst[i] = int64(x)
		}
		return nil
	}
}

// datesOf returns the conversion to days since 1970.
func (c *leaf) datesOf(v encoding.Values) (fillFunc[int32], error) {
	switch {
	case c.logical.means == meansNull:
		return func(dst []int32, lo int) *valueFault { return c.notNull(lo) }, nil
	case c.logical.means != meansDate:
		return nil, c.mismatch(wantDate)
	}
	from := v.Int32()
	return func(dst []int32, lo int) *valueFault { copy(dst, from[lo:lo+len(dst)]); return nil }, nil
}

// instantsOf returns the conversion to microseconds since 1970 UTC.
func (c *leaf) instantsOf(v encoding.Values) (fillFunc[int64], error) {
	switch {
	case c.logical.means == meansNull:
		return func(dst []int64, lo int) *valueFault { return c.notNull(lo) }, nil
	case c.physical == format.Int96 && c.logical.means == meansNothing:
		from := v.Int96()
		return func(dst []int64, lo int) *valueFault {
			for i, x := range from[lo : lo+len(dst)] {
				micros, ok := int96Micros(x)
				if !ok {
					return &valueFault{lo + i, fmt.Sprintf("INT96 timestamp of Julian day %d is outside the range of microseconds", int32(x[2]))}
				}
				dst[i] = micros
			}
			return nil
		}, nil
	case c.logical.means == meansDate:
		from := v.Int32()
		return func(dst []int64, lo int) *valueFault {
			for i, x := range from[lo : lo+len(dst)] {
				dst[i] = int64(x) * microsPerDay
			}
			return nil
		}, nil
	case c.logical.means == meansTimestamp:
		return c.timestamps(v.Int64()), nil
	}
	return nil, c.mismatch(wantTime)
}

const microsPerDay = 24 * 60 * 60 * 1_000_000

func (c *leaf) timestamps(from []int64) fillFunc[int64] {
	if per := c.logical.perMicro; per > 1 {
		return func(dst []int64, lo int) *valueFault {
			for i, x := range from[lo : lo+len(dst)] {
				dst[i] = floorDiv(x, per)
			}
			return nil
		}
	}
	unit := c.logical.micros
	return func(dst []int64, lo int) *valueFault {
		copy(dst, from[lo:lo+len(dst)])
		if unit == 1 {
			return nil
		}
		for i, x := range dst {
			if x > math.MaxInt64/unit || x < math.MinInt64/unit {
				return &valueFault{lo + i, fmt.Sprintf("timestamp %d (%s) is outside the range of microseconds", x, c.logical.name)}
			}
			dst[i] = x * unit
		}
		return nil
	}
}

// floorDiv divides towards minus infinity; b is positive.
func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

const (
	julianEpoch = 2440588 // Julian day number of 1970-01-01
)

// int96Micros reads an INT96 timestamp: nanoseconds of the day in the first
// eight bytes, the Julian day number in the last four. Nanoseconds outside the
// day, which some writers use, carry over.
func int96Micros(x deprecated.Int96) (int64, bool) {
	day := int64(int32(x[2])) - julianEpoch
	nanos := int64(uint64(x[1])<<32 | uint64(x[0]))
	if day > math.MaxInt64/microsPerDay-2*106752 || day < math.MinInt64/microsPerDay+2*106752 {
		return 0, false
	}
	return day*microsPerDay + floorDiv(nanos, 1000), true
}
