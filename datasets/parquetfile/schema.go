package parquetfile

import (
	"fmt"

	"github.com/parquet-go/parquet-go/format"
)

// ColumnInfo says what a file holds under one top-level name.
type ColumnInfo struct {
	Name     string `json:"name"`
	Physical string `json:"physical"`          // physical type such as INT64; "group" for a nested column
	Logical  string `json:"logical,omitempty"` // annotation such as DECIMAL(9,2); "" when there is none
	Nullable bool   `json:"nullable"`
	Refused  string `json:"refused,omitempty"` // why the column cannot be read; "" when it can
}

// String returns the column's type for people.
func (c ColumnInfo) String() string {
	s := c.Physical
	if c.Logical != "" {
		s += " " + c.Logical
	}
	if c.Nullable {
		s += ", nullable"
	}
	return s
}

// leaf is a top-level column that holds one value or none per row.
type leaf struct {
	name     string
	chunk    int // position among the chunks of a row group
	physical format.Type
	length   int32 // bytes of a FIXED_LEN_BYTE_ARRAY
	optional bool
	logical  logical
	refused  string // why it cannot be read; "" when it can
}

func (l *leaf) info() ColumnInfo {
	return ColumnInfo{Name: l.name, Physical: physicalName(l.physical, l.length), Logical: l.logical.name, Nullable: l.optional, Refused: l.refused}
}

// schemaWalk turns the flattened schema tree into top-level columns.
type schemaWalk struct {
	nodes  []format.SchemaElement
	next   int
	leaves int
}

// flatColumns returns the top-level columns in file order and the number of
// leaves in the whole tree, which is the number of chunks of a row group.
func flatColumns(nodes []format.SchemaElement) ([]leaf, int, error) {
	if len(nodes) == 0 {
		return nil, 0, fmt.Errorf("its schema is empty")
	}
	if len(nodes) > maxSchemaNodes {
		return nil, 0, fmt.Errorf("its schema has %d nodes, more than %d", len(nodes), maxSchemaNodes)
	}
	w := &schemaWalk{nodes: nodes, next: 1}
	count := nodes[0].NumChildren.V
	if count < 0 || int(count) >= len(nodes) {
		return nil, 0, fmt.Errorf("its schema claims %d columns in %d nodes", count, len(nodes))
	}
	columns := make([]leaf, 0, count)
	for range count {
		c, err := w.column()
		if err != nil {
			return nil, 0, err
		}
		columns = append(columns, c)
	}
	if w.next != len(nodes) {
		return nil, 0, fmt.Errorf("its schema has %d nodes, its tree only %d", len(nodes), w.next)
	}
	return columns, w.leaves, nil
}

func (w *schemaWalk) column() (leaf, error) {
	if w.next >= len(w.nodes) {
		return leaf{}, fmt.Errorf("its schema ends in the middle of its tree")
	}
	e := &w.nodes[w.next]
	c := leaf{name: e.Name, chunk: w.leaves, optional: e.RepetitionType.V == format.Optional}
	nested := !e.Type.Valid || e.NumChildren.V > 0
	if !nested {
		c.describe(e)
	} else {
		c.refused = "it is nested (a struct, list or map): only flat columns can be read; flatten it when writing the file"
		c.physical = nestedType
	}
	if e.RepetitionType.V == format.Repeated {
		c.refused = "it is repeated (a list): only flat columns can be read; write one value per row"
	}
	return c, w.descend(0)
}

// describe reads a leaf's types.
func (c *leaf) describe(e *format.SchemaElement) {
	c.physical, c.length, c.logical = e.Type.V, e.TypeLength.V, logicalOf(e)
	switch {
	case c.physical < format.Boolean || c.physical > format.FixedLenByteArray:
		c.refused = fmt.Sprintf("its physical type %d is unknown", c.physical)
	case e.RepetitionType.V < format.Required || e.RepetitionType.V > format.Repeated:
		c.refused = fmt.Sprintf("its repetition type %d is unknown", e.RepetitionType.V)
	case c.physical == format.FixedLenByteArray && (c.length < 1 || c.length > maxFixedLength):
		c.refused = fmt.Sprintf("its values are %d bytes long, want 1 to %d", c.length, maxFixedLength)
	default:
		if err := c.logical.fits(c.physical, c.length); err != nil {
			c.refused = err.Error()
		}
	}
}

// descend moves over the next node and everything below it.
func (w *schemaWalk) descend(depth int) error {
	if depth > maxSchemaDepth {
		return fmt.Errorf("its schema is nested more than %d deep", maxSchemaDepth)
	}
	if w.next >= len(w.nodes) {
		return fmt.Errorf("its schema ends in the middle of its tree")
	}
	e := &w.nodes[w.next]
	w.next++
	if e.Type.Valid && e.NumChildren.V == 0 {
		w.leaves++
		return nil
	}
	if e.NumChildren.V < 0 || int(e.NumChildren.V) > len(w.nodes)-w.next {
		return fmt.Errorf("its schema claims %d columns below %q and has only %d nodes left", e.NumChildren.V, e.Name, len(w.nodes)-w.next)
	}
	for range e.NumChildren.V {
		if err := w.descend(depth + 1); err != nil {
			return err
		}
	}
	return nil
}
