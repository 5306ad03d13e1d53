package datasets

import (
	"fmt"
	"math"
	"strconv"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// Table is rows of typed columns: arrow records that share one schema, in file
// order. Column types are those of [Type.Arrow]; any column may hold nulls.
// A Table is read-only and safe for concurrent readers.
type Table struct {
	name   string
	schema *arrow.Schema
	chunks []arrow.Record
	rows   int
}

// NewTable returns a table over chunks, all of the given schema. It keeps the
// records and does not copy them.
func NewTable(name string, schema *arrow.Schema, chunks []arrow.Record) (*Table, error) {
	rows := 0
	for i, c := range chunks {
		if !c.Schema().Equal(schema) {
			return nil, fmt.Errorf("cannot form table %q: chunk %d has schema %s, want %s", name, i, c.Schema(), schema)
		}
		rows += int(c.NumRows())
	}
	return &Table{name: name, schema: schema, chunks: chunks, rows: rows}, nil
}

// Name returns the table's name in dataset.yaml.
func (t *Table) Name() string { return t.name }

// Schema returns the columns' names and arrow types.
func (t *Table) Schema() *arrow.Schema { return t.schema }

// Chunks returns the records in row order. The caller must not change them.
func (t *Table) Chunks() []arrow.Record { return t.chunks }

// Rows returns the number of rows.
func (t *Table) Rows() int { return t.rows }

// arrays returns the chunks of one column.
func (t *Table) arrays(column string) ([]arrow.Array, error) {
	idx := t.schema.FieldIndices(column)
	if len(idx) == 0 {
		return nil, fmt.Errorf("cannot read column %q: table %q has no such column", column, t.name)
	}
	out := make([]arrow.Array, len(t.chunks))
	for i, c := range t.chunks {
		out[i] = c.Column(idx[0])
	}
	return out, nil
}

// Floats returns an Int, Float or Bool column as numbers, NaN for null.
func (t *Table) Floats(column string) ([]float64, error) {
	chunks, err := t.arrays(column)
	if err != nil {
		return nil, err
	}
	out := make([]float64, 0, t.rows)
	for _, a := range chunks {
		value, err := floatReader(a)
		if err != nil {
			return nil, fmt.Errorf("cannot read column %q of table %q as numbers: %w", column, t.name, err)
		}
		for i := range a.Len() {
			if a.IsNull(i) {
				out = append(out, math.NaN())
				continue
			}
			out = append(out, value(i))
		}
	}
	return out, nil
}

func floatReader(a arrow.Array) (func(int) float64, error) {
	switch a := a.(type) {
	case *array.Float64:
		return a.Value, nil
	case *array.Int64:
		return func(i int) float64 { return float64(a.Value(i)) }, nil
	case *array.Boolean:
		return func(i int) float64 {
			if a.Value(i) {
				return 1
			}
			return 0
		}, nil
	}
	return nil, fmt.Errorf("it holds %s", a.DataType())
}

// Strings returns an ID, Text or Category column, "" for null.
func (t *Table) Strings(column string) ([]string, error) {
	chunks, err := t.arrays(column)
	if err != nil {
		return nil, err
	}
	out := make([]string, 0, t.rows)
	for _, a := range chunks {
		value, err := stringReader(a)
		if err != nil {
			return nil, fmt.Errorf("cannot read column %q of table %q as text: %w", column, t.name, err)
		}
		for i := range a.Len() {
			if a.IsNull(i) {
				out = append(out, "")
				continue
			}
			out = append(out, value(i))
		}
	}
	return out, nil
}

func stringReader(a arrow.Array) (func(int) string, error) {
	switch a := a.(type) {
	case *array.String:
		return a.Value, nil
	case *array.Dictionary:
		if words, ok := a.Dictionary().(*array.String); ok {
			return func(i int) string { return words.Value(a.GetValueIndex(i)) }, nil
		}
	}
	return nil, fmt.Errorf("it holds %s", a.DataType())
}

// NoTime stands for a null among instants.
const NoTime int64 = math.MinInt64

const microsPerDay = 24 * 60 * 60 * 1_000_000

// Micros returns a Time or Date column as microseconds since 1970 UTC, NoTime
// for null. A date is the midnight that begins it.
func (t *Table) Micros(column string) ([]int64, error) {
	chunks, err := t.arrays(column)
	if err != nil {
		return nil, err
	}
	out := make([]int64, 0, t.rows)
	for _, a := range chunks {
		value, err := MicrosReader(a)
		if err != nil {
			return nil, fmt.Errorf("cannot read column %q of table %q as times: %w", column, t.name, err)
		}
		for i := range a.Len() {
			out = append(out, value(i))
		}
	}
	return out, nil
}

// MicrosReader returns a function that gives element i of a Time or Date array
// as microseconds since 1970 UTC, NoTime for null.
func MicrosReader(a arrow.Array) (func(int) int64, error) {
	switch a := a.(type) {
	case *array.Timestamp:
		return func(i int) int64 {
			if a.IsNull(i) {
				return NoTime
			}
			return int64(a.Value(i))
		}, nil
	case *array.Date32:
		return func(i int) int64 {
			if a.IsNull(i) {
				return NoTime
			}
			return int64(a.Value(i)) * microsPerDay
		}, nil
	}
	return nil, fmt.Errorf("it holds %s", a.DataType())
}

// WordReader returns a function that gives element i of an ID, Text, Category,
// Int or Bool array as a word, and whether there is one: numbers in decimal,
// truths as true and false.
func WordReader(a arrow.Array) (func(int) (string, bool), error) {
	var word func(int) string
	switch a := a.(type) {
	case *array.String:
		word = a.Value
	case *array.Dictionary:
		words, ok := a.Dictionary().(*array.String)
		if !ok {
			return nil, fmt.Errorf("it holds a dictionary of %s", a.Dictionary().DataType())
		}
		word = func(i int) string { return words.Value(a.GetValueIndex(i)) }
	case *array.Int64:
		word = func(i int) string { return strconv.FormatInt(a.Value(i), 10) }
	case *array.Boolean:
		word = func(i int) string { return strconv.FormatBool(a.Value(i)) }
	default:
		return nil, fmt.Errorf("it holds %s", a.DataType())
	}
	return func(i int) (string, bool) {
		if a.IsNull(i) {
			return "", false
		}
		return word(i), true
	}, nil
}
