package parquetfile

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"strconv"

	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"
)

// floatsOf returns the conversion of values to float64.
func (c *leaf) floatsOf(v encoding.Values) (fillFunc[float64], error) {
	switch {
	case c.logical.means == meansNull:
		return func(dst []float64, lo int) *valueFault { return c.notNull(lo) }, nil
	case c.logical.means == meansFloat16:
		return halves(v), nil
	case c.logical.means == meansDecimal:
		return c.decimalsOf(v), nil
	case c.logical.means != meansNothing && c.logical.means != meansInt:
		return nil, c.mismatch(wantFloat)
	}
	switch c.physical {
	case format.Double:
		from := v.Double()
		return func(dst []float64, lo int) *valueFault { copy(dst, from[lo:lo+len(dst)]); return nil }, nil
	case format.Float:
		from := v.Float()
		return func(dst []float64, lo int) *valueFault {
			for i, x := range from[lo : lo+len(dst)] {
				dst[i] = float64(x)
			}
			return nil
		}, nil
	case format.Int32, format.Int64:
		return c.integerFloats(v), nil
	}
	return nil, c.mismatch(wantFloat)
}

// integerFloats turns integers into the nearest doubles.
func (c *leaf) integerFloats(v encoding.Values) fillFunc[float64] {
	if c.physical == format.Int32 {
		from, unsigned := v.Int32(), c.logical.unsigned
		return func(dst []float64, lo int) *valueFault {
			for i, x := range from[lo : lo+len(dst)] {
				if dst[i] = float64(x); unsigned {
					dst[i] = float64(uint32(x))
				}
			}
			return nil
		}
	}
	from, unsigned := v.Int64(), c.logical.unsigned
	return func(dst []float64, lo int) *valueFault {
		for i, x := range from[lo : lo+len(dst)] {
			if dst[i] = float64(x); unsigned {
				dst[i] = float64(uint64(x))
			}
		}
		return nil
	}
}

// halves reads FLOAT16 (IEEE 754 binary16, little endian).
func halves(v encoding.Values) fillFunc[float64] {
	data, _ := v.FixedLenByteArray()
	return func(dst []float64, lo int) *valueFault {
		for i := range dst {
			dst[i] = half(binary.LittleEndian.Uint16(data[2*(lo+i):]))
		}
		return nil
	}
}

func half(h uint16) float64 {
	exponent, fraction := int(h>>10&0x1f), float64(h&0x3ff)
	var x float64
	switch exponent {
	case 0:
		x = math.Ldexp(fraction, -24)
	case 31:
		if x = math.Inf(1); fraction != 0 {
			return math.NaN()
		}
	default:
		x = math.Ldexp(1024+fraction, exponent-25)
	}
	if h>>15 != 0 {
		x = -x
	}
	return x
}

// decimalsOf returns the conversion of decimals to the nearest doubles.
func (c *leaf) decimalsOf(v encoding.Values) fillFunc[float64] {
	scale := int(c.logical.scale)
	switch c.physical {
	case format.Int32, format.Int64:
		whole := c.wholeNumbers(v)
		var buffer []int64
		return func(dst []float64, lo int) *valueFault {
			if cap(buffer) < len(dst) {
				buffer = make([]int64, len(dst))
			}
			buffer = buffer[:len(dst)]
			if f := whole(buffer, lo); f != nil {
				return f
			}
			for i, x := range buffer {
				dst[i] = decimal64(x, scale)
			}
			return nil
		}
	case format.FixedLenByteArray:
		data, size := v.FixedLenByteArray()
		return func(dst []float64, lo int) *valueFault {
			for i := range dst {
				dst[i] = decimalBytes(data[size*(lo+i):size*(lo+i+1)], scale)
			}
			return nil
		}
	}
	data, offsets := v.ByteArray()
	return func(dst []float64, lo int) *valueFault {
		for i := range dst {
			b := data[offsets[lo+i]:offsets[lo+i+1]]
			if len(b) > maxDecimalBytes {
				return &valueFault{lo + i, fmt.Sprintf("a decimal has %d bytes, more than %d", len(b), maxDecimalBytes)}
			}
			dst[i] = decimalBytes(b, scale)
		}
		return nil
	}
}

// maxDecimalBytes bounds a decimal's length: 16 bytes hold 38 digits, which is
// what databases offer, and the time to print longer ones grows with its square.
const maxDecimalBytes = 256

// exactPowers are the powers of ten that a double holds exactly.
var exactPowers = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// decimal64 returns the double nearest to x / 10^scale. With both exact, one
// division rounds once and is right; otherwise the digits are parsed.
func decimal64(x int64, scale int) float64 {
	if x >= -1<<53 && x <= 1<<53 && scale < len(exactPowers) {
		return float64(x) / exactPowers[scale]
	}
	return parseDecimal(strconv.FormatInt(x, 10), scale)
}

// decimalBytes reads a big-endian two's complement integer as a decimal.
func decimalBytes(b []byte, scale int) float64 {
	if len(b) <= 8 {
		var x int64
		if len(b) > 0 && b[0] >= 0x80 {
			x = -1
		}
		for _, d := range b {
			x = x<<8 | int64(d)
		}
		return decimal64(x, scale)
	}
	n := new(big.Int).SetBytes(b)
	if b[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return parseDecimal(n.String(), scale)
}

func parseDecimal(digits string, scale int) float64 {
	x, err := strconv.ParseFloat(digits+"e-"+strconv.Itoa(scale), 64)
	if err != nil {
		return math.Copysign(math.Inf(1), x) // beyond the range of doubles
	}
	return x
}
