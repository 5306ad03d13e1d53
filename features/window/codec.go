package window

import (
	"encoding/binary"
	"hash/crc32"
)

// magic begins a stored state; its last byte is the version of the format.
const magic = "cswindw\x03"

const headSize, tailSize = 24, 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// AppendBinary appends the state's events to dst and returns it. Equal events
// folded in any way give equal bytes, save for the order of exact ties. Numbers
// are little endian:
//
//	8 bytes "cswindw" and the version 3
//	uint32 value columns, uint32 code columns, uint64 keys
//	per key, ascending: uvarint its distance from the key before it (the first:
//	    from -1) less one, uvarint events
//	the events of the keys with 32 or fewer, by key, in packs of 1024 rows
//	per key with more: its events in packs of 256 rows
//	uint32 CRC-32C of everything before
//
// The last pack of a run may hold fewer rows. The columns of a row are happened,
// known-happened, marks, owner, values and codes, and in the first packs how many rows
// back the same key's event before it is, 0 for none. A pack is
//
//	per column: a byte with its width in bytes (0 to 8) in the low half and the
//	    index of its unit above, a byte that is 1 if it has holes, varint base
//	the rows, each the columns in turn in as many bytes as their widths
//
// and stands for base + raw*unit (a day, an hour, a minute, a second, a
// millisecond, 100, 10, 1), where a raw 0 in a column with holes is a Missing
// value, no code, nobody, or a known time of Never.
//
// The aggregates are not stored: they belong to the pipeline. The error is
// always nil and is there for encoding.BinaryAppender.
func (s *State) AppendBinary(dst []byte) ([]byte, error) {
	start := len(dst)
	le := binary.LittleEndian
	dst = append(dst, magic...)
	dst = le.AppendUint32(dst, uint32(s.values))
	dst = le.AppendUint32(dst, uint32(s.codes))
	dst = le.AppendUint64(dst, uint64(s.keys.count))
	keys := s.keys.sorted()
	dst = s.appendCounts(dst, keys)
	dst = s.appendPool(dst, keys)
	for _, key := range keys {
		if p, _ := s.keys.get(key); p.hasHistory() {
			dst = s.histories[p.history()].appendBinary(dst, s.stride)
		}
	}
	return le.AppendUint32(dst, crc32.Checksum(dst[start:], castagnoli)), nil
}

func (s *State) appendCounts(dst []byte, keys []int32) []byte {
	last := int32(-1)
	for _, key := range keys {
		dst = binary.AppendUvarint(dst, uint64(key-last-1))
		last = key
		p, n := s.keys.get(key)
		if p.hasHistory() {
			for _, b := range s.histories[p.history()].blocks {
				n += int(b.n)
			}
		}
		dst = binary.AppendUvarint(dst, uint64(n))
	}
	return dst
}

func (s *State) appendPool(dst []byte, keys []int32) []byte {
	var rows, one []int64
	l := s.lookout()
	defer s.lookouts.Put(l)
	width := s.pool.stride
	for _, key := range keys {
		p, _ := s.keys.get(key)
		if p.hasHistory() {
			continue
		}
		one = s.pool.events(one[:0], l, p)
		for at := 0; at < len(one); at += s.stride {
			rows = append(append(rows, one[at:at+s.stride]...), min(int64(at), 1))
			if len(rows) == poolRows*width {
				dst = appendPack(dst, rows, width)
				rows = rows[:0]
			}
		}
	}
	if len(rows) > 0 {
		dst = appendPack(dst, rows, width)
	}
	return dst
}

func (h *history) appendBinary(dst []byte, stride int) []byte {
	var rows []int64
	for i := range h.blocks {
		rows = h.blocks[i].rows(rows, 0, int(h.blocks[i].n))
		for ; len(rows) >= blockRows*stride; rows = append(rows[:0], rows[blockRows*stride:]...) {
			dst = appendPack(dst, rows[:blockRows*stride], stride)
		}
	}
	if len(rows) > 0 {
		dst = appendPack(dst, rows, stride)
	}
	return dst
}

func appendPack(dst []byte, rows []int64, stride int) []byte {
	p := pack(rows, stride)
	for _, f := range p.frames {
		var holes byte
		if f.holes {
			holes = 1
		}
		dst = append(dst, f.width|f.unit<<4, holes)
		dst = binary.AppendVarint(dst, f.base)
	}
	return append(dst, p.data[:len(p.data)-padding]...)
}
