package datasets

import (
	"fmt"
	"io"
	"strings"
)

// Severity says what a finding means for the dataset's use.
type Severity uint8

// The severities. A fault has to be mended before training; a note is for
// people to judge. Which kinds are faults is the dataset's to say, see [Quality].
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
	Kind     Kind     `json:"kind"`
	Table    string   `json:"table"`
	Column   string   `json:"column,omitempty"`
	Row      int      `json:"row,omitempty"`   // first row of the table concerned, from 1; 0 when no row is
	Value    string   `json:"value,omitempty"` // value in that row; "" when it is null or of a sensitive column, masked when the column's role is an identifier
	Count    int      `json:"count"`           // rows (or files, or columns) concerned
	Text     string   `json:"text"`            // what is wrong
	Mend     string   `json:"mend"`            // what to do about it
}

// CheckReport is what [Check] found, in order of table and column, and what it
// measured.
type CheckReport struct {
	Dataset  string         `json:"dataset"` // its name
	Faults   int            `json:"faults"`  // findings that are faults
	Notes    int            `json:"notes"`   // findings that are notes
	Findings []Finding      `json:"findings"`
	Measures []TableMeasure `json:"measures,omitempty"` // of the tables whose files can be read, in order of name
}

// OK says whether the dataset has no faults.
func (r *CheckReport) OK() bool { return r.Faults == 0 }

// Add adds a finding that somebody else made, such as a comparison with an
// earlier delivery, and counts it by its severity.
func (r *CheckReport) Add(f Finding) {
	if f.Severity == Fault {
		r.Faults++
	} else {
		r.Notes++
	}
	r.Findings = append(r.Findings, f)
}

// WriteText writes the report for people: two lines a finding, what is wrong
// and what mends it.
func (r *CheckReport) WriteText(w io.Writer) error {
	var b strings.Builder
	for i := range r.Findings {
		f := &r.Findings[i]
		fmt.Fprintf(&b, "%-5s  %s", f.Severity, f.oneLine())
		fmt.Fprintf(&b, "\n       -> %s\n", oneLine(f.Mend))
	}
	writeDimensions(&b, r.Measures)
	fmt.Fprintf(&b, "%s: %s, %s\n", r.Dataset, counted(r.Faults, "fault"), counted(r.Notes, "note"))
	_, err := io.WriteString(w, b.String())
	return err
}

// writeDimensions writes a line a table: the shares of the five dimensions.
func writeDimensions(b *strings.Builder, tables []TableMeasure) {
	if len(tables) == 0 {
		return
	}
	fmt.Fprintf(b, "%-12s %9s", "table", "rows")
	for _, d := range Dimensions {
		fmt.Fprintf(b, "  %13s", d)
	}
	b.WriteString("\n")
	for _, t := range tables {
		fmt.Fprintf(b, "%-12s %9d", t.Table, t.Rows)
		for _, d := range Dimensions {
			text := "-"
			for _, m := range t.Overall {
				if m.Dimension == d && m.Total.Of > 0 {
					text = fmt.Sprintf("%.4f", m.Total.Value())
				}
			}
			fmt.Fprintf(b, "  %13s", text)
		}
		b.WriteString("\n")
	}
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
	if runes := []rune(s); len(runes) > 400 {
		return string(runes[:400]) + "..."
	}
	return s
}
