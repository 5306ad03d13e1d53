package parquetfile

import (
	"unsafe"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// texts assembles utf8 arrays from pages.
type texts struct {
	column  *leaf
	limit   int // bytes after which an array takes no more rows
	offsets []int32
	data    []byte
	valid   validity

	page  *pageRows   // the page that src belongs to
	src   *textSource // its values
	dict  *textSource // values of the chunk's dictionary
	width int         // bytes of the array before, to size the next
}

func (b *texts) start(rows int) {
	b.offsets = append(make([]int32, 0, rows+1), 0)
	b.data = make([]byte, 0, min(b.width, b.limit))
	b.valid.start(rows)
}

// take appends up to n rows of p and returns how many it took: fewer when the
// array has grown to its bound, but at least one.
func (b *texts) take(p *pageRows, n int) (int, error) {
	if err := b.open(p); err != nil {
		return 0, err
	}
	src := b.src
	if p.codes != nil {
		src = b.dict
	}
	if b.takeAll(p, src, n) {
		return n, nil
	}
	b.reserve(p, src, n)
	value, rows := p.value, 0
	for ; rows < n && (len(b.data) < b.limit || len(b.offsets) == 1); rows++ {
		if p.present == nil || p.present[p.row+rows] != 0 {
			var f *valueFault
			if b.data, f = src.word(b.data, p.entry(value)); f != nil {
				return 0, p.at(&valueFault{value, f.text})
			}
			value++
		}
		b.offsets = append(b.offsets, int32(len(b.data)))
	}
	b.valid.add(p, rows, value-p.value)
	p.advance(rows, value-p.value)
	return rows, nil
}

// takeAll appends the next n rows of a plain page in one piece, or does nothing
// where they have to be looked at one by one: they may not fit, or one is no
// text.
func (b *texts) takeAll(p *pageRows, src *textSource, n int) bool {
	values := p.span(n)
	if p.codes != nil || src.offsets == nil || values == 0 {
		return false
	}
	from, to := src.offsets[p.value], src.offsets[p.value+values]
	if len(b.data)+int(to-from) >= b.limit || !src.allText(p.value, p.value+values) {
		return false
	}
	shift := len(b.data) - int(from)
	b.grow(len(b.data) + int(to-from))
	b.data = append(b.data, src.data[from:to]...)
	next := p.value
	for i := range n {
		if p.present == nil || p.present[p.row+i] != 0 {
			next++
		}
		b.offsets = append(b.offsets, int32(int(src.offsets[next])+shift))
	}
	b.valid.add(p, n, values)
	p.advance(n, values)
	return true
}

// reserve makes room for the next n rows, as far as the bound lets them in.
// Appending would get there by steps that add up to several times the room.
func (b *texts) reserve(p *pageRows, src *textSource, n int) {
	need := len(b.data)
	for value, end := p.value, p.value+p.span(n); value < end && need < b.limit; value++ {
		need += src.size(p.entry(value))
	}
	b.grow(need)
}

// grow makes room for so many bytes of text.
func (b *texts) grow(need int) {
	if need > cap(b.data) {
		grown := make([]byte, len(b.data), max(need, min(2*cap(b.data), b.limit)))
		copy(grown, b.data)
		b.data = grown
	}
}

func (b *texts) open(p *pageRows) (err error) {
	if b.page == p {
		return nil
	}
	b.page = p
	if p.codes == nil {
		b.src, err = b.column.textOf(p.data, wantText)
	} else if b.dict == nil {
		b.dict, err = b.column.textOf(p.page.Dictionary().Page().Data(), wantText)
		if err == nil && len(b.dict.offsets) > 1 && b.dict.allText(0, len(b.dict.offsets)-1) {
			b.dict.foreign = false // looked at once, not at every use
		}
	}
	return err
}

func (b *texts) finish() arrow.Array {
	b.width = len(b.data) + len(b.data)/8
	return makeArray(arrow.BinaryTypes.String, len(b.offsets)-1, &b.valid, int32Buffer(b.offsets), memory.NewBufferBytes(b.data))
}

// int32Buffer returns the bytes of s without copying them.
func int32Buffer(s []int32) *memory.Buffer {
	if len(s) == 0 {
		return memory.NewBufferBytes(nil)
	}
	return memory.NewBufferBytes(unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), 4*len(s)))
}
