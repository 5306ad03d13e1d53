package datasets

import (
	"errors"
	"fmt"
	"time"
)

// Description is what a dataset holds, for people.
type Description struct {
	Name   string             `json:"name"`
	Title  Title              `json:"title"`
	Line   string             `json:"line,omitempty"`
	Source string             `json:"source,omitempty"`
	Tables []TableDescription `json:"tables"`           // sorted by name
	Labels []LabelYear        `json:"labels,omitempty"` // by year, ascending; empty without outcomes
}

// TableDescription is what a table holds.
type TableDescription struct {
	Name     string              `json:"name"`
	Files    int                 `json:"files"`
	Rows     int                 `json:"rows"`
	Happened *TimeRange          `json:"happened,omitempty"` // nil when the table has no such column or no values in it
	Known    *TimeRange          `json:"known,omitempty"`
	Columns  []ColumnDescription `json:"columns"` // in the order of dataset.yaml
}

// TimeRange is the first and the last instant of a column, both included.
type TimeRange struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// ColumnDescription is what a column holds. Minimum, maximum and mean are
// there for numbers and times (a mean only for numbers); Top for categories.
// Values of sensitive columns are never shown, and neither are identifiers and
// free texts.
type ColumnDescription struct {
	Name     string       `json:"name"`
	Type     Type         `json:"type"`
	Stage    Stage        `json:"stage"`
	Role     string       `json:"role,omitempty"`
	Class    DataClass    `json:"class"`
	Title    Title        `json:"title"`
	Nulls    int          `json:"nulls"`
	NaNs     int          `json:"nans,omitempty"`
	Distinct int          `json:"distinct"`       // values other than null
	More     bool         `json:"more,omitempty"` // there are more than Distinct values, which is where counting ends
	Min      string       `json:"min,omitempty"`  // smallest value
	Max      string       `json:"max,omitempty"`  // largest value
	Mean     *float64     `json:"mean,omitempty"` // of the values that are neither null nor NaN; nil when there are none or it is infinite
	Top      []ValueCount `json:"top,omitempty"`  // most frequent values first; equal counts in order of the value
}

// ValueCount is a value and the number of rows that hold it.
type ValueCount struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// LabelYear counts the claims that became known in a calendar year (UTC) by
// their last known label. Claims without an outcome are unknown.
type LabelYear struct {
	Year      int `json:"year"`
	Claims    int `json:"claims"`
	Confirmed int `json:"confirmed"`
	Suspected int `json:"suspected"`
	Cleared   int `json:"cleared"`
	Unknown   int `json:"unknown"`
}

// Describe reads a dataset whole, a column at a time, and says what it holds.
// A dataset that [Check] finds unreadable is an error.
func Describe(d *Dataset) (*Description, error) {
	if d == nil || d.Spec == nil {
		return nil, errors.New("cannot describe dataset: it is not open")
	}
	out := &Description{Name: d.Spec.Name, Title: d.Spec.Title, Line: d.Spec.Line, Source: d.Spec.Source}
	for _, name := range d.Spec.TableNames() {
		t, err := d.describeTable(name)
		if err != nil {
			return nil, fmt.Errorf("cannot describe dataset %s: %w", d.Dir, err)
		}
		out.Tables = append(out.Tables, *t)
	}
	if d.Spec.Tables[OutcomesTable] != nil {
		labels, err := d.labelsByYear()
		if err != nil {
			return nil, fmt.Errorf("cannot describe dataset %s: %w", d.Dir, err)
		}
		out.Labels = labels
	}
	return out, nil
}

func (d *Dataset) describeTable(name string) (*TableDescription, error) {
	ts := d.Spec.Tables[name]
	files, err := d.files(name)
	if err != nil {
		return nil, err
	}
	out := &TableDescription{Name: name, Files: len(files)}
	for i := range ts.Columns {
		col := &ts.Columns[i]
		t, err := d.read(name, col.Name)
		if err != nil {
			return nil, err
		}
		out.Rows = t.Rows()
		summary, err := describeColumn(t, col)
		if err != nil {
			return nil, err
		}
		out.Columns = append(out.Columns, *summary)
		if col.Name == ts.HappenedAt || col.Name == ts.KnownAt {
			r, err := t.timeRange(col.Name)
			if err != nil {
				return nil, err
			}
			if col.Name == ts.HappenedAt {
				out.Happened = r
			}
			if col.Name == ts.KnownAt {
				out.Known = r
			}
		}
	}
	return out, nil
}

// timeRange returns the first and last instant of a column, nil when it has none.
func (t *Table) timeRange(column string) (*TimeRange, error) {
	micros, err := t.Micros(column)
	if err != nil {
		return nil, err
	}
	first, last, any := int64(0), int64(0), false
	for _, m := range micros {
		if m == NoTime {
			continue
		}
		if !any {
			first, last, any = m, m, true
		}
		first, last = min(first, m), max(last, m)
	}
	if !any {
		return nil, nil
	}
	return &TimeRange{time.UnixMicro(first).UTC(), time.UnixMicro(last).UTC()}, nil
}

// labelsByYear counts the claims of each year by label.
func (d *Dataset) labelsByYear() ([]LabelYear, error) {
	ts := d.Spec.Tables[ClaimsTable]
	t, err := d.Table(ClaimsTable, ts.Key, ts.KnownAt)
	if err != nil {
		return nil, err
	}
	keys, err := t.Strings(ts.Key)
	if err != nil {
		return nil, err
	}
	known, err := t.Micros(ts.KnownAt)
	if err != nil {
		return nil, err
	}
	all, err := d.Outcomes()
	if err != nil {
		return nil, err
	}
	return countLabels(keys, known, LatestOutcomes(all, endOfTime)), nil
}
