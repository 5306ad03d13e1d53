package expression

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
)

// The columns of the tests' table, three of each type of value.
var (
	sampleNames = []string{"a", "b", "n", "p", "q", "w", "v", "s", "t", "u", "d"}
	sampleTypes = map[string]datasets.Type{
		"a": datasets.Float, "b": datasets.Float, "n": datasets.Int,
		"p": datasets.Bool, "q": datasets.Bool,
		"w": datasets.Category, "v": datasets.Category, "s": datasets.Text,
		"t": datasets.Time, "u": datasets.Time, "d": datasets.Date,
	}
	sampleWords = []string{"", "hail", "Theft", "theft", "碰撞", "碰撞起火", "fire", "a"}
)

func sampleColumn(name string) (datasets.Type, bool) {
	t, ok := sampleTypes[name]
	return t, ok
}

func compile(t testing.TB, source string) *Program {
	t.Helper()
	p, err := Compile(source, sampleColumn, sampleNames)
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return p
}

// wild tells which values a random record has.
type wild struct{ nulls, extremes, tameTimes bool }

var extremes = []float64{math.NaN(), math.Float64frombits(0xfff8000000000123), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), math.MaxFloat64, -math.MaxFloat64, 5e-324, 1 << 53, 1e200}

func sampleRecord(r *rand.Rand, rows int, w wild) arrow.Record {
	fields := make([]arrow.Field, len(sampleNames))
	for i, name := range sampleNames {
		fields[i] = arrow.Field{Name: name, Type: sampleTypes[name].Arrow(), Nullable: true}
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	defer b.Release()
	for range rows {
		for i := range fields {
			if w.nulls && r.IntN(5) == 0 {
				b.Field(i).AppendNull()
				continue
			}
			appendSample(r, b.Field(i), w)
		}
	}
	return b.NewRecord()
}

func appendSample(r *rand.Rand, b array.Builder, w wild) {
	switch b := b.(type) {
	case *array.Float64Builder:
		v := float64(r.IntN(17) - 8)
		if r.IntN(2) == 0 {
			v = math.Round(r.NormFloat64()*1000) / 64
		}
		if w.extremes && r.IntN(4) == 0 {
			v = extremes[r.IntN(len(extremes))]
		}
		b.Append(v)
	case *array.Int64Builder:
		v := int64(r.IntN(12) - 4)
		if w.extremes && r.IntN(6) == 0 {
			v = int64(r.Uint64())
		}
		b.Append(v)
	case *array.BooleanBuilder:
		b.Append(r.IntN(2) == 0)
	case *array.BinaryDictionaryBuilder:
		if err := b.AppendString(sampleWords[r.IntN(len(sampleWords))]); err != nil {
			panic(err)
		}
	case *array.StringBuilder:
		b.Append(sampleWords[r.IntN(len(sampleWords))])
	case *array.TimestampBuilder:
		v := 1_700_000_000_000_000 + r.Int64N(90*microsPerDay)
		if w.extremes && !w.tameTimes && r.IntN(5) == 0 {
			v = int64(r.Uint64())
		}
		b.Append(arrow.Timestamp(v))
	case *array.Date32Builder:
		v := int32(19000 + r.IntN(900))
		if w.extremes && !w.tameTimes && r.IntN(5) == 0 {
			v = int32(r.Uint32())
		}
		b.Append(arrow.Date32(v))
	default:
		panic(fmt.Sprintf("no sample for %T", b))
	}
}

// generator writes random expressions. When tame, it keeps to what expr-lang
// computes in the same way and to values that stay finite.
type generator struct {
	r    *rand.Rand
	tame bool
}

func (g *generator) pick(s ...string) string { return s[g.r.IntN(len(s))] }

func (g *generator) of(t Type, depth int) string {
	if !g.tame && depth > 0 && g.r.IntN(8) == 0 {
		other := g.pick(g.of(t, depth-1), "nil")
		return fmt.Sprintf("(%s ? %s : %s)", g.of(Bool, depth-1), g.of(t, depth-1), other)
	}
	if depth > 0 && g.r.IntN(8) == 0 {
		return fmt.Sprintf("(%s ?? %s)", g.of(t, depth-1), g.of(t, depth-1))
	}
	if depth > 0 && g.r.IntN(8) == 0 {
		return fmt.Sprintf("(%s ? %s : %s)", g.of(Bool, depth-1), g.of(t, depth-1), g.of(t, depth-1))
	}
	switch t {
	case Number:
		return g.number(depth)
	case Bool:
		return g.truth(depth)
	case Word:
		if depth > 0 && g.r.IntN(4) == 0 {
			return "lower(" + g.of(Word, depth-1) + ")"
		}
		return g.pick("w", "v", "s", `"Theft"`, `"碰"`, `""`)
	case Instant:
		if depth > 0 && !g.tame {
			return g.pick(
				fmt.Sprintf("(%s %s %s)", g.of(Instant, depth-1), g.pick("+", "-"), g.of(Duration, depth-1)),
				fmt.Sprintf("%s(%s, %s)", g.pick("min", "max"), g.of(Instant, depth-1), g.of(Instant, depth-1)), "t", "d")
		}
		return g.pick("t", "u", "d", `date("2023-12-31")`)
	}
	if depth > 0 && !g.tame {
		return g.pick("-", "abs", "") + fmt.Sprintf("(%s - %s)", g.of(Duration, depth-1), g.of(Duration, depth-1))
	}
	return fmt.Sprintf("(%s - %s)", g.of(Instant, 0), g.of(Instant, 0))
}

func (g *generator) number(depth int) string {
	if depth == 0 {
		return g.pick("a", "b", "n", "0.0", "1.0", "2.5", "7.0", "3.0") // expr-lang's max(3, b) fails
	}
	x, y := func() string { return g.of(Number, depth-1) }, func() string { return g.of(Number, depth-1) }
	switch g.r.IntN(13) {
	case 0, 1, 2:
		return fmt.Sprintf("(%s %s %s)", x(), g.pick("+", "-", "*"), y())
	case 3:
		if g.tame {
			return fmt.Sprintf("(%s / (abs(%s) + 1))", x(), y())
		}
		return fmt.Sprintf("(%s %s %s)", x(), g.pick("/", "%", "**"), y())
	case 4:
		return fmt.Sprintf("(%s ** 2)", x())
	case 5:
		return fmt.Sprintf("%s(%s, %s)", g.pick("min", "max"), x(), y())
	case 6:
		return fmt.Sprintf("%s(%s)", g.pick("abs", "floor", "ceil", "round"), x())
	case 7:
		return fmt.Sprintf("sqrt(abs(%s))", x())
	case 8:
		return fmt.Sprintf("(len(%s) + 0.0)", g.of(Word, depth-1))
	case 9:
		return fmt.Sprintf("%s(%s)", g.pick("days", "hours"), g.of(Duration, depth-1))
	case 10:
		return fmt.Sprintf("%s(%s)", g.pick("hour", "weekday", "day", "month", "year"), g.of(Instant, depth-1))
	case 11:
		return "-" + x()
	}
	return "n"
}

func (g *generator) truth(depth int) string {
	if depth == 0 {
		return g.pick("p", "q", "true", "false")
	}
	x := func(t Type) string { return g.of(t, depth-1) }
	switch g.r.IntN(9) {
	case 0, 1:
		return fmt.Sprintf("(%s %s %s)", x(Number), g.pick("<", "<=", ">", ">=", "==", "!="), x(Number))
	case 2:
		return fmt.Sprintf("(%s %s %s)", x(Bool), g.pick("and", "or", "==", "!="), x(Bool))
	case 3:
		return fmt.Sprintf("(not %s)", x(Bool))
	case 4:
		return fmt.Sprintf("(%s %s %s)", x(Word), g.pick("==", "!=", "contains", "startsWith", "endsWith"), x(Word))
	case 5:
		return fmt.Sprintf("(%s %s %s)", x(Instant), g.pick("<", "<=", ">", ">=", "=="), x(Instant))
	case 6:
		return fmt.Sprintf("(%s %sin %s)", x(Number), g.pick("", "not "), g.pick("[1, 2, 7]", "[0.5, -3, 4, 5, 6, 7, 8, 9, 10, 11]", "[-1]"))
	case 7:
		return fmt.Sprintf("(%s %sin %s)", x(Word), g.pick("", "not "), g.pick(`["hail", "碰撞"]`, `["theft", "", "x", "y", "z", "1", "2", "3"]`))
	}
	if g.tame {
		return fmt.Sprintf("(%s %s %s)", x(Duration), g.pick("<", ">="), x(Duration))
	}
	return g.pick(fmt.Sprintf("isnull(%s)", x(Type(1+g.r.IntN(5)))), fmt.Sprintf("(%s in -2..5)", x(Number)))
}

// show writes row i of a column, bit for bit.
func (c *Column) show(i int) string {
	switch c.Type {
	case Number:
		return fmt.Sprintf("%v %#x", c.Floats[i], math.Float64bits(c.Floats[i]))
	case Bool:
		return c.Truths[i].String()
	case Word:
		if c.Codes[i] < 0 {
			return "missing"
		}
		return fmt.Sprintf("%q", c.Words[c.Codes[i]])
	}
	return fmt.Sprint(c.Micros[i])
}

func eval(t testing.TB, p *Program, rec arrow.Record) *Column {
	t.Helper()
	c, err := p.Eval(rec)
	if err != nil {
		t.Fatal(err)
	}
	if c.Rows() != int(rec.NumRows()) || c.Type != p.Type() {
		t.Fatalf("%d rows of %s, want %d of %s", c.Rows(), c.Type, rec.NumRows(), p.Type())
	}
	return c
}

func faultsOf(t testing.TB, source string) Faults {
	t.Helper()
	_, err := Compile(source, sampleColumn, sampleNames)
	if err == nil {
		t.Fatalf("%q compiles", clip(source))
	}
	f, ok := err.(Faults)
	if !ok || len(f) == 0 {
		t.Fatalf("%q: %T", clip(source), err)
	}
	if !slices.IsSortedFunc(f, func(a, b Fault) int { return a.Offset - b.Offset }) || !strings.HasPrefix(err.Error(), "cannot compile expression: line ") {
		t.Errorf("%q: %v", clip(source), err)
	}
	return f
}
