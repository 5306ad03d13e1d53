package network

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"
)

// benchHistory is claims with 5 edges each: their holder (who comes back), a
// telephone, a vehicle, an account, and one of a few hundred repair shops.
func benchHistory(claims int) history {
	rng := rand.New(rand.NewPCG(20, 21))
	var h history
	holders := claims / 2
	for c := range claims {
		p := rng.IntN(holders)
		phone := p
		if rng.IntN(20) == 0 {
			phone = rng.IntN(holders)
		}
		for k, e := range []int{p, holders + phone, 2*holders + p, 3*holders + p - p%3, 4*holders + rng.IntN(400)} {
			h.edges = append(h.edges, Edge{int32(c), int32(e), uint8(k), int64(c) * 1000})
		}
		if rng.IntN(50) == 0 {
			h.outcomes = append(h.outcomes, Outcome{int32(c), rng.IntN(2) == 0, int64(c)*1000 + 5_000_000})
		}
	}
	slices.SortStableFunc(h.outcomes, func(a, b Outcome) int { return int(a.Known - b.Known) })
	return h
}

const benchClaims = 200_000

func BenchmarkFold(b *testing.B) {
	h := benchHistory(benchClaims)
	for b.Loop() {
		var before, after runtime.MemStats
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&before)
		b.StartTimer()
		g := h.graph(b, Options{})
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(g.Edges()), "bytes/edge")
		b.StartTimer()
		runtime.KeepAlive(g)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(h.edges)), "ns/edge")
}

func BenchmarkAsk(b *testing.B) {
	h := benchHistory(benchClaims)
	g := h.graph(b, Options{})
	r := g.Refresh(0)
	a := g.NewAsker()
	var times []time.Duration
	i := int32(0)
	for b.Loop() {
		i = (i + 7919) % benchClaims
		from := time.Now()
		if _, err := a.Ask(Question{Claim: i, At: int64(i) * 1000}, r); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(from))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)*99/100].Nanoseconds()), "p99-ns")
}

func BenchmarkRefresh(b *testing.B) {
	h := benchHistory(benchClaims)
	g := h.graph(b, Options{})
	for b.Loop() {
		b.ReportMetric(float64(g.Refresh(1<<60).Iterations()), "steps")
	}
}

// BenchmarkRefresher leaves out laying the graph out.
func BenchmarkRefresher(b *testing.B) {
	h := benchHistory(benchClaims)
	r := h.graph(b, Options{}).NewRefresher()
	for b.Loop() {
		b.ReportMetric(float64(r.Refresh(1<<60).Iterations()), "steps")
	}
}

func BenchmarkMemberships(b *testing.B) {
	h := benchHistory(benchClaims)
	g := h.graph(b, Options{})
	for b.Loop() {
		if _, err := g.Memberships(1<<60, GangOptions{Skip: 1 << 4}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadSnapshot(b *testing.B) {
	h := benchHistory(benchClaims)
	data := h.graph(b, Options{}).AppendSnapshot(nil)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := ReadSnapshot(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGangs(b *testing.B) {
	h := benchHistory(benchClaims)
	g := h.graph(b, Options{})
	for b.Loop() {
		if _, err := g.Gangs(1<<60, GangOptions{Skip: 1 << 4}); err != nil {
			b.Fatal(err)
		}
	}
}
