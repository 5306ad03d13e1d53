package parquetfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

var errRunsShort = errors.New("its runs end before its values do")

// run is one run of the RLE/bit-packing hybrid.
type run struct {
	count  int    // values
	packed []byte // the packed values, nil when one value is repeated
	value  uint32 // the repeated value
}

// runScanner walks the runs of a hybrid-encoded block without expanding them.
type runScanner struct {
	data  []byte
	pos   int
	width int // bits per value, 0 to 32
}

// next returns the next run. A run that claims more than limit values is
// refused, so that five bytes cannot stand for two thousand million; the last
// packed run may overshoot by its padding.
func (s *runScanner) next(limit int) (run, error) {
	if s.pos >= len(s.data) {
		return run{}, errRunsShort
	}
	head, n := binary.Uvarint(s.data[s.pos:])
	if n <= 0 {
		return run{}, fmt.Errorf("a run header at byte %d is damaged", s.pos)
	}
	s.pos += n
	if head>>1 > uint64(limit+runSlack) {
		return run{}, fmt.Errorf("a run at byte %d claims %d values, %d are left", s.pos-n, head>>1, limit)
	}
	count := int(head >> 1)
	if head&1 == 0 {
		return s.repeated(count, limit)
	}
	size := count * s.width // eight values per group
	if size > len(s.data)-s.pos {
		return run{}, errRunsShort
	}
	if count*8 > limit+runSlack {
		return run{}, fmt.Errorf("a packed run at byte %d claims %d values, %d are left", s.pos-n, count*8, limit)
	}
	r := run{count: count * 8, packed: s.data[s.pos : s.pos+size : s.pos+size]}
	if r.packed == nil {
		r.packed = []byte{}
	}
	s.pos += size
	return r, nil
}

func (s *runScanner) repeated(count, limit int) (run, error) {
	if count == 0 { // the library would not skip its value
		return run{}, fmt.Errorf("a run at byte %d repeats a value no times", s.pos)
	}
	if count > limit {
		return run{}, fmt.Errorf("a run claims %d values, %d are left", count, limit)
	}
	size := (s.width + 7) / 8
	if size > len(s.data)-s.pos {
		return run{}, errRunsShort
	}
	var value uint32
	for i := range size {
		value |= uint32(s.data[s.pos+i]) << (8 * i)
	}
	s.pos += size
	if s.width < 32 && value>>s.width != 0 {
		return run{}, fmt.Errorf("a run repeats %d, which needs more than %d bits", value, s.width)
	}
	return run{count: count, value: value}, nil
}

// scanLevels walks the definition levels of n rows of an optional flat column
// and returns how many rows hold a value and how many bytes the levels take.
func scanLevels(data []byte, n int) (present, size int, err error) {
	s := runScanner{data: data, width: 1}
	for left := n; left > 0; {
		r, err := s.next(left)
		if err != nil {
			return 0, 0, fmt.Errorf("its definition levels are damaged: %w", err)
		}
		rows := min(r.count, left)
		switch {
		case r.packed != nil:
			present += onesIn(r.packed, rows)
		case r.value == 1:
			present += rows
		}
		left -= rows
	}
	return present, s.pos, nil
}

// onesIn counts the set bits among the first n of data, least significant first.
func onesIn(data []byte, n int) int {
	ones := 0
	for ; n >= 8; n, data = n-8, data[1:] {
		ones += bits.OnesCount8(data[0])
	}
	if n > 0 {
		ones += bits.OnesCount8(data[0] & (1<<n - 1))
	}
	return ones
}

// scanIndexes walks n dictionary indexes of the given width and returns how
// many bytes they take. Indexes that are repeated are checked against the
// dictionary's size here, packed ones where they are unpacked.
func scanIndexes(data []byte, width, n, dictionary int) (int, error) {
	s := runScanner{data: data, width: width}
	for left := n; left > 0; {
		r, err := s.next(left)
		if err != nil {
			return 0, fmt.Errorf("its dictionary indexes are damaged: %w", err)
		}
		if r.packed == nil && r.count > 0 && int64(r.value) >= int64(dictionary) {
			return 0, fmt.Errorf("it uses entry %d of a dictionary of %d", r.value, dictionary)
		}
		left -= min(r.count, left)
	}
	return s.pos, nil
}

// unpackBooleans expands n hybrid-encoded booleans into plain bits. The
// library's own decoder is right only for runs of a multiple of eight.
func unpackBooleans(data []byte, n int) ([]byte, error) {
	out := make([]byte, (n+7)/8)
	s := runScanner{data: data, width: 1}
	for at := 0; at < n; {
		r, err := s.next(n - at)
		if err != nil {
			return nil, fmt.Errorf("its booleans are damaged: %w", err)
		}
		end := at + min(r.count, n-at)
		for i := at; i < end; i++ {
			bit := byte(r.value)
			if r.packed != nil {
				bit = r.packed[(i-at)/8] >> ((i - at) % 8) & 1
			}
			out[i/8] |= bit << (i % 8)
		}
		at = end
	}
	return out, nil
}
