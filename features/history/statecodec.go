package history

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

type fixed32 interface{ ~int32 | ~uint32 }
type fixed64 interface{ ~int64 | ~uint64 }

// append32 appends numbers of 4 bytes with their count in front.
func append32[T fixed32](dst []byte, xs []T) []byte {
	dst = slices.Grow(binary.AppendUvarint(dst, uint64(len(xs))), 4*len(xs))
	for _, x := range xs {
		dst = binary.LittleEndian.AppendUint32(dst, uint32(x))
	}
	return dst
}

// append64 appends numbers of 8 bytes with their count in front.
func append64[T fixed64](dst []byte, xs []T) []byte {
	dst = slices.Grow(binary.AppendUvarint(dst, uint64(len(xs))), 8*len(xs))
	for _, x := range xs {
		dst = binary.LittleEndian.AppendUint64(dst, uint64(x))
	}
	return dst
}

// appendBytes appends bytes with their count in front.
func appendBytes[T ~string | ~[]byte](dst []byte, b T) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(b))), b...)
}

// unpacker reads what the functions above append. After the first fault it
// reads zeros; whoever reads checks err before believing counts.
type unpacker struct {
	data []byte
	err  error
}

var errCutOff = errors.New("it is cut off")

func (u *unpacker) fail(format string, args ...any) {
	if u.err == nil {
		u.err = fmt.Errorf(format, args...)
	}
	u.data = nil
}

func (u *unpacker) take(n int) []byte {
	if n < 0 || n > len(u.data) {
		u.fail("%w", errCutOff)
		return nil
	}
	b := u.data[:n]
	u.data = u.data[n:]
	return b
}

func (u *unpacker) uvarint() uint64 {
	x, n := binary.Uvarint(u.data)
	if n <= 0 {
		u.fail("%w", errCutOff)
		return 0
	}
	u.data = u.data[n:]
	return x
}

// number reads what appendNumber wrote.
func (u *unpacker) number() int64 {
	x, n := readNumber(u.data)
	if n == 0 {
		u.fail("%w", errCutOff)
		return 0
	}
	u.data = u.data[n:]
	return x
}

// count reads how many elements of at least so many bytes follow.
func (u *unpacker) count(each int) int {
	n := u.uvarint()
	if n > uint64(len(u.data)/each) {
		u.fail("%w", errCutOff)
		return 0
	}
	return int(n)
}

func (u *unpacker) bytes() []byte { return u.take(u.count(1)) }

// code reads a code that lies below n, or is -1.
func (u *unpacker) code(n int) int32 {
	x := u.number()
	if x < -1 || x >= int64(n) {
		u.fail("code %d is not below %d", x, n)
		return -1
	}
	return int32(x)
}

func unpack32[T fixed32](u *unpacker) []T {
	raw := u.take(4 * u.count(4))
	out := make([]T, len(raw)/4)
	for i := range out {
		out[i] = T(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return out
}

func unpack64[T fixed64](u *unpacker) []T {
	raw := u.take(8 * u.count(8))
	out := make([]T, len(raw)/8)
	for i := range out {
		out[i] = T(binary.LittleEndian.Uint64(raw[8*i:]))
	}
	return out
}

// codes reads codes that lie below limit, or are -1.
func (u *unpacker) codes(limit int) []int32 {
	out := unpack32[int32](u)
	for _, c := range out {
		if c < -1 || int(c) >= limit {
			u.fail("code %d is not below %d", c, limit)
			return nil
		}
	}
	return out
}
