package history

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"

	"claimsieve/datasets"
	"claimsieve/features/network"
	"claimsieve/features/window"
)

// motorPlan is a plan of the size of a motor pipeline: 8 groups of 4 to 12
// aggregates, 3 rates, and a network of 6 edge columns.
func motorPlan(spec *datasets.Spec) *Plan {
	p := &planner{Rand: rand.New(rand.NewPCG(1, 2)), spec: spec, Plan: &Plan{Stage: datasets.Report, Instant: "reported_at", Digest: "motor", Sources: map[string]*Source{}, Spaces: make([]string, 8)}}
	claims := func(space string, count int, columns ...string) {
		k := p.key("claims", columns...)
		g := Group{Of: "claims", AskOf: "claims", Space: spaceOf[space], Ask: k, Keys: []int{k}, Clock: datasets.Report, ClaimClock: datasets.Report, AskClock: datasets.Report}
		p.fixed(&g, count)
	}
	claims("vehicle", 12, "vehicle")
	claims("region+vehicle", 4, "region", "vehicle")
	claims("policy_id", 6, "policy_id")
	claims("phone", 6, "phone")
	driver, holder := p.key("claims", "driver"), p.key("claims", "holder")
	for _, ask := range []int{driver, holder} {
		p.fixed(&Group{Of: "claims", AskOf: "claims", Space: 1, Ask: ask, Keys: []int{driver, holder}}, 8)
	}
	p.fixed(&Group{Of: "parties", AskOf: "claims", Own: true, Space: 7}, 4)
	p.fixed(&Group{Of: "claims", AskOf: "parties", Space: 2, Ask: p.key("parties", "phone"), Keys: []int{p.key("claims", "phone")}}, 4)
	rate := func(space string, overall bool, ask int, keys ...int) {
		r := Rate{Answer: p.answer(), Prior: 0.1, Strength: 10, Concluded: 0, Confirmed: 1, Group: p.outcomes(space, datasets.Report, ask, keys...)}
		if overall {
			r.Overall, r.OverallConfirmed, r.OverallGroup = true, 1, p.outcomes("", datasets.Report, 0)
		}
		p.Rates = append(p.Rates, r)
	}
	rate("vehicle", false, p.key("claims", "vehicle"), p.key("claims", "vehicle"))
	rate("driver", false, driver, driver, holder)
	rate("policy_id", true, p.key("claims", "policy_id"), p.key("claims", "policy_id"))
	g := &Graph{From: window.Forever, Kinds: []string{"vehicle", "person", "phone"}, Options: network.Options{HubDegree: 60}}
	for _, e := range []struct {
		table, column string
		kind          uint8
	}{{"claims", "vehicle", 0}, {"claims", "driver", 1}, {"claims", "holder", 1}, {"claims", "phone", 2}, {"parties", "person", 1}, {"parties", "phone", 2}} {
		g.Edges = append(g.Edges, EdgeSource{Of: e.table, Key: p.key(e.table, e.column), Kind: e.kind, Clock: datasets.Report})
	}
	for do := NetworkClaims; do <= NetworkRank; do++ {
		g.Asks = append(g.Asks, NetworkAsk{Answer: p.answer(), Do: do})
	}
	p.Graph = g
	return p.Plan
}

// fixed gives a group so many aggregates.
func (p *planner) fixed(g *Group, count int) {
	s := p.source(g.Of)
	value := map[string]string{"claims": "loss", "parties": "hurt"}[g.Of]
	s.Values = append(s.Values, Value{"value", p.program(g.Of, value), 2})
	g.Values = []int{len(s.Values) - 1}
	word := map[string]string{"claims": "region", "parties": "role"}[g.Of]
	s.Words = append(s.Words, p.program(g.Of, word))
	g.Words = []int{len(s.Words) - 1}
	dos := []window.Do{window.Count, window.Sum, window.Mean, window.SinceLast, window.Max, window.Distinct}
	for i := range count {
		a := window.Aggregate{Do: dos[i%len(dos)], Window: window.Window{From: []int64{30, 90, 365, 730}[i%4] * window.Day}}
		g.Aggregates = append(g.Aggregates, a)
		g.Columns = append(g.Columns, Column{Answer: p.answer()})
	}
	p.Groups = append(p.Groups, *g)
}

// portfolio draws claims in the order of time, a part of them at a time.
type portfolio struct {
	*rand.Rand
	rows  *historyRows
	n, at int
}

func newPortfolio(n int) *portfolio {
	return &portfolio{Rand: rand.New(rand.NewPCG(3, 4)), rows: &historyRows{spec: testSpec()}, n: n}
}

