package datasets

import (
	"errors"
	"fmt"

	"claimsieve/datasets/codes"
	"claimsieve/datasets/parquetfile"
)

// Check holds a dataset's files against its dataset.yaml and against the rules
// of a claim history, and measures the five dimensions of its quality by table,
// column and month. It finds missing and unreadable files, missing columns and
// wrong types; null and repeated keys, repeated and copied rows, claims of one
// vehicle or person at one instant; rows without an instant from which they are
// known, or known before they happened; months and days without rows; dates
// before 1900 or after 2199; NaN and infinities; codes that are in no table;
// outcomes with unknown conclusions, without claims, before their claim,
// repeated, or at odds with themselves (Application Guideline No. 1, Article
// 26); identifiers that cannot be genuine, and columns and dates that look
// filled. Every finding has a [Kind]; whether it is a fault or a note is the
// dataset's to say. Nothing is changed. Data faults are in the report; the error
// is for a check that could not be made at all. The report does not depend on
// the number of processors.
func Check(d *Dataset) (*CheckReport, error) {
	if d == nil || d.Spec == nil {
		return nil, errors.New("cannot check dataset: it is not open")
	}
	c := &checker{data: d, report: &CheckReport{Dataset: d.Spec.Name, Findings: []Finding{}},
		usable: map[string]map[string]bool{}, frames: map[string]*frame{}, codes: map[string]*codes.Table{}}
	c.codeTables()
	for _, name := range d.Spec.TableNames() {
		c.files(name)
	}
	for _, name := range d.Spec.TableNames() {
		c.table(name)
	}
	c.claims()
	c.outcomes()
	c.references()
	for _, name := range d.Spec.TableNames() {
		if f := c.frames[name]; f != nil {
			c.report.Measures = append(c.report.Measures, c.measures(name, f))
		}
	}
	return c.report, nil
}

// checker is one pass of Check.
type checker struct {
	data   *Dataset
	report *CheckReport
	usable map[string]map[string]bool // columns that every file has in the right type, by table
	frames map[string]*frame          // tables whose files can be read
	codes  map[string]*codes.Table    // code tables by name, those of the dataset first; nil for an unreadable one
	claim  map[string]int             // row of each claim, from 0; nil when claims cannot be read
	known  []int64                    // known_at of each claim
}

// fault adds a finding that is about no rows.
func (c *checker) fault(kind Kind, table, column, text, mend string) {
	c.emit(table, column, found{Finding: Finding{Kind: kind, Count: 1, Text: text, Mend: mend}})
}

// emit adds a finding and counts its rows against its dimension. Findings about
// whole rows count at the column "".
func (c *checker) emit(table, column string, f found) {
	f.Table, f.Column, f.Severity = table, column, Note
	if c.data.Spec.Blocks(f.Kind) {
		f.Severity = Fault
	}
	c.report.Add(f.Finding)
	rule := f.Kind.rule()
	if frame := c.frames[table]; frame != nil && f.rows != nil && rule.Dimension != NoDimension {
		if f.Kind == DuplicateRow || f.Kind == CopiedRow || f.Kind == NearDuplicate {
			column = ""
		}
		frame.mark(column, rule.Dimension).failed.or(f.rows)
	}
}

// files checks what needs no rows: that files are there, open, and have the
// columns in readable types.
func (c *checker) files(table string) {
	ts := c.data.Spec.Tables[table]
	names, err := c.data.files(table)
	if err != nil {
		c.fault(MissingFile, table, "", err.Error(), "put the file there or mend files: in "+SpecFile)
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
		c.fault(UnreadableFile, table, "", err.Error(), "write the file again, or take it out of files: in "+SpecFile)
		return false
	}
	defer file.Close()
	want := make([]*ColumnSpec, len(ts.Columns))
	for i := range ts.Columns {
		want[i] = &ts.Columns[i]
	}
	inFile, _, err := name.split(file, want)
	if err != nil {
		c.fault(UnreadableFile, table, "", err.Error(), "rename the folder")
		return false
	}
	for i, problem := range file.Problems(fileColumns(inFile)) {
		if problem == nil {
			continue
		}
		usable[inFile[i].Name] = false
		kind, mend := WrongType, "mend the column's type in "+SpecFile+" or in the file"
		var missing *parquetfile.MissingColumnError
		if errors.As(problem, &missing) {
			kind, mend = MissingColumn, fmt.Sprintf("name the file's column in from: of column %q, or take the column out of %s", inFile[i].Name, SpecFile)
		}
		c.fault(kind, table, inFile[i].Name, problem.Error(), mend)
	}
	return true
}
