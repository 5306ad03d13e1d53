package datasets

import (
	"encoding/binary"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// A cell is an arrow array of one element. Arrow's builders make them too, in
// several times the time: they grow, and know nothing of rows of one.

// valueCell turns a JSON value that is not null into a cell of a column of type t.
func valueCell(t Type, v jsonValue) (arrow.Array, *FieldError) {
	switch t {
	case ID, Text, Category:
		if v.kind != jsonString {
			return nil, wrong("a string", v)
		}
		return stringCell(t, v.text), nil
	case Int:
		n, fault := wholeNumber(v)
		return wordCell(t, n, fault)
	case Float:
		f, fault := number(v)
		if fault != nil {
			return nil, fault
		}
		return newCell(t, arrow.Float64Traits.CastToBytes([]float64{f})), nil
	case Bool:
		switch v.kind {
		case jsonTrue:
			return newCell(t, []byte{1}), nil
		case jsonFalse:
			return newCell(t, []byte{0}), nil
		}
		return nil, wrong("true or false", v)
	case Time:
		n, fault := instant(v)
		return wordCell(t, n, fault)
	case Date:
		n, fault := calendarDay(v)
		if fault != nil {
			return nil, fault
		}
		return newCell(t, arrow.Int32Traits.CastToBytes([]int32{n})), nil
	}
	panic("BUG: a parser was made with a column of type " + t.String())
}

// wordCell is a cell of 64 bits, unless there was a fault.
func wordCell(t Type, n int64, fault *FieldError) (arrow.Array, *FieldError) {
	if fault != nil {
		return nil, fault
	}
	return newCell(t, arrow.Int64Traits.CastToBytes([]int64{n})), nil
}

// newCell is a cell whose values lie in one buffer.
func newCell(t Type, values []byte) arrow.Array {
	return array.MakeFromData(array.NewData(t.Arrow(), 1, []*memory.Buffer{nil, memory.NewBufferBytes(values)}, nil, 0, 0))
}

// stringCell is a cell of an ID, Text or Category column; a category's
// dictionary holds its one word.
func stringCell(t Type, text string) arrow.Array {
	words := array.NewData(arrow.BinaryTypes.String, 1, stringBuffers(nil, text), nil, 0, 0)
	if t != Category {
		return array.MakeFromData(words)
	}
	code := memory.NewBufferBytes(make([]byte, 4))
	return array.MakeFromData(array.NewDataWithDictionary(CategoryType, 1, []*memory.Buffer{nil, code}, 0, 0, words))
}

// stringBuffers are the validity, offsets and bytes of one string.
func stringBuffers(valid []byte, text string) []*memory.Buffer {
	offsets := arrow.Int32Traits.CastToBytes([]int32{0, int32(len(text))})
	out := []*memory.Buffer{nil, memory.NewBufferBytes(offsets), memory.NewBufferBytes([]byte(text))}
	if valid != nil {
		out[0] = memory.NewBufferBytes(valid)
	}
	return out
}

// nullCell is a null of a column of type t.
func nullCell(t Type) arrow.Array {
	null := []byte{0} // validity bitmap: bit 0 is the element
	switch t {
	case ID, Text:
		return array.MakeFromData(array.NewData(t.Arrow(), 1, stringBuffers(null, ""), nil, 1, 0))
	case Category:
		words := array.NewData(arrow.BinaryTypes.String, 0, stringBuffers(nil, ""), nil, 0, 0)
		buffers := []*memory.Buffer{memory.NewBufferBytes(null), memory.NewBufferBytes(make([]byte, 4))}
		return array.MakeFromData(array.NewDataWithDictionary(CategoryType, 1, buffers, 1, 0, words))
	}
	zero := binary.LittleEndian.AppendUint64(nil, 0) // wide enough for every other type
	buffers := []*memory.Buffer{memory.NewBufferBytes(null), memory.NewBufferBytes(zero)}
	return array.MakeFromData(array.NewData(t.Arrow(), 1, buffers, nil, 1, 0))
}
