package expression

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
)

// valueOf evaluates an expression over constants and nulls in one row.
func valueOf(t testing.TB, source string) string {
	t.Helper()
	rec := nullRow()
	c := eval(t, compile(t, source), rec)
	switch c.Type {
	case Number:
		if math.IsNaN(c.Floats[0]) {
			return "missing"
		}
		return fmt.Sprint(c.Floats[0])
	case Instant, Duration:
		if c.Micros[0] == datasets.NoTime {
			return "missing"
		}
	}
	return c.show(0)
}

// nullRow is a record of one row with nulls in all columns.
func nullRow() arrow.Record {
	var fields []arrow.Field
	for _, name := range sampleNames {
		fields = append(fields, arrow.Field{Name: name, Type: sampleTypes[name].Arrow(), Nullable: true})
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(fields, nil))
	for _, f := range b.Fields() {
		f.AppendNull()
	}
	return b.NewRecord()
}

// TestKleene holds and, or, not and their equality to the table of the package
// doc. The column p is null in the record.
func TestKleene(t *testing.T) {
	spell := map[Truth]string{False: "false", Missing: "p", True: "true"}
	order := []Truth{False, Missing, True}
	and := [3][3]Truth{{False, False, False}, {False, Missing, Missing}, {False, Missing, True}}
	or := [3][3]Truth{{False, Missing, True}, {Missing, Missing, True}, {True, True, True}}
	same := [3][3]Truth{{True, Missing, False}, {Missing, Missing, Missing}, {False, Missing, True}}
	for i, x := range order {
		for j, y := range order {
			for op, want := range map[string]Truth{"and": and[i][j], "or": or[i][j], "&&": and[i][j], "||": or[i][j], "==": same[i][j], "!=": -same[i][j]} {
				source := fmt.Sprintf("%s %s %s", spell[x], op, spell[y])
				if got := valueOf(t, source); got != want.String() {
					t.Errorf("%s is %s, want %s", source, got, want)
				}
			}
		}
		if got := valueOf(t, "not "+spell[x]); got != (-x).String() {
			t.Errorf("not %s is %s", spell[x], got)
		}
	}
}

// TestRules are the sentences of the package doc, one line each. Columns are null.
func TestRules(t *testing.T) {
	for source, want := range map[string]string{
		// what is computed from a missing value
		"a + 1": "missing", "0 * a": "missing", "a ** 0": "missing", "min(a, 1)": "missing", "max(1, a)": "missing", "abs(a)": "missing", "-a": "missing",
		"a > 1": "missing", "a == a": "missing", "a != 1": "missing", "w == \"\"": "missing", "w != \"x\"": "missing", "w contains \"\"": "missing",
		"a in [1]": "missing", "w in [\"x\"]": "missing", "t in [date(\"2024-01-01\")]": "missing", "a not in [1]": "missing", "a in 1..2": "missing",
		"len(w)": "missing", "lower(w)": "missing", "days(t - d)": "missing", "hour(t)": "missing", "t < d": "missing", "t - d": "missing", "-(t - d)": "missing", "abs(t - d)": "missing",
		"s startsWith \"x\"": "missing", "\"x\" endsWith s": "missing",
		// replacing and asking
		"a ?? 3": "3", "a ?? n": "missing", "a ?? n ?? 4": "4", "w ?? \"none\"": `"none"`, "p ?? true": "true", "isnull(a)": "true", "isnull(1)": "false",
		"isnull(p)": "true", "isnull(w)": "true", "isnull(t)": "true", "isnull(t - d)": "true", "isnull(\"\")": "false", "isnull(a > 1)": "true", "(t ?? date(\"2024-01-31\")) == date(\"2024-01-31\")": "true",
		// choosing
		"p ? 1 : 2": "missing", "true ? 1 : a": "1", "false ? 1 : a": "missing", "true ? 1 : nil": "1", "false ? \"x\" : nil": "missing", "isnull(a) ? 0 : a": "0",
		// no finite answer
		"1 / 0": "missing", "0 / 0": "missing", "1 % 0": "missing", "1e308 * 10": "missing", "1e308 + 1e308": "missing", "sqrt(-1)": "missing", "log1p(-1)": "missing", "log1p(-2)": "missing",
		"0 ** -1": "missing", "(-8) ** 0.5": "missing", "(-8) ** (1/3)": "missing", "10 ** 400": "missing", "10 ** -400": "0", "0 ** 0": "1", "(1 / 0) > 5": "missing", "(1 / 0) ?? 7": "7",
		// numbers
		"7 % 3": "1", "-7 % 3": "-1", "7 % -3": "1", "7.5 % 2": "1.5", "2 ** 10": "1024", "2 ** -1": "0.5", "9 ** 0.5": "3", "-2 ** 2": "-4", "2 ** 3 ** 2": "512", "(-2) ** 3": "-8",
		"round(2.5)": "3", "round(-2.5)": "-3", "floor(-0.5)": "-1", "ceil(-0.5)": "0", "1 / ceil(-0.5)": "missing", "9007199254740992 + 1": "9.007199254740992e+15",
		"2.5 in 1..5": "true", "1 in 1..5": "true", "5 in 1..5": "true", "5.01 in 1..5": "false", "1 < 2 < 3": "true", "3 > 2 > 2": "false",
		// words
		"len(\"碰撞a\")": "3", "lower(\"ÄB\")": `"äb"`, "\"abc\" contains \"bc\"": "true", "\"\" contains \"\"": "true", "\"a\" == \"A\"": "false", "\"a\" in [\"b\", \"a\"]": "true", "\"x\" not in [\"b\"]": "true",
		// times
		"days(date(\"2024-03-01\") - date(\"2024-02-01\"))": "29", "hours(date(\"2024-01-02\") - date(\"2024-01-01\"))": "24", "weekday(date(\"2024-01-01\"))": "0", "weekday(date(\"2023-12-31\"))": "6",
		"month(date(\"2024-12-31\"))": "12", "year(date(\"1969-12-31\"))": "1969", "day(date(\"2024-02-29\"))": "29", "hour(date(\"2024-02-29\"))": "0",
		"date(\"9999-12-31\") + (date(\"2024-01-02\") - date(\"2024-01-01\"))": "missing", "date(\"0000-01-01\") - (date(\"2024-01-02\") - date(\"2024-01-01\"))": "missing",
		"abs(date(\"2024-01-01\") - date(\"2024-01-02\")) == date(\"2024-01-02\") - date(\"2024-01-01\")": "true", "min(date(\"2024-01-02\"), date(\"2023-01-01\")) == date(\"2023-01-01\")": "true",
		"(date(\"9999-12-31\") - date(\"0000-01-01\")) + (date(\"9999-12-31\") - date(\"0000-01-01\"))": "missing",
	} {
		if got := valueOf(t, source); got != want {
			t.Errorf("%s is %s, want %s", source, got, want)
		}
	}
}

