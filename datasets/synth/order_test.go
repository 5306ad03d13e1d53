package synth

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestInOrderAgainstSorting(t *testing.T) {
	type row struct{ day, key int }
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 5, 3000} {
		rows := make([]row, n)
		for i := range rows {
			rows[i] = row{r.IntN(40) - 20, i}
		}
		r.Shuffle(n, func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		got, err := inOrder(t.Context(), -20, 20, func(add func(int, row)) {
			for _, x := range rows {
				add(x.day, x)
			}
		}, func(a, b row) int { return cmp.Compare(a.key, b.key) })
		if err != nil {
			t.Fatal(err)
		}
		slices.SortFunc(rows, func(a, b row) int { return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.key, b.key)) })
		if !slices.Equal(got, rows) {
			t.Errorf("%d rows are in another order than sorting gives", n)
		}
	}
}

func TestPermute(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for n := range 60 {
		order, rows := make([]int32, n), make([]int32, n)
		for i, k := range r.Perm(n) {
			order[i], rows[i] = int32(k), int32(i)
		}
		want := slices.Clone(order)
		if permute(rows, order); !slices.Equal(rows, want) {
			t.Fatalf("got %v, want %v", rows, want)
		}
	}
}

// Large portfolios have nine digits, and still no id twice.
func TestLargeIDs(t *testing.T) {
	w := &world{n: census{holders: 40_000_000, slots: 10_000_000}}
	w.space = w.n.space()
	seen := map[string]bool{}
	for i := range 30_000 {
		for _, n := range []int{i, w.n.people() - 1 - i} {
			id := string(w.writeID(nil, personPrefix, n))
			if len(id) != 10 || seen[id] {
				t.Fatalf("id %q of %d is used or malformed", id, n)
			}
			seen[id] = true
		}
	}
}
