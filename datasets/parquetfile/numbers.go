package parquetfile

import (
	"unsafe"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/parquet-go/parquet-go/encoding"
)

// numbers assembles arrays of a fixed-width type from pages.
type numbers[T int32 | int64 | float64] struct {
	into    arrow.DataType
	convert func(encoding.Values) (fillFunc[T], error)

	values []T
	valid  validity

	page *pageRows   // the page that fill belongs to
	fill fillFunc[T] // its values
	dict []T         // the chunk's dictionary, converted
	of   fillFunc[T] // the entries of the dictionary, unconverted
	bad  []bool      // entries that do not convert, which matters only when one is used; nil when all do
}

func (b *numbers[T]) start(rows int) {
	b.values = make([]T, 0, rows)
	b.valid.start(rows)
}

// take appends the next n rows of p and returns how many it took.
func (b *numbers[T]) take(p *pageRows, n int) (int, error) {
	if b.page != p {
		if err := b.open(p); err != nil {
			return 0, err
		}
	}
	from := len(b.values)
	b.values = b.values[:from+n]
	dst, values := b.values[from:], p.span(n)
	if p.codes != nil {
		for i, c := range p.codes[p.value : p.value+values] {
			if b.bad != nil && b.bad[c] {
				return 0, p.at(&valueFault{p.value + i, b.of(make([]T, 1), int(c)).text})
			}
			dst[i] = b.dict[c]
		}
	} else if values > 0 {
		if f := b.fill(dst[:values], p.value); f != nil {
			return 0, p.at(f)
		}
	}
	if values < n {
		spread(dst, values, p.present[p.row:p.row+n])
	}
	b.valid.add(p, n, values)
	p.advance(n, values)
	return n, nil
}

// open prepares the conversion of a page's values, or of the dictionary that
// it refers to.
func (b *numbers[T]) open(p *pageRows) (err error) {
	b.page = p
	if p.codes == nil {
		b.fill, err = b.convert(p.data)
		return err
	}
	if b.of != nil {
		return nil
	}
	if b.of, err = b.convert(p.page.Dictionary().Page().Data()); err != nil {
		return err
	}
	b.dict = make([]T, p.words)
	for from := 0; from < len(b.dict); from += feedRows {
		b.translate(from, min(from+feedRows, len(b.dict)))
	}
	return nil
}

// translate converts the dictionary's entries [from, to), one by one where
// some of them do not convert.
func (b *numbers[T]) translate(from, to int) {
	if b.of(b.dict[from:to], from) == nil {
		return
	}
	if b.bad == nil {
		b.bad = make([]bool, len(b.dict))
	}
	for i := from; i < to; i++ {
		b.bad[i] = b.of(b.dict[i:i+1], i) != nil
	}
}

// spread moves the first n values of dst to the rows that are present and
// clears the others.
func spread[T any](dst []T, n int, present []byte) {
	var zero T
	for i := len(dst) - 1; i >= 0; i-- {
		if present[i] != 0 {
			n--
			dst[i] = dst[n]
		} else {
			dst[i] = zero
		}
	}
}

func (b *numbers[T]) finish() arrow.Array {
	var data []byte
	if n := len(b.values); n > 0 {
		data = unsafe.Slice((*byte)(unsafe.Pointer(&b.values[0])), n*int(unsafe.Sizeof(b.values[0])))
	}
	return makeArray(b.into, len(b.values), &b.valid, memory.NewBufferBytes(data))
}

// makeArray returns an array over the given buffers behind the validity bitmap.
func makeArray(t arrow.DataType, n int, valid *validity, buffers ...*memory.Buffer) arrow.Array {
	data := array.NewData(t, n, append([]*memory.Buffer{valid.buffer()}, buffers...), nil, valid.nulls, 0)
	defer data.Release()
	return array.MakeFromData(data)
}

// validity assembles an arrow validity bitmap, which it makes only when there
// is a null.
type validity struct {
	bits  []byte
	n     int
	nulls int
	rows  int
}

func (v *validity) start(rows int) { *v = validity{rows: rows} }

// add appends the next n rows of p, of which values hold one.
func (v *validity) add(p *pageRows, n, values int) {
	if values == n {
		v.all(n)
	} else {
		v.some(p.present[p.row : p.row+n])
	}
}

// all appends n rows that are not null.
func (v *validity) all(n int) {
	if v.bits != nil {
		for i := v.n; i < v.n+n; i++ {
			v.bits[i/8] |= 1 << (i % 8)
		}
	}
	v.n += n
}

// some appends a row per element of present, null where it is 0.
func (v *validity) some(present []byte) {
	if v.bits == nil {
		before := v.n
		v.bits = make([]byte, (v.rows+7)/8)
		v.n = 0
		v.all(before)
	}
	for _, x := range present {
		if x != 0 {
			v.bits[v.n/8] |= 1 << (v.n % 8)
		} else {
			v.nulls++
		}
		v.n++
	}
}

func (v *validity) buffer() *memory.Buffer {
	if v.nulls == 0 {
		return nil
	}
	return memory.NewBufferBytes(v.bits)
}