// TestColumnsAsTheyAre reads extreme values of columns.
func TestColumnsAsTheyAre(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	rec := sampleRecord(r, 3000, wild{nulls: true, extremes: true})
	a := eval(t, compile(t, "a"), rec)
	n := eval(t, compile(t, "n"), rec)
	at := eval(t, compile(t, "d"), rec)
	nan := math.Float64bits(math.NaN())
	for i := range a.Rows() {
		raw := rec.Column(0).(*array.Float64)
		want := raw.Value(i)
		if raw.IsNull(i) || math.IsInf(want, 0) || math.IsNaN(want) {
			if math.Float64bits(a.Floats[i]) != nan {
				t.Fatalf("row %d: %v (%#x), want the one NaN", i, a.Floats[i], math.Float64bits(a.Floats[i]))
			}
		} else if a.Floats[i] != want || math.Signbit(a.Floats[i]) && want == 0 {
			t.Fatalf("row %d: %v, want %v", i, a.Floats[i], want)
		}
		if ints := rec.Column(2).(*array.Int64); ints.IsValid(i) && n.Floats[i] != float64(ints.Value(i)) {
			t.Fatalf("row %d: %v, want %d", i, n.Floats[i], ints.Value(i))
		}
		days := rec.Column(10).(*array.Date32)
		if year := days.Value(i).ToTime().Year(); days.IsNull(i) || year < 0 || year > 9999 {
			if at.Micros[i] != datasets.NoTime {
				t.Fatalf("row %d: %d, want none", i, at.Micros[i])
			}
		} else if at.Micros[i] != int64(days.Value(i))*microsPerDay {
			t.Fatalf("row %d: %d", i, at.Micros[i])
		}
	}
}

func TestRecordsThatDoNotFit(t *testing.T) {
	p := compile(t, "a + n > 1 and w == \"x\"")
	schema := func(f ...arrow.Field) arrow.Record {
		return array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema(f, nil)).NewRecord()
	}
	float := arrow.PrimitiveTypes.Float64
	if _, err := p.Eval(schema(arrow.Field{Name: "a", Type: float})); err == nil || !strings.Contains(err.Error(), `0 columns "n"`) {
		t.Error(err)
	}
	if _, err := p.Eval(schema(arrow.Field{Name: "a", Type: float}, arrow.Field{Name: "a", Type: float})); err == nil || !strings.Contains(err.Error(), `2 columns "a"`) {
		t.Error(err)
	}
	if _, err := p.Eval(schema(arrow.Field{Name: "a", Type: float}, arrow.Field{Name: "n", Type: arrow.BinaryTypes.String})); err == nil || !strings.Contains(err.Error(), `"n" holds utf8, which is not a number`) {
		t.Error(err)
	}
	seconds := schema(arrow.Field{Name: "t", Type: arrow.FixedWidthTypes.Timestamp_s})
	if _, err := compile(t, "t").Eval(seconds); err == nil {
		t.Error("a timestamp in seconds was read as microseconds")
	}
	empty := schema(arrow.Field{Name: "a", Type: float}, arrow.Field{Name: "n", Type: float}, arrow.Field{Name: "w", Type: datasets.CategoryType})
	if c, err := p.Eval(empty); err != nil || c.Rows() != 0 {
		t.Error(c, err)
	}
}

func TestNumbers(t *testing.T) {
	rec := sampleRecord(rand.New(rand.NewPCG(8, 1)), 100, wild{nulls: true})
	c := eval(t, compile(t, "p"), rec)
	dst := make([]float64, 100)
	if err := c.Numbers(dst); err != nil {
		t.Fatal(err)
	}
	for i, v := range dst {
		if want := map[Truth]float64{True: 1, False: 0}[c.Truths[i]]; v != want && c.Truths[i] != Missing || math.IsNaN(v) != (c.Truths[i] == Missing) {
			t.Fatalf("row %d: %v of %s", i, v, c.Truths[i])
		}
	}
	for _, source := range []string{"w", "t", "t - u"} {
		if err := eval(t, compile(t, source), rec).Numbers(dst); err == nil {
			t.Errorf("%s gives numbers", source)
		}
	}
	if err := c.Numbers(dst[:5]); err == nil {
		t.Error("a short destination was filled")
	}
}
