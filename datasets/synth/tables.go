package synth

import (
	"context"
	"fmt"
	"iter"
	"path/filepath"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"claimsieve/datasets"
	"claimsieve/datasets/parquetfile"
)

// table is one table of a portfolio, made part by part, so that it need never
// be in memory as a whole.
type table struct {
	name   string
	schema *arrow.Schema
	share  int // of the work of writing all tables, in percent

	// prepare orders the rows and returns the number of parts; then record
	// makes one part. Neither may be called by two goroutines at a time.
	prepare func(ctx context.Context) (parts int, err error)
	record  func(part int) arrow.Record
}

// partRows is how many rows, or claims, a part is made of.
const partRows = 65_536

// partsOf returns how many parts n rows have; a table has at least one.
func partsOf(n int) int { return max(1, (n+partRows-1)/partRows) }

// partOf returns which of n rows, [from, to), a part has.
func partOf(part, n int) (from, to int) { return part * partRows, min(n, (part+1)*partRows) }

// rowsOf makes the rows of a table: prepare as for [table], and rows of one
// part, no longer used when the next part's are asked for.
type rowsOf[R any] struct {
	prepare func(ctx context.Context) (parts int, err error)
	rows    func(part int) []R
}

// tableOf describes a table by its columns and rows. key is the column that is
// never null, "" where every one may be.
func tableOf[R any](name, key string, share int, columns []column[R], source rowsOf[R]) *table {
	fields := make([]arrow.Field, len(columns))
	for i, c := range columns {
		fields[i] = arrow.Field{Name: c.Name, Type: c.Type.Arrow(), Nullable: c.Name != key}
	}
	t := &table{name: name, share: share, schema: arrow.NewSchema(fields, nil), prepare: source.prepare}
	t.record = func(part int) arrow.Record {
		of := source.rows(part)
		arrays := make([]arrow.Array, len(columns))
		var workers sync.WaitGroup
		for i := range columns {
			workers.Go(func() { arrays[i] = columns[i].build(of) })
		}
		workers.Wait()
		return array.NewRecord(t.schema, arrays, int64(len(of)))
	}
	return t
}

// whole makes the table in memory.
func (t *table) whole(ctx context.Context) (*datasets.Table, error) {
	parts, err := t.prepare(ctx)
	if err != nil {
		return nil, err
	}
	var chunks []arrow.Record
	for part := range parts {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("cannot simulate a portfolio: %w", err)
		}
		chunks = append(chunks, t.record(part))
	}
	out, err := datasets.NewTable(t.name, t.schema, chunks)
	if err != nil {
		return nil, fmt.Errorf("cannot build simulated table: %w", err)
	}
	return out, nil
}

// empty returns the table without its rows.
func (t *table) empty() (*datasets.Table, error) { return datasets.NewTable(t.name, t.schema, nil) }

// write writes the table as a Parquet file in dir. report hears, in this
// goroutine, what share of it is written.
func (t *table) write(ctx context.Context, dir string, report func(share float64)) error {
	parts, err := t.prepare(ctx)
	if err != nil {
		return err
	}
	options := parquetfile.WriteOptions{
		Codec:    parquetfile.ZstdFast, // the ids are as good as random: a slower level gains little
		Metadata: map[string]string{"claimsieve.table": t.name, "claimsieve.format": fmt.Sprint(datasets.FormatVersion)},
	}
	return parquetfile.WriteSeq(filepath.Join(dir, t.name+".parquet"), t.schema, t.records(ctx, parts, report), options)
}

// records gives the parts in order; one is made while the one before it is
// used.
func (t *table) records(ctx context.Context, parts int, report func(share float64)) iter.Seq2[arrow.Record, error] {
	return func(yield func(arrow.Record, error) bool) {
		made := make(chan arrow.Record)
		stop := make(chan struct{})
		defer close(stop)
		go func() {
			defer close(made)
			for part := range parts {
				select {
				case made <- t.record(part):
				case <-stop:
					return
				}
			}
		}()
		written := 0
		for r := range made {
			if err := ctx.Err(); err != nil {
				yield(nil, fmt.Errorf("cannot simulate a portfolio: %w", err))
				return
			}
			if !yield(r, nil) {
				return
			}
			written++
			report(float64(written) / float64(parts))
		}
	}
}
