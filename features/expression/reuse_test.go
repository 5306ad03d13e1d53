package expression

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
)

// TestScratchIsUsedAgain holds the hot path to no allocation, in a batch and in
// a row, and tests of words too.
func TestScratchIsUsedAgain(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	for _, rows := range []int{1, 5000} {
		rec := sampleRecord(r, rows, wild{nulls: true})
		for _, source := range []string{"a / b + n > 3", "(a ?? 0) ** 2 - n", `w in ["fire", "hail"] and s contains "碰"`, "days(t - d)"} {
			p, c := compile(t, source), new(Column)
			least := math.Inf(1) // the collector may empty the pool between two runs
			for range 5 {
				least = min(least, testing.AllocsPerRun(10, func() {
					if err := p.EvalInto(c, rec); err != nil {
						t.Error(err)
					}
				}))
			}
			if least > 0 && !raceDetector {
				t.Errorf("%s over %d rows allocates %v times", source, rows, least)
			}
		}
	}
}

// TestConcurrentUse shares programs and slices of one record among goroutines.
func TestConcurrentUse(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	rec := sampleRecord(r, 3000, wild{nulls: true})
	for _, source := range []string{"a / b + n", `w in ["fire"] ? s : v`, "isnull(t) or p", "t - d"} {
		p := compile(t, source)
		want := eval(t, p, rec)
		var group sync.WaitGroup
		for k := range 4 {
			group.Go(func() {
				for low := int64(k); low < 2000; low += 500 {
					part := rec.NewSlice(low, low+900)
					c, err := p.Eval(part)
					part.Release()
					if err != nil {
						t.Error(err)
						return
					}
					for i := range c.Rows() {
						if c.show(i) != want.show(i+int(low)) {
							t.Errorf("%s: row %d differs", source, i+int(low))
							return
						}
					}
				}
			})
		}
		group.Wait()
	}
}

// TestResultKeepsNothingOfTheRecord overwrites the record's memory.
func TestResultKeepsNothingOfTheRecord(t *testing.T) {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	b.AppendValues([]string{"hail", "fire"}, nil)
	a := b.NewStringArray()
	rec := array.NewRecord(arrow.NewSchema([]arrow.Field{{Name: "s", Type: arrow.BinaryTypes.String}}, nil), []arrow.Array{a}, 2)
	c := eval(t, compile(t, "s"), rec)
	clear(a.ValueBytes())
	if got := strings.Join(c.Words, " "); got != "hail fire" {
		t.Errorf("got %q", got)
	}
}

// TestCodesOutsideTheDictionary are missing and no panic: arrow's stream reader
// lets them pass.
func TestCodesOutsideTheDictionary(t *testing.T) {
	words := array.NewStringBuilder(memory.DefaultAllocator)
	words.AppendValues([]string{"hail", "fire", ""}, []bool{true, true, false})
	codes := array.NewInt32Builder(memory.DefaultAllocator)
	codes.AppendValues([]int32{0, 1, 2, 3, -1, math.MaxInt32, math.MinInt32, 1}, nil)
	a := array.NewDictionaryArray(datasets.CategoryType, codes.NewArray(), words.NewArray())
	rec := array.NewRecord(arrow.NewSchema([]arrow.Field{{Name: "w", Type: datasets.CategoryType}}, nil), []arrow.Array{a}, 8)
	for source, want := range map[string]string{
		`w == "fire"`: "false true missing missing missing missing missing true",
		`w`:           `"hail" "fire" missing missing missing missing missing "fire"`,
	} {
		c := eval(t, compile(t, source), rec)
		one := eval(t, compile(t, source), rec.NewSlice(3, 4))
		got := make([]string, c.Rows())
		for i := range got {
			got[i] = c.show(i)
		}
		if strings.Join(got, " ") != want || one.show(0) != "missing" {
			t.Errorf("%s: %s", source, got)
		}
	}
}

// TestHostileSourcesCompileQuickly gives sources of the greatest length.
func TestHostileSourcesCompileQuickly(t *testing.T) {
	names := make([]string, 2000)
	for i := range names {
		names[i] = strings.Repeat("column", 3) + string(rune('a'+i%26))
	}
	for _, source := range []string{
		strings.Repeat("zz+", MaxSource/3-1) + "z", strings.Repeat("z", MaxSource), strings.Repeat("qqq(", 200) + strings.Repeat(")", 200),
		"w in [" + strings.Repeat(`"abc",`, 2000) + "\"\"]", strings.Repeat("a in [1,2,3] or ", 200) + "p", strings.Repeat("(zz,", 4000),
		strings.Repeat("[zz,", 200) + strings.Repeat("zz+yy,", 2000) + strings.Repeat("]", 200),
	} {
		start := time.Now()
		if p, err := Compile(source, sampleColumn, names); err == nil {
			eval(t, p, sampleRecord(rand.New(rand.NewPCG(1, 1)), 100, wild{}))
		}
		if d := time.Since(start); d > 3*time.Second {
			t.Errorf("%s took %v", clip(source), d)
		}
	}
}

// TestTheSameBitsOnEveryProcessor hashes functions that package math computes
// differently from one processor to the next. The number stands for all: where
// it differs, a compiler has fused an addition into a multiplication.
func TestTheSameBitsOnEveryProcessor(t *testing.T) {
	h := fnv.New64a()
	r := rand.New(rand.NewPCG(99, 1))
	var word [8]byte
	for range 20_000 {
		x, y := r.Float64()*100-0.9, r.Float64()*8-4
		for _, v := range []float64{log1p(x), power(math.Abs(x), y), power(x, math.Trunc(y)), remainder(x, y)} {
			binary.LittleEndian.PutUint64(word[:], math.Float64bits(finite(v)+0))
			if v != v {
				clear(word[:])
			}
			h.Write(word[:])
		}
	}
	if got := h.Sum64(); got != sameBits {
		t.Errorf("the hash is %#x, want %#x", got, uint64(sameBits))
	}
}

const sameBits = 0x221136490bd6bb7e
