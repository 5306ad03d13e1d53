package datasets

import (
	"encoding/json"
	"math"
)

// Share is how many of some rows or values passed.
type Share struct {
	Passed int // numerator
	Of     int // denominator; 0 where the dimension says nothing
}

// Value returns Passed/Of, from 0 to 1, or NaN when Of is 0.
func (s Share) Value() float64 {
	if s.Of == 0 {
		return math.NaN()
	}
	return float64(s.Passed) / float64(s.Of)
}

// MarshalJSON writes {"share", "passed", "of"}, the share null when Of is 0.
func (s Share) MarshalJSON() ([]byte, error) {
	out := struct {
		Share  *float64 `json:"share"`
		Passed int      `json:"passed"`
		Of     int      `json:"of"`
	}{nil, s.Passed, s.Of}
	if v := s.Value(); s.Of > 0 {
		out.Share = &v
	}
	return json.Marshal(out)
}

// Measure is a dimension of a column, of the rows as such, or of a whole table.
type Measure struct {
	Column    string    `json:"column,omitempty"` // "" for rules on whole rows, and for a whole table
	Dimension Dimension `json:"dimension"`
	Total     Share     `json:"total"`
	Passed    []int     `json:"passed"` // by month of the table, see [TableMeasure]
	Of        []int     `json:"of"`     // by month of the table
}

// Month returns the share of the m-th month of the table.
func (m *Measure) Month(i int) Share { return Share{m.Passed[i], m.Of[i]} }

// Delay is how long after its happening a row became known.
type Delay struct {
	Of         int      `json:"of"`          // rows with both times
	MedianDays *float64 `json:"median_days"` // nil when there is none; of an even number the lower of the middle two
	P95Days    *float64 `json:"p95_days"`    // 95 % of the rows were known within it
}

// NoMonth stands in the place of a month for rows that are known at no instant
// between 1900 and 2199.
const NoMonth = "none"

// TableMeasure is the quality of one table by month of known_at (UTC). Month
// says to which entry of Months an entry of Rows, Passed, Of and Delays belongs.
type TableMeasure struct {
	Table      string    `json:"table"`
	Rows       int       `json:"rows"`
	Months     []string  `json:"months"` // such as 2024-01, ascending; those without rows are left out; [NoMonth] comes last
	MonthRows  []int     `json:"month_rows"`
	Overall    []Measure `json:"overall"`  // one per dimension: the sums over all columns
	Measures   []Measure `json:"measures"` // in order of column and dimension
	TimelyDays int       `json:"timely_days,omitempty"`
	Delay      *Delay    `json:"delay,omitempty"`  // of all rows; nil where the table does not say when its rows happened
	Delays     []Delay   `json:"delays,omitempty"` // by month
}

// measure is what counts for one column and dimension while checking.
type measure struct {
	failed  bitset
	applied bitset // rows to which an accuracy rule applied; unused by other dimensions
}

// bitset is a set of row numbers; it grows as they are added.
type bitset []uint64

func (b *bitset) add(i int) {
	for len(*b) <= i/64 {
		*b = append(*b, make([]uint64, max(16, len(*b)))...)
	}
	(*b)[i/64] |= 1 << (i % 64)
}

func (b bitset) has(i int) bool { return i/64 < len(b) && b[i/64]>>(i%64)&1 == 1 }

// or adds the rows of another set.
func (b *bitset) or(other bitset) {
	if len(*b) < len(other) {
		*b = append(*b, make([]uint64, len(other)-len(*b))...)
	}
	for i, w := range other {
		(*b)[i] |= w
	}
}

// frame is a table's rows by month.
type frame struct {
	rows     int
	months   []string
	month    []uint16 // by row, place in months; nil when all rows are in the only one
	counts   []int    // rows by month
	measures map[string]map[Dimension]*measure
	missing  map[string][]int // by column and month
	formed   map[string]bool  // columns whose values have a form to keep
	delays   [][]int64        // microseconds, by month
}

func (f *frame) monthOf(row int) int {
	if f.month == nil {
		return 0
	}
	return int(f.month[row])
}

// mark returns the measure of a column and dimension, made when needed.
func (f *frame) mark(column string, d Dimension) *measure {
	if f.measures[column] == nil {
		f.measures[column] = map[Dimension]*measure{}
	}
	m := f.measures[column][d]
	if m == nil {
		m = &measure{}
		f.measures[column][d] = m
	}
	return m
}

// byMonth counts the rows of a set by month.
func (f *frame) byMonth(set bitset) []int {
	counts := make([]int, len(f.months))
	for i := range f.rows {
		if set.has(i) {
			counts[f.monthOf(i)]++
		}
	}
	return counts
}
