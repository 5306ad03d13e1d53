package datasets

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"claimsieve/datasets/parquetfile"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// Create writes a whole dataset: dataset.yaml and one Parquet file per table.
//
// Every table of the spec needs a table of that name in tables and the other
// way round; its columns must have the spec's names and types, in any order. A
// table of the spec without files gets "<name>.parquet"; one with files must
// name exactly one, and no glob. The spec itself is not changed.
//
// A null in a table's key is an error.
//
// The dataset appears at dir at once or not at all: it is written into a folder
// beside dir, synced, and renamed. A dir that exists and is not empty is
// refused.
func Create(dir string, spec *Spec, tables map[string]*Table) error {
	dir = filepath.Clean(dir)
	if err := refuseOccupied(dir); err != nil {
		return err
	}
	full, err := fillFiles(spec, tables)
	if err != nil {
		return fmt.Errorf("cannot create dataset %s: %w", dir, err)
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return fmt.Errorf("cannot create dataset %s: %w", dir, err)
	}
	part, err := createPart(parent, filepath.Base(dir))
	if err != nil {
		return fmt.Errorf("cannot create dataset %s: %w", dir, err)
	}
	if err = writeDataset(part, full, tables); err == nil {
		err = moveInto(part, dir)
	}
	if err != nil {
		os.RemoveAll(part)
		return fmt.Errorf("cannot create dataset %s: %w", dir, err)
	}
	return nil
}

// refuseOccupied returns an error unless dir is absent or an empty folder.
func refuseOccupied(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("cannot create dataset %s: %w", dir, err)
	case len(entries) > 0:
		return fmt.Errorf("cannot create dataset %s: the folder is not empty (it holds %s); name another folder or remove this one first", dir, entries[0].Name())
	}
	return nil
}

// fillFiles returns a copy of the spec in which every table names its file.
func fillFiles(spec *Spec, tables map[string]*Table) (*Spec, error) {
	full := *spec
	full.Tables = make(map[string]*TableSpec, len(spec.Tables))
	for _, name := range spec.TableNames() {
		t := *spec.Tables[name]
		if len(t.Files) == 0 {
			t.Files = []string{name + ".parquet"}
		}
		if len(t.Files) > 1 || strings.ContainsAny(t.Files[0], "*?[") {
			return nil, fmt.Errorf("table %q has files %q: one file and no glob can be written", name, t.Files)
		}
		full.Tables[name] = &t
		if tables[name] == nil {
			return nil, fmt.Errorf("table %q of the description has no rows to write: pass a table of that name, which may be empty", name)
		}
	}
	if err := full.Validate(); err != nil {
		return nil, err
	}
	for name := range tables {
		if full.Tables[name] == nil {
			return nil, fmt.Errorf("table %q is not in the description", name)
		}
	}
	return &full, nil
}

func createPart(parent, name string) (string, error) {
	for n := range 1000 {
		part := filepath.Join(parent, fmt.Sprintf(".%s.part%d", name, n))
		err := os.Mkdir(part, 0o777)
		if err == nil || !errors.Is(err, os.ErrExist) {
			return part, err
		}
	}
	return "", fmt.Errorf("a thousand unfinished folders .%s.part* lie in %s: remove them", name, parent)
}

func writeDataset(dir string, spec *Spec, tables map[string]*Table) error {
	for _, name := range spec.TableNames() {
		ts := spec.Tables[name]
		path := filepath.Join(dir, filepath.FromSlash(ts.Files[0]))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		schema, records, err := fileRecords(ts, tables[name])
		if err != nil {
			return err
		}
		options := parquetfile.WriteOptions{Metadata: map[string]string{"claimsieve.table": name, "claimsieve.format": fmt.Sprint(FormatVersion)}}
		if err := parquetfile.Write(path, schema, records, options); err != nil {
			return err
		}
	}
	text, err := spec.encode()
	if err != nil {
		return err
	}
	return writeSynced(filepath.Join(dir, SpecFile), text)
}

// fileRecords returns a table's records with the columns in the spec's order
// and under their names in the file.
func fileRecords(ts *TableSpec, t *Table) (*arrow.Schema, []arrow.Record, error) {
	fields := make([]arrow.Field, len(ts.Columns))
	from := make([]int, len(ts.Columns))
	for i := range ts.Columns {
		c := &ts.Columns[i]
		idx := t.schema.FieldIndices(c.Name)
		if len(idx) != 1 {
			return nil, nil, fmt.Errorf("table %q has %d columns named %q, want 1", t.name, len(idx), c.Name)
		}
		if got := t.schema.Field(idx[0]).Type; !arrow.TypeEqual(got, c.Type.Arrow()) {
			return nil, nil, fmt.Errorf("column %q of table %q holds %s: type %s wants %s", c.Name, t.name, got, c.Type, c.Type.Arrow())
		}
		from[i] = idx[0]
		fields[i] = arrow.Field{Name: c.FileColumn(), Type: c.Type.Arrow(), Nullable: c.Name != ts.Key}
	}
	if n := t.schema.NumFields(); n != len(fields) {
		return nil, nil, fmt.Errorf("table %q has %d columns, its description %d: describe every column", t.name, n, len(fields))
	}
	schema := arrow.NewSchema(fields, nil)
	records := make([]arrow.Record, len(t.chunks))
	for i, c := range t.chunks {
		columns := make([]arrow.Array, len(from))
		for j, k := range from {
			columns[j] = c.Column(k)
		}
		records[i] = array.NewRecord(schema, columns, c.NumRows())
	}
	return schema, records, nil
}

func writeSynced(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

// moveInto renames the finished folder part to dir, durably. An empty dir is
// removed first; the removal fails when somebody has put something into it.
func moveInto(part, dir string) error {
	if err := syncTree(part); err != nil {
		return err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.Rename(part, dir); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(dir))
}

// syncTree syncs dir and every folder below it.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		return syncFolder(path)
	})
}

func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = f.Sync()
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}
