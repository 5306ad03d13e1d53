package parquetfile

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// missingHeaderBytes is by how much old writers understate a chunk's size:
// they forgot the dictionary page's header (PARQUET-816).
const missingHeaderBytes = 100

// vettedChunk is what the library reads a column chunk from: a stream of pages
// in which every page has been read, checked, decompressed and put into a
// plain form by this package. Pages are prepared one at a time, when the
// library asks for them.
type vettedChunk struct {
	file   io.ReaderAt
	column *leaf
	codec  format.CompressionCodec
	pos    int64 // offset of the next page in the file
	end    int64 // offset behind the chunk
	left   int64 // rows that are still to come

	dictionary int // entries of the dictionary, -1 when there is none
	pages      int // number of the page at hand, from 1
	unpack     *decompressor
	budget     *budget
	held       int64 // budget taken for the page that the library holds
	kept       int64 // budget taken for the dictionary

	window   []byte // bytes of the file from windowAt on
	windowAt int64

	parts [][]byte // what is left of the prepared page
	at    int64    // position of parts in the stream
	lead  []byte   // buffer of the prepared page's header and levels
}

// ReadAt gives the bytes of the stream at off, which only ever moves forward.
// It ends a read where a page ends: the next page is prepared when it is asked
// for and not before, because all columns share one decompression buffer.
func (v *vettedChunk) ReadAt(p []byte, off int64) (int, error) {
	if off != v.at {
		return 0, fmt.Errorf("BUG: page stream is at %d and was asked for %d", v.at, off)
	}
	for len(v.parts) > 0 && len(v.parts[0]) == 0 {
		v.parts = v.parts[1:]
	}
	if len(v.parts) == 0 {
		if err := v.prepare(); err != nil {
			return 0, err
		}
	}
	n := 0
	for n < len(p) && len(v.parts) > 0 {
		k := copy(p[n:], v.parts[0])
		n += k
		if v.parts[0] = v.parts[0][k:]; len(v.parts[0]) == 0 {
			v.parts = v.parts[1:]
		}
	}
	v.at += int64(n)
	return n, nil
}

// close returns what the chunk holds of the budget.
func (v *vettedChunk) close() {
	v.budget.give(v.held + v.kept)
	v.held, v.kept = 0, 0
}

// prepare reads the file up to the next page with values or a dictionary, and
// returns io.EOF when all rows have been given.
func (v *vettedChunk) prepare() error {
	for v.left > 0 {
		v.pages++
		header, err := v.header()
		if err != nil {
			return v.wrap(err)
		}
		data, err := v.compressed(header)
		if err != nil {
			return v.wrap(err)
		}
		switch header.Type {
		case format.DataPage:
			err = v.dataPageV1(header, data)
		case format.DataPageV2:
			err = v.dataPageV2(header, data)
		case format.DictionaryPage:
			err = v.dictionaryPage(header, data)
		}
		if err != nil {
			return v.wrap(err)
		}
		if len(v.parts) > 0 {
			return nil
		}
	}
	return io.EOF
}

func (v *vettedChunk) wrap(err error) error {
	return fmt.Errorf("page %d is damaged: %w", v.pages, err)
}

const windowBytes = 16 << 10

// peek returns up to n bytes of the chunk from v.pos on.
func (v *vettedChunk) peek(n int64) ([]byte, error) {
	n = min(n, v.end-v.pos)
	if from := v.pos - v.windowAt; from >= 0 && from+n <= int64(len(v.window)) {
		return v.window[from : from+n], nil
	}
	size := max(n, min(windowBytes, v.end-v.pos))
	if int64(cap(v.window)) < size {
		v.window = make([]byte, size)
	}
	v.window, v.windowAt = v.window[:size], v.pos
	if err := readAt(v.file, v.window, v.pos); err != nil {
		v.window = v.window[:0]
		return nil, err
	}
	return v.window[:n], nil
}

