package parquetfile

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"math"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// allocated returns the bytes allocated since the program began.
func allocated() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// allocationBound is what reading a hostile file of size bytes may allocate in all.
func allocationBound(size int) uint64 { return 2*uint64(size) + 256<<20 }

// naturalType is the type in which a column is read when nobody asks for another.
func naturalType(c *leaf) arrow.DataType {
	for _, as := range []arrow.DataType{arrow.FixedWidthTypes.Boolean, arrow.FixedWidthTypes.Date32, instantType, arrow.PrimitiveTypes.Float64, dictionaryType, arrow.BinaryTypes.String} {
		if want, _ := wantedOf(as); c.accepts(want) == nil {
			return as
		}
	}
	return nil
}

// readEverything reads every column that can be read, each by itself and then
// all of them together, and returns the first error.
func readEverything(data []byte) (rows int64, err error) {
	f, err := NewFile(bytes.NewReader(data), int64(len(data)), "file")
	if err != nil {
		return 0, err
	}
	var all []Column
	for i := range f.columns {
		c := &f.columns[i]
		var as arrow.DataType
		if c.refused == "" && f.chunkRefusal(c) == "" {
			as = naturalType(c)
		}
		if as == nil {
			_, err = f.ReadAll([]Column{{File: c.name, Type: arrow.BinaryTypes.String}})
			continue
		}
		all = append(all, Column{File: c.name, Type: as})
	}
	count := func(r arrow.Record) error { rows += r.NumRows(); return nil }
	if e := f.Read(all, count); e == nil {
		if rows != f.Rows() {
			return rows, errors.New("BUG: rows got lost")
		}
		return rows, err
	}
	for _, c := range all {
		if e := f.Read([]Column{c}, count); e != nil && err == nil {
			err = e
		}
	}
	return rows, err
}

// withinBounds reads data and fails on a panic, on too much memory, and on a BUG.
func withinBounds(t *testing.T, name string, data []byte) (int64, error) {
	t.Helper()
	before := allocated()
	rows, err := readEverything(data)
	if got, bound := allocated()-before, allocationBound(len(data)); got > bound {
		t.Errorf("%s: %d bytes made it allocate %d MiB, bound %d MiB", name, len(data), got>>20, bound>>20)
	}
	var p *PanicError
	if errors.As(err, &p) {
		t.Errorf("%s: a decoder panicked: %v\n%s", name, err, p.Stack)
	}
	if err != nil && strings.Contains(err.Error(), "BUG") {
		t.Errorf("%s: %v", name, err)
	}
	return rows, err
}

func TestBadDataOfParquetTesting(t *testing.T) {
	for _, path := range parquetTesting(t, "bad_data") {
		name := filepath.Base(path)
		rows, err := withinBounds(t, name, mustRead(t, path))
		t.Logf("%s: %d rows, %v", name, rows, err)
	}
}

