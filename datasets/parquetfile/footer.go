package parquetfile

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

const (
	magic      = "PAR1"
	magicCoded = "PARE" // a file whose footer is encrypted
	tailBytes  = 8      // footer length and magic
)

// readFooter reads and decodes the footer after checking its claims about
// itself. It returns the offset at which the footer begins: pages lie below it.
func readFooter(r io.ReaderAt, size int64) (*footerDoc, int64, error) {
	if size < int64(len(magic))+tailBytes {
		return nil, 0, fmt.Errorf("it is no Parquet file: %d bytes are too few", size)
	}
	var head [len(magic)]byte
	var tail [tailBytes]byte
	if err := readAt(r, head[:], 0); err != nil {
		return nil, 0, err
	}
	if err := readAt(r, tail[:], size-tailBytes); err != nil {
		return nil, 0, err
	}
	if string(head[:]) == magicCoded || string(tail[4:]) == magicCoded {
		return nil, 0, fmt.Errorf("it is encrypted: decrypt it first")
	}
	if string(head[:]) != magic || string(tail[4:]) != magic {
		return nil, 0, fmt.Errorf("it is no Parquet file, or it is cut short: it begins with %q and ends with %q, want %q", head[:], tail[4:], magic)
	}
	length := int64(binary.LittleEndian.Uint32(tail[:]))
	start := size - tailBytes - length
	if start < int64(len(magic)) {
		return nil, 0, fmt.Errorf("its footer claims %d bytes of a file of %d", length, size)
	}
	if length > maxFooterBytes {
		return nil, 0, fmt.Errorf("its footer has %d bytes, more than %d", length, maxFooterBytes)
	}
	data := make([]byte, length)
	if err := readAt(r, data, start); err != nil {
		return nil, 0, err
	}
	meta, err := decodeFooter(data)
	return meta, start, err
}

func decodeFooter(data []byte) (*footerDoc, error) {
	n, err := scanThriftStruct(data, maxFooterMemory)
	if err != nil {
		return nil, fmt.Errorf("its footer is damaged: %w", err)
	}
	meta := &footerDoc{}
	protocol := &thrift.CompactProtocol{}
	if err := thrift.NewDecoder(protocol.NewReaderFromBytes(data[:n])).Decode(meta); err != nil {
		return nil, fmt.Errorf("its footer is damaged: %w", err)
	}
	if meta.Encryption.Value != nil {
		return nil, fmt.Errorf("it is encrypted: decrypt it first")
	}
	if n != len(data) {
		return nil, fmt.Errorf("its footer is damaged: it claims %d bytes and ends after %d", len(data), n)
	}
	return meta, nil
}

// rowGroup is a row group whose numbers have been checked.
type rowGroup struct {
	first  int64 // rows of the file before it
	rows   int64
	chunks []chunk
}

// chunk is the part of a column in a row group.
type chunk struct {
	physical format.Type
	codec    format.CompressionCodec
	start    int64 // offset of the first page
	end      int64 // offset behind the last page
	values   int64
	refused  string // why it cannot be read; "" when it can
}

// checkRowGroups turns the footer's row groups into checked ones: counts agree,
// chunks lie between the magic and the footer and do not overlap.
func checkRowGroups(meta *footerDoc, leaves int, footer int64) ([]rowGroup, error) {
	groups := make([]rowGroup, len(meta.RowGroups))
	var rows int64
	var extents []extent
	for i := range meta.RowGroups {
		g := &meta.RowGroups[i]
		if g.NumRows < 0 || g.NumRows > math.MaxInt64-rows {
			return nil, fmt.Errorf("row group %d claims %d rows", i, g.NumRows)
		}
		if len(g.Columns) != leaves {
			return nil, fmt.Errorf("row group %d has %d columns, the schema %d", i, len(g.Columns), leaves)
		}
		groups[i] = rowGroup{first: rows, rows: g.NumRows, chunks: make([]chunk, leaves)}
		for j := range g.Columns {
			c, err := checkChunk(&g.Columns[j], footer)
			if err != nil {
				return nil, fmt.Errorf("row group %d, column %d: %w", i, j, err)
			}
			groups[i].chunks[j] = c
			if c.end > c.start {
				extents = append(extents, extent{c.start, c.end, i, j})
			}
		}
		rows += g.NumRows
	}
	if rows != meta.NumRows && meta.NumRows != 0 { // some writers leave the total at 0
		return nil, fmt.Errorf("it claims %d rows and its row groups have %d", meta.NumRows, rows)
	}
	return groups, checkOverlap(extents)
}

func checkChunk(c *chunkDoc, footer int64) (chunk, error) {
	m := &c.Meta.V
	out := chunk{physical: m.Type, codec: m.Codec, values: m.NumValues}
	switch {
	case c.FilePath != "":
		out.refused = fmt.Sprintf("its data lies in another file, %q", c.FilePath)
	case c.Crypto.Value != nil || len(c.Encrypted) > 0:
		out.refused = "it is encrypted: decrypt the file first"
	case !c.Meta.Valid:
		out.refused = "the footer does not say where its pages lie"
	}
	if out.refused != "" {
		return out, nil
	}
	if m.NumValues < 0 || m.TotalCompressedSize < 0 || m.DataPageOffset < 0 || m.DictionaryPageOffset < 0 {
		return out, fmt.Errorf("a count or an offset is negative (values %d, bytes %d, pages at %d, dictionary at %d)", m.NumValues, m.TotalCompressedSize, m.DataPageOffset, m.DictionaryPageOffset)
	}
	if m.NumValues == 0 { // nothing will be read, and writers leave what they like
		return out, nil
	}
	out.start = m.DataPageOffset
	if d := m.DictionaryPageOffset; d > 0 && d < out.start {
		out.start = d
	}
	if m.TotalCompressedSize > footer-out.start || m.TotalCompressedSize > 0 && out.start < int64(len(magic)) {
		return out, fmt.Errorf("it claims %d bytes at offset %d of a file whose pages end at %d", m.TotalCompressedSize, out.start, footer)
	}
	out.end = out.start + m.TotalCompressedSize
	return out, nil
}

type extent struct {
	start, end    int64
	group, column int
}

func checkOverlap(extents []extent) error {
	slices.SortFunc(extents, func(a, b extent) int {
		switch {
		case a.start != b.start:
			return int(min(max(a.start-b.start, -1), 1))
		case a.group != b.group:
			return a.group - b.group
		}
		return a.column - b.column
	})
	for i := 1; i < len(extents); i++ {
		a, b := extents[i-1], extents[i]
		if b.start < a.end {
			return fmt.Errorf("column %d of row group %d and column %d of row group %d overlap at offset %d", a.column, a.group, b.column, b.group, b.start)
		}
	}
	return nil
}

// readAt fills p from offset off, or says how much was there.
func readAt(r io.ReaderAt, p []byte, off int64) error {
	n, err := r.ReadAt(p, off)
	if n == len(p) {
		return nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("cannot read %d bytes at offset %d (got %d): %w", len(p), off, n, err)
}
