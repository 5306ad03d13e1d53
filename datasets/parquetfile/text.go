package parquetfile

import (
	"encoding/hex"
	"strconv"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"
)

// textSource gives the values of a page or dictionary as text.
type textSource struct {
	append  func(dst []byte, i int) []byte
	size    func(i int) int // bytes of value i, or a bound on them
	foreign bool            // values are bytes of the file, which need not be UTF-8

	data    []byte   // of values that lie end to end in it: value i is
	offsets []uint32 // data[offsets[i]:offsets[i+1]]; nil for others
}

// allText says whether the values from first to before end, which lie end to
// end, are all UTF-8: their bytes together are, and none begins within a
// character.
func (s *textSource) allText(first, end int) bool {
	for _, at := range s.offsets[first:end] {
		if int(at) < len(s.data) && !utf8.RuneStart(s.data[at]) {
			return false
		}
	}
	return utf8.Valid(s.data[s.offsets[first]:s.offsets[end]])
}

// word appends value i to dst, or says why it is no text.
func (s *textSource) word(dst []byte, i int) ([]byte, *valueFault) {
	start := len(dst)
	dst = s.append(dst, i)
	if s.foreign && !utf8.Valid(dst[start:]) {
		return dst[:start], &valueFault{i, "value " + quoted(dst[start:]) + " is not valid UTF-8; write the column as text in UTF-8"}
	}
	return dst, nil
}

func atMost(n int) func(int) int { return func(int) int { return n } }

// quoted shows the beginning of a value.
func quoted(b []byte) string {
	if len(b) > 40 {
		return strconv.Quote(string(b[:40])) + "..."
	}
	return strconv.Quote(string(b))
}

// textOf returns the reader of a column's values as text.
func (c *leaf) textOf(v encoding.Values, want wanted) (*textSource, error) {
	switch {
	case c.logical.means == meansUUID:
		data, _ := v.FixedLenByteArray()
		return &textSource{size: atMost(36), append: func(dst []byte, i int) []byte { return appendUUID(dst, data[16*i:]) }}, nil
	case c.logical.means == meansInt, c.logical.means == meansNothing && (c.physical == format.Int32 || c.physical == format.Int64):
		return c.digitsOf(v), nil
	case c.logical.means == meansNull:
		return &textSource{size: atMost(1), append: func(dst []byte, _ int) []byte { return append(dst, 0xff) }, foreign: true}, nil
	case c.logical.means != meansText && c.logical.means != meansNothing:
		return nil, c.mismatch(want)
	}
	switch c.physical {
	case format.ByteArray:
		data, offsets := v.ByteArray()
		return &textSource{
			foreign: true, data: data, offsets: offsets,
			size:   func(i int) int { return int(offsets[i+1] - offsets[i]) },
			append: func(dst []byte, i int) []byte { return append(dst, data[offsets[i]:offsets[i+1]]...) },
		}, nil
	case format.FixedLenByteArray:
		data, size := v.FixedLenByteArray()
		return &textSource{
			foreign: true, size: atMost(size),
			append: func(dst []byte, i int) []byte { return append(dst, data[size*i:size*(i+1)]...) },
		}, nil
	}
	return nil, c.mismatch(want)
}

// digitsOf writes integers, such as numeric identifiers, in decimal.
func (c *leaf) digitsOf(v encoding.Values) *textSource {
	unsigned := c.logical.unsigned
	if c.physical == format.Int32 {
		from := v.Int32()
		return &textSource{size: atMost(11), append: func(dst []byte, i int) []byte {
			if unsigned {
				return strconv.AppendUint(dst, uint64(uint32(from[i])), 10)
			}
			return strconv.AppendInt(dst, int64(from[i]), 10)
		}}
	}
	from := v.Int64()
	return &textSource{size: atMost(20), append: func(dst []byte, i int) []byte {
		if unsigned {
			return strconv.AppendUint(dst, uint64(from[i]), 10)
		}
		return strconv.AppendInt(dst, from[i], 10)
	}}
}

// appendUUID writes 16 bytes in the form 8-4-4-4-12 (RFC 9562, section 4).
func appendUUID(dst, b []byte) []byte {
	for i, part := range [...][2]int{{0, 4}, {4, 6}, {6, 8}, {8, 10}, {10, 16}} {
		if i > 0 {
			dst = append(dst, '-')
		}
		dst = hex.AppendEncode(dst, b[part[0]:part[1]])
	}
	return dst
}
