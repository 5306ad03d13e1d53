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

// nothing is a record of one row of nulls, which goroutines may share.
func nothing(schema *arrow.Schema) arrow.Record {
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for i := range schema.NumFields() {
		b.Field(i).AppendNull()
	}
	rec := b.NewRecord()
	for _, a := range rec.Columns() { // arrow makes the words of a column when they are first asked for
		if words, ok := a.(*array.Dictionary); ok {
			words.Dictionary()
		}
	}
	return rec
}

// record makes a record of one row of cells; nil is a row of nulls.
func (v *versions) record(cells []byte) (arrow.Record, error) {
	if cells == nil {
		v.none.Retain()
		return v.none, nil
	}
	columns := make([]arrow.Array, len(v.none.Columns()))
	for i := range columns {
		there := cells[0]
		cells = cells[1:]
		if there == 0 {
			columns[i] = v.none.Column(i)
			continue
		}
		var n int
		var err error
		if columns[i], n, err = oneCell(v.none.Column(i).DataType(), cells); err != nil {
			return nil, fmt.Errorf("cannot read column %q of a row of table %q: %w", v.schema.Field(i).Name, v.join.Table, err)
		}
		cells = cells[n:]
	}
	return array.NewRecord(v.schema, columns, 1), nil
}

// oneCell makes an array of the value at the begin of cells, and returns the
// length of it there. Words stay where they are: cells never change. A builder
// of arrow's, made for many rows, takes several times as long.
func oneCell(typ arrow.DataType, cells []byte) (arrow.Array, int, error) {
	switch typ.ID() {
	case arrow.FLOAT64:
		x := []float64{math.Float64frombits(binary.LittleEndian.Uint64(cells))}
		return arrayOf(typ, arrow.Float64Traits.CastToBytes(x)), 8, nil
	case arrow.BOOL:
		bit := byte(0)
		if cells[0] != 0 {
			bit = 1
		}
		return arrayOf(typ, []byte{bit}), 1, nil
	case arrow.INT64, arrow.TIMESTAMP:
		x, n := binary.Varint(cells)
		return arrayOf(typ, arrow.Int64Traits.CastToBytes([]int64{x})), n, nil
	case arrow.DATE32:
		x, n := binary.Varint(cells)
		return arrayOf(typ, arrow.Int32Traits.CastToBytes([]int32{int32(x)})), n, nil
	case arrow.STRING:
		words, n := oneWord(cells)
		return words, n, nil
	case arrow.DICTIONARY:
		words, n := oneWord(cells)
		first := arrayOf(typ.(*arrow.DictionaryType).IndexType, make([]byte, 8)) // code 0 in integers of any width
		return array.NewDictionaryArray(typ, first, words), n, nil
	}
	return nil, 0, fmt.Errorf("it is of a type %s that no column has", typ)
}

// oneWord makes an array of the word at the begin of cells.
func oneWord(cells []byte) (arrow.Array, int) {
	length, n := binary.Uvarint(cells)
	end := n + int(length)
	return arrayOf(arrow.BinaryTypes.String, arrow.Int32Traits.CastToBytes([]int32{0, int32(length)}), cells[n:end:end]), end
}

// arrayOf makes an array of one element, which is there, over buffers.
func arrayOf(typ arrow.DataType, buffers ...[]byte) arrow.Array {
	parts := make([]*memory.Buffer, 1, 1+len(buffers))
	for _, b := range buffers {
		parts = append(parts, memory.NewBufferBytes(b))
	}
	return array.MakeFromData(array.NewData(typ, 1, parts, nil, 0, 0))
}
