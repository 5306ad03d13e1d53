package parquetfile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// TestDecimalsAreTheNearestDoubles compares with exact rational arithmetic.
func TestDecimalsAreTheNearestDoubles(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20000 {
		b := make([]byte, 1+r.IntN(20))
		for i := range b {
			b[i] = byte(r.IntN(256))
		}
		scale := r.IntN(40)
		n := new(big.Int).SetBytes(b)
		if b[0] >= 0x80 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
		}
		want, _ := new(big.Rat).SetFrac(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)).Float64()
		if got := decimalBytes(b, scale); got != want {
			t.Fatalf("%v / 10^%d: got %v, want %v", n, scale, got, want)
		}
	}
}

// TestHalves compares every binary16 with its definition, sign x 2^e x 1.f.
func TestHalves(t *testing.T) {
	for h := range 1 << 16 {
		sign, e, f := h>>15, h>>10&31, h&1023
		want := math.Pow(2, float64(e-15)) * (1 + float64(f)/1024)
		switch e {
		case 0:
			want = math.Pow(2, -14) * float64(f) / 1024
		case 31:
			if want = math.Inf(1); f != 0 {
				want = math.NaN()
			}
		}
		if sign == 1 {
			want = -want
		}
		got := half(uint16(h))
		if got != want && !(math.IsNaN(got) && math.IsNaN(want)) || math.Signbit(got) != math.Signbit(want) && !math.IsNaN(want) {
			t.Fatalf("%#04x: got %v, want %v", h, got, want)
		}
	}
}

// TestInt96 compares with the calendar of package time.
func TestInt96(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	epoch := time.Unix(0, 0).UTC()
	for range 5000 {
		want := time.Date(1+r.IntN(9998), time.Month(1+r.IntN(12)), 1+r.IntN(28), r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(1e9), time.UTC)
		midnight := time.Date(want.Year(), want.Month(), want.Day(), 0, 0, 0, 0, time.UTC)
		day := midnight.Unix()/86400 + 2440588
		nanos := uint64(want.Sub(midnight))
		got, ok := int96Micros(deprecated.Int96{uint32(nanos), uint32(nanos >> 32), uint32(day)})
		if !ok || got != want.UnixMicro() {
			t.Fatalf("%v: got %v, %v", want, epoch.Add(time.Duration(got)*time.Microsecond), ok)
		}
	}
	if _, ok := int96Micros(deprecated.Int96{0, 0, math.MaxInt32}); ok {
		t.Error("a day beyond 64 bits of microseconds was accepted")
	}
}

func TestFloorDiv(t *testing.T) {
	for _, x := range []int64{math.MinInt64, -2001, -2000, -1999, -1, 0, 1, 999, 1000, math.MaxInt64} {
		want := new(big.Int).Div(big.NewInt(x), big.NewInt(1000)).Int64() // Euclidean, the same for a positive divisor
		if got := floorDiv(x, 1000); got != want {
			t.Errorf("%d: got %d, want %d", x, got, want)
		}
	}
}

// TestZstdBoundLetsRealFramesPass holds the walk against frames of an encoder.
func TestZstdBoundLetsRealFramesPass(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	for range 60 {
		plain := make([]byte, r.IntN(1<<20))
		if r.IntN(2) == 0 {
			for i := range plain {
				plain[i] = byte(r.IntN(4))
			}
		}
		frame, err := parquet.Zstd.Encode(nil, plain)
		if err != nil {
			t.Fatal(err)
		}
		if err := boundZstd(append(frame, 0x50, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9), len(plain)); err != nil {
			t.Fatalf("%d bytes: %v", len(plain), err)
		}
	}
}

// TestFooterEstimate holds the estimate that bounds a footer's memory against
// the structs that it is decoded into.
func TestFooterEstimate(t *testing.T) {
	for name, size := range map[string]uintptr{
		"schema element": unsafe.Sizeof(format.SchemaElement{}), "row group": unsafe.Sizeof(groupDoc{}),
		"chunk": unsafe.Sizeof(chunkDoc{}), "pair": unsafe.Sizeof(pairDoc{}),
	} {
		if size > thriftStructCost {
			t.Errorf("a %s takes %d bytes, estimated %d", name, size, thriftStructCost)
		}
	}
}

