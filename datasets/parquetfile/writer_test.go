package parquetfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

var sampleSchema = arrow.NewSchema([]arrow.Field{
	{Name: "id", Type: arrow.BinaryTypes.String},
	{Name: "city, \"quoted\"", Type: dictionaryType, Nullable: true},
	{Name: "note", Type: arrow.BinaryTypes.String, Nullable: true},
	{Name: "n", Type: arrow.PrimitiveTypes.Int64, Nullable: true},
	{Name: "x", Type: arrow.PrimitiveTypes.Float64, Nullable: true},
	{Name: "ok", Type: arrow.FixedWidthTypes.Boolean, Nullable: true},
	{Name: "at", Type: instantType, Nullable: true},
	{Name: "day", Type: arrow.FixedWidthTypes.Date32, Nullable: true},
	{Name: "1", Type: arrow.PrimitiveTypes.Int64},
}, nil)

func sampleColumns() []Column {
	var out []Column
	for _, f := range sampleSchema.Fields() {
		out = append(out, Column{File: f.Name, Type: f.Type})
	}
	return out
}

// sample returns n seeded rows with nulls and awkward values.
func sample(n int, seed uint64) arrow.Record {
	r := rand.New(rand.NewPCG(seed, 1))
	b := array.NewRecordBuilder(memory.DefaultAllocator, sampleSchema)
	defer b.Release()
	for i := range n {
		b.Field(0).(*array.StringBuilder).Append(fmt.Sprintf("C%05d", i))
		for c := 1; c < 8; c++ {
			if r.IntN(6) == 0 {
				b.Field(c).AppendNull()
				continue
			}
			switch f := b.Field(c).(type) {
			case *array.BinaryDictionaryBuilder:
				if err := f.AppendString([]string{"北京", "上海", "", "广州"}[r.IntN(4)]); err != nil {
					panic(err)
				}
			case *array.StringBuilder:
				f.Append(strings.Repeat("碰撞", r.IntN(5)))
			case *array.Int64Builder:
				f.Append([]int64{math.MinInt64, math.MaxInt64, 0, r.Int64()}[r.IntN(4)])
			case *array.Float64Builder:
				f.Append([]float64{math.NaN(), math.Inf(-1), math.Copysign(0, -1), r.NormFloat64()}[r.IntN(4)])
			case *array.BooleanBuilder:
				f.Append(r.IntN(2) == 0)
			case *array.TimestampBuilder:
				f.Append(arrow.Timestamp(r.Int64N(2e15)))
			case *array.Date32Builder:
				f.Append(arrow.Date32(r.IntN(40000) - 10000))
			}
		}
		b.Field(8).(*array.Int64Builder).Append(int64(i))
	}
	return b.NewRecord()
}

func sampleFile(t testing.TB, n int, options WriteOptions) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out, sampleSchema, options)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(sample(n, 5)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// sameRows holds records against one record of the same rows.
func sameRows(t *testing.T, got []arrow.Record, want arrow.Record) {
	t.Helper()
	row := 0
	for _, r := range got {
		for c := range int(r.NumCols()) {
			a, b := r.Column(c), want.Column(c)
			for i := range a.Len() {
				if a.IsNull(i) != b.IsNull(row+i) || !a.IsNull(i) && textOf(t, a, i) != textOf(t, b, row+i) {
					t.Fatalf("column %q row %d: got %s, want %s", r.ColumnName(c), row+i+1, a.ValueStr(i), b.ValueStr(row+i))
				}
			}
		}
		row += int(r.NumRows())
	}
	if row != int(want.NumRows()) {
		t.Fatalf("%d rows, want %d", row, want.NumRows())
	}
}

func TestWriteAndReadBack(t *testing.T) {
	want := sample(5000, 5)
	for _, options := range []WriteOptions{{}, {Codec: Snappy, RowGroupRows: 777}, {Codec: ZstdFast}, {Codec: Plain, RowGroupRows: 4096, Metadata: map[string]string{"b": "2", "a": "1"}}} {
		path := filepath.Join(t.TempDir(), "x.parquet")
		if err := Write(path, sampleSchema, []arrow.Record{want.NewSlice(0, 1234), want.NewSlice(1234, 5000)}, options); err != nil {
			t.Fatal(err)
		}
		f, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		got, err := f.ReadAll(sampleColumns())
		if err != nil {
			t.Fatal(err)
		}
		sameRows(t, got, want)
		if v, ok := f.Metadata("a"); ok != (options.Metadata != nil) || ok && v != "1" {
			t.Errorf("metadata a is %q, %v", v, ok)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) > 0 {
			t.Errorf("unfinished files are left: %v", left)
		}
	}
}

func TestWriteIsDeterministic(t *testing.T) {
	options := WriteOptions{RowGroupRows: 300, Metadata: map[string]string{"z": "1", "y": "2", "x": "3", "w": "4"}}
	first := sampleFile(t, 2000, options)
	for _, processors := range []int{1, 2, 3, 8} {
		before := runtime.GOMAXPROCS(processors)
		again := sampleFile(t, 2000, options)
		runtime.GOMAXPROCS(before)
		if !bytes.Equal(first, again) {
			t.Fatalf("the same rows gave other bytes on %d processors", processors)
		}
	}
}

// A sequence that fails leaves the file that was there, and nothing else.
func TestWriteSeqStopsAtAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.parquet")
	if err := os.WriteFile(path, []byte("before"), 0o666); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the source broke")
	err := WriteSeq(path, sampleSchema, func(yield func(arrow.Record, error) bool) {
		if yield(sample(500, 1), nil) {
			yield(nil, broken)
		}
	}, WriteOptions{})
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if text, _ := os.ReadFile(path); string(text) != "before" {
		t.Errorf("the file is now %q", text)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("%d files are left", len(left))
	}
}

