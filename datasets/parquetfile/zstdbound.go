package parquetfile

import (
	"encoding/binary"
	"fmt"
)

const (
	zstdMagic     = 0xFD2FB528
	zstdSkipMagic = 0x184D2A50 // the last four bits vary
	zstdBlockMax  = 128 << 10  // RFC 8878, section 3.1.1.2: a block holds at most this
)

// boundZstd walks the frames and blocks of data, without decompressing them,
// and refuses data that could yield much more than size bytes. A frame that
// states its content size is held to it; one that does not is held to the
// most that its blocks can yield (RFC 8878, section 3.1.1).
func boundZstd(data []byte, size int) error {
	allowed := int64(size)*4 + 8<<20
	var total int64
	for len(data) > 0 {
		yield, rest, err := zstdFrame(data)
		if err != nil {
			return err
		}
		if total += yield; total < 0 || total > allowed {
			return fmt.Errorf("the frames could hold %d bytes, the page header says %d", total, size)
		}
		data = rest
	}
	return nil
}

// zstdFrame returns the most bytes that the first frame of data can yield, and
// what follows the frame.
func zstdFrame(data []byte) (int64, []byte, error) {
	short := fmt.Errorf("a frame is cut short")
	if len(data) < 5 {
		return 0, nil, short
	}
	m := binary.LittleEndian.Uint32(data)
	if m&^0xf == zstdSkipMagic {
		if len(data) < 8 || uint64(binary.LittleEndian.Uint32(data[4:])) > uint64(len(data)-8) {
			return 0, nil, short
		}
		return 0, data[8+int(binary.LittleEndian.Uint32(data[4:])):], nil
	}
	if m != zstdMagic {
		return 0, nil, fmt.Errorf("a frame begins with %#x, want %#x", m, uint32(zstdMagic))
	}
	descriptor := data[4]
	data = data[5:]
	content, n, ok := zstdHeader(descriptor, data)
	if !ok {
		return 0, nil, short
	}
	data = data[n:]
	blocks, n, ok := zstdBlocks(data)
	if !ok {
		return 0, nil, short
	}
	data = data[n:]
	if descriptor&4 != 0 { // a checksum of four bytes follows
		if len(data) < 4 {
			return 0, nil, short
		}
		data = data[4:]
	}
	if content >= 0 {
		return content, data, nil
	}
	return blocks, data, nil
}

// zstdHeader returns the content size that a frame header states, -1 when it
// states none, and the header's length behind the descriptor.
func zstdHeader(descriptor byte, data []byte) (content int64, n int, ok bool) {
	single := descriptor&0x20 != 0
	if !single {
		n++ // window descriptor
	}
	n += []int{0, 1, 2, 4}[descriptor&3] // dictionary id
	width := []int{0, 2, 4, 8}[descriptor>>6]
	if width == 0 && single {
		width = 1
	}
	if len(data) < n+width {
		return 0, 0, false
	}
	field := data[n:]
	switch width {
	case 0:
		content = -1
	case 1:
		content = int64(field[0])
	case 2:
		content = int64(binary.LittleEndian.Uint16(field)) + 256
	case 4:
		content = int64(binary.LittleEndian.Uint32(field))
	case 8:
		u := binary.LittleEndian.Uint64(field)
		content = int64(min(u, 1<<62))
	}
	return content, n + width, true
}

// zstdBlocks returns the most bytes that the blocks can yield and their length.
func zstdBlocks(data []byte) (yield int64, n int, ok bool) {
	for {
		if len(data)-n < 3 {
			return 0, 0, false
		}
		head := uint32(data[n]) | uint32(data[n+1])<<8 | uint32(data[n+2])<<16
		n += 3
		size := int(head >> 3)
		switch head >> 1 & 3 {
		case 0: // raw
			yield += int64(size)
			n += size
		case 1: // one byte, repeated
			yield += int64(size)
			n++
		default:
			yield += zstdBlockMax
			n += size
		}
		if n > len(data) {
			return 0, 0, false
		}
		if head&1 != 0 {
			return yield, n, true
		}
	}
}
