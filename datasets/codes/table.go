package codes

import (
	"slices"
	"strings"
)

// Code is one entry of a table.
type Code struct {
	Code     string `json:"code"`            // what stands in the data, such as 01.2
	ZH       string `json:"zh"`              // its title in Chinese; "" only where EN is there
	EN       string `json:"en"`              // its title in English; "" only where ZH is there
	Group    string `json:"group,omitempty"` // the wider entry that it belongs to, a code of the same table; "" at the top
	Source   string `json:"source"`          // where the entry comes from; never ""
	Verified bool   `json:"verified"`        // somebody has seen the entry in that source
}

// Table is the entries of one code table in file order. It is read-only and
// safe for concurrent use.
type Table struct {
	name  string
	codes []Code
	place map[string]int
}

// Name returns the table's name, such as fraud_types.
func (t *Table) Name() string { return t.name }

// Codes returns a copy of the entries, in the order of the file.
func (t *Table) Codes() []Code { return slices.Clone(t.codes) }

// Has says whether code is an entry, byte for byte; "" never is. An entry that
// others name as their group is as good as any: 01 says a false report of a
// kind that is not known.
func (t *Table) Has(code string) bool {
	_, ok := t.place[code]
	return ok
}

// Find returns the entry of that code, false when there is none.
func (t *Table) Find(code string) (Code, bool) {
	i, ok := t.place[code]
	if !ok {
		return Code{}, false
	}
	return t.codes[i], true
}

// Separators are the characters that stand between the codes of one value. A
// comma is what claimsieve writes; a semicolon is read as well.
const Separators = ",;"

// Split returns the codes of a value that may list several, such as
// "02.3,02.4", in their order and without the blanks around them. An empty
// element, as in "02.3,,02.4", is returned as "", which no table has; an empty
// or blank value has no codes and gives nil.
func Split(value string) []string {
	if strings.TrimSpace(value) == "" {
		return nil
	}
	var parts []string
	for {
		i := strings.IndexAny(value, Separators)
		if i < 0 {
			return append(parts, strings.TrimSpace(value))
		}
		parts = append(parts, strings.TrimSpace(value[:i]))
		value = value[i+1:]
	}
}
