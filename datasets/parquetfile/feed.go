package parquetfile

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/parquet-go/parquet-go"
)

// feedRows is how many values are handed to a column writer at once.
const feedRows = 4096

// columnFeeder turns slices of one arrow column into values of a Parquet
// column writer.
type columnFeeder struct {
	name     string
	index    int
	nullable bool
	values   []parquet.Value
}

// feed writes the rows [from, to) of a.
func (c *columnFeeder) feed(w *parquet.ColumnWriter, a arrow.Array, from, to int) error {
	value, err := valueReader(a)
	if err != nil {
		return fmt.Errorf("cannot write column %q: %w", c.name, err)
	}
	if !c.nullable && a.NullN() > 0 {
		for i := from; i < to; i++ {
			if a.IsNull(i) {
				return fmt.Errorf("cannot write column %q: row %d of the record is null and the column is declared as never null", c.name, i)
			}
		}
	}
	present := 0
	if c.nullable {
		present = 1
	}
	if c.values == nil {
		c.values = make([]parquet.Value, 0, feedRows)
	}
	for from < to {
		c.values = c.values[:0]
		for end := min(to, from+feedRows); from < end; from++ {
			if a.IsNull(from) {
				c.values = append(c.values, parquet.NullValue().Level(0, 0, c.index))
				continue
			}
			c.values = append(c.values, value(from).Level(0, present, c.index))
		}
		if _, err := w.WriteRowValues(c.values); err != nil {
			return fmt.Errorf("cannot write column %q: %w", c.name, err)
		}
	}
	return nil
}

// valueReader returns a function that gives element i of a, which must not be
// null, as a Parquet value.
func valueReader(a arrow.Array) (func(int) parquet.Value, error) {
	switch a := a.(type) {
	case *array.String:
		return textReader(a), nil
	case *array.Dictionary:
		words, ok := a.Dictionary().(*array.String)
		if !ok {
			return nil, fmt.Errorf("its dictionary holds %s, want utf8", a.Dictionary().DataType())
		}
		word := textReader(words)
		return func(i int) parquet.Value { return word(a.GetValueIndex(i)) }, nil
	case *array.Int64:
		return func(i int) parquet.Value { return parquet.Int64Value(a.Value(i)) }, nil
	case *array.Float64:
		return func(i int) parquet.Value { return parquet.DoubleValue(a.Value(i)) }, nil
	case *array.Boolean:
		return func(i int) parquet.Value { return parquet.BooleanValue(a.Value(i)) }, nil
	case *array.Timestamp:
		return func(i int) parquet.Value { return parquet.Int64Value(int64(a.Value(i))) }, nil
	case *array.Date32:
		return func(i int) parquet.Value { return parquet.Int32Value(int32(a.Value(i))) }, nil
	}
	return nil, fmt.Errorf("arrays of %s are not supported", a.DataType())
}

// textReader gives the words without copying them: the column writer does.
func textReader(a *array.String) func(int) parquet.Value {
	if a.Len() == 0 {
		return func(int) parquet.Value { return parquet.NullValue() }
	}
	data, first := a.ValueBytes(), a.ValueOffset(0)
	return func(i int) parquet.Value {
		return parquet.ByteArrayValue(data[a.ValueOffset(i)-first : a.ValueOffset(i+1)-first])
	}
}
