package features

import (
	"cmp"
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/bitutil"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
	"claimsieve/datasets/parquetfile"
)

// schema is key, instant and the indicators: numbers as float, truths as bool,
// categories as words.
func (b *build) schema() *arrow.Schema {
	instant := b.instantColumn()
	fields := []arrow.Field{{Name: b.claims.Key, Type: arrow.BinaryTypes.String}, {Name: instant, Type: datasets.TimeType, Nullable: true}}
	for j, name := range b.Names() {
		if name == b.claims.Key || name == instant {
			name = "indicator." + name
		}
		field := arrow.Field{Name: name, Type: arrow.PrimitiveTypes.Float64, Nullable: true}
		switch {
		case b.fitted.IsWords(j):
			field.Type = datasets.CategoryType
		case b.fitted.IsTruth(j):
			field.Type = arrow.FixedWidthTypes.Boolean
		}
		fields = append(fields, field)
	}
	return arrow.NewSchema(fields, nil)
}

// write computes the vectors and writes them.
func (b *build) write() error {
	b.manifest.Claims, b.manifest.Indicators, b.manifest.Vocabulary = len(b.instants), len(b.indicators), b.fitted.Vocabulary()
	b.begin("computing vectors")
	if b.oneFile() {
		return b.writeFile()
	}
	parts, err := b.parts()
	if err != nil {
		return err
	}
	w := &partWriter{build: b, schema: b.schema(), parts: parts, limit: math.MaxInt64}
	if b.opt.Memory > 0 {
		w.limit = b.opt.Memory / 4
	}
	if b.kept < len(parts) {
		if err := b.vectors(w.take); err != nil {
			for _, p := range parts {
				p.close() // the error that counts is the first
			}
			return err
		}
	}
	for _, p := range parts {
		b.manifest.Parts = append(b.manifest.Parts, p.Part)
	}
	slices.SortFunc(b.manifest.Parts, func(x, y Part) int { return cmp.Compare(x.Path, y.Path) })
	return nil
}

// parts counts the rows of every month and finds the parts that stand there.
func (b *build) parts() (map[string]*part, error) {
	parts := map[string]*part{}
	var month calendarMonth
	for _, at := range b.instants {
		name := month.of(at)
		if parts[name] == nil {
			parts[name] = &part{Part: Part{Path: "month=" + name + "/part-0.parquet", Month: name}}
		}
		parts[name].Rows++
	}
	for _, p := range parts {
		path := filepath.Join(b.out, filepath.FromSlash(p.Path))
		if err := unfinished(path); err != nil {
			return nil, err
		}
		if b.manifest.whole(path, p.Rows) {
			var err error
			if p.SHA256, err = datasets.FileDigest(path); err != nil {
				return nil, fmt.Errorf("cannot keep %s: %w", path, err)
			}
			b.kept++
		}
	}
	return parts, nil
}

// vectors hands the vectors of all claims over, in row order.
func (b *build) vectors(each func(*block) error) error {
	columns := union(b.Inputs(), []string{b.claims.Key})
	matrix := make([][]float64, len(b.indicators))
	return b.scan.frames(columns, func(f *frame) error {
		key, err := columnOf(f.rec, b.claims.Key)
		if err != nil {
			return err
		}
		rows := &block{at: b.instants[f.first : f.first+f.rows()], columns: matrix}
		if rows.ids, rows.ends, err = keysOf(key, f.first); err != nil {
			return err
		}
		for j := range matrix {
			matrix[j] = slices.Grow(matrix[j][:0], f.rows())[:f.rows()]
		}
		if err := b.fitted.fillTogether(f, matrix, b.opt.Threads); err != nil {
			return err
		}
		if err := each(rows); err != nil {
			return err
		}
		if b.opt.Progress != nil {
			b.opt.Progress("computing vectors", f.first+rows.rows(), len(b.instants))
		}
		return nil
	})
}

// keysOf lays the claims' keys end to end.
func keysOf(a arrow.Array, first int) (ids []byte, ends []int32, err error) {
	word, err := datasets.WordReader(a)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot read the claims' keys: %w", err)
	}
	ends = make([]int32, a.Len())
	for i := range ends {
		w, there := word(i)
		if !there {
			return nil, nil, fmt.Errorf("cannot read table %q: the key is null in row %d; remove the row or give it a key", datasets.ClaimsTable, first+i+1)
		}
		ids = append(ids, w...)
		ends[i] = int32(len(ids))
	}
	return ids, ends, nil
}

// partWriter sorts rows into their months, and writes a month when it has all
// its rows.
type partWriter struct {
	*build
	schema *arrow.Schema
	parts  map[string]*part
	month  calendarMonth
	held   int64 // bytes of the blocks in memory
	limit  int64
}

