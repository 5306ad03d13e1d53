package parquetfile

import (
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// The footer as far as reading needs it. Statistics, sort orders, indexes and
// bloom filters are passed over, which keeps a footer's memory small and lets
// files be read whose writers left out what nobody needs here. Field numbers
// are those of the format's parquet.thrift.
type (
	footerDoc struct {
		Schema     []format.SchemaElement     `thrift:"2,required"`
		NumRows    int64                      `thrift:"3,required"`
		RowGroups  []groupDoc                 `thrift:"4,required"`
		Metadata   []pairDoc                  `thrift:"5,optional"`
		Encryption format.EncryptionAlgorithm `thrift:"8,optional"`
	}

	groupDoc struct {
		Columns []chunkDoc `thrift:"1,required"`
		NumRows int64      `thrift:"3,required"`
	}

	chunkDoc struct {
		FilePath  string                      `thrift:"1,optional"`
		Meta      thrift.Null[chunkMeta]      `thrift:"3,optional"`
		Crypto    format.ColumnCryptoMetaData `thrift:"8,optional"`
		Encrypted []byte                      `thrift:"9,optional"`
	}

	chunkMeta struct {
		Type                 format.Type             `thrift:"1,required"`
		Codec                format.CompressionCodec `thrift:"4,required"`
		NumValues            int64                   `thrift:"5,required"`
		TotalCompressedSize  int64                   `thrift:"7,required"`
		DataPageOffset       int64                   `thrift:"9,required"`
		DictionaryPageOffset int64                   `thrift:"11,optional"`
	}

	pairDoc struct {
		Key   string `thrift:"1,required"`
		Value string `thrift:"2,optional"`
	}
)
