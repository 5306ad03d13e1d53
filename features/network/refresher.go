package network

import (
	"math"
	"slices"
)

// Refresher makes the rankings of several instants. It lays the edges of those
// entities that two claims or more name out once, in flat arrays, from which a
// refresh takes what was known before its instant. It holds 8 bytes an entity, 4
// more for one of two claims, and 8 for each edge of these. It is read-only, may
// be used by several goroutines at once while nobody folds, and is of no use any
// more when an edge was folded.
type Refresher struct {
	g     *Graph
	edges int     // that the graph had
	place []int32 // by entity: its number among those of two claims or more; ^c for the only claim; unnamed
	first []int32 // by entity: its first run
	owner []int32 // by place: the claim of the first run
	names rows    // by claim: places, rising
	runs  []int32 // of each of names' columns
}

// NewRefresher lays the graph out as it is.
func (g *Graph) NewRefresher() *Refresher {
	r := &Refresher{g: g, edges: g.Edges(), place: make([]int32, 0, g.entities.n), first: make([]int32, 0, g.entities.n)}
	edges := 0
	for _, page := range g.entities.dir {
		for i := range page {
			runs, at, first := g.pool.view(&page[i]), int32(unnamed), int32(math.MaxInt32)
			if len(runs) > 0 {
				first = runs[0]
				at = ^g.log.runs.at(first).claim
			}
			if len(runs) > 1 {
				r.owner = append(r.owner, ^at)
				at = int32(len(r.owner) - 1)
				edges += len(runs)
			}
			r.place, r.first = append(r.place, at), append(r.first, first)
		}
	}
	r.names, r.runs = newRows(g.claims.n, edges), make([]int32, 0, edges)
	var of []placed
	for c := range int32(g.claims.n) {
		of = of[:0]
		for run := range g.runsOf(c, int32(g.log.runs.n)) {
			for _, e := range g.log.names(run) {
				if r.place[e] >= 0 {
					of = append(of, placed{r.place[e], run})
				}
			}
		}
		slices.SortFunc(of, func(a, b placed) int { return int(a.group - b.group) }) // the order of equal times does not matter
		for _, o := range of {
			r.names.push(o.group)
			r.runs = append(r.runs, o.run)
		}
		r.names.end()
	}
	return r
}
