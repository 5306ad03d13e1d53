package window

import (
	"encoding/binary"
	"slices"
	"unsafe"
)

// padding follows the rows, so that any number can be read as eight bytes.
const padding = 8

// packed is a table of rows of integers, each column in as few bytes as its
// numbers need. A row lies in one piece, because rows are mostly met alone.
type packed struct {
	frames []frame
	data   []byte // rows, then padding
	n      int32
	width  int32 // bytes a row
}

// pack packs rows of stride numbers each into the narrowest frames.
func pack(rows []int64, stride int) packed {
	p := packed{frames: make([]frame, stride)}
	for c := range p.frames {
		p.frames[c] = fit(rows, stride, c)
	}
	p.fill(rows, 0)
	return p
}

// fill writes the rows into the frames as they stand, with room for as many
// more.
func (p *packed) fill(rows []int64, room int) {
	stride := len(p.frames)
	p.n, p.width = int32(len(rows)/stride), 0
	for c := range p.frames {
		p.frames[c].off = uint32(p.width)
		p.width += int32(p.frames[c].width)
	}
	size := int(p.n)*int(p.width) + padding
	p.data = make([]byte, size, size+room*int(p.width))
	for i := range int(p.n) {
		row := p.data[i*int(p.width):]
		for c := range p.frames {
			f := &p.frames[c]
			raw, ok := f.raw(rows[i*stride+c])
			if !ok {
				panic("window: BUG: a frame does not fit its column")
			}
			f.spill(row, raw)
		}
	}
	clear(p.data[size-padding:])
}

// get returns the number in column c of row i.
func (p *packed) get(c, i int) int64 {
	f := &p.frames[c]
	return f.value(binary.LittleEndian.Uint64(p.data[i*int(p.width)+int(f.off):]) & f.mask())
}

// column appends column c of the rows from up to but without to.
func (p *packed) column(dst []int64, c, from, to int) []int64 {
	f := p.frames[c]
	start := len(dst)
	dst = slices.Grow(dst, to-from)[:start+to-from]
	out := dst[start:]
	if f.width == 0 {
		v := f.value(0)
		for i := range out {
			out[i] = v
		}
		return dst
	}
	data, mask, unit, width := p.data[from*int(p.width)+int(f.off):], f.mask(), units[f.unit], int(p.width)
	if !f.holes {
		if mask == 0xff { // many are this small
			for i := range out {
				out[i] = f.base + int64(uint64(data[i*width])*unit)
			}
			return dst
		}
		for i := range out {
			out[i] = f.base + int64(binary.LittleEndian.Uint64(data[i*width:])&mask*unit)
		}
		return dst
	}
	for i := range out {
		raw := binary.LittleEndian.Uint64(data[i*width:]) & mask
		out[i] = f.base + int64(raw*unit)
		if raw == 0 {
			out[i] = hole
		}
	}
	return dst
}

// rows appends whole rows.
func (p *packed) rows(dst []int64, from, to int) []int64 {
	for i := from; i < to; i++ {
		for c := range p.frames {
			dst = append(dst, p.get(c, i))
		}
	}
	return dst
}

// insert puts a row before row i. When a number has no place in its frame all
// rows are packed anew; growth is how many more to make room for whenever memory
// is taken. scratch is returned for the next time.
func (p *packed) insert(i int, row, scratch []int64, growth int) []int64 {
	for c := range p.frames {
		if _, ok := p.frames[c].raw(row[c]); !ok || p.n == 0 {
			return p.refit(i, row, scratch, growth)
		}
	}
	w, size := int(p.width), len(p.data)
	if cap(p.data) < size+w {
		p.data = append(make([]byte, 0, size+(1+growth)*w), p.data...)
	}
	p.data = p.data[:size+w]
	copy(p.data[(i+1)*w:], p.data[i*w:size])
	for c := range p.frames {
		f := &p.frames[c]
		raw, _ := f.raw(row[c])
		f.put(p.data[i*w:], raw)
	}
	p.n++
	return scratch
}

// refit packs all rows anew with one more before row i.
func (p *packed) refit(i int, row, scratch []int64, growth int) []int64 {
	rows := p.rows(scratch[:0], 0, i)
	rows = p.rows(append(rows, row...), i, int(p.n))
	stride := len(p.frames)
	frames := make([]frame, stride)
	for c := range frames {
		frames[c] = fit(rows, stride, c)
		if old := &p.frames[c]; p.n > 0 && row[c] != hole && old.base > row[c] {
			top := int64(hole)
			for at := c; at < len(rows); at += stride {
				top = max(top, rows[at])
			}
			raw, _ := frames[c].raw(top)
			frames[c].lower(raw)
		}
	}
	p.frames = frames
	p.fill(rows, growth)
	return rows
}

// clip gives back memory that was kept for more rows.
func (p *packed) clip() {
	if cap(p.data) > len(p.data) {
		p.data = append(make([]byte, 0, len(p.data)), p.data...)
	}
}

// size is the memory behind p, without p itself.
func (p *packed) size() int {
	return cap(p.data) + cap(p.frames)*int(unsafe.Sizeof(frame{}))
}
