package datasets

import (
	"errors"
	"fmt"
	"path/filepath"

	"claimsieve/datasets/parquetfile"
	"claimsieve/datasets/strictyaml"

	"github.com/apache/arrow/go/v17/arrow"
)

// Dataset is a folder with a dataset.yaml and the Parquet files that it names.
// It is safe for concurrent readers; nothing is kept in memory between calls.
type Dataset struct {
	Dir  string
	Spec *Spec
}

// Open reads the dataset.yaml in dir. The data files are not touched: a
// missing or damaged one is found by [Dataset.Table] or [Check].
func Open(dir string) (*Dataset, error) {
	spec, err := ReadSpec(filepath.Join(dir, SpecFile))
	if err != nil {
		var faults strictyaml.Faults
		if errors.As(err, &faults) {
			return nil, fmt.Errorf("cannot open dataset %s:\n%w", dir, err)
		}
		return nil, err
	}
	return &Dataset{Dir: dir, Spec: spec}, nil
}

// Table reads a table whole: the named columns in that order, or all columns in
// the order of dataset.yaml when none is named. Names are those of
// dataset.yaml, never those of the files. Rows come in the order of the files,
// which are read sorted by path within each entry of files.
//
// A column that a file lacks is taken from the file's folder where that is a
// Hive partition of the column's name in the file, such as "year=2024/".
func (d *Dataset) Table(name string, columns ...string) (*Table, error) {
	t, err := d.read(name, columns...)
	if err != nil {
		return nil, err
	}
	if err := t.refuseNullKeys(d.Spec.Tables[name]); err != nil {
		return nil, err
	}
	return t, nil
}

// read is Table without the rule that keys are not null.
func (d *Dataset) read(name string, columns ...string) (*Table, error) {
	want, err := d.columns(name, columns)
	if err != nil {
		return nil, err
	}
	files, err := d.files(name)
	if err != nil {
		return nil, err
	}
	schema := parquetfile.Schema(fileColumns(want))
	var chunks []arrow.Record
	for _, f := range files {
		records, err := d.readFile(f, want)
		if err != nil {
			return nil, fmt.Errorf("cannot read table %q: %w", name, err)
		}
		chunks = append(chunks, records...)
	}
	return NewTable(name, schema, chunks)
}

// refuseNullKeys exists so that a row that nothing can name is found when it
// is read; [Check] counts such rows.
func (t *Table) refuseNullKeys(ts *TableSpec) error {
	if ts.Key == "" || len(t.schema.FieldIndices(ts.Key)) == 0 {
		return nil
	}
	chunks, err := t.arrays(ts.Key)
	if err != nil {
		return err
	}
	row := 0
	for _, a := range chunks {
		if a.NullN() > 0 {
			for i := range a.Len() {
				if a.IsNull(i) {
					return fmt.Errorf("cannot read table %q: key %q is null in row %d; remove the row or give it a key", t.name, ts.Key, row+i+1)
				}
			}
		}
		row += a.Len()
	}
	return nil
}

// columns returns the descriptions of a table's named columns.
func (d *Dataset) columns(table string, names []string) ([]*ColumnSpec, error) {
	ts := d.Spec.Tables[table]
	if ts == nil {
		return nil, fmt.Errorf("cannot read table %q of dataset %s: there is no such table%s", table, d.Dir, strictyaml.DidYouMean(table, d.Spec.TableNames()))
	}
	if len(names) == 0 {
		names = ts.columnNames()
	}
	want := make([]*ColumnSpec, len(names))
	for i, name := range names {
		if want[i] = ts.Column(name); want[i] == nil {
			return nil, fmt.Errorf("cannot read column %q of table %q: dataset.yaml has no such column%s", name, table, strictyaml.DidYouMean(name, ts.columnNames()))
		}
	}
	return want, nil
}

func fileColumns(want []*ColumnSpec) []parquetfile.Column {
	out := make([]parquetfile.Column, len(want))
	for i, c := range want {
		out[i] = parquetfile.Column{File: c.FileColumn(), Name: c.Name, Type: c.Type.Arrow()}
	}
	return out
}
