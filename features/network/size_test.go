package network

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// Size is what the runtime says, folded or restored, and no more than 21 bytes
// an edge.
func TestSizeIsTheHeaps(t *testing.T) {
	h := benchHistory(200_000)
	before := heap()
	g := h.graph(t, Options{})
	held := heap() - before
	check := func(what string, g *Graph, held int) {
		each := float64(held) / float64(g.Edges())
		t.Logf("%s: %d bytes, Size says %d, %.1f an edge", what, held, g.Size(), each)
		if each > 21 || held > g.Size()+g.Size()/20 || held < g.Size()-g.Size()/20 {
			t.Errorf("%s: %d bytes held, %.1f an edge; Size says %d", what, held, each, g.Size())
		}
	}
	check("folded", g, held)
	data := g.AppendSnapshot(nil)
	before = heap()
	back, err := ReadSnapshot(data)
	if err != nil {
		t.Fatal(err)
	}
	check("restored", back, heap()-before)
	runtime.KeepAlive(g)
	runtime.KeepAlive(data)
	runtime.KeepAlive(h)
}

// Lists of every length, also beyond a page, hold what was put in.
func TestListsAgainstSlices(t *testing.T) {
	rng := rand.New(rand.NewPCG(34, 35))
	var p pool
	nodes, want := make([]node, 40), make([][]int32, 40)
	for run := range int32(60_000) {
		e := min(rng.IntN(40), rng.IntN(40), rng.IntN(40)) // the first ones grow long
		p.append(&nodes[e], run)
		want[e] = append(want[e], run)
	}
	for e := range nodes {
		if got := p.view(&nodes[e]); !slices.Equal(got, want[e]) {
			t.Fatalf("list %d of %d differs", e, len(want[e]))
		}
	}
	if len(p.large) == 0 || len(want[39]) > 100 {
		t.Errorf("%d large lists, the shortest has %d", len(p.large), len(want[39]))
	}
	for n := int32(2); n <= pageSize; n++ {
		if size := classSize(class(n)); size < n || n > 2 && classSize(class(n-1)) > size || 3*n < 2*size {
			t.Fatalf("a list of %d gets a block of %d", n, size)
		}
	}
}

// A claim whose edges of one instant fill more than a page of the log, and a
// graph of many pages, come back as they were.
func TestRunsAcrossPages(t *testing.T) {
	var h history
	for c := range int32(12) {
		for e := range int32(MaxClaimEntities) {
			h.edges = append(h.edges, Edge{c, c*700 + e, 0, int64(c / 2)})
		}
	}
	g := h.graph(t, Options{HubDegree: 900, MaxEdges: 1e6})
	back, err := ReadSnapshot(g.AppendSnapshot(nil))
	if err != nil {
		t.Fatal(err)
	}
	for c := range int32(12) {
		want := Indicators{Claims: 11, Entities: 11*700 + MaxClaimEntities, LargestDegree: 1}
		for _, near := range []int32{c - 1, c + 1} {
			if near >= 0 && near < 12 { // they have 324 entities in common
				want.Shared[0]++
				want.Cycles += 324 * 323 / 2
			}
		}
		want.Degree[0], want.Hops = 1, 2*max(c, 11-c)+1
		for _, g := range []*Graph{g, back} {
			got, err := g.NewAsker().Ask(Question{Claim: c, At: 99}, nil)
			if err != nil {
				t.Fatal(err)
			}
			got.Parties = want.Parties
			if !same(got, want) {
				t.Errorf("claim %d\n got %+v\nwant %+v", c, got, want)
			}
		}
	}
}
