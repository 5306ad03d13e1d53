package parquetfile

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/parquet-go/parquet-go/encoding/delta"
)

const maxDeltaBlock = 65536 // values of a block; writers use 128

var errDeltaShort = errors.New("its delta blocks end before its values do")

// deltaHeader is the header of a DELTA_BINARY_PACKED block sequence.
type deltaHeader struct {
	block, minis, total int
	size                int // bytes of the header
}

func readDeltaHeader(data []byte) (deltaHeader, error) {
	var h deltaHeader
	var numbers [3]uint64
	for i := range numbers {
		v, n := binary.Uvarint(data[h.size:])
		if n <= 0 {
			return h, errDeltaShort
		}
		numbers[i], h.size = v, h.size+n
	}
	_, n := binary.Varint(data[h.size:]) // the first value
	if n <= 0 {
		return h, errDeltaShort
	}
	h.size += n
	block, minis, total := numbers[0], numbers[1], numbers[2]
	if block == 0 || block%128 != 0 || block > maxDeltaBlock || minis == 0 || minis > block/32 || block%minis != 0 || block/minis%32 != 0 {
		return h, fmt.Errorf("its delta blocks of %d values in %d parts are not of a valid form", block, minis)
	}
	if total > maxPageValues {
		return h, fmt.Errorf("its delta blocks claim %d values", total)
	}
	h.block, h.minis, h.total = int(block), int(minis), int(total)
	return h, nil
}

// scanDelta walks DELTA_BINARY_PACKED blocks that must hold exactly n values
// of at most width bits, and returns how many bytes they take.
func scanDelta(data []byte, n, width int) (int, error) {
	h, err := readDeltaHeader(data)
	if err != nil {
		return 0, err
	}
	if h.total != n {
		return 0, fmt.Errorf("its delta blocks hold %d values, want %d", h.total, n)
	}
	pos, mini := h.size, h.block/h.minis
	for left := n - 1; left > 0; {
		_, k := binary.Varint(data[pos:]) // the smallest difference
		if k <= 0 || len(data)-pos-k < h.minis {
			return 0, errDeltaShort
		}
		pos += k
		widths := data[pos : pos+h.minis]
		pos += h.minis
		for _, w := range widths {
			if left <= 0 {
				break // the widths of parts that are not there mean nothing
			}
			if int(w) > width {
				return 0, fmt.Errorf("its delta blocks use %d bits for values of %d", w, width)
			}
			size := mini * int(w) / 8
			if size > len(data)-pos {
				return 0, errDeltaShort
			}
			pos += size
			left -= mini
		}
	}
	return pos, nil
}

// deltaLengths decodes n lengths, none negative, that data begins with. It
// returns them, their sum and what follows them.
func deltaLengths(data []byte, n int) ([]int32, int64, []byte, error) {
	size, err := scanDelta(data, n, 32)
	if err != nil {
		return nil, 0, nil, err
	}
	lengths, err := (&delta.BinaryPackedEncoding{}).DecodeInt32(make([]int32, 0, n), data[:size:size])
	if err != nil {
		return nil, 0, nil, err
	}
	if len(lengths) != n {
		return nil, 0, nil, fmt.Errorf("its delta blocks hold %d lengths, want %d", len(lengths), n)
	}
	var sum int64
	for i, l := range lengths {
		if l < 0 {
			return nil, 0, nil, fmt.Errorf("value %d has length %d", i, l)
		}
		sum += int64(l)
	}
	return lengths, sum, data[size:], nil
}

// plainFromDeltaLengths turns DELTA_LENGTH_BYTE_ARRAY into PLAIN.
func plainFromDeltaLengths(data []byte, n int) ([]byte, error) {
	lengths, sum, rest, err := deltaLengths(data, n)
	if err != nil {
		return nil, err
	}
	if sum > int64(len(rest)) {
		return nil, fmt.Errorf("its values need %d bytes and %d are there", sum, len(rest))
	}
	out := make([]byte, 0, int(sum)+4*n)
	for _, l := range lengths {
		out = binary.LittleEndian.AppendUint32(out, uint32(l))
		out = append(out, rest[:l]...)
		rest = rest[l:]
	}
	return out, nil
}

// plainFromDeltaPrefixes turns DELTA_BYTE_ARRAY into PLAIN: each value is a
// prefix of the one before it and a suffix. For values of a fixed length,
// fixed is that length, otherwise 0. Prefixes let few bytes stand for many, so
// the result's size is known and bounded before it is made.
func plainFromDeltaPrefixes(data []byte, n, fixed int) ([]byte, error) {
	prefixes, shared, rest, err := deltaLengths(data, n)
	if err != nil {
		return nil, err
	}
	suffixes, own, rest, err := deltaLengths(rest, n)
	if err != nil {
		return nil, err
	}
	if own > int64(len(rest)) {
		return nil, fmt.Errorf("its values need %d bytes and %d are there", own, len(rest))
	}
	head := 4
	if fixed > 0 {
		head = 0
	}
	size := shared + own + int64(head*n)
	if size > maxPageBytes {
		return nil, fmt.Errorf("its values take %d bytes, more than %d", size, maxPageBytes)
	}
	out := make([]byte, 0, size)
	last := 0 // where the value before begins
	for i := range n {
		p, s := int(prefixes[i]), int(suffixes[i])
		if p > len(out)-last || i == 0 && p > 0 {
			return nil, fmt.Errorf("value %d shares %d bytes with one of %d", i, p, len(out)-last)
		}
		if fixed > 0 && p+s != fixed {
			return nil, fmt.Errorf("value %d has %d bytes, want %d", i, p+s, fixed)
		}
		if head > 0 {
			out = binary.LittleEndian.AppendUint32(out, uint32(p+s))
		}
		start := len(out)
		out = append(out, out[last:last+p]...)
		out = append(out, rest[:s]...)
		rest, last = rest[s:], start
	}
	return out, nil
}
