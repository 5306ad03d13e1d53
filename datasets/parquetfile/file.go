package parquetfile

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"
)

// File is an open Parquet file whose footer has been read and checked. It is
// safe for concurrent readers.
type File struct {
	name   string
	reader io.ReaderAt
	closer io.Closer // nil when the caller owns the reader
	size   int64
	footer int64 // offset of the footer, below which the pages lie

	rows     int64
	columns  []leaf
	groups   []rowGroup
	metadata []pairDoc
}

// Open opens the Parquet file at path. The caller closes it.
func Open(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read Parquet file: %w", err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("cannot read Parquet file %s: it is no regular file", path)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	file, err := NewFile(f, info.Size(), path)
	if err != nil {
		f.Close()
		return nil, err
	}
	file.closer = f
	return file, nil
}

// NewFile opens a Parquet file of size bytes behind r, which must stay readable
// as long as the file is used. The name stands in messages.
func NewFile(r io.ReaderAt, size int64, name string) (f *File, err error) {
	defer rescue(name, "", &err)
	meta, footer, err := readFooter(r, size)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", name, err)
	}
	columns, leaves, err := flatColumns(meta.Schema)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", name, err)
	}
	groups, err := checkRowGroups(meta, leaves, footer)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: its footer is damaged: %w", name, err)
	}
	return &File{
		name: name, reader: r, size: size, footer: footer,
		rows: total(groups), columns: columns, groups: groups, metadata: meta.Metadata,
	}, nil
}

func total(groups []rowGroup) int64 {
	var rows int64
	for i := range groups {
		rows += groups[i].rows
	}
	return rows
}

// Close closes the file when [Open] opened it.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}

// Rows returns the number of rows.
func (f *File) Rows() int64 { return f.rows }

// Columns returns what the file holds, in file order: one entry per top-level
// column, nested ones included.
func (f *File) Columns() []ColumnInfo {
	out := make([]ColumnInfo, len(f.columns))
	for i := range f.columns {
		out[i] = f.columns[i].info()
		if l := &f.columns[i]; l.refused == "" {
			out[i].Refused = f.chunkRefusal(l)
		}
	}
	return out
}

// chunkRefusal says why the column's chunks cannot be read, "" when they can.
func (f *File) chunkRefusal(l *leaf) string {
	for i := range f.groups {
		c := &f.groups[i].chunks[l.chunk]
		if c.refused != "" {
			return c.refused
		}
		if text := codecRefusal(c.codec); text != "" {
			return text
		}
	}
	return ""
}

// Metadata returns the value of a key of the file's metadata and whether it is
// there. Where a key stands more than once, the first one counts.
func (f *File) Metadata(key string) (string, bool) {
	for _, kv := range f.metadata {
		if kv.Key == key {
			return kv.Value, true
		}
	}
	return "", false
}

// rescue turns a panic of a decoder on damaged bytes into an error that names
// the file and the column.
func rescue(name, column string, err *error) {
	r := recover()
	if r == nil {
		return
	}
	at := ""
	if column != "" {
		at = fmt.Sprintf(", column %q", column)
	}
	*err = &PanicError{Text: fmt.Sprintf("cannot read %s%s: it is damaged: %v", name, at, r), Stack: debug.Stack()}
}

// PanicError is the error of a file whose bytes made a decoder panic. Every
// such file shows a gap in the checks that come before the decoder, so the
// stack is kept for a report.
type PanicError struct {
	Text  string // names the file and the column
	Stack []byte
}

// Error returns the text.
func (e *PanicError) Error() string { return e.Text }
