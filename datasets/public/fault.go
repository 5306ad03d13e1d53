package public

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxFaults bounds how many faults one error lists: enough to see a pattern,
// few enough to read.
const maxFaults = 20

// maxShown bounds the runes of a foreign value that an error repeats.
const maxShown = 40

// Fault is one place where a file is not what the importer knows.
type Fault struct {
	Line   int    // line in the file, from 1; 0 when the whole file is meant
	Column string // header name of the column; "" when the whole line is meant
	Value  string // what stands there, cut to 40 characters; "" when no single value is meant
	Text   string // what is wrong and how to mend it
}

// FaultsError says that a file cannot be imported and lists why: at most 20
// faults, in line order.
type FaultsError struct {
	Path   string  // the file
	Faults []Fault // never empty
	More   bool    // true when reading stopped at the limit, so that more may follow
}

// Error lists the faults, one to a line after the first line.
func (e *FaultsError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "cannot import %s: %d faults", e.Path, len(e.Faults))
	if len(e.Faults) == 1 {
		b.Reset()
		fmt.Fprintf(&b, "cannot import %s: 1 fault", e.Path)
	}
	for _, f := range e.Faults {
		b.WriteString("\n  ")
		if f.Line > 0 {
			fmt.Fprintf(&b, "line %d: ", f.Line)
		}
		if f.Column != "" {
			fmt.Fprintf(&b, "column %q: ", f.Column)
		}
		b.WriteString(f.Text)
	}
	if e.More {
		fmt.Fprintf(&b, "\n  (reading stopped at %d faults)", maxFaults)
	}
	return b.String()
}

// full reports whether no further fault may be added.
func (e *FaultsError) full() bool { return len(e.Faults) >= maxFaults }

// add notes a fault; beyond the limit it only remembers that there are more.
func (e *FaultsError) add(line int, column, value, format string, args ...any) {
	if e.full() {
		e.More = true
		return
	}
	e.Faults = append(e.Faults, Fault{Line: line, Column: column, Value: cut(value), Text: fmt.Sprintf(format, args...)})
}

// cut shortens a foreign value for people.
func cut(s string) string {
	if utf8.RuneCountInString(s) <= maxShown {
		return s
	}
	n := 0
	for i := range s {
		if n == maxShown {
			return s[:i] + "..."
		}
		n++
	}
	return s
}
