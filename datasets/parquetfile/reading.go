package parquetfile

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
)

// sink assembles arrays of one column from its pages.
type sink interface {
	start(rows int)                       // begins an array of up to rows rows
	take(p *pageRows, n int) (int, error) // appends up to n rows of a page, at least one
	finish() arrow.Array                  // ends the array
}

// reading is one pass over a file.
type reading struct {
	file    *File
	schema  *arrow.Schema
	leaves  []*leaf
	wants   []wanted
	rows    int // rows of a full batch
	text    int // bytes of text per column and batch
	budget  budget
	unpack  decompressor
	streams []columnStream
}

// columnStream is the state of one column in one row group.
type columnStream struct {
	pages pageStream
	sink  sink
	page  *pageRows
	carry arrow.Array // rows that a shorter column left over
}

func (f *File) reading(columns []Column) (r *reading, err error) {
	defer rescue(f.name, "", &err)
	r = &reading{file: f, schema: Schema(columns)}
	r.budget.limit = 2*f.size + maxMemory - 2*batchBytes
	r.unpack.budget = &r.budget
	width, texts := 1, 0
	for _, c := range columns {
		l, want, err := f.resolve(c)
		if err != nil {
			return nil, err
		}
		r.leaves, r.wants = append(r.leaves, l), append(r.wants, want)
		width += 9
		if want == wantText || want == wantDictionary {
			texts++
		}
	}
	r.rows = max(256, min(batchRows, batchBytes/width))
	r.text = max(16<<10, batchBytes/max(texts, 1))
	return r, nil
}

// group reads a row group in batches.
func (r *reading) group(g *rowGroup, each func(arrow.Record) error) error {
	if g.rows == 0 {
		return nil
	}
	defer r.close()
	if err := r.open(g); err != nil {
		return err
	}
	for left := g.rows; left > 0; {
		batch, err := r.batch(int(min(left, int64(r.rows))))
		if err != nil {
			return err
		}
		left -= batch.NumRows()
		err = each(batch)
		batch.Release()
		if err != nil {
			return err
		}
	}
	return nil
}

// open prepares the columns' streams for a row group.
func (r *reading) open(g *rowGroup) (err error) {
	defer rescue(r.file.name, "", &err)
	virtual, err := virtualGroup(r.leaves, g.rows)
	if err != nil {
		return err
	}
	r.streams = r.streams[:0]
	for i, l := range r.leaves {
		c := &g.chunks[l.chunk]
		if c.physical != l.physical {
			return r.wrap(i, fmt.Errorf("a row group holds %s, the schema says %s", c.physical, l.physical))
		}
		if c.values != g.rows {
			return r.wrap(i, fmt.Errorf("it has %d values in a row group of %d rows", c.values, g.rows))
		}
		source := &vettedChunk{
			file: r.file.reader, column: l, codec: c.codec, pos: c.start, end: min(c.end+missingHeaderBytes, r.file.footer),
			left: g.rows, dictionary: -1, unpack: &r.unpack, budget: &r.budget,
		}
		chunk := virtual.RowGroups()[0].ColumnChunks()[i].(*parquet.FileColumnChunk)
		r.streams = append(r.streams, columnStream{
			pages: pageStream{pages: chunk.PagesFrom(source), vetted: source, row: g.first},
			sink:  r.sink(l, r.wants[i]),
		})
	}
	return nil
}

func (r *reading) sink(l *leaf, want wanted) sink {
	switch want {
	case wantText:
		return &texts{column: l, limit: r.text}
	case wantDictionary:
		return &words{column: l, limit: r.text}
	case wantInt, wantTime:
		into := arrow.DataType(arrow.PrimitiveTypes.Int64)
		if want == wantTime {
			into = &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
		}
		return &numbers[int64]{into: into, convert: func(v encoding.Values) (fillFunc[int64], error) { return l.integersOf(v, want) }}
	case wantFloat:
		return &numbers[float64]{into: arrow.PrimitiveTypes.Float64, convert: l.floatsOf}
	case wantDate:
		return &numbers[int32]{into: arrow.FixedWidthTypes.Date32, convert: l.datesOf}
	case wantBool:
		return &booleans{column: l}
	}
	panic(fmt.Sprintf("BUG: no sink for wanted type %d", want))
}

// batch returns the next record of up to want rows. Columns that stop earlier,
// because of their bytes, make it shorter; what the others have read beyond
// that waits for the next batch.
func (r *reading) batch(want int) (arrow.Record, error) {
	if len(r.streams) == 0 {
		return array.NewRecord(r.schema, nil, int64(want)), nil
	}
	for i := range r.streams {
		if c := r.streams[i].carry; c != nil {
			want = min(want, c.Len())
		}
	}
	for i := range r.streams {
		if r.streams[i].carry == nil {
			if err := r.fill(i, want); err != nil {
				return nil, err
			}
		}
		want = min(want, r.streams[i].carry.Len())
	}
	columns := make([]arrow.Array, len(r.streams))
	for i := range r.streams {
		columns[i] = r.streams[i].cut(want)
	}
	record := array.NewRecord(r.schema, columns, int64(want))
	for _, c := range columns {
		c.Release()
	}
	return record, nil
}

// fill reads up to want rows of a column into its carry.
func (r *reading) fill(i, want int) (err error) {
	defer rescue(r.file.name, r.leaves[i].name, &err)
	s := &r.streams[i]
	s.sink.start(want)
	for got := 0; got < want; {
		if s.page == nil || s.page.row == s.page.rows {
			page, err := s.pages.next()
			if err != nil {
				return r.wrap(i, ended(err))
			}
			if s.page != nil {
				parquet.Release(s.page.page)
			}
			s.page = page
		}
		n := min(want-got, s.page.rows-s.page.row)
		taken, err := s.sink.take(s.page, n)
		if err != nil {
			return r.wrap(i, err)
		}
		got += taken
		if taken < n {
			break
		}
	}
	s.carry = s.sink.finish()
	return nil
}

// cut takes the first rows of the carry.
func (s *columnStream) cut(rows int) arrow.Array {
	whole := s.carry
	if whole.Len() == rows {
		s.carry = nil
		return whole
	}
	defer whole.Release()
	s.carry = array.NewSlice(whole, int64(rows), int64(whole.Len()))
	return array.NewSlice(whole, 0, int64(rows))
}

// close lets go of the row group's streams.
func (r *reading) close() {
	for i := range r.streams {
		s := &r.streams[i]
		if s.page != nil {
			parquet.Release(s.page.page)
		}
		if s.carry != nil {
			s.carry.Release()
		}
		s.pages.close()
	}
	r.streams = nil
}

func (r *reading) wrap(i int, err error) error {
	return fmt.Errorf("cannot read column %q of %s: %w", r.leaves[i].name, r.file.name, err)
}
