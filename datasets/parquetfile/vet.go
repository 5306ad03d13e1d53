package parquetfile

import (
	"encoding/binary"
	"fmt"

	"github.com/parquet-go/parquet-go/format"
)

// plainDictionary is what writers of the format's first version call
// dictionary indexes in data pages and plain values in dictionary pages.
const plainDictionary format.Encoding = 2

// values is the value section of a page, vetted: exactly the values that the
// page holds, in an encoding that the library decodes without surprises.
type values struct {
	encoding format.Encoding
	data     []byte
	cost     int64 // bytes that the library allocates to decode them
}

// vetValues checks that data holds n values in the given encoding and returns
// them trimmed. dictionary is the number of entries of the chunk's dictionary,
// -1 when it has none. Encodings whose decoders grow by what the bytes claim
// are turned into PLAIN here.
func vetValues(c *leaf, encoding format.Encoding, data []byte, n, dictionary int) (values, error) {
	if n == 0 {
		return values{encoding: format.Plain}, nil
	}
	switch encoding {
	case format.Plain:
		return vetPlain(c, data, n)
	case plainDictionary, format.RLEDictionary:
		return vetIndexes(data, n, dictionary)
	case format.RLE:
		if c.physical == format.Boolean {
			return vetRunBooleans(data, n)
		}
	case format.DeltaBinaryPacked:
		switch c.physical {
		case format.Int32:
			size, err := scanDelta(data, n, 32)
			return values{encoding, data[:size], int64(n) * 8}, err
		case format.Int64:
			size, err := scanDelta(data, n, 64)
			return values{encoding, data[:size], int64(n) * 16}, err
		}
	case format.DeltaLengthByteArray:
		if c.physical == format.ByteArray {
			plain, err := plainFromDeltaLengths(data, n)
			return values{format.Plain, plain, 3*int64(len(plain)) + 12*int64(n)}, err
		}
	case format.DeltaByteArray:
		switch c.physical {
		case format.ByteArray:
			plain, err := plainFromDeltaPrefixes(data, n, 0)
			return values{format.Plain, plain, 3*int64(len(plain)) + 12*int64(n)}, err
		case format.FixedLenByteArray:
			plain, err := plainFromDeltaPrefixes(data, n, int(c.length))
			return values{format.Plain, plain, 3*int64(len(plain)) + 8*int64(n)}, err
		}
	case format.ByteStreamSplit:
		if w := c.width(); w > 0 && c.physical != format.Int96 {
			if len(data) != n*w {
				return values{}, fmt.Errorf("it has %d bytes for %d values of %d bytes", len(data), n, w)
			}
			return values{encoding, data, 2 * int64(len(data))}, nil
		}
	}
	return values{}, fmt.Errorf("encoding %s cannot stand on %s", encoding, physicalName(c.physical, c.length))
}

// width returns the bytes of a plain value, 0 where they vary or are bits.
func (c *leaf) width() int {
	switch c.physical {
	case format.Int32, format.Float:
		return 4
	case format.Int64, format.Double:
		return 8
	case format.Int96:
		return 12
	case format.FixedLenByteArray:
		return int(c.length)
	}
	return 0
}

func vetPlain(c *leaf, data []byte, n int) (values, error) {
	size := n * c.width()
	switch c.physical {
	case format.Boolean:
		size = (n + 7) / 8
	case format.ByteArray:
		end, err := scanByteArrays(data, n)
		if err != nil {
			return values{}, err
		}
		return values{format.Plain, data[:end], int64(end) + 8*int64(n)}, nil
	}
	if size > len(data) {
		return values{}, fmt.Errorf("it has %d bytes, its %d values need %d", len(data), n, size)
	}
	return values{format.Plain, data[:size], int64(size)}, nil
}

// scanByteArrays walks n plain byte arrays and returns where they end.
func scanByteArrays(data []byte, n int) (int, error) {
	pos := 0
	for i := range n {
		if len(data)-pos < 4 {
			return 0, fmt.Errorf("it ends before value %d of %d", i+1, n)
		}
		size := binary.LittleEndian.Uint32(data[pos:])
		pos += 4
		if uint64(size) > uint64(len(data)-pos) {
			return 0, fmt.Errorf("value %d of %d claims %d bytes, %d are left", i+1, n, size, len(data)-pos)
		}
		pos += int(size)
	}
	return pos, nil
}

func vetIndexes(data []byte, n, dictionary int) (values, error) {
	if dictionary < 0 {
		return values{}, fmt.Errorf("it refers to a dictionary and the column has none before it")
	}
	if len(data) == 0 {
		return values{}, errRunsShort
	}
	width := int(data[0])
	if width > 32 {
		return values{}, fmt.Errorf("its dictionary indexes have %d bits, at most 32 are possible", width)
	}
	size, err := scanIndexes(data[1:], width, n, dictionary)
	if err != nil {
		return values{}, err
	}
	return values{format.RLEDictionary, data[:1+size], 8 * int64(n)}, nil
}

func vetRunBooleans(data []byte, n int) (values, error) {
	if len(data) < 4 {
		return values{}, errRunsShort
	}
	size := binary.LittleEndian.Uint32(data)
	if uint64(size) > uint64(len(data)-4) {
		return values{}, errRunsShort
	}
	bits, err := unpackBooleans(data[4:4+size], n)
	return values{format.Plain, bits, 2 * int64(len(bits))}, err
}
