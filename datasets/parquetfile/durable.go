package parquetfile

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"github.com/apache/arrow/go/v17/arrow"
)

// Write writes records as the Parquet file at path, replacing what stands
// there. The file is written beside it under another name, synced, and renamed
// into place, and the folder is synced, so that a crash at any point leaves
// the old file or the new one. The same records and options give the same
// bytes.
func Write(path string, schema *arrow.Schema, records []arrow.Record, options WriteOptions) error {
	return WriteSeq(path, schema, func(yield func(arrow.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}, options)
}

// WriteSeq is [Write] for records that come one after the other and need not
// be in memory together: only the open row group is, compressed. A record may
// be released as soon as the sequence is asked for the next one. An error that
// the sequence gives ends the writing and leaves what stood at path.
func WriteSeq(path string, schema *arrow.Schema, records iter.Seq2[arrow.Record, error], options WriteOptions) error {
	part, err := createBeside(path)
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	err = writeTo(part, schema, records, options)
	if e := part.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(part.Name(), path)
	}
	if err != nil {
		os.Remove(part.Name())
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return SyncDir(filepath.Dir(path))
}

func writeTo(f *os.File, schema *arrow.Schema, records iter.Seq2[arrow.Record, error], options WriteOptions) error {
	buffered := bufio.NewWriterSize(f, 256<<10)
	w, err := NewWriter(buffered, schema, options)
	if err != nil {
		return err
	}
	for r, err := range records {
		if err != nil {
			return err
		}
		if err := w.Write(r); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	return f.Sync()
}

// createBeside creates a new file in path's folder under a name of its own.
func createBeside(path string) (*os.File, error) {
	dir, name := filepath.Split(path)
	for n := range 1000 {
		f, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf(".%s.part%d", name, n)), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil || !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
	return nil, fmt.Errorf("a thousand unfinished files .%s.part* lie in %s: remove them", name, dir)
}

// SyncDir makes renames of files and folders in dir durable.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("cannot sync folder %s: %w", dir, err)
	}
	err = d.Sync()
	if e := d.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("cannot sync folder %s: %w", dir, err)
	}
	return nil
}
