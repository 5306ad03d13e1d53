package history

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"claimsieve/datasets"
)

// TestCodesFollowTheFirstSight holds both ways of numbering against a map.
func TestCodesFollowTheFirstSight(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	one, all := newDictionary(), newDictionary()
	all.expect(rng.IntN(40 * 700)) // a guess changes no code
	want, next := map[string]int32{}, int32(0)
	for range 40 {
		n := rng.IntN(700)
		words, there := make([]string, n), make([]bool, n)
		codes := make([]int32, n)
		for i := range words {
			words[i], there[i] = fmt.Sprint("k", rng.IntN(4000)), rng.IntN(9) > 0
		}
		if err := all.codeAll(codes, func(i int) (string, bool) { return words[i], there[i] }); err != nil {
			t.Fatal(err)
		}
		for i, w := range words {
			if !there[i] {
				if codes[i] != -1 {
					t.Fatalf("a missing word has code %d", codes[i])
				}
				continue
			}
			if _, known := want[w]; !known {
				want[w] = next
				next++
			}
			code, err := one.code(w)
			if err != nil || code != want[w] || codes[i] != code || all.find(w) != code || all.word(code) != w {
				t.Fatalf("word %q has codes %d and %d, want %d (%v)", w, code, codes[i], want[w], err)
			}
		}
	}
	if all.len() != int(next) || all.find("none") != -1 {
		t.Errorf("%d words, want %d", all.len(), next)
	}
	if all.forget(); all.len() != int(next) {
		t.Errorf("%d words remain counted, want %d", all.len(), next)
	}
}

func BenchmarkCodes(b *testing.B) {
	const words = 1 << 20
	rng := rand.New(rand.NewPCG(5, 6))
	ids := make([]string, 2*words)
	for i := range ids {
		ids[i] = fmt.Sprintf("P%07d", rng.IntN(words))
	}
	dst := make([]int32, len(ids))
	for _, coming := range []int{0, len(ids)} {
		b.Run(fmt.Sprint("expecting", coming), func(b *testing.B) {
			for b.Loop() {
				d := newDictionary()
				d.expect(coming)
				if err := d.codeAll(dst, func(i int) (string, bool) { return ids[i], true }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(ids)), "ns/word")
		})
	}
}

func BenchmarkCodesOneByOne(b *testing.B) {
	const words = 1 << 20
	rng := rand.New(rand.NewPCG(5, 6))
	ids := make([]string, 2*words)
	for i := range ids {
		ids[i] = fmt.Sprintf("P%07d", rng.IntN(words))
	}
	for b.Loop() {
		d := newDictionary()
		for _, id := range ids {
			if _, err := d.code(id); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(ids)), "ns/word")
}

// TestRowsComeInTheOrderOfTheirInstants holds the sort against the library's.
func TestRowsComeInTheOrderOfTheirInstants(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		known := make([]int64, rng.IntN(400))
		span := int64(1) << rng.IntN(62)
		var want []int32
		for i := range known {
			if known[i] = rng.Int64N(span) - span/2; rng.IntN(5) == 0 {
				known[i] = datasets.NoTime
			} else {
				want = append(want, int32(i))
			}
		}
		slices.SortStableFunc(want, func(x, y int32) int { return cmp.Compare(known[x], known[y]) })
		got := newFeed(len(known), func(i int) int64 { return known[i] }, nil).order
		if !slices.Equal(got, want) && len(want) > 0 {
			t.Fatalf("span %d: %v, want %v", span, got, want)
		}
	}
}
