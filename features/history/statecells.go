package history

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
)

// cellReader appends the cell of a row.
type cellReader func(dst []byte, row int) []byte

// cellsOf returns the readers of a join's columns.
func (v *versions) cellsOf(rec arrow.Record) ([]cellReader, error) {
	var out []cellReader
	for _, f := range v.schema.Fields() {
		a, err := field(rec, f.Name)
		if err != nil {
			return nil, err
		}
		if !arrow.TypeEqual(a.DataType(), f.Type) {
			return nil, fmt.Errorf("cannot read column %q: it holds %s, not %s", f.Name, a.DataType(), f.Type)
		}
		read, err := cellOf(a)
		if err != nil {
			return nil, fmt.Errorf("cannot read column %q: %w", f.Name, err)
		}
		out = append(out, read)
	}
	return out, nil
}

// cellOf reads an array: a byte 0 for null or 1, and the bits of a float64, the
// byte of a truth, a varint of other numbers, or the length and the bytes of a
// word.
func cellOf(a arrow.Array) (cellReader, error) {
	var value cellReader
	switch a := a.(type) {
	case *array.Float64:
		value = func(dst []byte, i int) []byte {
			return binary.LittleEndian.AppendUint64(dst, math.Float64bits(a.Value(i)))
		}
	case *array.Int64:
		value = func(dst []byte, i int) []byte { return binary.AppendVarint(dst, a.Value(i)) }
	case *array.Timestamp:
		value = func(dst []byte, i int) []byte { return binary.AppendVarint(dst, int64(a.Value(i))) }
	case *array.Date32:
		value = func(dst []byte, i int) []byte { return binary.AppendVarint(dst, int64(a.Value(i))) }
	case *array.Boolean:
		value = func(dst []byte, i int) []byte {
			if a.Value(i) {
				return append(dst, 1)
			}
			return append(dst, 0)
		}
	default:
		word, err := datasets.WordReader(a)
		if err != nil {
			return nil, err
		}
		value = func(dst []byte, i int) []byte {
			w, _ := word(i)
			return append(binary.AppendUvarint(dst, uint64(len(w))), w...)
		}
	}
	return func(dst []byte, i int) []byte {
		if a.IsNull(i) {
			return append(dst, 0)
		}
		return value(append(dst, 1), i)
	}, nil
}

// record makes a record of one row of cells; nil is a row of nulls.
func (v *versions) record(cells []byte) (arrow.Record, error) {
	b := array.NewRecordBuilder(memory.DefaultAllocator, v.schema)
	defer b.Release()
	for i := range v.schema.NumFields() {
		if cells == nil {
			b.Field(i).AppendNull()
			continue
		}
		there := cells[0]
		cells = cells[1:]
		if there == 0 {
			b.Field(i).AppendNull()
			continue
		}
		n, err := appendCell(b.Field(i), cells)
		if err != nil {
			return nil, fmt.Errorf("cannot read column %q of a row of table %q: %w", v.schema.Field(i).Name, v.join.Table, err)
		}
		cells = cells[n:]
	}
	return b.NewRecord(), nil
}

// appendCell appends the value at the begin of cells, and returns its length.
func appendCell(b array.Builder, cells []byte) (n int, err error) {
	var x int64
	switch b := b.(type) {
	case *array.Float64Builder:
		b.Append(math.Float64frombits(binary.LittleEndian.Uint64(cells)))
		return 8, nil
	case *array.BooleanBuilder:
		b.Append(cells[0] != 0)
		return 1, nil
	case *array.Int64Builder:
		x, n = binary.Varint(cells)
		b.Append(x)
		return n, nil
	case *array.TimestampBuilder:
		x, n = binary.Varint(cells)
		b.Append(arrow.Timestamp(x))
		return n, nil
	case *array.Date32Builder:
		x, n = binary.Varint(cells)
		b.Append(arrow.Date32(x))
		return n, nil
	}
	length, n := binary.Uvarint(cells)
	word := string(cells[n : n+int(length)])
	switch b := b.(type) {
	case *array.StringBuilder:
		b.Append(word)
	case *array.BinaryDictionaryBuilder:
		err = b.AppendString(word)
	default:
		err = fmt.Errorf("it is of a type %s that no column has", b.Type())
	}
	return n + int(length), err
}
