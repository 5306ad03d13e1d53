package datasets

import (
	"fmt"
	"math"
	"runtime"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// table checks the rows of a table: its columns side by side, each by itself,
// then what needs several of them. Findings come in the order of the columns.
func (c *checker) table(name string) {
	usable := c.usable[name]
	if usable == nil {
		return
	}
	ts := c.data.Spec.Tables[name]
	known := c.micros(name, ts.KnownAt)
	rows, err := c.rows(name, known)
	if err != nil {
		c.fault(UnreadableFile, name, "", err.Error(), "write the file again, or take it out of files: in "+SpecFile)
		return
	}
	f := newFrame(known, rows)
	c.frames[name] = f
	columns := make([]*ColumnSpec, 0, len(ts.Columns))
	for i := range ts.Columns {
		if usable[ts.Columns[i].Name] {
			columns = append(columns, &ts.Columns[i])
		}
	}
	sums := newRowSums(ts, rows)
	for i, s := range c.scans(name, ts, columns, f, sums) {
		column := columns[i].Name
		if s.missing != nil {
			f.missing[column] = s.missing
			f.formed[column] = s.formed
		} else {
			usable[column] = false
		}
		for _, x := range s.findings {
			c.emit(name, column, x)
		}
	}
	c.clocks(name, ts)
	c.delays(name, ts, f, known)
	c.repeated(name, ts, sums, len(columns) == len(ts.Columns))
	c.gaps(name, ts, known)
}

// rows returns the number of rows of a table.
func (c *checker) rows(table string, known []int64) (int, error) {
	if known != nil {
		return len(known), nil
	}
	for _, col := range c.data.Spec.Tables[table].Columns {
		if !c.usable[table][col.Name] {
			continue
		}
		if t, err := c.data.read(table, col.Name); err == nil {
			return t.rows, nil
		}
	}
	return 0, fmt.Errorf("cannot read table %q: no column of it can be read", table)
}

// scans checks columns by themselves, as many at once as there are processors.
func (c *checker) scans(table string, ts *TableSpec, columns []*ColumnSpec, f *frame, sums *rowSums) []*scan {
	out := make([]*scan, len(columns))
	next := make(chan int)
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(columns)) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := range next {
				out[i] = c.column(table, ts, columns[i], f, sums)
			}
		}()
	}
	for i := range columns {
		next <- i
	}
	close(next)
	wait.Wait()
	return out
}

// column checks the values of one column by themselves. It changes nothing but
// sums, which may be added to in any order. A column that cannot be read has no
// missing values, not even zero.
func (c *checker) column(table string, ts *TableSpec, col *ColumnSpec, f *frame, sums *rowSums) *scan {
	s := &scan{column: col}
	t, err := c.data.read(table, col.Name)
	if err != nil {
		s.broken(err, "mend the value in the file, or the column's type in "+SpecFile)
		return s
	}
	switch {
	case col.Name == ts.Key:
		s.keys(t)
	case col.Type == Float:
		s.floats(t)
	case col.Type == Time || col.Type == Date:
		s.times(t, col.Name == ts.KnownAt)
	}
	if col.Name != ts.Key && t.rows > 0 && t.nulls() == t.rows {
		s.find(NullColumn, tally{count: t.rows}, "the column is null in every row", "take it out of "+SpecFile+", or fill it")
	}
	s.identifiers(t)
	s.known(t, c.codeTable(table, col))
	if col.Name != ts.Key {
		s.uniform(t)
	}
	s.count(t, f)
	sums.add(col.Name, t)
	return s
}

// count counts by month the rows without a value: null, NaN, and the empty text
// in a column of texts.
func (s *scan) count(t *Table, f *frame) {
	s.formed = s.formed || s.column.Type == Float || s.column.Type == Time || s.column.Type == Date
	missing := make([]int, len(f.months))
	row := 0
	for _, chunk := range t.chunks {
		a := chunk.Column(0)
		absent := absence(a)
		for i := range a.Len() {
			if absent(i) && row+i < f.rows {
				missing[f.monthOf(row+i)]++
			}
		}
		row += a.Len()
	}
	s.missing = missing
}

// absence returns what tells that an element of an array is no value.
func absence(a arrow.Array) func(i int) bool {
	switch a := a.(type) {
	case *array.Float64:
		return func(i int) bool { return a.IsNull(i) || math.IsNaN(a.Value(i)) }
	case *array.String:
		return func(i int) bool { return a.IsNull(i) || a.Value(i) == "" }
	case *array.Dictionary:
		if words, ok := a.Dictionary().(*array.String); ok {
			return func(i int) bool { return a.IsNull(i) || words.Value(a.GetValueIndex(i)) == "" }
		}
	}
	return a.IsNull
}

// nulls counts the nulls of a table of one column.
func (t *Table) nulls() int {
	n := 0
	for _, r := range t.chunks {
		n += r.Column(0).NullN()
	}
	return n
}

// measures sums up what was found out about a table.
func (c *checker) measures(table string, f *frame) TableMeasure {
	out := f.result(table, c.data.Spec.Tables[table].columnNames())
	if f.delays != nil {
		out.TimelyDays = c.data.Spec.TimelyDays(table)
		out.Delay, out.Delays = f.delay()
	}
	return out
}
