package parquetfile

import (
	"fmt"
	"io"
	"sort"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/compress/zstd"
)

// Codec is how pages are compressed on writing. The zero value is Zstd.
type Codec uint8

// The codecs offered for writing.
const (
	Zstd     Codec = iota // smaller files
	Snappy                // faster to read
	Plain                 // no compression
	ZstdFast              // zstd at its fastest level: nearly as small as Zstd and half its time to write
)

// DefaultRowGroupRows is the number of rows of a row group when the options
// name none.
const DefaultRowGroupRows = 128 * 1024

// WriteOptions says how a file is written. The zero value is the default:
// zstd, row groups of [DefaultRowGroupRows], no metadata.
type WriteOptions struct {
	Codec        Codec
	RowGroupRows int               // rows per row group; 0 means DefaultRowGroupRows; at most 16 Mi
	Metadata     map[string]string // key/value pairs of the footer, written in key order
}

const maxRowGroupRows = 16 << 20

func (o *WriteOptions) validate() error {
	if o.Codec > ZstdFast {
		return fmt.Errorf("cannot write Parquet: codec %d is none of Zstd, Snappy, Plain, ZstdFast", o.Codec)
	}
	if o.RowGroupRows < 0 || o.RowGroupRows > maxRowGroupRows {
		return fmt.Errorf("cannot write Parquet: RowGroupRows is %d, want 0 to %d", o.RowGroupRows, maxRowGroupRows)
	}
	return nil
}

func (o *WriteOptions) compression() compress.Codec {
	switch o.Codec {
	case Snappy:
		return &parquet.Snappy
	case Plain:
		return &parquet.Uncompressed
	case ZstdFast:
		return &zstd.Codec{Level: zstd.SpeedFastest}
	}
	return &zstd.Codec{Level: zstd.SpeedDefault}
}

// Writer writes arrow records of one schema as a Parquet file. The bytes are a
// function of the schema, the options and the records: columns are encoded on
// all processors, each by itself, so that their number changes nothing. A
// Writer is not safe for concurrent use.
type Writer struct {
	schema  *arrow.Schema
	columns []columnFeeder
	out     *parquet.GenericWriter[any]
	group   int // rows of a full row group
	pending int // rows in the open row group
	failed  error
}

// NewWriter returns a writer of records of the given schema to w. The column
// types may be utf8, dictionary<int32, utf8>, int64, float64, bool,
// timestamp[us, UTC] and date32. Columns whose arrow field is nullable become
// optional columns, all others required ones, for which a null is an error of
// Write. Close completes the file; it does not close w.
func NewWriter(w io.Writer, schema *arrow.Schema, options WriteOptions) (*Writer, error) {
	if err := options.validate(); err != nil {
		return nil, err
	}
	root, err := rowNode(schema)
	if err != nil {
		return nil, err
	}
	config := []parquet.WriterOption{
		parquet.NewSchema("row", root),
		parquet.Compression(options.compression()),
		parquet.CreatedBy("claimsieve", "1", "parquetfile"),
		parquet.DataPageVersion(1), // every reader reads version 1
		parquet.DataPageStatistics(false),
	}
	keys := make([]string, 0, len(options.Metadata))
	for k := range options.Metadata {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		config = append(config, parquet.KeyValueMetadata(k, options.Metadata[k]))
	}
	out := &Writer{schema: schema, group: options.RowGroupRows, out: parquet.NewGenericWriter[any](w, config...)}
	if out.group == 0 {
		out.group = DefaultRowGroupRows
	}
	out.columns = make([]columnFeeder, schema.NumFields())
	for i := range out.columns {
		f := schema.Field(i)
		out.columns[i] = columnFeeder{name: f.Name, index: i, nullable: f.Nullable}
	}
	return out, nil
}

// Write appends the rows of a record. Its columns must have the names and
// types of the writer's schema, in that order. After an error the file is not
// usable, and every later call returns that error.
func (w *Writer) Write(record arrow.Record) error {
	if w.failed == nil {
		w.failed = w.write(record)
	}
	return w.failed
}

func (w *Writer) write(record arrow.Record) error {
	if int(record.NumCols()) != len(w.columns) {
		return fmt.Errorf("cannot write a record of %d columns: the file has %d", record.NumCols(), len(w.columns))
	}
	for i := range w.columns {
		f, g := w.schema.Field(i), record.Schema().Field(i)
		if f.Name != g.Name || !arrow.TypeEqual(f.Type, g.Type) {
			return fmt.Errorf("cannot write column %d: it is %q of type %s, the file's is %q of type %s", i, g.Name, g.Type, f.Name, f.Type)
		}
	}
	for from, rows := 0, int(record.NumRows()); from < rows; {
		to := min(rows, from+w.group-w.pending)
		writers := w.out.ColumnWriters()
		err := eachColumn(len(w.columns), to-from, func(i int) error {
			return w.columns[i].feed(writers[i], record.Column(i), from, to)
		})
		if err != nil {
			return err
		}
		w.pending += to - from
		from = to
		if w.pending == w.group {
			if err := w.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

// flush ends the row group: the columns' last pages are encoded side by side,
// then the group is copied into the file.
func (w *Writer) flush() error {
	writers := w.out.ColumnWriters()
	err := eachColumn(len(writers), w.pending, func(i int) error { return writers[i].Flush() })
	w.pending = 0
	if err != nil {
		return fmt.Errorf("cannot write row group: %w", err)
	}
	if err := w.out.Flush(); err != nil {
		return fmt.Errorf("cannot write row group: %w", err)
	}
	return nil
}

// Close writes what is pending and the footer.
func (w *Writer) Close() error {
	if w.failed != nil {
		return w.failed
	}
	if w.pending > 0 {
		if w.failed = w.flush(); w.failed != nil {
			return w.failed
		}
	}
	if err := w.out.Close(); err != nil {
		w.failed = fmt.Errorf("cannot write footer: %w", err)
		return w.failed
	}
	w.failed = fmt.Errorf("cannot write: the Parquet writer is closed")
	return nil
}
