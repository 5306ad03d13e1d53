package codes

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"claimsieve/datasets/strictyaml"
)

// What a table may hold at most: such tables are written by hand.
const (
	maxBytes  = 1 << 20
	maxCodes  = 10_000
	maxCode   = 32  // characters of a code
	maxTitle  = 400 // characters of any other field
	maxFaults = 100 // faults listed; a file of another kind has thousands
)

// header is the first line of every table.
var header = []string{"code", "zh", "en", "group", "source", "verified"}

// Read parses a code table, named name in messages: CSV in UTF-8 (a byte order
// mark is skipped) with the header code,zh,en,group,source,verified. Codes are
// unique and free of blanks and of [Separators]; every entry has a title and a
// source; verified is yes or no; group is empty or another entry's code. The
// error is a [strictyaml.Faults] and lists up to 100 faults at once, each with
// its line.
func Read(name string, data []byte) (*Table, error) {
	r := reader{name: name, table: &Table{name: name, place: map[string]int{}}}
	if len(data) > maxBytes {
		r.fault(0, 0, fmt.Sprintf("cannot read %d bytes: a code table has at most %d", len(data), maxBytes))
		return nil, r.faults
	}
	r.rows(bytes.TrimPrefix(data, []byte("\ufeff")))
	r.groups()
	if len(r.faults) > 0 {
		return nil, r.faults
	}
	return r.table, nil
}

// reader is one pass of Read.
type reader struct {
	name   string
	table  *Table
	lines  []int // line of each entry
	faults strictyaml.Faults
}

// fault notes what is wrong, and returns false when nobody would read on.
func (r *reader) fault(line, column int, text string) bool {
	if len(r.faults) < maxFaults {
		r.faults = append(r.faults, strictyaml.Fault{File: r.name, Line: line, Column: column, Text: text})
	}
	return len(r.faults) < maxFaults
}

func (r *reader) rows(data []byte) {
	in := csv.NewReader(bytes.NewReader(data))
	in.FieldsPerRecord = -1
	in.ReuseRecord = true
	first := true
	for {
		fields, err := in.Read()
		var bad *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			if first {
				r.fault(1, 1, "the table is empty: want the header "+strings.Join(header, ","))
			}
			return
		case errors.As(err, &bad):
			if !r.fault(bad.Line, bad.Column, fmt.Sprintf("this is no CSV: %v; put a field with quotes or commas between quotes, and double the quotes in it", bad.Err)) {
				return
			}
			continue
		case err != nil:
			r.fault(0, 0, err.Error())
			return
		}
		line, _ := in.FieldPos(0)
		if first {
			if first = false; !slices.Equal(fields, header) {
				r.fault(line, 1, fmt.Sprintf("the header is %s: want %s", strings.Join(clipped(fields), ","), strings.Join(header, ",")))
				return
			}
			continue
		}
		if len(r.table.codes) == maxCodes {
			r.fault(line, 1, fmt.Sprintf("there are more than %d entries", maxCodes))
			return
		}
		if !r.row(in, line, fields) {
			return
		}
	}
}

// row takes one entry; it returns false when enough is wrong.
func (r *reader) row(in *csv.Reader, line int, fields []string) bool {
	if len(fields) != len(header) {
		return r.fault(line, 1, fmt.Sprintf("the line has %d fields: want %d (%s)", len(fields), len(header), strings.Join(header, ", ")))
	}
	before := len(r.faults)
	for i, f := range fields {
		if text := fieldFault(header[i], f); text != "" {
			_, column := in.FieldPos(i)
			r.fault(line, column, text)
		}
	}
	c := Code{Code: fields[0], ZH: fields[1], EN: fields[2], Group: fields[3], Source: fields[4], Verified: fields[5] == "yes"}
	if c.ZH == "" && c.EN == "" {
		r.fault(line, 1, fmt.Sprintf("code %q has no title: fill zh or en", clip(c.Code)))
	}
	if i, twice := r.table.place[c.Code]; twice {
		r.fault(line, 1, fmt.Sprintf("code %q stands in line %d already: keep one", clip(c.Code), r.lines[i]))
	}
	if len(r.faults) == before {
		r.table.place[c.Code] = len(r.table.codes)
		r.table.codes = append(r.table.codes, c)
		r.lines = append(r.lines, line)
	}
	return len(r.faults) < maxFaults
}

// groups checks that entries belong to entries that are there.
func (r *reader) groups() {
	if len(r.faults) > 0 { // a refused line may be the one that is missed
		return
	}
	for i, c := range r.table.codes {
		switch {
		case c.Group == "":
		case c.Group == c.Code:
			r.fault(r.lines[i], 1, fmt.Sprintf("code %q is its own group: leave group empty", c.Code))
		case !r.table.Has(c.Group):
			r.fault(r.lines[i], 1, fmt.Sprintf("group %q of code %q is no code of this table: add it, or leave group empty", clip(c.Group), c.Code))
		}
	}
}

// fieldFault says what is wrong with a field by itself, "" for nothing.
func fieldFault(name, value string) string {
	limit := maxTitle
	if name == "code" {
		limit = maxCode
	}
	switch {
	case !utf8.ValidString(value):
		return name + " is no UTF-8: save the file as UTF-8"
	case utf8.RuneCountInString(value) > limit:
		return fmt.Sprintf("%s has more than %d characters", name, limit)
	case strings.ContainsFunc(value, func(c rune) bool { return !unicode.IsPrint(c) }):
		return fmt.Sprintf("%s %q has characters that cannot be printed", name, clip(value))
	case value != strings.TrimSpace(value):
		return fmt.Sprintf("%s %q has blanks around it: take them away", name, clip(value))
	case (name == "code" || name == "source") && value == "":
		return name + " is empty: fill it"
	case name == "code" && strings.ContainsAny(value, Separators+" "):
		return fmt.Sprintf("code %q has a blank or one of %q, which stand between codes: take it out", clip(value), Separators)
	case name == "verified" && value != "yes" && value != "no":
		return fmt.Sprintf("verified is %q: want yes or no", clip(value))
	}
	return ""
}

// clip shortens a foreign text for a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "..."
	}
	return s
}

func clipped(fields []string) []string {
	out := make([]string, 0, len(header)+1)
	for i, f := range fields {
		if i > len(header) {
			return append(out, "...")
		}
		out = append(out, fmt.Sprintf("%q", clip(f)))
	}
	return out
}