// header reads the next page header and moves behind it.
func (v *vettedChunk) header() (*format.PageHeader, error) {
	if v.pos >= v.end {
		return nil, fmt.Errorf("the column ends with %d rows missing", v.left)
	}
	for size := int64(512); ; size *= 8 {
		data, err := v.peek(size)
		if err != nil {
			return nil, err
		}
		n, err := scanThriftStruct(data, maxPageHeader)
		if err == errThriftShort && size < min(v.end-v.pos, maxPageHeader) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("its header: %w", err)
		}
		header := &format.PageHeader{}
		protocol := &thrift.CompactProtocol{}
		if err := thrift.NewDecoder(protocol.NewReaderFromBytes(data[:n])).Decode(header); err != nil {
			return nil, fmt.Errorf("its header: %w", err)
		}
		v.pos += int64(n)
		return header, nil
	}
}

// compressed returns the page's bytes as they are in the file, checks their
// checksum, and moves behind them.
func (v *vettedChunk) compressed(h *format.PageHeader) ([]byte, error) {
	size := int64(h.CompressedPageSize)
	if size < 0 || size > v.end-v.pos {
		return nil, fmt.Errorf("it claims %d bytes, the column has %d left", size, v.end-v.pos)
	}
	if size > maxPageBytes || h.UncompressedPageSize < 0 || h.UncompressedPageSize > maxPageBytes {
		return nil, fmt.Errorf("it claims %d bytes (%d compressed); pages of up to %d are read, write the file with smaller ones", h.UncompressedPageSize, size, maxPageBytes)
	}
	data, err := v.bytes(size)
	if err != nil {
		return nil, err
	}
	v.pos += size
	if h.CRC != 0 && crc32.ChecksumIEEE(data) != uint32(h.CRC) {
		return nil, fmt.Errorf("its checksum is %#08x, its header says %#08x", crc32.ChecksumIEEE(data), uint32(h.CRC))
	}
	return data, nil
}

// bytes returns size bytes of the file from v.pos on.
func (v *vettedChunk) bytes(size int64) ([]byte, error) {
	if size <= windowBytes {
		return v.peek(size)
	}
	data, err := v.unpack.scratch(&v.unpack.body, int(size))
	if err != nil {
		return nil, err
	}
	return data, readAt(v.file, data, v.pos)
}

// hold takes budget for the page that is about to be handed on, in place of
// the page before it, which the library lets go of then.
func (v *vettedChunk) hold(n int64) error {
	v.budget.give(v.held)
	v.held = 0
	if err := v.budget.take(n); err != nil {
		return err
	}
	v.held = n
	return nil
}

// emit makes the prepared page: its header, its levels when the column is
// optional, and its values.
func (v *vettedChunk) emit(rows int, levels []byte, vals values) error {
	pad := 0
	if v.column.optional {
		pad = (8 - (4+len(levels))%8) % 8
	}
	size := len(vals.data)
	if v.column.optional {
		size += 4 + len(levels) + pad
	}
	if err := v.hold(int64(size) + int64(rows) + vals.cost); err != nil {
		return err
	}
	header := format.PageHeader{Type: format.DataPage, UncompressedPageSize: int32(size), CompressedPageSize: int32(size)}
	header.DataPageHeader.Set(format.DataPageHeader{
		NumValues: int32(rows), Encoding: vals.encoding,
		DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE,
	})
	if err := v.startWith(&header); err != nil {
		return err
	}
	if v.column.optional {
		// Runs of no values, which the library passes over, bring the values
		// behind the levels to a multiple of eight bytes.
		v.lead = binary.LittleEndian.AppendUint32(v.lead, uint32(len(levels)+pad))
		v.lead = append(v.lead, levels...)
		v.lead = append(v.lead, make([]byte, pad)...)
	}
	v.parts = [][]byte{v.lead, vals.data}
	v.left -= int64(rows)
	return nil
}

func (v *vettedChunk) startWith(h *format.PageHeader) error {
	encoded, err := thrift.Marshal(&thrift.CompactProtocol{}, h)
	v.lead = append(v.lead[:0], encoded...)
	return err
}
