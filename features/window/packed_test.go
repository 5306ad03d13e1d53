package window

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPackedKeepsEveryNumber inserts rows of easy and of nasty columns and wants
// to read what was put in, by every way of reading.
func TestPackedKeepsEveryNumber(t *testing.T) {
	nasty := []int64{hole, math.MaxInt64, math.MinInt64 + 1, 0, -1, 1, 1 << 62, -1 << 62, Day, 255, 256}
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 31))
		columns := []func(i int) int64{
			func(int) int64 { return 7 },
			func(int) int64 { return hole },
			func(i int) int64 { return int64(i) * Day },
			func(i int) int64 { return -int64(i) * 1000 },
			func(int) int64 { return r.Int64N(1 << r.IntN(62)) },
			func(int) int64 { return 100 * (r.Int64N(2000) - 1000) },
			func(int) int64 { return nasty[r.IntN(len(nasty))] },
			func(i int) int64 { return []int64{hole, int64(i)}[r.IntN(2)] },
			func(int) int64 { return int64(r.Uint64()) },
		}
		p := packed{frames: make([]frame, len(columns))}
		var rows [][]int64
		var scratch []int64
		for i := range 300 {
			row := make([]int64, len(columns))
			for c, f := range columns {
				row[c] = f(i)
			}
			at := r.IntN(len(rows) + 1)
			scratch = p.insert(at, row, scratch, r.IntN(3))
			rows = slices.Insert(rows, at, row)
		}
		p.clip()
		flat := slices.Concat(rows...)
		tight := pack(flat, len(columns))
		for name, p := range map[string]*packed{"inserted": &p, "packed": &tight} {
			if got := p.rows(nil, 0, len(rows)); !slices.Equal(got, flat) {
				t.Fatalf("%s, seed %d: rows differ", name, seed)
			}
			for c := range columns {
				lo := r.IntN(len(rows))
				for i, v := range p.column(nil, c, lo, len(rows)) {
					if v != rows[lo+i][c] || p.get(c, lo+i) != v {
						t.Fatalf("%s, seed %d: row %d column %d is %d, want %d", name, seed, lo+i, c, v, rows[lo+i][c])
					}
				}
			}
		}
		if w := tight.frames; w[0].width != 0 || w[1].width != 0 || w[2].width != 2 || w[5].width > 2 {
			t.Errorf("widths %d, %d, %d, %d; want 0, 0, 2, and at most 2", w[0].width, w[1].width, w[2].width, w[5].width)
		}
	}
}

// TestFallingColumnIsRarelyPackedAnew counts how often the base has to move.
func TestFallingColumnIsRarelyPackedAnew(t *testing.T) {
	p := packed{frames: make([]frame, 1)}
	var scratch []int64
	moves, base := 0, int64(0)
	for i := range int64(5000) {
		scratch = p.insert(0, []int64{-i * 17}, scratch, 10)
		if p.frames[0].base != base {
			base = p.frames[0].base
			moves++
		}
	}
	if moves > 60 {
		t.Errorf("packed anew %d times for 5000 falling numbers", moves)
	}
}

// TestKeyTableIsAMap compares with a map, for keys in any order and density.
func TestKeyTableIsAMap(t *testing.T) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 32))
		var k keyTable
		want := map[int32]place{}
		limit := []int32{300, 5000, math.MaxInt32}[seed%3]
		for i := range 4000 {
			key := r.Int32N(limit)
			if seed%2 == 0 && r.IntN(3) > 0 {
				key = int32(i) // dense ones among the others
			}
			k.set(key, rowPlace(i), i%smallKey)
			want[key] = rowPlace(i)
		}
		if k.count != len(want) || len(k.sorted()) != len(want) || !slices.IsSorted(k.sorted()) {
			t.Fatalf("seed %d: %d keys, want %d", seed, k.count, len(want))
		}
		for key, p := range want {
			if got, few := k.get(key); got != p || few != p.row()%smallKey {
				t.Fatalf("seed %d: key %d is at %d with %d, want %d", seed, key, got, few, p)
			}
		}
		if got, _ := k.get(-1); got != none {
			t.Fatal("a negative key has a place")
		}
		if limit < 1000 && seed%2 == 1 && len(k.sparse) > 0 {
			t.Errorf("seed %d: %d dense keys are in the map", seed, len(k.sparse))
		}
	}
}
