package expression

import (
	"math/rand/v2"
	"testing"
)

// TestOneRowAndManyAgree is the conformance of batch and online: the value of
// a row is the same, bit for bit, in a table of several blocks, in a slice, in a
// record of that row alone, and in memory that other records used before.
func TestOneRowAndManyAgree(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	g := &generator{r: r}
	small := sampleRecord(r, 40, wild{nulls: true, extremes: true})
	large := sampleRecord(r, 2*blockRows+77, wild{nulls: true, extremes: true})
	again := map[Type]*Column{}
	for k := range 1500 {
		typ := Type(1 + k%5)
		source := g.of(typ, 1+k%4)
		p := compile(t, source)
		if p.Type() != typ {
			t.Fatalf("%s is %s, want %s", source, p.Type(), typ)
		}
		rec, step := small, 1
		if k%10 == 0 {
			rec, step = large, 131
		}
		whole := eval(t, p, rec)
		if again[typ] == nil {
			again[typ] = new(Column)
		}
		for i := 0; i < whole.Rows(); i += step {
			row := rec.NewSlice(int64(i), int64(i+1))
			if err := p.EvalInto(again[typ], row); err != nil {
				t.Fatal(err)
			}
			row.Release()
			if got, want := again[typ].show(0), whole.show(i); got != want {
				t.Fatalf("%s: row %d is %s alone and %s among %d", source, i, got, want, whole.Rows())
			}
		}
		middle := rec.NewSlice(13, int64(whole.Rows()-5))
		part := eval(t, p, middle)
		for i := range part.Rows() {
			if part.show(i) != whole.show(i+13) {
				t.Fatalf("%s: row %d differs in a slice", source, i+13)
			}
		}
	}
}

// TestEqualPartsAreComputedOnce and without a change of meaning: an expression
// beside itself is one set of steps.
func TestEqualPartsAreComputedOnce(t *testing.T) {
	once := compile(t, "a / b + n")
	twice := compile(t, "(a / b + n) * (a / b + n)")
	if len(twice.steps) != len(once.steps)+1 {
		t.Errorf("%d steps, want %d", len(twice.steps), len(once.steps)+1)
	}
	if p := compile(t, "2 * 3 + len(\"abc\") > days(date(\"2024-01-31\") - date(\"2024-01-01\"))"); len(p.steps) != 1 {
		t.Errorf("a constant expression has %d steps", len(p.steps))
	}
}
