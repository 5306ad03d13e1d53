package parquetfile

import (
	"fmt"
	"strings"

	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"
)

// MissingColumnError is the error of a column that a file does not have.
type MissingColumnError struct {
	File, Column string
	Near         string // the column whose name is nearest, "" when none is near
}

// Error names the file, the column and the nearest name.
func (e *MissingColumnError) Error() string {
	s := fmt.Sprintf("cannot read column %q of %s: there is no such column", e.Column, e.File)
	if e.Near != "" {
		s += fmt.Sprintf(", did you mean %q?", e.Near)
	}
	return s
}

// TypeError is the error of a column whose type cannot become the wanted one.
type TypeError struct {
	File, Column string
	Text         string // the type found, the type wanted and the mend
}

// Error names the file, the column, both types and the mend.
func (e *TypeError) Error() string {
	return fmt.Sprintf("cannot read column %q of %s: %s", e.Column, e.File, e.Text)
}

// accepts returns an error when no value of the column could become want.
func (l *leaf) accepts(want wanted) (err error) {
	var none encoding.Values
	switch l.physical {
	case format.Boolean:
		none = encoding.BooleanValues(nil)
	case format.Int32:
		none = encoding.Int32Values(nil)
	case format.Int64:
		none = encoding.Int64Values(nil)
	case format.Int96:
		none = encoding.Int96Values(nil)
	case format.Float:
		none = encoding.FloatValues(nil)
	case format.Double:
		none = encoding.DoubleValues(nil)
	case format.ByteArray:
		none = encoding.ByteArrayValues(nil, nil)
	case format.FixedLenByteArray:
		none = encoding.FixedLenByteArrayValues(nil, int(l.length))
	}
	switch want {
	case wantText, wantDictionary:
		_, err = l.textOf(none, want)
	case wantInt, wantTime:
		_, err = l.integersOf(none, want)
	case wantFloat:
		_, err = l.floatsOf(none)
	case wantDate:
		_, err = l.datesOf(none)
	case wantBool:
		if l.physical != format.Boolean && l.logical.means != meansNull {
			err = l.mismatch(want)
		}
	}
	return err
}

// nearest returns the column name with the smallest edit distance to name when
// at most a third of its letters differ, "" otherwise. Case does not count.
func nearest(name string, columns []leaf) string {
	best, least := "", len([]rune(name))/3+1
	for i := range columns {
		if d := distance([]rune(strings.ToLower(name)), []rune(strings.ToLower(columns[i].name)), least); d <= least && (best == "" || d < least) {
			best, least = columns[i].name, d
		}
	}
	return best
}

// distance is the Levenshtein distance of a and b, or some number above bound
// when their lengths alone say that it is above it.
func distance(a, b []rune, bound int) int {
	if len(a)-len(b) > bound || len(b)-len(a) > bound {
		return bound + 1
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		corner := row[0]
		row[0] = i + 1
		for j := range b {
			cost := corner
			if a[i] != b[j] {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// Problems says, for each of the columns asked for, why it cannot be read as
// wanted, nil when its types allow it. No page is read: values that do not
// convert are found by reading.
func (f *File) Problems(columns []Column) []error {
	out := make([]error, len(columns))
	for i, c := range columns {
		_, _, out[i] = f.resolve(c)
	}
	return out
}
