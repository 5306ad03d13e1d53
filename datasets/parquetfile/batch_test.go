package parquetfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/parquet-go/parquet-go/format"
)

// TestLargePagesAreRead reads a single page of 8 Mi values and 64 MiB.
func TestLargePagesAreRead(t *testing.T) {
	const n = 8 << 20
	c := crafted{element: required(format.Int64), rows: n, pages: []craftedPage{dataPage(n, format.Plain, plainInts(n))}}
	data := c.bytes(t)
	f, err := NewFile(bytes.NewReader(data), int64(len(data)), "large")
	if err != nil {
		t.Fatal(err)
	}
	next := int64(0)
	err = f.Read([]Column{{File: "x", Type: arrow.PrimitiveTypes.Int64}}, func(r arrow.Record) error {
		if r.NumRows() > batchRows {
			return fmt.Errorf("a batch of %d rows", r.NumRows())
		}
		for _, x := range r.Column(0).(*array.Int64).Int64Values() {
			if x != next {
				return fmt.Errorf("row %d is %d", next, x)
			}
			next++
		}
		return nil
	})
	if err != nil || next != n {
		t.Errorf("%d rows: %v", next, err)
	}
}

// TestLongTextsMakeShortBatches writes texts that do not fit into one batch
// beside short ones and numbers: the columns have to stay in step.
func TestLongTextsMakeShortBatches(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{
		{Name: "n", Type: arrow.PrimitiveTypes.Int64}, {Name: "short", Type: arrow.BinaryTypes.String},
		{Name: "long", Type: arrow.BinaryTypes.String, Nullable: true}, {Name: "word", Type: dictionaryType},
	}, nil)
	const n = 3000
	long := func(i int) string { return strings.Repeat(string(rune('a'+i%26)), i%5*8000) }
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for i := range n {
		b.Field(0).(*array.Int64Builder).Append(int64(i))
		b.Field(1).(*array.StringBuilder).Append(fmt.Sprint("s", i))
		if i%7 == 0 {
			b.Field(2).AppendNull()
		} else {
			b.Field(2).(*array.StringBuilder).Append(long(i))
		}
		if err := b.Field(3).(*array.BinaryDictionaryBuilder).AppendString(fmt.Sprint("w", i%11)); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	w, err := NewWriter(&out, schema, WriteOptions{RowGroupRows: 2500})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(b.NewRecord()); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := NewFile(bytes.NewReader(out.Bytes()), int64(out.Len()), "long")
	if err != nil {
		t.Fatal(err)
	}
	columns := []Column{{File: "short", Type: schema.Field(1).Type}, {File: "word", Type: dictionaryType}, {File: "long", Type: schema.Field(1).Type}, {File: "n", Type: schema.Field(0).Type}}
	row, batches := 0, 0
	err = f.Read(columns, func(r arrow.Record) error {
		batches++
		for i := range int(r.NumRows()) {
			want := []string{fmt.Sprint("s", row), fmt.Sprint("w", row%11), long(row), fmt.Sprint(row)}
			for c := range want {
				if null := c == 2 && row%7 == 0; null != r.Column(c).IsNull(i) || !null && textOf(t, r.Column(c), i) != want[c] {
					return fmt.Errorf("row %d, column %s is wrong", row, r.ColumnName(c))
				}
			}
			row++
		}
		return nil
	})
	if err != nil || row != n || batches < 4 {
		t.Errorf("%d rows in %d batches: %v", row, batches, err)
	}
}

// TestNoColumns counts rows without reading any.
func TestNoColumns(t *testing.T) {
	data := sampleFile(t, 100, WriteOptions{RowGroupRows: 30})
	f, err := NewFile(bytes.NewReader(data), int64(len(data)), "f")
	if err != nil {
		t.Fatal(err)
	}
	records, err := f.ReadAll(nil)
	if err != nil {
		t.Fatal(err)
	}
	rows := int64(0)
	for _, r := range records {
		rows += r.NumRows()
	}
	if rows != 100 {
		t.Errorf("%d rows, want 100", rows)
	}
}

// TestErrorsOfTheCallbackComeBack stops a reading halfway, and lets a panic of
// the caller's own through.
func TestErrorsOfTheCallbackComeBack(t *testing.T) {
	data := sampleFile(t, 100, WriteOptions{RowGroupRows: 10})
	f, err := NewFile(bytes.NewReader(data), int64(len(data)), "f")
	if err != nil {
		t.Fatal(err)
	}
	stop, calls := fmt.Errorf("enough"), 0
	if err := f.Read(sampleColumns(), func(arrow.Record) error {
		if calls++; calls == 3 {
			return stop
		}
		return nil
	}); err != stop || calls != 3 {
		t.Errorf("after %d calls: %v", calls, err)
	}
	defer func() {
		if recover() == nil {
			t.Error("a panic of the caller was swallowed")
		}
	}()
	f.Read(sampleColumns(), func(arrow.Record) error { panic("the caller's own") })
}

// TestMixedDictionaries reads a chunk whose writer gave its dictionary up
// halfway, as writers do when it grows too large.
func TestMixedDictionaries(t *testing.T) {
	word := func(s string) []byte { return append(binary.LittleEndian.AppendUint32(nil, uint32(len(s))), s...) }
	c := crafted{element: required(format.ByteArray), rows: 12, pages: []craftedPage{
		dictionaryPage(2, append(word("a"), word("b")...)),
		dataPage(4, format.RLEDictionary, []byte{1, 3, 0b1010}),
		dataPage(4, format.Plain, append(append(append(word("c"), word("a")...), word("c")...), word("")...)),
		dataPage(4, format.RLEDictionary, []byte{1, 8, 1}),
	}}
	data := c.bytes(t)
	f, err := NewFile(bytes.NewReader(data), int64(len(data)), "mixed")
	if err != nil {
		t.Fatal(err)
	}
	for _, as := range []arrow.DataType{dictionaryType, arrow.BinaryTypes.String} {
		records, err := f.ReadAll([]Column{{File: "x", Type: as}})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for i := range 12 {
			got += "," + textOf(t, records[0].Column(0), i)
		}
		if got != ",a,b,a,b,c,a,c,,b,b,b,b" {
			t.Errorf("as %s: %s", as, got)
		}
	}
}

func BenchmarkReadAll(b *testing.B) {
	data := sampleFile(b, 200_000, WriteOptions{Codec: Snappy})
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		f, err := NewFile(bytes.NewReader(data), int64(len(data)), "f")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := f.ReadAll(sampleColumns()); err != nil {
			b.Fatal(err)
		}
	}
}