// next makes the rows of so many claims, and moves on. A claim in a hundred
// comes from a few busy entities.
func (p *portfolio) next(count int) {
	p.rows.rows = map[string][]values{}
	for range min(count, p.n-p.at) {
		known := firstDay + int64(p.at)*3*365*window.Day/int64(p.n)/1_000_000*1_000_000
		code := func(prefix string, per int) string {
			if p.IntN(100) == 0 {
				return fmt.Sprint(prefix, p.IntN(50))
			}
			return fmt.Sprint(prefix, 1000+p.IntN(p.n/per+1))
		}
		id := fmt.Sprintf("CLM%08d", p.at)
		p.rows.add("claims", values{"claim_id": id, "reported_at": any(known), "happened_at": any(known - int64(p.IntN(100))*window.Day/24), "vehicle": code("V", 2), "driver": code("P", 2), "holder": code("P", 2),
			"phone": code("T", 2), "region": fmt.Sprint("r", p.IntN(30)), "policy_id": code("Q", 2), "loss": float64(p.IntN(1e6)) / 100, "police": p.IntN(2) == 0})
		for range p.IntN(3) {
			p.rows.add("parties", values{"claim_id": id, "added_at": any(known), "met_at": any(known), "person": code("P", 1), "phone": code("T", 1), "role": "driver", "hurt": 1.0})
		}
		if p.IntN(3) == 0 {
			p.rows.add("outcomes", values{"claim_id": id, "concluded_at": any(known), "conclusion": conclusions[p.IntN(4)]})
		}
		p.at++
	}
}

// fill folds a portfolio, and keeps the last claims as records of their own.
func fill(tb testing.TB, s *State, n int) (asks []arrow.Record, p *portfolio) {
	p = newPortfolio(n)
	for p.at < n {
		p.next(8192)
		for _, table := range []string{"claims", "parties", "outcomes"} {
			if err := s.Fold(table, p.rows.record(tb, table, p.rows.rows[table]...)); err != nil {
				tb.Fatal(err)
			}
		}
	}
	for _, row := range p.rows.rows["claims"] {
		asks = append(asks, p.rows.record(tb, "claims", row))
	}
	return asks, p
}

// BenchmarkState measures a state of a motor plan: folding, one answer, its
// memory, storing and restoring.
func BenchmarkState(b *testing.B) {
	for _, n := range []int{20_000, 1_000_000} {
		b.Run(fmt.Sprintf("claims=%d", n), func(b *testing.B) {
			p := motorPlan(testSpec())
			s, err := p.NewState()
			if err != nil {
				b.Fatal(err)
			}
			began := time.Now()
			asks, _ := fill(b, s, n)
			b.Logf("folded with making the rows in %.1f s", time.Since(began).Seconds())
			measureMemory(b, s, n)
			measureStore(b, s)
			dst, _ := s.Answer(nil, asks[0])
			times := make([]time.Duration, 0, b.N)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			b.ResetTimer()
			for i := range b.N {
				began := time.Now()
				if dst, err = s.Answer(dst[:0], asks[i%len(asks)]); err != nil {
					b.Fatal(err)
				}
				times = append(times, time.Since(began))
			}
			b.StopTimer()
			runtime.ReadMemStats(&after)
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Nanoseconds())/1000, "p50-us")
			b.ReportMetric(float64(times[len(times)*99/100].Nanoseconds())/1000, "p99-us")
			b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(b.N), "mallocs")
		})
	}
}

func measureMemory(b *testing.B, s *State, n int) {
	var parts []string
	for name, bytes := range s.sizes() {
		parts = append(parts, fmt.Sprintf("%s %.1f", name, float64(bytes)/float64(n)))
	}
	slices.Sort(parts)
	b.Logf("bytes a claim: %.1f of %v", float64(s.Size())/float64(n), parts)
}

func measureStore(b *testing.B, s *State) {
	began := time.Now()
	data, err := s.AppendBinary(nil)
	if err != nil {
		b.Fatal(err)
	}
	stored := time.Since(began)
	began = time.Now()
	if _, err := s.plan.Restore(data); err != nil {
		b.Fatal(err)
	}
	mb := float64(len(data)) / 1e6
	b.Logf("%.1f MB stored at %.0f MB/s, restored at %.0f MB/s", mb, mb/stored.Seconds(), mb/time.Since(began).Seconds())
}

// BenchmarkBuild measures how many claims a second a dataset is built from.
func BenchmarkBuild(b *testing.B) {
	const n = 100_000
	p := newPortfolio(n)
	p.next(n)
	tables := map[string]*datasets.Table{}
	for name, rows := range p.rows.rows {
		rec := p.rows.record(b, name, rows...)
		tables[name], _ = datasets.NewTable(name, rec.Schema(), []arrow.Record{rec})
	}
	spec := testSpec()
	delete(spec.Tables, "bills")
	delete(spec.Tables, "policies")
	dir := filepath.Join(b.TempDir(), "data")
	if err := datasets.Create(dir, spec, tables); err != nil {
		b.Fatal(err)
	}
	d, err := datasets.Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s, err := motorPlan(spec).NewState()
		if err != nil {
			b.Fatal(err)
		}
		if err := s.Build(d, BatchOptions{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "claims/s")
}
