package datasets

import (
	"errors"
	"fmt"

	"claimsieve/datasets/parquetfile"
)

// Check holds a dataset's files against its dataset.yaml and against the rules
// of a claim history. It finds missing and unreadable files, missing columns
// and wrong types; null and repeated keys; rows without an instant from which
// they are known, or known before they happened; dates before 1900 or after
// 2199; NaN and infinities; outcomes with unknown conclusions, without claims,
// before their claim or repeated. It notes identifiers that cannot be genuine,
// by the column's role, and columns and dates that look filled. Data faults are
// in the report; the error is for a check that could not be made at all.
func Check(d *Dataset) (*CheckReport, error) {
	if d == nil || d.Spec == nil {
		return nil, errors.New("cannot check dataset: it is not open")
	}
	c := &checker{data: d, report: &CheckReport{Dataset: d.Spec.Name, Findings: []Finding{}}, usable: map[string]map[string]bool{}}
	for _, name := range d.Spec.TableNames() {
		c.files(name)
	}
	for _, name := range d.Spec.TableNames() {
		c.table(name)
	}
	c.claims()
	c.outcomes()
	c.references()
	return c.report, nil
}

// checker is one pass of Check.
type checker struct {
	data   *Dataset
	report *CheckReport
	usable map[string]map[string]bool // columns that every file has in the right type, by table
	claim  map[string]int             // row of each claim, from 0; nil when claims cannot be read
	known  []int64                    // known_at of each claim
}

func (c *checker) fault(table, column, text, mend string, count int) {
	c.report.add(Finding{Table: table, Column: column, Count: count, Text: text, Mend: mend})
}

// files checks what needs no rows: that files are there, open, and have the
// columns in readable types.
func (c *checker) files(table string) {
	ts := c.data.Spec.Tables[table]
	names, err := c.data.files(table)
	if err != nil {
		c.fault(table, "", err.Error(), "put the file there or mend files: in "+SpecFile, 1)
		return
	}
	usable := map[string]bool{}
	for i := range ts.Columns {
		usable[ts.Columns[i].Name] = true
	}
	for _, name := range names {
		if !c.file(table, ts, name, usable) {
			return
		}
	}
	c.usable[table] = usable
}

// file checks one file and strikes out the columns that it cannot give. It
// returns false when the file cannot be read at all.
func (c *checker) file(table string, ts *TableSpec, name dataFile, usable map[string]bool) bool {
	file, err := parquetfile.Open(c.data.path(name))
	if err != nil {
		c.fault(table, "", err.Error(), "write the file again, or take it out of files: in "+SpecFile, 1)
		return false
	}
	defer file.Close()
	want := make([]*ColumnSpec, len(ts.Columns))
	for i := range ts.Columns {
		want[i] = &ts.Columns[i]
	}
	inFile, _, err := name.split(file, want)
	if err != nil {
		c.fault(table, "", err.Error(), "rename the folder", 1)
		return false
	}
	for i, problem := range file.Problems(fileColumns(inFile)) {
		if problem == nil {
			continue
		}
		usable[inFile[i].Name] = false
		mend := "mend the column's type in " + SpecFile + " or in the file"
		var missing *parquetfile.MissingColumnError
		if errors.As(problem, &missing) {
			mend = fmt.Sprintf("name the file's column in from: of column %q, or take the column out of %s", inFile[i].Name, SpecFile)
		}
		c.fault(table, inFile[i].Name, problem.Error(), mend, 1)
	}
	return true
}

// table checks the rows of a table, a column at a time.
func (c *checker) table(name string) {
	if c.usable[name] == nil {
		return
	}
	ts := c.data.Spec.Tables[name]
	for i := range ts.Columns {
		col := &ts.Columns[i]
		if !c.usable[name][col.Name] {
			continue
		}
		t, err := c.data.read(name, col.Name)
		if err != nil {
			c.usable[name][col.Name] = false
			c.fault(name, col.Name, err.Error(), "mend the value in the file, or the column's type in "+SpecFile, 1)
			continue
		}
		c.column(name, ts, col, t)
	}
	c.clocks(name, ts)
}

// column checks the values of one column by themselves.
func (c *checker) column(table string, ts *TableSpec, col *ColumnSpec, t *Table) {
	s := scan{column: col}
	switch {
	case col.Name == ts.Key:
		s.keys(t)
	case col.Type == Float:
		s.floats(t)
	case col.Type == Time || col.Type == Date:
		s.times(t, col.Name == ts.KnownAt)
	}
	if col.Name != ts.Key && t.rows > 0 && t.nulls() == t.rows {
		s.note(0, "", t.rows, "the column is null in every row", "take it out of "+SpecFile+", or fill it")
	}
	s.identifiers(t)
	if col.Name != ts.Key {
		s.uniform(t)
	}
	for _, f := range s.findings {
		f.Table, f.Column = table, col.Name
		c.report.add(f)
	}
}

// nulls counts the nulls of a table of one column.
func (t *Table) nulls() int {
	n := 0
	for _, r := range t.chunks {
		n += r.Column(0).NullN()
	}
	return n
}