// TestTypeErrorsNameBothTypes asks for types that a column cannot become.
func TestTypeErrorsNameBothTypes(t *testing.T) {
	data := sampleFile(t, 10, WriteOptions{})
	f, err := NewFile(bytes.NewReader(data), int64(len(data)), "claims.parquet")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		column string
		as     arrow.DataType
		words  string
	}{
		{"id", arrow.PrimitiveTypes.Int64, "BYTE_ARRAY STRING"},
		{"x", dictionaryType, "DOUBLE"},
		{"x", arrow.FixedWidthTypes.Boolean, "bool"},
		{"ok", arrow.PrimitiveTypes.Float64, "declare it as bool"},
		{"at", arrow.FixedWidthTypes.Date32, "declare it as time"},
		{"at", arrow.PrimitiveTypes.Int64, "TIMESTAMP"},
		{"day", arrow.PrimitiveTypes.Int64, "declare it as date"},
		{"n", instantType, "time (timestamp[us, UTC])"},
	} {
		_, err := f.ReadAll([]Column{{File: c.column, Type: c.as}})
		var e *TypeError
		if !errors.As(err, &e) || !strings.Contains(err.Error(), c.words) || !strings.Contains(err.Error(), "claims.parquet") {
			t.Errorf("%s as %s: %v", c.column, c.as, err)
		}
	}
	_, err = f.ReadAll([]Column{{File: "Day_", Type: arrow.FixedWidthTypes.Date32}})
	var missing *MissingColumnError
	if !errors.As(err, &missing) || missing.Near != "day" {
		t.Errorf("Day_: %v", err)
	}
}

// TestValuesThatDoNotConvertNameTheirRow uses a null before the bad value, so
// that the row is not the value's place among the values.
func TestValuesThatDoNotConvertNameTheirRow(t *testing.T) {
	element := func(p format.Type, l format.LogicalTypeValue) format.SchemaElement {
		e := optional(p)
		e.LogicalType.Value = l
		return e
	}
	unsigned := element(format.Int64, &format.IntType{BitWidth: 64})
	millis := element(format.Int64, &format.TimestampType{Unit: format.TimeUnit{Value: &format.MilliSeconds{}}})
	u64 := func(x ...uint64) (b []byte) {
		for _, v := range x {
			b = binary.LittleEndian.AppendUint64(b, v)
		}
		return b
	}
	texts := []byte("\x01\x00\x00\x00a\x02\x00\x00\x00\xff\xfe")
	levels := []byte{2, 0, 0, 0, 3, 0b0110} // rows: null, value, value, null, ...
	for name, c := range map[string]struct {
		element format.SchemaElement
		body    []byte
		as      arrow.DataType
		text    string
	}{
		"unsigned":  {unsigned, u64(1, 1<<63), arrow.PrimitiveTypes.Int64, "9223372036854775808"},
		"fractions": {optional(format.Double), u64(math.Float64bits(2), math.Float64bits(2.5)), arrow.PrimitiveTypes.Int64, "2.5"},
		"huge":      {optional(format.Double), u64(0, math.Float64bits(1e300)), arrow.PrimitiveTypes.Int64, "1e+300"},
		"decimal":   {element(format.Int64, &format.DecimalType{Scale: 2, Precision: 9}), u64(100, 150), arrow.PrimitiveTypes.Int64, "1.5"},
		"far off":   {millis, u64(0, math.MaxInt64), instantType, "outside the range"},
		"no text":   {optional(format.ByteArray), texts, arrow.BinaryTypes.String, "UTF-8"},
		"no word":   {optional(format.ByteArray), texts, dictionaryType, "UTF-8"},
		"null type": {element(format.Int64, &format.NullType{}), u64(0, 0), arrow.PrimitiveTypes.Float64, "null"},
	} {
		row := "row 3: "
		if name == "null type" {
			row = "row 2: "
		}
		plain := crafted{element: c.element, rows: 8, pages: []craftedPage{dataPage(8, format.Plain, append(bytes.Clone(levels), c.body...))}}
		coded := crafted{element: c.element, rows: 8, pages: []craftedPage{dictionaryPage(2, c.body), dataPage(8, format.RLEDictionary, append(bytes.Clone(levels), 1, 3, 0b10))}}
		for kind, file := range map[string]crafted{"plain": plain, "dictionary": coded} {
			data := file.bytes(t)
			f, err := NewFile(bytes.NewReader(data), int64(len(data)), "f")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.ReadAll([]Column{{File: "x", Type: c.as}}); err == nil || !strings.Contains(err.Error(), row) || !strings.Contains(err.Error(), c.text) {
				t.Errorf("%s, %s: want %q and %q, got %v", name, kind, row, c.text, err)
			}
		}
	}
}
