package datasets

import (
	"fmt"
	"math"
	"time"
)

// Instants outside these years are slips of the pen: nobody alive has an
// earlier or later date.
var (
	earliest = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	latest   = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
)

// scan collects what the values of one column show.
type scan struct {
	column   *ColumnSpec
	findings []found
	missing  []int // rows without a value, by month
	formed   bool  // the values have a form to keep
}

// found is a finding with the rows that it is about.
type found struct {
	Finding
	rows bitset
}

// find notes rows of one kind, if there are any.
func (s *scan) find(kind Kind, t tally, text, mend string) {
	if t.count == 0 {
		return
	}
	if s.column.Class == Sensitive {
		t.value = ""
	}
	s.findings = append(s.findings, found{Finding{Kind: kind, Row: t.row, Value: t.value, Count: t.count, Text: text, Mend: mend}, t.rows})
}

// broken notes that the column cannot be read as what it is.
func (s *scan) broken(err error, mend string) {
	s.findings = append(s.findings, found{Finding: Finding{Kind: UnreadableValue, Count: 1, Text: err.Error(), Mend: mend}})
}

// tally counts rows and remembers them, and the first with its value.
type tally struct {
	count, row int // row from 1
	value      string
	rows       bitset
}

func (t *tally) add(i int, value string) {
	if t.count++; t.count == 1 {
		t.row, t.value = i+1, value
	}
	t.rows.add(i)
}

// keys finds nulls, empty texts and repetitions in a key.
func (s *scan) keys(t *Table) {
	values, valid, err := t.words(s.column.Name)
	if err != nil {
		s.broken(err, "declare the key as id")
		return
	}
	var null, empty, twice tally
	first := make(map[string]int, len(values))
	for i, v := range values {
		switch {
		case !valid[i]:
			null.add(i, "")
		case v == "":
			empty.add(i, "")
		default:
			if j, seen := first[v]; seen {
				twice.add(i, fmt.Sprintf("%s (also in row %d)", s.masked(v), j+1))
			} else {
				first[v] = i
			}
		}
	}
	s.find(NullKey, null, "the key is null", "remove the rows or give them keys")
	s.find(NullKey, empty, "the key is empty", "remove the rows or give them keys")
	s.find(DuplicateKey, twice, "the key stands in an earlier row already", "keep one row per key")
}

// words returns a column's values as text and which of them are not null.
func (t *Table) words(column string) ([]string, []bool, error) {
	chunks, err := t.arrays(column)
	if err != nil {
		return nil, nil, err
	}
	values, valid := make([]string, 0, t.rows), make([]bool, 0, t.rows)
	for _, a := range chunks {
		for i := range a.Len() {
			ok := a.IsValid(i)
			valid = append(valid, ok)
			if ok {
				values = append(values, a.ValueStr(i))
			} else {
				values = append(values, "")
			}
		}
	}
	return values, valid, nil
}

func (s *scan) floats(t *Table) {
	chunks, err := t.arrays(s.column.Name)
	if err != nil {
		s.broken(err, "declare another type")
		return
	}
	var nan, infinite tally
	row := 0
	for _, a := range chunks {
		value, err := floatReader(a)
		if err != nil {
			s.broken(err, "declare another type")
			return
		}
		for i := range a.Len() {
			if a.IsNull(i) {
				continue
			}
			switch x := value(i); {
			case math.IsNaN(x):
				nan.add(row+i, "NaN")
			case math.IsInf(x, 0):
				infinite.add(row+i, fmt.Sprint(x))
			}
		}
		row += a.Len()
	}
	s.find(NotANumber, nan, "the value is NaN, which is read as missing", "write null where nothing is known")
	s.find(InfiniteValue, infinite, "the value is infinite", "write the true value, or null")
}

func (s *scan) times(t *Table, needed bool) {
	micros, err := t.Micros(s.column.Name)
	if err != nil {
		s.broken(err, "declare another type")
		return
	}
	var null, early, late tally
	for i, m := range micros {
		switch {
		case m == NoTime:
			null.add(i, "")
		case m < earliest:
			early.add(i, showInstant(m))
		case m >= latest:
			late.add(i, showInstant(m))
		}
	}
	if needed {
		s.find(NullKnownAt, null, "the instant from which the row is known is null", "fill it: a row without it cannot be used at any time")
	}
	s.defaultDates(micros, null.count)
	s.find(DateOutOfRange, early, "the date lies before 1900", "write the true date, or null")
	s.find(DateOutOfRange, late, "the date lies after 2199", "write the true date, or null")
}

// showInstant writes microseconds since 1970 for people.
func showInstant(micros int64) string {
	t := time.UnixMicro(micros).UTC()
	if micros%microsPerDay == 0 {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02T15:04:05.999999Z")
}
