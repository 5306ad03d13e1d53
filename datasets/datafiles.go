package datasets

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sort"

	"claimsieve/datasets/parquetfile"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
)

// dataFile is a file of a table: its path below the dataset's folder, with
// forward slashes.
type dataFile string

// files returns the files of a table. An entry of the description that matches
// nothing is an error; a file that two entries match is read once, where the
// first entry stands.
func (d *Dataset) files(table string) ([]dataFile, error) {
	var out []dataFile
	seen := map[string]bool{}
	for _, pattern := range d.Spec.Tables[table].Files {
		found, err := d.glob(pattern)
		if err != nil {
			return nil, fmt.Errorf("cannot read table %q: %w", table, err)
		}
		for _, name := range found {
			if !seen[name] {
				seen[name] = true
				out = append(out, dataFile(name))
			}
		}
	}
	return out, nil
}

// glob returns the regular files below the dataset's folder that a path or
// pattern matches, sorted. Symbolic links are followed.
func (d *Dataset) glob(pattern string) ([]string, error) {
	if text := fileFault(pattern); text != "" {
		return nil, errors.New(text)
	}
	root := os.DirFS(d.Dir)
	pattern = path.Clean(pattern)
	if _, err := fs.Stat(root, pattern); err == nil { // a name may hold the characters of a pattern
		return []string{pattern}, nil
	}
	found, err := fs.Glob(root, pattern)
	if err != nil {
		return nil, err
	}
	files := found[:0]
	for _, name := range found {
		info, err := fs.Stat(root, name)
		if err != nil {
			return nil, err
		}
		if info.Mode().IsRegular() {
			files = append(files, name)
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no file matches %q in %s: put the file there or mend files: in %s", pattern, d.Dir, SpecFile)
	}
	sort.Strings(files)
	return files, nil
}

func (d *Dataset) path(f dataFile) string { return filepath.Join(d.Dir, filepath.FromSlash(string(f))) }

// readFile reads columns of one file, those of its Hive partition included.
func (d *Dataset) readFile(f dataFile, want []*ColumnSpec) ([]arrow.Record, error) {
	file, err := parquetfile.Open(d.path(f))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	inFile, constants, err := f.split(file, want)
	if err != nil {
		return nil, err
	}
	records, err := file.ReadAll(fileColumns(inFile))
	if err != nil || len(inFile) == len(want) {
		return records, err
	}
	schema := parquetfile.Schema(fileColumns(want))
	for i, r := range records {
		if records[i], err = f.withConstants(schema, r, want, constants); err != nil {
			return nil, err
		}
	}
	return records, nil
}

// split tells the columns that the file holds from those that its folders give.
func (f dataFile) split(file *parquetfile.File, want []*ColumnSpec) (inFile []*ColumnSpec, constants map[string]partitionValue, err error) {
	have := map[string]bool{}
	for _, c := range file.Columns() {
		have[c.Name] = true
	}
	folders, err := f.partition()
	if err != nil {
		return nil, nil, err
	}
	for _, c := range want {
		if v, ok := folders[c.FileColumn()]; ok && !have[c.FileColumn()] {
			if constants == nil {
				constants = map[string]partitionValue{}
			}
			constants[c.Name] = v
			continue
		}
		inFile = append(inFile, c)
	}
	return inFile, constants, nil
}

// withConstants adds the partition's columns to a record of the file's.
func (f dataFile) withConstants(schema *arrow.Schema, r arrow.Record, want []*ColumnSpec, constants map[string]partitionValue) (arrow.Record, error) {
	columns := make([]arrow.Array, len(want))
	next := 0
	for i, c := range want {
		v, constant := constants[c.Name]
		if !constant {
			columns[i] = r.Column(next)
			next++
			continue
		}
		a, err := v.array(c, int(r.NumRows()))
		if err != nil {
			return nil, fmt.Errorf("cannot read %s: its folder %s=%s: %w", string(f), c.FileColumn(), v.text, err)
		}
		columns[i] = a
	}
	return array.NewRecord(schema, columns, r.NumRows()), nil
}
