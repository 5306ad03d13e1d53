package datasets

import (
	"fmt"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
)

// Application Guideline No. 1, Article 14 forbids uniform filling (统一赋值) of
// data. What looks like it is noted for people to judge: a constant can be
// true, as the province of a branch is.
const (
	// uniformRows is how many equal values are no coincidence.
	uniformRows = 100
	// defaultShare is the share of the column's dates above which a default
	// day is no true date any more: a day of birth or loss that happens to be
	// it has about one in 20,000.
	defaultShare = 0.01
)

// uniform notes a column that has one value in more than uniformRows rows and
// no other anywhere. Null, and NaN in a float column, are no values.
func (s *scan) uniform(t *Table) {
	chunks, err := t.arrays(s.column.Name)
	if err != nil {
		s.broken(err, "declare another type")
		return
	}
	var same tally
	row := 0
	for _, a := range chunks {
		if !s.uniformIn(a, row, &same) {
			return
		}
		row += a.Len()
	}
	if same.count <= uniformRows {
		return
	}
	same.value = s.masked(same.value)
	s.find(UniformFill, same,
		fmt.Sprintf("the value is the same in all %d rows that have one: uniform filling (统一赋值) is forbidden by Article 14", same.count),
		"load what was recorded, and null where nothing was; leave it when the value is true of every row")
}

// uniformIn adds the values of a chunk that begins at a row. It returns false
// at the first one that differs.
func (s *scan) uniformIn(a arrow.Array, row int, same *tally) bool {
	for i := range a.Len() {
		if a.IsNull(i) {
			continue
		}
		v := a.ValueStr(i)
		if s.column.Type == Float && v == "NaN" {
			continue
		}
		if same.count > 0 && v != same.value {
			return false
		}
		same.add(row+i, v)
	}
	return true
}

// defaultDays are the days that programs write where they know no date.
var defaultDays = [...]time.Time{
	time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC), // the first day of spreadsheets and of many databases
	time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), // 0 seconds of Unix time
}

// chinaAhead is how long before UTC a day begins in China, in microseconds: a
// default written as local midnight is read that much earlier.
const chinaAhead = microsPerDay / 3

// defaultDates notes a default day that stands in more than defaultShare of the
// rows that have a date. micros is the column, of which so many are null.
func (s *scan) defaultDates(micros []int64, null int) {
	for _, day := range defaultDays {
		begin := day.UnixMicro()
		var found tally
		for i, m := range micros {
			if m != NoTime && (m >= begin && m < begin+microsPerDay || m == begin-chinaAhead) {
				found.add(i, showInstant(m))
			}
		}
		filled := len(micros) - null
		if float64(found.count) <= defaultShare*float64(filled) {
			continue
		}
		s.find(DefaultDate, found,
			fmt.Sprintf("the date is %s, which programs write for no date, in %d of %d rows that have one", day.Format(time.DateOnly), found.count, filled),
			"write the true date, or null where none was recorded (Article 14)")
	}
}
