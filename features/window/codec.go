package window

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// magic begins a stored state; its last byte is the version of the format.
const magic = "cswindw\x01"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// AppendBinary appends the state's events to dst and returns it. Equal events
// folded in any way give equal bytes, save for the order of exact ties. All
// numbers are little endian:
//
//	8 bytes "cswindw" and the version 1
//	uint32 value columns, uint32 code columns, uint64 keys
//	per key, ascending: int32 key, uint32 events, then per event in order
//	    int64 happened, known, marks, one per value column,
//	    one per two code columns (the first in the low half)
//	uint32 CRC-32C of everything before
//
// The aggregates are not stored: they belong to the pipeline. The error is
// always nil and is there for encoding.BinaryAppender.
func (s *State) AppendBinary(dst []byte) ([]byte, error) {
	start := len(dst)
	le := binary.LittleEndian
	dst = append(dst, magic...)
	dst = le.AppendUint32(dst, uint32(s.values))
	dst = le.AppendUint32(dst, uint32(s.codes))
	dst = le.AppendUint64(dst, uint64(len(s.keys)))
	for _, key := range s.sortedKeys() {
		h, n := s.keys[key], 0
		for _, b := range h.blocks {
			n += len(b.rows) / s.stride
		}
		dst = le.AppendUint32(dst, uint32(key))
		dst = le.AppendUint32(dst, uint32(n))
		for _, b := range h.blocks {
			for _, x := range b.rows {
				dst = le.AppendUint64(dst, uint64(x))
			}
		}
	}
	return le.AppendUint32(dst, crc32.Checksum(dst[start:], castagnoli)), nil
}

// Restore reads what AppendBinary wrote into a state that answers the
// aggregates, which may differ from those it was stored with but must find their
// columns. Bytes that are damaged, cut short, of another version, out of order or
// beyond the limits of Fold are refused; memory stays in proportion to len(data).
func Restore(data []byte, aggs []Aggregate) (*State, error) {
	s, err := restore(data, aggs)
	if err != nil {
		return nil, fmt.Errorf("cannot restore window state: %w", err)
	}
	return s, nil
}

const headSize, tailSize = 24, 4

func restore(data []byte, aggs []Aggregate) (*State, error) {
	if len(data) < headSize+tailSize || string(data[:8]) != magic {
		return nil, errors.New("not a window state of version 1; build it anew from the events")
	}
	le := binary.LittleEndian
	body := data[:len(data)-tailSize]
	if sum := crc32.Checksum(body, castagnoli); sum != le.Uint32(data[len(body):]) {
		return nil, fmt.Errorf("its %d bytes are damaged or cut short; build it anew from the events", len(data))
	}
	values, codes, keys := le.Uint32(body[8:]), le.Uint32(body[12:]), le.Uint64(body[16:])
	if values > maxColumns || codes > maxColumns {
		return nil, fmt.Errorf("it claims %d value and %d code columns; at most %d of each", values, codes, maxColumns)
	}
	s, err := NewState(aggs, int(values), int(codes))
	if err != nil {
		return nil, err
	}
	body = body[headSize:]
	if keys > uint64(len(body)) {
		return nil, fmt.Errorf("it claims %d keys in %d bytes", keys, len(body))
	}
	s.keys = make(map[int32]*history, min(keys, uint64(len(body)/(8+8*s.stride))))
	var last int32
	for i := range keys {
		if len(body) < 8 {
			return nil, fmt.Errorf("it ends before key %d of %d", i, keys)
		}
		key, n := int32(le.Uint32(body)), int(le.Uint32(body[4:]))
		body = body[8:]
		if i > 0 && key <= last {
			return nil, fmt.Errorf("key %d comes after key %d", key, last)
		}
		if n == 0 || n > len(body)/(8*s.stride) {
			return nil, fmt.Errorf("key %d claims %d events in %d bytes", key, n, len(body))
		}
		size := 8 * n * s.stride
		if err := s.restoreKey(key, body[:size]); err != nil {
			return nil, fmt.Errorf("key %d: %w", key, err)
		}
		body, last = body[size:], key
	}
	if len(body) > 0 {
		return nil, fmt.Errorf("%d bytes follow the last key", len(body))
	}
	return s, nil
}

// restoreKey fills blocks with rows that must come in order.
func (s *State) restoreKey(key int32, data []byte) error {
	h := &history{}
	width := 8 * s.stride
	var before [2]int64
	for at := 0; at < len(data); at += blockRows * width {
		part := data[at:min(at+blockRows*width, len(data))]
		b := block{rows: make([]int64, len(part)/8)}
		for i := range b.rows {
			b.rows[i] = int64(binary.LittleEndian.Uint64(part[8*i:]))
		}
		b.maxKnown = b.rows[1]
		for p := 0; p < len(b.rows); p += s.stride {
			row := b.rows[p : p+s.stride]
			if (at > 0 || p > 0) && (row[0] < before[0] || row[0] == before[0] && row[1] < before[1]) {
				return fmt.Errorf("event %d is out of order", (at/8+p)/s.stride)
			}
			if err := s.checkRow(row); err != nil {
				return err
			}
			before = [2]int64{row[0], row[1]}
			b.maxKnown = max(b.maxKnown, row[1])
		}
		if at+len(part) < len(data) {
			b.seal(s)
		}
		h.blocks = append(h.blocks, b)
		s.events += len(b.rows) / s.stride
	}
	s.keys[key] = h
	return nil
}
