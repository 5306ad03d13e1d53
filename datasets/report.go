package datasets

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Severity says what a finding means for the dataset's use.
type Severity uint8

// The severities. A fault has to be mended before training; a note is for
// people to judge.
const (
	Fault Severity = iota
	Note
)

var severityNames = [...]string{"fault", "note"}

// String returns "fault" or "note".
func (s Severity) String() string {
	if int(s) < len(severityNames) {
		return severityNames[s]
	}
	return fmt.Sprintf("Severity(%d)", uint8(s))
}

// MarshalText writes the severity's name.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the severity's name.
func (s *Severity) UnmarshalText(text []byte) error {
	for i, n := range severityNames {
		if n == string(text) {
			*s = Severity(i)
			return nil
		}
	}
	return fmt.Errorf("cannot use severity %q: want %s", text, strings.Join(severityNames[:], " or "))
}

// Finding is one thing that [Check] found in a dataset.
type Finding struct {
	Severity Severity `json:"severity"`
	Table    string   `json:"table"`
	Column   string   `json:"column,omitempty"`
	Row      int      `json:"row,omitempty"`   // first row of the table concerned, from 1; 0 when no row is
	Value    string   `json:"value,omitempty"` // value in that row; "" when it is null or of a sensitive column
	Count    int      `json:"count"`           // rows (or files, or columns) concerned
	Text     string   `json:"text"`            // what is wrong
	Mend     string   `json:"mend"`            // what to do about it
}

// CheckReport is what [Check] found, in order of table and column.
type CheckReport struct {
	Dataset  string    `json:"dataset"` // its name
	Faults   int       `json:"faults"`  // findings that are faults
	Notes    int       `json:"notes"`   // findings that are notes
	Findings []Finding `json:"findings"`
}

// OK says whether the dataset has no faults.
func (r *CheckReport) OK() bool { return r.Faults == 0 }

func (r *CheckReport) add(f Finding) {
	if f.Severity == Fault {
		r.Faults++
	} else {
		r.Notes++
	}
	r.Findings = append(r.Findings, f)
}

// WriteText writes the report as aligned columns for people.
func (r *CheckReport) WriteText(w io.Writer) error {
	if len(r.Findings) == 0 {
		_, err := fmt.Fprintf(w, "%s: no faults, no notes\n", r.Dataset)
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "SEVERITY\tTABLE\tCOLUMN\tCOUNT\tROW\tVALUE\tTEXT\tMEND")
	for _, f := range r.Findings {
		row := ""
		if f.Row > 0 {
			row = fmt.Sprint(f.Row)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%s\t%s\t%s\t%s\n", f.Severity, f.Table, f.Column, f.Count, row, oneLine(f.Value), oneLine(f.Text), oneLine(f.Mend))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%s: %s, %s\n", r.Dataset, counted(r.Faults, "fault"), counted(r.Notes, "note"))
	return err
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// oneLine keeps a foreign text inside its cell: no control characters, and
// not longer than a line.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > 160 {
		return string(runes[:160]) + "..."
	}
	return s
}
