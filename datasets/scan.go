package datasets

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"

	"claimsieve/datasets/parquetfile"
)

// Scan reads a table like [Dataset.Table], but hands its records over one by
// one, in row order, so that a table of any size takes the memory of a few of
// them. A record is only good until each returns. An error of each ends the
// scan and is returned as it is.
func (d *Dataset) Scan(table string, columns []string, each func(arrow.Record) error) error {
	want, err := d.columns(table, columns)
	if err != nil {
		return err
	}
	files, err := d.files(table)
	if err != nil {
		return err
	}
	for _, f := range files {
		stopped := false
		err := d.scanFile(f, want, func(r arrow.Record) error {
			err := each(r)
			stopped = err != nil
			return err
		})
		if err != nil && stopped {
			return err
		}
		if err != nil {
			return fmt.Errorf("cannot read table %q: %w", table, err)
		}
	}
	return nil
}

func (d *Dataset) scanFile(f dataFile, want []*ColumnSpec, each func(arrow.Record) error) error {
	file, err := parquetfile.Open(d.path(f))
	if err != nil {
		return err
	}
	defer file.Close()
	inFile, constants, err := f.split(file, want)
	if err != nil {
		return err
	}
	schema := parquetfile.Schema(fileColumns(want))
	return file.Read(fileColumns(inFile), func(r arrow.Record) error {
		if len(inFile) < len(want) {
			if r, err = f.withConstants(schema, r, want, constants); err != nil {
				return err
			}
		}
		return each(r)
	})
}
