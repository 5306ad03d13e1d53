package window

import (
	"encoding/binary"
	"math/bits"
)

// hole stands in a packed column for "nothing here": a Missing value, a code
// that is none, a known time that is Never.
const hole = Missing

// units are what the numbers of a column may be multiples of, seen from its
// base. Each divides the one before it: a day, an hour, a minute, a second and
// a millisecond in microseconds, then round amounts.
var units = [...]uint64{86_400_000_000, 3_600_000_000, 60_000_000, 1_000_000, 1000, 100, 10, 1}

// frame says how the numbers of one column lie in packed rows: width bytes,
// little endian, at off of each row, raw in units above base. With holes, raw 0
// is a hole. All arithmetic is modulo 2^64, so that every int64 can be stored.
type frame struct {
	base  int64
	off   uint32
	width uint8 // bytes, 0 to 8
	unit  uint8 // index into units
	holes bool
}

// value turns a raw number back.
func (f *frame) value(raw uint64) int64 {
	if raw == 0 && f.holes {
		return hole
	}
	return f.base + int64(raw*units[f.unit])
}

// mask has a bit for each that the column stores.
func (f *frame) mask() uint64 { return 1<<(8*uint(f.width)) - 1 }

// raw returns how v is stored; ok is false when it has no place in the frame.
func (f *frame) raw(v int64) (raw uint64, ok bool) {
	if v == hole {
		return 0, f.holes
	}
	raw = uint64(v) - uint64(f.base)
	if u := units[f.unit]; u > 1 {
		if raw%u != 0 {
			return 0, false
		}
		raw /= u
	}
	return raw, raw <= f.mask() && (raw > 0 || !f.holes)
}

// fit is the narrowest frame for column c of rows of stride numbers each.
func fit(rows []int64, stride, c int) frame {
	f := frame{}
	var lo, hi, first int64
	var seen bool
	for at := c; at < len(rows); at += stride {
		v := rows[at]
		if v == hole {
			f.holes = true
			continue
		}
		if !seen {
			lo, hi, first, seen = v, v, v, true
			continue
		}
		lo, hi = min(lo, v), max(hi, v)
		apart := uint64(v) - uint64(first)
		if v < first {
			apart = -apart
		}
		for apart%units[f.unit] != 0 {
			f.unit++
		}
	}
	if !seen {
		return f
	}
	u := units[f.unit]
	f.base = lo
	top := (uint64(hi) - uint64(lo)) / u
	if f.holes {
		f.base -= int64(u)
		top++
	}
	f.width = uint8((bits.Len64(top) + 7) / 8)
	return f
}

// lower moves the base half as far down as the width allows, for a column in
// which ever smaller numbers come up. top is the largest raw number in use; it
// is moved too.
func (f *frame) lower(top uint64) {
	if f.width == 0 || f.width == 8 {
		return
	}
	f.base -= int64((f.mask() - top) / 2 * units[f.unit])
}

// put writes a number of the frame's width and touches nothing beside it.
func (f *frame) put(row []byte, raw uint64) {
	at := row[f.off:]
	for i := range int(f.width) {
		at[i] = byte(raw)
		raw >>= 8
	}
}

// spill writes eight bytes: those of a width below 8 must be written again
// afterwards.
func (f *frame) spill(row []byte, raw uint64) {
	if f.width > 0 {
		binary.LittleEndian.PutUint64(row[f.off:], raw)
	}
}
