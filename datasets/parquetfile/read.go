package parquetfile

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
)

// Column asks for a column of a file.
type Column struct {
	File string         // name in the file
	Name string         // name in the record; File when empty
	Type arrow.DataType // wanted type, one of those in the package comment
}

// Schema returns the schema of the records that reading columns gives. Every
// field is nullable.
func Schema(columns []Column) *arrow.Schema {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = arrow.Field{Name: c.Name, Type: c.Type, Nullable: true}
		if c.Name == "" {
			fields[i].Name = c.File
		}
	}
	return arrow.NewSchema(fields, nil)
}

// Read reads the columns in batches of at most 65,536 rows, in file order, and
// hands each batch to each. Batches do not cross row groups; wide schemas and
// long texts make them smaller. A record is valid until each returns, unless
// each retains it. An error of each stops the reading and is returned as it is.
//
// Reading holds at most 256 MiB plus twice the file's size at a time, beside
// what each keeps. A file that would need more is refused.
func (f *File) Read(columns []Column, each func(arrow.Record) error) error {
	r, err := f.reading(columns)
	if err != nil {
		return err
	}
	for g := range f.groups {
		if err := r.group(&f.groups[g], each); err != nil {
			return err
		}
	}
	return nil
}

// expansion is how many bytes of memory ReadAll may keep per byte of the file.
// A file of constants can be expanded further by rightful means, but such a
// file holds nothing to learn from.
const expansion = 64

// ReadAll reads the columns of the whole file. It keeps at most 128 MiB plus
// 64 times the file's size; larger contents are an error, and [Read] the way
// to stream them.
func (f *File) ReadAll(columns []Column) ([]arrow.Record, error) {
	var records []arrow.Record
	kept, limit := int64(0), f.size*expansion+maxMemory/2
	seen := map[arrow.ArrayData]bool{}
	err := f.Read(columns, func(r arrow.Record) error {
		for _, c := range r.Columns() {
			kept += memoryOf(c.Data(), seen)
		}
		if kept > limit {
			return fmt.Errorf("cannot read %s: its %d bytes expand to more than %d MiB, which no real table does", f.name, f.size, limit>>20)
		}
		r.Retain()
		records = append(records, r)
		return nil
	})
	if err != nil {
		for _, r := range records {
			r.Release()
		}
		return nil, err
	}
	return records, nil
}

// memoryOf returns the bytes of an array's buffers; a dictionary that several
// arrays share counts once.
func memoryOf(d arrow.ArrayData, seen map[arrow.ArrayData]bool) int64 {
	var n int64
	for _, b := range d.Buffers() {
		if b != nil {
			n += int64(b.Len())
		}
	}
	if d.DataType().ID() == arrow.DICTIONARY {
		if dictionary := d.Dictionary(); !seen[dictionary] {
			seen[dictionary] = true
			n += memoryOf(dictionary, seen)
		}
	}
	return n
}

// resolve finds a column of the file and checks that it can become the wanted
// type.
func (f *File) resolve(c Column) (*leaf, wanted, error) {
	want, err := wantedOf(c.Type)
	if err != nil {
		return nil, 0, fmt.Errorf("cannot read column %q of %s: %w", c.File, f.name, err)
	}
	var found *leaf
	for i := range f.columns {
		if f.columns[i].name == c.File {
			if found != nil {
				return nil, 0, fmt.Errorf("cannot read column %q of %s: two columns have that name; rename one when writing the file", c.File, f.name)
			}
			found = &f.columns[i]
		}
	}
	if found == nil {
		return nil, 0, &MissingColumnError{File: f.name, Column: c.File, Near: nearest(c.File, f.columns)}
	}
	refused := found.refused
	if refused == "" {
		refused = f.chunkRefusal(found)
	}
	if refused != "" {
		return nil, 0, fmt.Errorf("cannot read column %q of %s: %s", c.File, f.name, refused)
	}
	if err := found.accepts(want); err != nil {
		return nil, 0, &TypeError{File: f.name, Column: c.File, Text: err.Error()}
	}
	return found, want, nil
}