// Of several columns that cannot be written the first one is named, however
// many processors there are.
func TestWriteNamesTheFirstFaultyColumn(t *testing.T) {
	fields := make([]arrow.Field, 6)
	columns := make([]arrow.Array, len(fields))
	for i := range fields {
		fields[i] = arrow.Field{Name: fmt.Sprint("c", i), Type: arrow.PrimitiveTypes.Int64}
		b := array.NewInt64Builder(memory.DefaultAllocator)
		for range 2 * fewRows {
			b.Append(1)
		}
		if i >= 2 {
			b.AppendNull()
		} else {
			b.Append(1)
		}
		columns[i] = b.NewArray()
	}
	schema := arrow.NewSchema(fields, nil)
	for range 20 {
		w, err := NewWriter(io.Discard, schema, WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Write(array.NewRecord(schema, columns, 2*fewRows+1)); err == nil || !strings.Contains(err.Error(), `"c2"`) {
			t.Fatalf("got %v", err)
		}
	}
}

func TestPyarrowReadsWhatIsWritten(t *testing.T) {
	want := sample(3000, 9)
	dir := t.TempDir()
	for _, codec := range []Codec{Zstd, Snappy, Plain, ZstdFast} {
		path := filepath.Join(dir, fmt.Sprint(codec, ".parquet"))
		if err := Write(path, sampleSchema, []arrow.Record{want}, WriteOptions{Codec: codec, RowGroupRows: 1100}); err != nil {
			t.Fatal(err)
		}
		seen := expectations(t, []string{path})
		if len(seen) != int(want.NumCols()) {
			t.Fatalf("pyarrow sees %d columns", len(seen))
		}
		for i, e := range seen {
			if e.Column != want.ColumnName(i) || e.Error != "" {
				t.Fatalf("column %d is %q (%s), want %q", i, e.Column, e.Error, want.ColumnName(i))
			}
			one := array.NewRecord(arrow.NewSchema([]arrow.Field{want.Schema().Field(i)}, nil), []arrow.Array{want.Column(i)}, want.NumRows())
			if err := e.sameAs(t, []arrow.Record{one}); err != nil {
				t.Errorf("column %q: %v", e.Column, err)
			}
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	field := func(name string, as arrow.DataType) *arrow.Schema {
		return arrow.NewSchema([]arrow.Field{{Name: name, Type: as}}, nil)
	}
	for text, schema := range map[string]*arrow.Schema{
		"no columns":    arrow.NewSchema(nil, nil),
		"not supported": field("x", arrow.PrimitiveTypes.Int8),
		"has no name":   field("", arrow.PrimitiveTypes.Int64),
		"two columns":   arrow.NewSchema([]arrow.Field{{Name: "x", Type: arrow.PrimitiveTypes.Int64}, {Name: "x", Type: arrow.PrimitiveTypes.Int64}}, nil),
	} {
		path := filepath.Join(t.TempDir(), "x.parquet")
		if err := Write(path, schema, nil, WriteOptions{}); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: %v", text, err)
		}
		if left, _ := os.ReadDir(filepath.Dir(path)); len(left) > 0 {
			t.Errorf("%s: %d files are left", text, len(left))
		}
	}
	b := array.NewInt64Builder(memory.DefaultAllocator)
	b.AppendNull()
	record := array.NewRecord(field("x", arrow.PrimitiveTypes.Int64), []arrow.Array{b.NewArray()}, 1)
	err := Write(filepath.Join(t.TempDir(), "x.parquet"), field("x", arrow.PrimitiveTypes.Int64), []arrow.Record{record}, WriteOptions{})
	if err == nil || !strings.Contains(err.Error(), "null") {
		t.Errorf("a null in a column without nulls: %v", err)
	}
}
