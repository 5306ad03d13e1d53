package window

import (
	"cmp"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// oracle recomputes one aggregate from its definition: it looks at every event,
// keeps those that the rule lets through, and computes in big integers.
// owner is who asks, -1 for nobody.
func oracle(ev Events, key int32, t int64, owner int32, a Aggregate) float64 {
	seen := oracleSeen(ev, key, t, owner, a, a.Window)
	n := len(seen)
	value := func(i int) int64 { return ev.Values[a.Column][i] }
	sum := func(rows []int) *big.Int {
		s := new(big.Int)
		for _, i := range rows {
			s.Add(s, big.NewInt(value(i)))
		}
		return s
	}
	switch a.Do {
	case Count:
		return float64(n)
	case Sum:
		return rounded(sum(seen))
	case Growth:
		against := oracleSeen(ev, key, t, owner, a, a.Against)
		up, down := float64(n), float64(len(against))
		if a.Column != None {
			up, down = rounded(sum(seen)), rounded(sum(against))
		}
		switch {
		case down == 0:
			return math.NaN()
		case up == 0:
			return 0
		}
		return up * float64(a.Against.From-a.Against.To) / (down * float64(a.Window.From-a.Window.To))
	case Distinct, TopShare:
		often, top := map[int32]int{}, 0
		for _, i := range seen {
			often[ev.Codes[a.Column][i]]++
			top = max(top, often[ev.Codes[a.Column][i]])
		}
		if a.Do == Distinct {
			return float64(len(often))
		}
		return float64(top) / float64(n) // 0/0 is NaN
	}
	if n == 0 || a.Do >= GapMean && n < 2 {
		return math.NaN()
	}
	var gaps, values []int64
	for p, i := range seen {
		if a.Column != None {
			values = append(values, value(i))
		}
		if p > 0 {
			gaps = append(gaps, ev.Happened[i]-ev.Happened[seen[p-1]])
		}
	}
	switch a.Do {
	case Mean:
		return rounded(sum(seen)) / float64(n)
	case Std:
		return oracleStd(values)
	case Min:
		return float64(slices.Min(values))
	case Max:
		return float64(slices.Max(values))
	case First:
		return float64(values[0])
	case Last:
		return float64(values[n-1])
	case SinceLast:
		return float64(t-ev.Happened[seen[n-1]]) / 86400e6
	case GapMean:
		total := int64(0)
		for _, g := range gaps {
			total += g
		}
		return float64(total) / 86400e6 / float64(len(gaps))
	case GapMin:
		return float64(slices.Min(gaps)) / 86400e6
	case GapStd:
		return oracleStd(gaps) / 86400e6
	}
	panic("oracle does not know " + a.Do.String())
}

func oracleSeen(ev Events, key int32, t int64, owner int32, a Aggregate, w Window) []int {
	var seen []int
	known := func(i int) int64 {
		if ev.Known == nil {
			return ev.Happened[i]
		}
		return ev.Known[i]
	}
	for i, k := range ev.Key {
		h := ev.Happened[i]
		old := w.From != Forever && h < t-w.From
		if k != key || known(i) >= t || old || h >= t-w.To {
			continue
		}
		if owner >= 0 && ev.Owner != nil && ev.Owner[i] == owner {
			continue
		}
		if a.Where != 0 && (ev.Marks == nil || ev.Marks[i]&a.Where != a.Where) {
			continue
		}
		if a.Column != None && (a.Do == Distinct || a.Do == TopShare) {
			if ev.Codes[a.Column][i] < 0 {
				continue
			}
		} else if a.Column != None && ev.Values[a.Column][i] == Missing {
			continue
		}
		seen = append(seen, i)
	}
	slices.SortStableFunc(seen, func(x, y int) int {
		return cmp.Or(cmp.Compare(ev.Happened[x], ev.Happened[y]), cmp.Compare(known(x), known(y)))
	})
	return seen
}

func rounded(x *big.Int) float64 {
	f, _ := new(big.Float).SetInt(x).Float64()
	return f
}

// oracleStd is sqrt(n*Q - S*S)/n with the difference rounded once.
func oracleStd(v []int64) float64 {
	s, q := new(big.Int), new(big.Int)
	for _, x := range v {
		b := big.NewInt(x)
		s.Add(s, b)
		q.Add(q, new(big.Int).Mul(b, b))
	}
	q.Mul(q, big.NewInt(int64(len(v))))
	q.Sub(q, new(big.Int).Mul(s, s))
	return math.Sqrt(rounded(q)) / float64(len(v))
}

// history settings for random histories.
type shape struct {
	events, queries, keys int
	span, grain           int64 // times are multiples of grain below span
	late                  int   // how many of 8 events become known late; -1: no second clock
	large                 bool  // values near the limits
	owners                int   // how many own events and ask; 0: no owners
}

func randomHistory(r *rand.Rand, s shape) (Events, Queries) {
	time := func() int64 { return (r.Int64N(s.span/s.grain+1) - s.span/s.grain/3) * s.grain }
	ev := Events{Values: make([][]int64, 2), Codes: make([][]int32, 3)}
	for range s.events {
		h := time()
		ev.Key = append(ev.Key, int32(r.IntN(s.keys)-s.keys/2))
		ev.Happened = append(ev.Happened, h)
		if s.late >= 0 {
			k := h
			if r.IntN(8) < s.late {
				k += time() // some of them known in advance
			} else if r.IntN(50) == 0 {
				k = Never
			}
			ev.Known = append(ev.Known, k)
		}
		ev.Marks = append(ev.Marks, r.Uint64N(4))
		v := r.Int64N(2001) - 1000
		if s.large {
			v = (r.Int64() - r.Int64()) / int64(2*s.events)
		}
		ev.Values[0] = append(ev.Values[0], v)
		if r.IntN(4) == 0 {
			v = Missing
		}
		ev.Values[1] = append(ev.Values[1], v)
		ev.Codes[0] = append(ev.Codes[0], int32(r.IntN(6)))
		ev.Codes[1] = append(ev.Codes[1], int32(r.IntN(6))-1)
		ev.Codes[2] = append(ev.Codes[2], 1<<30+int32(r.IntN(9)))
	}
	var q Queries
	for range s.queries {
		q.Key = append(q.Key, int32(r.IntN(s.keys+2)-s.keys/2)) // some without events
		if r.IntN(2) == 0 && len(ev.Happened) > 0 {
			q.At = append(q.At, ev.Happened[r.IntN(len(ev.Happened))])
		} else {
			q.At = append(q.At, time())
		}
	}
	if s.owners > 0 {
		own(r, &ev, &q, s.owners)
	}
	return ev, q
}

func randomAggregates(r *rand.Rand, span, grain int64, n int) []Aggregate {
	window := func() Window {
		w := Window{To: r.Int64N(3) * grain * r.Int64N(3)}
		w.From = w.To + 1 + r.Int64N(span)/(1+r.Int64N(8))
		return w
	}
	windows := []Window{{From: Forever}, window(), window(), {From: Forever, To: 2 * grain}}
	var out []Aggregate
	for len(out) < n {
		a := Aggregate{Do: Do(1 + r.IntN(len(doNames)-1)), Window: windows[r.IntN(4)], Column: r.IntN(2), Where: r.Uint64N(6) & 3}
		if a.Do.ofCode() {
			a.Column = r.IntN(3)
		} else if !a.Do.needsColumn() {
			a.Column = r.IntN(3) - 1
		}
		if a.Do == Growth {
			a.Window, a.Against = windows[1+r.IntN(2)], windows[1+r.IntN(2)]
		}
		out = append(out, a)
	}
	return out
}

// same fails the test where two columns of answers differ in any bit; all NaN
// are one.
func same(t *testing.T, what string, aggs []Aggregate, q Queries, got, want [][]float64) {
	t.Helper()
	for a := range want {
		for i := range want[a] {
			g, w := got[a][i], want[a][i]
			if math.Float64bits(g) != math.Float64bits(w) && !(math.IsNaN(g) && math.IsNaN(w)) {
				t.Fatalf("%s: aggregate %d %+v, query %d (key %d at %d): %v, want %v", what, a, aggs[a], i, q.Key[i], q.At[i], g, w)
			}
		}
	}
}
