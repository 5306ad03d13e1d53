package text

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
)

// The golden file was made from the definitions by testdata/golden.py. These
// values are part of the stored form and must never change.
func TestHashesAndSignaturesAreFixedForEver(t *testing.T) {
	data, err := os.ReadFile("testdata/golden.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		var k int
		if _, err := fmt.Sscan(f[1], &k); err != nil {
			t.Fatal(err)
		}
		x := mustNew(t, Options{Shingle: k})
		g := grams(nil, []rune(f[0]), k, x.shingleSalt)
		if got := fmt.Sprintf("%016x %016x", g[0], g[len(g)-1]); got != f[2]+" "+f[3] {
			t.Errorf("%s: hashes %s, want %s %s", f[0], got, f[2], f[3])
		}
		if p := x.Read(nil, f[0]); fmt.Sprintf("%x", p.signature) != f[4] {
			t.Errorf("%s: signature %x, want %s", f[0], p.signature, f[4])
		}
	}
}

func TestMixIsABijection(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 10000 {
		if x := r.Uint64(); unmix64(mix64(x)) != x {
			t.Fatalf("unmix64 does not undo mix64 of %x", x)
		}
	}
}

func TestGramsRollLikeSingleOnes(t *testing.T) {
	text := []rune("车辆被水淹 the car was flooded 车辆被水淹")
	for _, n := range []int{1, 2, 4, 9, len(text), len(text) + 5} {
		got := grams(nil, text, n, 77)
		m := min(n, len(text))
		if len(got) != len(text)-m+1 {
			t.Fatalf("n=%d: %d grams", n, len(got))
		}
		for i := range got {
			if one := grams(nil, text[i:i+m], n, 77); one[0] != got[i] {
				t.Errorf("n=%d: gram %d is %x rolled, %x alone", n, i, got[i], one[0])
			}
		}
	}
	if got := grams(nil, nil, 4, 1); len(got) != 0 {
		t.Errorf("an empty text has grams %v", got)
	}
}

func TestDifferingCountsBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	a, b := make([]byte, 64), make([]byte, 64)
	for range 500 {
		want := 0
		for i := range a {
			a[i], b[i] = byte(r.IntN(3)*85), byte(r.IntN(3)*85)
			if r.IntN(4) == 0 {
				a[i], b[i] = 1<<r.IntN(8), 0
			}
			if a[i] != b[i] {
				want++
			}
		}
		if got := differing(a, b); got != want {
			t.Fatalf("differing = %d, want %d", got, want)
		}
	}
}

func TestTableAgainstMap(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var tab table
	want := map[uint64]uint32{}
	for i := range 30000 {
		key := mix64(uint64(r.IntN(20000)))
		switch i % 10 {
		case 0:
			key = ^uint64(0) - uint64(r.IntN(200)) // crowds the last slots
		case 1:
			key = uint64(r.IntN(200))
		}
		if v := want[key]; v > 0 && i%3 == 0 { // out again
			tab.add(key, -int32(v))
			delete(want, key)
			continue
		}
		v := uint32(1 + r.IntN(1000))
		tab.set(key, v)
		want[key] = v
	}
	if tab.used != len(want) {
		t.Fatalf("%d entries, want %d", tab.used, len(want))
	}
	for k, v := range want {
		if tab.get(k) != v {
			t.Fatalf("key %x: %d, want %d", k, tab.get(k), v)
		}
	}
	last, first := uint64(0), true
	tab.each(func(key uint64, v uint32) bool {
		if !first && key <= last {
			t.Fatalf("keys do not rise: %x after %x", key, last)
		}
		last, first = key, false
		return true
	})
	for range 10000 {
		if k := r.Uint64(); want[k] == 0 && tab.get(k) != 0 {
			t.Fatalf("found %x", k)
		}
	}
}

func mustNew(t testing.TB, opt Options) *Index {
	t.Helper()
	x, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return x
}