// hostileFiles are files that claim much and hold little.
func hostileFiles(t testing.TB) map[string]crafted {
	bomb := bytes.Repeat([]byte{0}, 48<<20)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write(bomb)
	z.Close()
	zstd, _ := parquet.Zstd.Encode(nil, bomb)
	brotli, _ := parquet.Brotli.Encode(nil, bomb)
	word := append(binary.LittleEndian.AppendUint32(nil, 1<<20), bytes.Repeat([]byte("a"), 1<<20)...)

	compressed := func(codec format.CompressionCodec, body []byte, size int32) crafted {
		p := dataPage(8, format.Plain, body)
		p.header.UncompressedPageSize = size
		return crafted{element: required(format.Int64), codec: codec, rows: 8, pages: []craftedPage{p}}
	}
	levels := func(b ...byte) []byte {
		return append(binary.LittleEndian.AppendUint32(nil, uint32(len(b))), b...)
	}
	uvarint := func(numbers ...uint64) (b []byte) {
		for _, n := range numbers {
			b = binary.AppendUvarint(b, n)
		}
		return b
	}
	return map[string]crafted{
		"levels of 2^31 rows from 6 bytes":        {element: optional(format.Int64), rows: 1 << 31, pages: []craftedPage{dataPage(math.MaxInt32, format.Plain, levels(uvarint(1<<32, 0)...))}},
		"levels beyond the maximum":               {element: optional(format.Int64), rows: 4, pages: []craftedPage{dataPage(4, format.Plain, append(levels(8, 7), plainInts(4)...))}},
		"levels that end early":                   {element: optional(format.Int64), rows: 4, pages: []craftedPage{dataPage(4, format.Plain, append(levels(4, 1), plainInts(4)...))}},
		"levels longer than the page":             {element: optional(format.Int64), rows: 4, pages: []craftedPage{dataPage(4, format.Plain, []byte{255, 255, 255, 127, 8, 1})}},
		"indexes of 2^31 values":                  {element: required(format.Int64), rows: 8, pages: []craftedPage{dictionaryPage(1, plainInts(1)), dataPage(8, format.RLEDictionary, append([]byte{1}, uvarint(1<<32, 0)...))}},
		"packed indexes of 2^31 values, no width": {element: required(format.Int64), rows: 8, pages: []craftedPage{dictionaryPage(1, plainInts(1)), dataPage(8, format.RLEDictionary, append([]byte{0}, uvarint(1<<31|1)...))}},
		"an index beyond the dictionary":          {element: required(format.Int64), rows: 8, pages: []craftedPage{dictionaryPage(1, plainInts(1)), dataPage(8, format.RLEDictionary, []byte{1, 16, 1})}},
		"a packed index beyond the dictionary":    {element: required(format.Int64), rows: 8, pages: []craftedPage{dictionaryPage(1, plainInts(1)), dataPage(8, format.RLEDictionary, []byte{1, 3, 0x80})}},
		"indexes without a dictionary":            {element: required(format.Int64), rows: 8, pages: []craftedPage{dataPage(8, format.RLEDictionary, []byte{1, 16, 0})}},
		"indexes of 200 bits":                     {element: required(format.Int64), rows: 8, pages: []craftedPage{dictionaryPage(1, plainInts(1)), dataPage(8, format.RLEDictionary, []byte{200, 16, 0})}},
		"two dictionaries":                        {element: required(format.Int64), rows: 8, pages: []craftedPage{dictionaryPage(1, plainInts(1)), dictionaryPage(1, plainInts(1)), dataPage(8, format.RLEDictionary, []byte{1, 16, 0})}},
		"a dictionary of 2^31 entries":            {element: required(format.Int64), rows: 8, pages: []craftedPage{dictionaryPage(math.MaxInt32, plainInts(1))}},
		"delta blocks of 2^31 values":             {element: required(format.Int64), rows: 8, pages: []craftedPage{dataPage(8, format.DeltaBinaryPacked, uvarint(128, 4, math.MaxInt32, 0, 0, 0))}},
		"delta blocks of 200 bits":                {element: required(format.Int64), rows: 8, pages: []craftedPage{dataPage(8, format.DeltaBinaryPacked, append(uvarint(128, 4, 8, 0, 0, 200, 200, 200, 200), bomb[:4096]...))}},
		"delta blocks in no parts":                {element: required(format.Int64), rows: 8, pages: []craftedPage{dataPage(8, format.DeltaBinaryPacked, uvarint(128, 0, 8, 0, 0))}},
		"a byte array of 2^32 bytes":              {element: required(format.ByteArray), rows: 1, pages: []craftedPage{dataPage(1, format.Plain, []byte{255, 255, 255, 255, 1})}},
		"more rows than values":                   {element: required(format.Int64), rows: 8, pages: []craftedPage{dataPage(8, format.Plain, plainInts(7))}},
		"fewer rows than the row group":           {element: required(format.Int64), rows: 9, pages: []craftedPage{dataPage(8, format.Plain, plainInts(8))}},
		"more rows than the row group":            {element: required(format.Int64), rows: 7, pages: []craftedPage{dataPage(8, format.Plain, plainInts(8))}},
		"negative rows":                           {element: required(format.Int64), rows: 8, pages: []craftedPage{dataPage(-8, format.Plain, plainInts(8))}},
		"snappy that claims 4 GiB":                compressed(format.Snappy, append(uvarint(math.MaxUint32), 0, 0), 64),
		"gzip with more than it says":             compressed(format.Gzip, zipped.Bytes(), 64),
		"zstd with more than it says":             compressed(format.Zstd, zstd, 64),
		"brotli with more than it says":           compressed(format.Brotli, brotli, 64),
		"zstd with less than it says":             compressed(format.Zstd, zstd, 64<<20),
		"a page of 2 GiB":                         compressed(format.Zstd, zstd, math.MaxInt32),
		"LZ4_RAW":                                 compressed(format.Lz4Raw, plainInts(8), 64),
		"an unknown codec":                        compressed(99, plainInts(8), 64),
		"prefixes of a megabyte":                  {element: required(format.ByteArray), rows: 1 << 20, pages: []craftedPage{dataPage(1<<20, format.DeltaByteArray, manyPrefixes(t))}},
		"a column that overlaps itself": {element: required(format.Int64), rows: 8, pages: []craftedPage{dataPage(8, format.Plain, plainInts(8))}, edit: func(m *format.FileMetaData) {
			m.RowGroups = append(m.RowGroups, m.RowGroups[0])
			m.NumRows *= 2
		}},
		"a column before the file": {element: required(format.Int64), rows: 8, pages: []craftedPage{dataPage(8, format.Plain, plainInts(8))}, edit: func(m *format.FileMetaData) {
			m.RowGroups[0].Columns[0].MetaData.DataPageOffset = -4
		}},
		"a column behind the file": {element: required(format.Int64), rows: 8, pages: []craftedPage{dataPage(8, format.Plain, plainInts(8))}, edit: func(m *format.FileMetaData) {
			m.RowGroups[0].Columns[0].MetaData.DataPageOffset = math.MaxInt64 - 4
		}},
		"values that are not rows": {element: required(format.Int64), rows: 8, pages: []craftedPage{dataPage(8, format.Plain, plainInts(8))}, edit: func(m *format.FileMetaData) {
			m.RowGroups[0].Columns[0].MetaData.NumValues = 9
		}},
		"2^62 rows": {element: required(format.Int64), rows: 8, pages: []craftedPage{dataPage(8, format.Plain, plainInts(8))}, edit: func(m *format.FileMetaData) {
			m.NumRows, m.RowGroups[0].NumRows, m.RowGroups[0].Columns[0].MetaData.NumValues = 1<<62, 1<<62, 1<<62
		}},
		"a schema of 2^31 columns": {element: required(format.Int64), rows: 8, edit: func(m *format.FileMetaData) { m.Schema[0].NumChildren.Set(math.MaxInt32) }},
		"a long word for each of many rows": {element: required(format.ByteArray), rows: 8 << 20, pages: []craftedPage{
			dictionaryPage(1, word), dataPage(8<<20, format.RLEDictionary, append([]byte{0}, uvarint(8<<21)...))}},
	}
}

