package parquetfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// virtualGroup opens, through the library, a file that exists only in its
// metadata: one row group with the given columns, of plain physical types and
// without compression, statistics or indexes. The library reads the pages of
// its column chunks from vetted streams; of the foreign footer it sees nothing.
func virtualGroup(columns []*leaf, rows int64) (*parquet.File, error) {
	meta := format.FileMetaData{Version: 1, NumRows: rows}
	root := format.SchemaElement{Name: "row"}
	root.NumChildren.Set(int32(len(columns)))
	meta.Schema = append(meta.Schema, root)
	group := format.RowGroup{NumRows: rows}
	for i, c := range columns {
		name := fmt.Sprintf("c%d", i)
		e := format.SchemaElement{Name: name}
		e.Type.Set(c.physical)
		if c.physical == format.FixedLenByteArray {
			e.TypeLength.Set(c.length)
		}
		e.RepetitionType.Set(format.Required)
		if c.optional {
			e.RepetitionType.Set(format.Optional)
		}
		meta.Schema = append(meta.Schema, e)
		group.Columns = append(group.Columns, format.ColumnChunk{MetaData: format.ColumnMetaData{
			Type: c.physical, Codec: format.Uncompressed, NumValues: rows,
			Encoding: []format.Encoding{format.Plain}, PathInSchema: []string{name},
			TotalCompressedSize: math.MaxInt64, // the stream ends itself
		}})
	}
	meta.RowGroups = append(meta.RowGroups, group)
	encoded, err := thrift.Marshal(&thrift.CompactProtocol{}, &meta)
	if err != nil {
		return nil, fmt.Errorf("BUG: cannot describe a row group: %w", err)
	}
	text := append([]byte(magic), encoded...)
	text = binary.LittleEndian.AppendUint32(text, uint32(len(encoded)))
	text = append(text, magic...)
	file, err := parquet.OpenFile(bytes.NewReader(text), int64(len(text)),
		parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, fmt.Errorf("BUG: cannot open a described row group: %w", err)
	}
	return file, nil
}
