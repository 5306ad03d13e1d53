package datasets

import (
	"slices"
	"time"
)

// newFrame places rows that are known at the instants into their months. Nil
// instants put all rows into [NoMonth].
func newFrame(known []int64, rows int) *frame {
	f := &frame{rows: rows, measures: map[string]map[Dimension]*measure{}, missing: map[string][]int{}, formed: map[string]bool{}}
	if known == nil {
		f.months, f.counts = []string{NoMonth}, []int{rows}
		return f
	}
	number := make([]uint16, len(known))
	var counts [monthsKnown + 1]int
	for i, m := range known {
		number[i] = monthNumber(m)
		counts[number[i]]++
	}
	var place [monthsKnown + 1]uint16
	for n, count := range counts {
		if count == 0 {
			continue
		}
		place[n] = uint16(len(f.months))
		f.counts = append(f.counts, count)
		f.months = append(f.months, monthName(n))
	}
	for i, n := range number {
		number[i] = place[n]
	}
	f.month = number
	return f
}

// MonthsOf returns the months (UTC) that instants in microseconds fall into, as
// in [TableMeasure], and for each instant the place of its month among them.
func MonthsOf(instants []int64) (months []string, place []uint16) {
	f := newFrame(instants, len(instants))
	return f.months, f.month
}

// monthsKnown is how many months there are from 1900 to 2199; the number after
// the last stands for no month.
const monthsKnown = 300 * 12

func monthNumber(micros int64) uint16 {
	if micros == NoTime || micros < earliest || micros >= latest {
		return monthsKnown
	}
	year, month, _ := time.UnixMicro(micros).UTC().Date()
	return uint16((year-1900)*12 + int(month) - 1)
}

func monthName(number int) string {
	if number == monthsKnown {
		return NoMonth
	}
	return time.Date(1900, time.Month(1+number), 1, 0, 0, 0, 0, time.UTC).Format("2006-01")
}

// result sums up what was marked.
func (f *frame) result(table string, columns []string) TableMeasure {
	out := TableMeasure{Table: table, Rows: f.rows, Months: f.months, MonthRows: f.counts, Measures: []Measure{}}
	for _, column := range append(slices.Clone(columns), "") {
		for _, d := range Dimensions {
			if m, ok := f.measured(column, d); ok {
				out.Measures = append(out.Measures, m)
			}
		}
	}
	for _, d := range Dimensions {
		whole := Measure{Dimension: d, Passed: make([]int, len(f.months)), Of: make([]int, len(f.months))}
		for _, m := range out.Measures {
			if m.Dimension == d {
				whole.add(m)
			}
		}
		out.Overall = append(out.Overall, whole)
	}
	return out
}

func (m *Measure) add(other Measure) {
	m.Total.Passed += other.Total.Passed
	m.Total.Of += other.Total.Of
	for i := range other.Of {
		m.Passed[i] += other.Passed[i]
		m.Of[i] += other.Of[i]
	}
}

// measured returns a column's measure of a dimension; false when the dimension
// says nothing about it. The column "" stands for rules on whole rows.
func (f *frame) measured(column string, d Dimension) (Measure, bool) {
	marks := f.measures[column][d]
	out := Measure{Column: column, Dimension: d}
	missing, read := f.missing[column]
	switch {
	case column == "" && marks == nil:
		return out, false
	case column == "" || d == Accuracy || d == Timeliness:
		if marks == nil {
			return out, false
		}
		if out.Of = f.counts; marks.applied != nil {
			out.Of = f.byMonth(marks.applied)
		}
	case !read || d == StandardForm && !f.formed[column]:
		return out, false
	default:
		out.Of = slices.Clone(f.counts)
		if d != Completeness {
			for i, n := range missing {
				out.Of[i] -= n
			}
		}
	}
	out.Passed = slices.Clone(out.Of)
	if d == Completeness {
		for i, n := range missing {
			out.Passed[i] -= n
		}
	} else if marks != nil {
		for i, n := range f.byMonth(marks.failed) {
			out.Passed[i] = max(0, out.Passed[i]-n)
		}
	}
	for i := range out.Of {
		out.Total.Passed += out.Passed[i]
		out.Total.Of += out.Of[i]
	}
	return out, true
}
