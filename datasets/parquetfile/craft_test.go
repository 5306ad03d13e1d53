package parquetfile

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// craftedPage is a page of a file made by hand, with whatever claims a test wants.
type craftedPage struct {
	header format.PageHeader
	body   []byte
}

// crafted is a file of one column, made by hand.
type crafted struct {
	element format.SchemaElement
	codec   format.CompressionCodec
	rows    int64
	pages   []craftedPage
	edit    func(*format.FileMetaData) // changes the footer before it is written
}

func optional(physical format.Type) format.SchemaElement {
	e := format.SchemaElement{Name: "x"}
	e.Type.Set(physical)
	e.RepetitionType.Set(format.Optional)
	return e
}

func required(physical format.Type) format.SchemaElement {
	e := optional(physical)
	e.RepetitionType.Set(format.Required)
	return e
}

func dataPage(rows int32, encoding format.Encoding, body []byte) craftedPage {
	p := craftedPage{body: body, header: format.PageHeader{Type: format.DataPage, CompressedPageSize: int32(len(body)), UncompressedPageSize: int32(len(body))}}
	p.header.DataPageHeader.Set(format.DataPageHeader{NumValues: rows, Encoding: encoding, DefinitionLevelEncoding: format.RLE, RepetitionLevelEncoding: format.RLE})
	return p
}

func dictionaryPage(entries int32, body []byte) craftedPage {
	p := craftedPage{body: body, header: format.PageHeader{Type: format.DictionaryPage, CompressedPageSize: int32(len(body)), UncompressedPageSize: int32(len(body))}}
	p.header.DictionaryPageHeader.Set(format.DictionaryPageHeader{NumValues: entries, Encoding: format.Plain})
	return p
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	b, err := thrift.Marshal(&thrift.CompactProtocol{}, v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// bytes returns the file.
func (c *crafted) bytes(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	out.WriteString(magic)
	for i := range c.pages {
		out.Write(marshal(t, &c.pages[i].header))
		out.Write(c.pages[i].body)
	}
	root := format.SchemaElement{Name: "root"}
	root.NumChildren.Set(1)
	meta := &format.FileMetaData{
		Version: 1, NumRows: c.rows, Schema: []format.SchemaElement{root, c.element},
		RowGroups: []format.RowGroup{{NumRows: c.rows, Columns: []format.ColumnChunk{{MetaData: format.ColumnMetaData{
			Type: c.element.Type.V, Codec: c.codec, NumValues: c.rows, Encoding: []format.Encoding{format.Plain}, PathInSchema: []string{"x"},
			TotalCompressedSize: int64(out.Len() - len(magic)), TotalUncompressedSize: int64(out.Len() - len(magic)), DataPageOffset: int64(len(magic)),
		}}}}},
	}
	if c.edit != nil {
		c.edit(meta)
	}
	return withFooter(out.Bytes(), marshal(t, meta))
}

func withFooter(pages, footer []byte) []byte {
	out := append(bytes.Clone(pages), footer...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(footer)))
	return append(out, magic...)
}

func plainInts(n int) []byte {
	var b []byte
	for i := range n {
		b = binary.LittleEndian.AppendUint64(b, uint64(i))
	}
	return b
}
