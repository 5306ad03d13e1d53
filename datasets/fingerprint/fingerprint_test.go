package fingerprint

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// TestMixIsSplitMix64 holds Mix against the first outputs of SplitMix64 with the
// seeds 0 and 1234567, as published with the generator.
func TestMixIsSplitMix64(t *testing.T) {
	if got := Mix(0); got != 0xe220a8397b1dcdaf {
		t.Errorf("%#x", got)
	}
	const gamma = 0x9e3779b97f4a7c15
	state := uint64(1234567)
	for _, want := range []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423} {
		if got := Mix(state); got != want {
			t.Errorf("%d, want %d", got, want)
		}
		state += gamma
	}
}

func TestFingerprintsScatter(t *testing.T) {
	seen := map[uint64]bool{}
	ones := 0
	const n = 100_000
	for i := range n {
		x := Text(fmt.Sprint("C", i))
		seen[x] = true
		ones += bits.OnesCount64(x)
	}
	if len(seen) != n || math.Abs(float64(ones)/n-32) > 0.1 {
		t.Errorf("%d different, %.3f bits set", len(seen), float64(ones)/n)
	}
}

func build(t *testing.T, typ arrow.DataType, add func(b array.Builder)) []uint64 {
	t.Helper()
	b := array.NewBuilder(memory.DefaultAllocator, typ)
	defer b.Release()
	add(b)
	out, err := Append([]uint64{7}, b.NewArray())
	if err != nil || out[0] != 7 {
		t.Fatal(out, err)
	}
	return out[1:]
}

func TestEqualValuesHaveEqualFingerprints(t *testing.T) {
	texts := build(t, arrow.BinaryTypes.String, func(b array.Builder) {
		s := b.(*array.StringBuilder)
		s.Append("甲")
		s.AppendNull()
		s.Append("")
	})
	words := build(t, &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}, func(b array.Builder) {
		d := b.(*array.BinaryDictionaryBuilder)
		for _, w := range []string{"x", "甲"} {
			if err := d.AppendString(w); err != nil {
				t.Fatal(err)
			}
		}
		d.AppendNull()
	})
	if texts[0] != words[1] || texts[1] != Null || words[2] != Null || texts[2] == Null || texts[0] == words[0] {
		t.Errorf("%x %x", texts, words)
	}
	floats := build(t, arrow.PrimitiveTypes.Float64, func(b array.Builder) {
		b.(*array.Float64Builder).AppendValues([]float64{0, math.Copysign(0, -1), math.NaN(), math.Float64frombits(0x7ff8000000000001), 1}, nil)
	})
	if floats[0] != floats[1] || floats[2] != floats[3] || floats[0] == floats[4] {
		t.Errorf("%x", floats)
	}
	for name, prints := range map[string][]uint64{
		"int":  build(t, arrow.PrimitiveTypes.Int64, func(b array.Builder) { b.(*array.Int64Builder).AppendValues([]int64{1, -1, 1}, nil) }),
		"bool": build(t, arrow.FixedWidthTypes.Boolean, func(b array.Builder) { b.(*array.BooleanBuilder).AppendValues([]bool{true, false, true}, nil) }),
		"time": build(t, &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}, func(b array.Builder) {
			b.(*array.TimestampBuilder).AppendValues([]arrow.Timestamp{5, 6, 5}, nil)
		}),
		"date": build(t, arrow.FixedWidthTypes.Date32, func(b array.Builder) {
			b.(*array.Date32Builder).AppendValues([]arrow.Date32{5, -6, 5}, nil)
		}),
	} {
		if prints[0] != prints[2] || prints[0] == prints[1] || slices.Contains(prints, Null) {
			t.Errorf("%s: %x", name, prints)
		}
	}
	if _, err := Append(nil, array.NewNull(3)); err == nil {
		t.Error("an array of another type was read")
	}
}
