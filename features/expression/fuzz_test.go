package expression

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
)

// lawful holds a column to what its doc promises of every value.
func lawful(t *testing.T, source string, c *Column) {
	t.Helper()
	nan := math.Float64bits(math.NaN())
	for i, v := range c.Floats {
		if math.IsInf(v, 0) || math.IsNaN(v) && math.Float64bits(v) != nan || v == 0 && math.Signbit(v) {
			t.Fatalf("%s: row %d is %s", source, i, c.show(i))
		}
	}
	for i, v := range c.Truths {
		if v < False || v > True {
			t.Fatalf("%s: row %d is truth %d", source, i, v)
		}
	}
	seen := map[string]bool{}
	for _, w := range c.Words {
		if seen[w] {
			t.Fatalf("%s: the dictionary has %q twice", source, w)
		}
		seen[w] = true
	}
	for i, v := range c.Micros {
		low, high := int64(firstInstant), int64(lastInstant)
		if c.Type == Duration {
			low, high = -longest, longest
		}
		if v != datasets.NoTime && (v < low || v > high) {
			t.Fatalf("%s: row %d is %d", source, i, v)
		}
	}
}

// FuzzCompile compiles any text and evaluates what compiles.
func FuzzCompile(f *testing.F) {
	g := &generator{r: rand.New(rand.NewPCG(1, 7))}
	for k := range 40 {
		f.Add(g.of(Type(1+k%5), 3))
	}
	for _, s := range []string{"", "a b", "a | abs()", "let x = 1; x", "filter([1], # > 1)", "w in [\"x\"]", "a in 1..5", "a?.b[1:2]", "if p {a} else {b}", "1_0e5", "\"\\u{1F600}\"", "(((a", "{x: #}", "::abs(a)"} {
		f.Add(s)
	}
	rec := sampleRecord(rand.New(rand.NewPCG(1, 8)), 6, wild{nulls: true, extremes: true})
	f.Fuzz(func(t *testing.T, source string) {
		p, err := Compile(source, sampleColumn, sampleNames)
		if err != nil {
			if _, ok := err.(Faults); !ok || err.Error() == "" {
				t.Fatalf("%T %v", err, err)
			}
			return
		}
		c := eval(t, p, rec)
		lawful(t, source, c)
		last := rec.NewSlice(5, 6)
		defer last.Release()
		if one := eval(t, p, last); one.show(0) != c.show(5) {
			t.Fatalf("%s is %s alone and %s among others", source, one.show(0), c.show(5))
		}
	})
}

// FuzzEval evaluates random expressions over any values.
func FuzzEval(f *testing.F) {
	f.Add(uint64(1), 1.5, -2.0, int64(3), "hail", int64(1_700_000_000_000_000), int32(19000), uint16(0))
	f.Add(uint64(2), math.Inf(1), math.NaN(), int64(math.MinInt64), "碰\xff", int64(math.MaxInt64), int32(math.MinInt32), uint16(3))
	f.Add(uint64(3), math.Copysign(0, -1), 5e-324, int64(1<<53+1), "", int64(math.MinInt64), int32(math.MaxInt32), uint16(0xff0f))
	f.Fuzz(func(t *testing.T, seed uint64, x, y float64, n int64, text string, at int64, day int32, nulls uint16) {
		var fields []arrow.Field
		for _, name := range sampleNames {
			fields = append(fields, arrow.Field{Name: name, Type: sampleTypes[name].Arrow(), Nullable: true})
		}
		b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
		defer b.Release()
		for i := range fields {
			for row := range 3 {
				if nulls>>((i+row)%16)&1 == 1 {
					b.Field(i).AppendNull()
					continue
				}
				switch c := b.Field(i).(type) {
				case *array.Float64Builder:
					c.Append([]float64{x, y, x * y}[(i+row)%3])
				case *array.Int64Builder:
					c.Append(n)
				case *array.BooleanBuilder:
					c.Append(row == i%3)
				case *array.BinaryDictionaryBuilder:
					if err := c.AppendString(text[:len(text)*row/2]); err != nil {
						t.Fatal(err)
					}
				case *array.StringBuilder:
					c.Append(text)
				case *array.TimestampBuilder:
					c.Append(arrow.Timestamp(at + int64(row*i)))
				case *array.Date32Builder:
					c.Append(arrow.Date32(day))
				}
			}
		}
		rec := b.NewRecord()
		defer rec.Release()
		g := &generator{r: rand.New(rand.NewPCG(seed, 1))}
		for k := range 5 {
			source := g.of(Type(1+k), 4)
			c := eval(t, compile(t, source), rec)
			lawful(t, source, c)
			for i := range 3 {
				row := rec.NewSlice(int64(i), int64(i+1))
				if one := eval(t, compile(t, source), row); one.show(0) != c.show(i) {
					t.Fatalf("%s: row %d is %s alone and %s among others", source, i, one.show(0), c.show(i))
				}
				row.Release()
			}
		}
	})
}