func (w *partWriter) take(rows *block) error {
	for from := 0; from < rows.rows(); {
		name, to := w.month.of(rows.at[from]), from+1
		for to < rows.rows() && w.month.of(rows.at[to]) == name {
			to++
		}
		p := w.parts[name]
		if p.SHA256 == "" {
			w.held += p.take(rows, from, to, len(w.indicators))
			if p.taken == p.Rows {
				w.held -= p.bytes()
				if err := w.writePart(p, w.schema); err != nil {
					return err
				}
			}
		}
		from = to
	}
	return w.relieve()
}

// relieve spills the largest parts when too much is held.
func (w *partWriter) relieve() error {
	for w.held > w.limit {
		var largest *part
		for _, p := range w.parts {
			if len(p.blocks) > 0 && (largest == nil || len(p.blocks) > len(largest.blocks)) {
				largest = p
			}
		}
		if largest == nil {
			return nil
		}
		w.held -= largest.bytes()
		if err := largest.spill(w.work()); err != nil {
			return err
		}
	}
	return nil
}

// writeFile writes all vectors into one file, in the order of the claims.
func (b *build) writeFile() error {
	schema := b.schema()
	return parquetfile.WriteSeq(b.out, schema, func(yield func(arrow.Record, error) bool) {
		room := newBlock(len(b.indicators))
		hand := func() error {
			rec, err := b.record(schema, room)
			if !yield(rec, err) {
				return errStopped
			}
			room = newBlock(len(b.indicators))
			return nil
		}
		err := b.vectors(func(rows *block) error {
			for from := 0; from < rows.rows(); {
				n := min(rows.rows()-from, blockRows-room.rows())
				room.take(rows, from, from+n)
				if from += n; room.rows() == blockRows {
					if err := hand(); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err == nil && room.rows() > 0 {
			err = hand()
		}
		if err != nil && err != errStopped {
			yield(nil, err)
		}
	}, b.writeOptions())
}

// record lays a block out as an arrow record, whose arrays share its memory
// where they can.
func (b *build) record(schema *arrow.Schema, rows *block) (arrow.Record, error) {
	n := rows.rows()
	offsets := append([]int32{0}, rows.ends...)
	columns := make([]arrow.Array, schema.NumFields())
	columns[0] = array.NewStringData(array.NewData(arrow.BinaryTypes.String, n, []*memory.Buffer{nil, memory.NewBufferBytes(memoryOf(offsets)), memory.NewBufferBytes(rows.ids)}, nil, 0, 0))
	nulls, valid := 0, make([]byte, bitutil.BytesForBits(int64(n)))
	for i, at := range rows.at {
		if at == datasets.NoTime {
			nulls++
		} else {
			bitutil.SetBit(valid, i)
		}
	}
	columns[1] = array.NewTimestampData(array.NewData(datasets.TimeType, n, []*memory.Buffer{memory.NewBufferBytes(valid), memory.NewBufferBytes(memoryOf(rows.at))}, nil, nulls, 0))
	err := together(len(rows.columns), b.opt.Threads, func(j int) error {
		columns[j+2] = b.indicatorArray(j, rows.columns[j])
		return nil
	})
	return array.NewRecord(schema, columns, int64(n)), err
}

// indicatorArray is a column of the vectors, null for NaN.
func (b *build) indicatorArray(j int, values []float64) arrow.Array {
	nulls, valid := 0, make([]byte, bitutil.BytesForBits(int64(len(values))))
	for i, v := range values {
		if math.IsNaN(v) {
			nulls++
		} else {
			valid[i/8] |= 1 << (i % 8)
		}
	}
	bits := memory.NewBufferBytes(valid)
	switch {
	case b.fitted.IsWords(j):
		codes := make([]int32, len(values))
		for i, v := range values {
			if !math.IsNaN(v) {
				codes[i] = int32(v)
			}
		}
		words := array.NewStringBuilder(memory.DefaultAllocator)
		words.AppendValues(b.fitted.vocabulary[b.indicators[j].Name], nil)
		data := array.NewData(datasets.CategoryType, len(values), []*memory.Buffer{bits, memory.NewBufferBytes(memoryOf(codes))}, nil, nulls, 0)
		data.SetDictionary(words.NewArray().Data())
		return array.NewDictionaryData(data)
	case b.fitted.IsTruth(j):
		truths := make([]byte, len(valid))
		for i, v := range values {
			if v == 1 {
				truths[i/8] |= 1 << (i % 8)
			}
		}
		return array.NewBooleanData(array.NewData(arrow.FixedWidthTypes.Boolean, len(values), []*memory.Buffer{bits, memory.NewBufferBytes(truths)}, nil, nulls, 0))
	}
	return array.NewFloat64Data(array.NewData(arrow.PrimitiveTypes.Float64, len(values), []*memory.Buffer{bits, memory.NewBufferBytes(memoryOf(values))}, nil, nulls, 0))
}
