package parquetfile

import (
	"fmt"
	"reflect"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/parquet-go/parquet-go"
)

// orderedGroup is a schema root whose fields keep their order; the library's
// own group sorts them by name.
type orderedGroup struct {
	parquet.Group
	fields []parquet.Field
}

// Fields returns the columns in the order of the arrow schema.
func (g *orderedGroup) Fields() []parquet.Field { return g.fields }

// GoType is never used: values are written column by column, not as structs.
func (g *orderedGroup) GoType() reflect.Type { return reflect.TypeFor[struct{}]() }

// String returns the schema in Parquet's notation.
func (g *orderedGroup) String() string { return "row" }

type namedField struct {
	parquet.Node
	name string
}

// Name returns the column's name.
func (f *namedField) Name() string { return f.name }

// Value is never used: values are written column by column, not as structs.
func (f *namedField) Value(base reflect.Value) reflect.Value { return reflect.Value{} }

// rowNode returns the Parquet schema of an arrow schema.
func rowNode(schema *arrow.Schema) (parquet.Node, error) {
	if schema.NumFields() == 0 {
		return nil, fmt.Errorf("cannot write Parquet: the schema has no columns")
	}
	root := &orderedGroup{Group: parquet.Group{}}
	for i, f := range schema.Fields() {
		if f.Name == "" {
			return nil, fmt.Errorf("cannot write Parquet: column %d has no name", i)
		}
		if _, twice := root.Group[f.Name]; twice {
			return nil, fmt.Errorf("cannot write Parquet: two columns are named %q", f.Name)
		}
		leaf, err := leafNode(f)
		if err != nil {
			return nil, err
		}
		root.Group[f.Name] = leaf
		root.fields = append(root.fields, &namedField{Node: leaf, name: f.Name})
	}
	return root, nil
}

func leafNode(f arrow.Field) (parquet.Node, error) {
	node, err := valueNode(f)
	if err != nil {
		return nil, err
	}
	if f.Nullable {
		return parquet.Optional(node), nil
	}
	return parquet.Required(node), nil
}

func valueNode(f arrow.Field) (parquet.Node, error) {
	wanted, err := wantedOf(f.Type)
	if err != nil {
		return nil, fmt.Errorf("cannot write column %q: %w", f.Name, err)
	}
	switch wanted {
	case wantText:
		return parquet.Encoded(parquet.String(), &parquet.Plain), nil
	case wantDictionary:
		return parquet.Encoded(parquet.String(), &parquet.RLEDictionary), nil
	case wantInt:
		return parquet.Encoded(parquet.Leaf(parquet.Int64Type), &parquet.Plain), nil
	case wantFloat:
		return parquet.Encoded(parquet.Leaf(parquet.DoubleType), &parquet.Plain), nil
	case wantBool:
		return parquet.Encoded(parquet.Leaf(parquet.BooleanType), &parquet.Plain), nil
	case wantTime:
		return parquet.Encoded(parquet.TimestampAdjusted(parquet.Microsecond, true), &parquet.Plain), nil
	case wantDate:
		return parquet.Encoded(parquet.Date(), &parquet.Plain), nil
	}
	panic(fmt.Sprintf("BUG: no Parquet node for wanted type %d", wanted))
}