func TestHostileFiles(t *testing.T) {
	for name, c := range hostileFiles(t) {
		data := c.bytes(t)
		rows, err := withinBounds(t, name, data)
		if name == "a long word for each of many rows" { // rightful, if it is taken as a category
			if err != nil || rows != 8<<20 {
				t.Errorf("%s: %d rows, %v", name, rows, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%s: read %d rows without an error", name, rows)
		} else {
			t.Logf("%s: %v", name, err)
		}
		runtime.GC()
	}
}

// manyPrefixes is DELTA_BYTE_ARRAY of a million values, each of them the
// megabyte before it and no more.
func manyPrefixes(t testing.TB) []byte {
	n := 1 << 20
	prefixes, suffixes := make([]int32, n), make([]int32, n)
	suffixes[0] = 1 << 20
	for i := 1; i < n; i++ {
		prefixes[i] = 1 << 20
	}
	a, err := parquet.DeltaBinaryPacked.EncodeInt32(nil, prefixes)
	if err != nil {
		t.Fatal(err)
	}
	b, err := parquet.DeltaBinaryPacked.EncodeInt32(nil, suffixes)
	if err != nil {
		t.Fatal(err)
	}
	return append(append(a, b...), bytes.Repeat([]byte("a"), 1<<20)...)
}

// TestExpansionIsBounded reads a rightful file of constants, which a few bytes
// stand for: in streams it is read, whole it is refused before memory ends.
func TestExpansionIsBounded(t *testing.T) {
	body := append([]byte{0}, binary.AppendUvarint(nil, 8<<21)...)
	c := crafted{element: required(format.Int64), rows: 64 << 20, pages: []craftedPage{dictionaryPage(1, plainInts(1))}}
	for range 8 {
		c.pages = append(c.pages, dataPage(8<<20, format.RLEDictionary, body))
	}
	data := c.bytes(t)
	f, err := NewFile(bytes.NewReader(data), int64(len(data)), "constants")
	if err != nil {
		t.Fatal(err)
	}
	column := []Column{{File: "x", Type: arrow.PrimitiveTypes.Int64}}
	var rows, peak int64
	if err := f.Read(column, func(r arrow.Record) error {
		rows, peak = rows+r.NumRows(), max(peak, r.NumRows())
		return nil
	}); err != nil || rows != 64<<20 || peak > batchRows {
		t.Errorf("%d rows in batches of up to %d: %v", rows, peak, err)
	}
	refuses(t, data, arrow.PrimitiveTypes.Int64)

	word := append(binary.LittleEndian.AppendUint32(nil, 1<<20), bytes.Repeat([]byte("a"), 1<<20)...)
	c = crafted{element: required(format.ByteArray), rows: 8 << 20, pages: []craftedPage{dictionaryPage(1, word), dataPage(8<<20, format.RLEDictionary, body)}}
	refuses(t, c.bytes(t), arrow.BinaryTypes.String)
}

// refuses checks that ReadAll stops before the bound on allocation.
func refuses(t *testing.T, data []byte, as arrow.DataType) {
	t.Helper()
	f, err := NewFile(bytes.NewReader(data), int64(len(data)), "constants")
	if err != nil {
		t.Fatal(err)
	}
	before := allocated()
	if _, err := f.ReadAll([]Column{{File: "x", Type: as}}); err == nil || !strings.Contains(err.Error(), "expand") {
		t.Errorf("%d bytes were expanded: %v", len(data), err)
	}
	if got := allocated() - before; got > allocationBound(len(data)) {
		t.Errorf("%d bytes made it allocate %d MiB", len(data), got>>20)
	}
}

// TestHostileFooters feeds footers that no writer makes.
func TestHostileFooters(t *testing.T) {
	nest := bytes.Repeat([]byte{0x1c}, 1<<20) // a struct in a struct in a struct
	list := append([]byte{0x29, 0xfc}, binary.AppendUvarint(nil, math.MaxInt32)...)
	footers := map[string][]byte{
		"empty":                nil,
		"a million structs":    nest,
		"a list of 2^31":       list,
		"a list of 4M structs": append(append([]byte{0x29, 0xfc}, binary.AppendUvarint(nil, 4<<20)...), make([]byte, 4<<20)...),
		"an endless number":    bytes.Repeat([]byte{0xff}, 64),
	}
	for name, footer := range footers {
		if _, err := withinBounds(t, name, withFooter([]byte(magic), footer)); err == nil {
			t.Errorf("%s: no error", name)
		} else {
			t.Logf("%s: %v", name, err)
		}
	}
	for _, data := range []string{"", "PAR1", "PAR1PAR1", "PAR1\xff\xff\xff\xffPAR1", "PARE\x00\x00\x00\x00PARE", "claim_id,amount\nC1,2\nC2,3\n"} {
		if _, err := withinBounds(t, data, []byte(data)); err == nil {
			t.Errorf("%q: no error", data)
		}
	}
}
