package datasets

import (
	"fmt"
	"unicode/utf8"

	"claimsieve/datasets/strictyaml"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// Row is one row of a table as it came over the wire.
type Row struct {
	// Record has one row and the columns of the table's specification in their
	// order, with the schema of [RowParser.Schema].
	Record arrow.Record
	// Absent names the columns that the JSON did not name, in the order of the
	// specification. Their values are null; a column named with null is not absent.
	Absent []string
}

// FieldError says why JSON is not a row of a table.
type FieldError struct {
	Field  string // the member at fault; "" when it is the document
	Code   string // one of the Code... constants
	Reason string // what is wrong and what is wanted, for people
}

// The codes of a [FieldError].
const (
	CodeNotJSON        = "not_json"        // no JSON, or JSON with something after it
	CodeUnknownField   = "unknown_field"   // the table has no such column
	CodeDuplicateField = "duplicate_field" // the member stands twice
	CodeWrongType      = "wrong_type"      // the value, or the document, is of another kind
	CodeOutOfRange     = "out_of_range"    // a number or day that the column cannot hold
	CodeMissingKey     = "missing_key"     // the key column is absent, null or ""
)

// Error says which member is wrong, and why.
func (e *FieldError) Error() string {
	if e.Field == "" {
		return "cannot read row: " + e.Reason
	}
	return fmt.Sprintf("cannot read row: field %q: %s", clip(e.Field), e.Reason)
}

// RowParser reads rows of one table from flat JSON objects. It is read-only
// and safe for concurrent use.
type RowParser struct {
	spec    *TableSpec
	schema  *arrow.Schema
	key     int // index of the key column, -1 for none
	names   []string
	absents []arrow.Array // what each column holds when it is null
}

// NewRowParser returns a parser for rows of spec, which must not change
// afterwards. It is an error when a column has no type or stands twice, or when
// the key is not a column.
func NewRowParser(spec *TableSpec) (*RowParser, error) {
	p := &RowParser{spec: spec, key: -1}
	seen := map[string]bool{}
	fields := make([]arrow.Field, len(spec.Columns))
	for i, c := range spec.Columns {
		if c.Type.Arrow() == nil {
			return nil, fmt.Errorf("cannot read rows: column %q has no type: give it one in dataset.yaml", c.Name)
		}
		if seen[c.Name] {
			return nil, fmt.Errorf("cannot read rows: column %q stands twice in the table: rename one", c.Name)
		}
		seen[c.Name] = true
		fields[i] = arrow.Field{Name: c.Name, Type: c.Type.Arrow(), Nullable: true}
		p.names = append(p.names, c.Name)
		p.absents = append(p.absents, nullCell(c.Type))
		if c.Name == spec.Key {
			p.key = i
		}
	}
	if spec.Key != "" && p.key < 0 {
		return nil, fmt.Errorf("cannot read rows: the key %q is no column of the table%s", spec.Key, strictyaml.DidYouMean(spec.Key, p.names))
	}
	p.schema = arrow.NewSchema(fields, nil)
	return p, nil
}

// Schema returns the schema of the records: the columns of the specification,
// in their order, of the types of [Type.Arrow], nullable.
func (p *RowParser) Schema() *arrow.Schema { return p.schema }

// ParseRow reads one row of spec from a flat JSON object. See [RowParser.Parse],
// which is for many rows.
func ParseRow(spec *TableSpec, body []byte) (*Row, error) {
	p, err := NewRowParser(spec)
	if err != nil {
		return nil, err
	}
	return p.Parse(body)
}

// Parse reads one row from a JSON object whose members are columns of the
// table. Members may come in any order; null stands for no value and is allowed
// everywhere but in the key, which must be there. By type of the column:
//
//   - ID, Text and Category take strings;
//   - Int takes whole numbers, also written 3.0 or 3e2, exactly over all of int64;
//   - Float takes numbers, rounded to the nearest float64;
//   - Bool takes true and false;
//   - Date takes "2026-01-31";
//   - Time takes RFC 3339 with a zone, the same without a zone, which means
//     UTC, or a date, which means its first instant in UTC; digits beyond the
//     microsecond are cut off.
//
// Every other input gives a *[FieldError]: the first fault, in reading order.
// The row does not alias body.
func (p *RowParser) Parse(body []byte) (*Row, error) {
	row, fault := p.parse(body)
	if fault != nil {
		return nil, fault
	}
	return row, nil
}

func (p *RowParser) parse(body []byte) (*Row, *FieldError) {
	s, fault := startScan(body)
	if fault != nil {
		return nil, fault
	}
	cells := make([]arrow.Array, len(p.names))
	for i := 0; s.more(); i++ {
		name, fault := s.member()
		if fault != nil {
			return nil, fault
		}
		col := p.column(name, i)
		if col < 0 {
			return nil, &FieldError{Field: name, Code: CodeUnknownField, Reason: fmt.Sprintf("the table has no such column%s", strictyaml.DidYouMean(clip(name), p.names))}
		}
		if cells[col] != nil {
			return nil, &FieldError{Field: name, Code: CodeDuplicateField, Reason: "it stands in the object twice"}
		}
		v, fault := s.value()
		if fault != nil {
			return nil, fault
		}
		if cells[col], fault = p.cell(col, v); fault != nil {
			fault.Field = name
			return nil, fault
		}
	}
	if fault := s.end(); fault != nil {
		return nil, fault
	}
	return p.assemble(cells)
}

// column returns the index of a column, -1 for none. Callers mostly send the
// columns in the order of the table, so position is tried before all others.
func (p *RowParser) column(name string, position int) int {
	if position < len(p.names) && p.names[position] == name {
		return position
	}
	for i, n := range p.names {
		if n == name {
			return i
		}
	}
	return -1
}

// cell turns one JSON value into an array of one element.
func (p *RowParser) cell(col int, v jsonValue) (arrow.Array, *FieldError) {
	if v.kind == jsonNull {
		if col == p.key {
			return nil, &FieldError{Code: CodeMissingKey, Reason: "it is the key and must not be null"}
		}
		return p.absents[col], nil
	}
	if col == p.key && v.kind == jsonString && v.text == "" {
		return nil, &FieldError{Code: CodeMissingKey, Reason: `it is the key and must not be ""`}
	}
	return valueCell(p.spec.Columns[col].Type, v)
}

// assemble makes the record, with null for the columns that were not named.
func (p *RowParser) assemble(cells []arrow.Array) (*Row, *FieldError) {
	if p.key >= 0 && cells[p.key] == nil {
		return nil, &FieldError{Field: p.names[p.key], Code: CodeMissingKey, Reason: "the object does not have it, and it is the key"}
	}
	row := &Row{}
	for i, c := range cells {
		if c == nil {
			cells[i] = p.absents[i]
			row.Absent = append(row.Absent, p.names[i])
		}
	}
	row.Record = array.NewRecord(p.schema, cells, 1)
	return row, nil
}

// clip shortens what a caller sent, for messages.
func clip(s string) string {
	const most = 60
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "..."
}
