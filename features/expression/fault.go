package expression

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing wrong with an expression.
type Fault struct {
	Offset int    // in characters from the start of the source, from 0
	Line   int    // from 1
	Column int    // in characters, from 1
	Text   string // what is wrong and how to mend it
}

// Faults is the error of [Compile]: all faults of an expression that one
// reading can find, by position. Behind a fault of grammar there may be more.
type Faults []Fault

// Error lists the faults, one per line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, x := range f {
		lines[i] = fmt.Sprintf("cannot compile expression: line %d, column %d: %s", x.Line, x.Column, x.Text)
	}
	return strings.Join(lines, "\n")
}

// faultList collects faults at offsets in characters.
type faultList struct {
	source string
	list   Faults
}

func (l *faultList) add(offset int, format string, args ...any) {
	f := Fault{Line: 1, Column: 1, Text: fmt.Sprintf(format, args...)}
	for _, r := range l.source {
		if f.Offset == offset {
			break
		}
		f.Offset++
		f.Column++
		if r == '\n' {
			f.Line++
			f.Column = 1
		}
	}
	if !slices.Contains(l.list, f) {
		l.list = append(l.list, f)
	}
}

// err returns the faults in the order of the source, nil when there are none.
func (l *faultList) err() error {
	if len(l.list) == 0 {
		return nil
	}
	slices.SortStableFunc(l.list, func(a, b Fault) int { return cmp.Compare(a.Offset, b.Offset) })
	return l.list
}

// clip shortens text of the source for a message.
func clip(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:40]) + "..."
	}
	return text
}
