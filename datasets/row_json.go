package datasets

import (
	"fmt"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// RowJSON writes row i of rec, whose columns are of the types of [Type.Arrow],
// as a flat JSON object: all columns in their order, null for null and for NaN,
// floats with the fewest digits that give the same float64 back, times in UTC
// with as many digits of the second as they need. [ParseRow] reads it back to
// the same values, bit for bit, NaN excepted.
//
// It is an error when a value has no place in JSON or could not be read back:
// an infinity, text that is not UTF-8, a year outside 0000 to 9999. i must be
// a row of rec.
func RowJSON(rec arrow.Record, i int) ([]byte, error) {
	out := []byte{'{'}
	for j, col := range rec.Columns() {
		if j > 0 {
			out = append(out, ',')
		}
		out = appendJSONString(out, rec.ColumnName(j))
		out = append(out, ':')
		var err error
		if out, err = appendCell(out, col, i); err != nil {
			return nil, fmt.Errorf("cannot write row %d as JSON: column %q: %w", i, rec.ColumnName(j), err)
		}
	}
	return append(out, '}'), nil
}

// appendCell writes element i of a column.
func appendCell(dst []byte, col arrow.Array, i int) ([]byte, error) {
	if col.IsNull(i) {
		return append(dst, "null"...), nil
	}
	switch a := col.(type) {
	case *array.Int64:
		return strconv.AppendInt(dst, a.Value(i), 10), nil
	case *array.Float64:
		return appendFloat(dst, a.Value(i))
	case *array.Boolean:
		return strconv.AppendBool(dst, a.Value(i)), nil
	case *array.Timestamp:
		if !arrow.TypeEqual(a.DataType(), TimeType) {
			break
		}
		return appendInstant(dst, int64(a.Value(i)), "2006-01-02T15:04:05.999999Z")
	case *array.Date32:
		return appendInstant(dst, int64(a.Value(i))*microsPerDay, "2006-01-02")
	}
	text, err := stringReader(col)
	if err != nil {
		return nil, err
	}
	if !utf8.ValidString(text(i)) {
		return nil, fmt.Errorf("the text %q is not UTF-8", clip(text(i)))
	}
	return appendJSONString(dst, text(i)), nil
}

// appendFloat writes the shortest form, with an exponent only for sizes where
// people would write one too.
func appendFloat(dst []byte, v float64) ([]byte, error) {
	switch size := math.Abs(v); {
	case math.IsNaN(v):
		return append(dst, "null"...), nil
	case math.IsInf(v, 0):
		return nil, fmt.Errorf("JSON has no %v: use null", v)
	case size != 0 && (size < 1e-6 || size >= 1e21):
		return strconv.AppendFloat(dst, v, 'e', -1, 64), nil
	default:
		return strconv.AppendFloat(dst, v, 'f', -1, 64), nil
	}
}

func appendInstant(dst []byte, micros int64, layout string) ([]byte, error) {
	if micros < firstMicros || micros > lastMicros {
		return nil, fmt.Errorf("the time %d microseconds from 1970 lies outside the years 0000 to 9999", micros)
	}
	dst = append(dst, '"')
	dst = time.UnixMicro(micros).UTC().AppendFormat(dst, layout)
	return append(dst, '"'), nil
}

// appendJSONString writes valid UTF-8 as a JSON string, with no more escapes than JSON asks for.
func appendJSONString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}
