package network

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"slices"
	"sync"
)

// restoreEdges fills the log and the lists from a snapshot: lengths first, then
// a block of the right size for each list, then the runs. That is faster than
// folding, since no list ever moves. Claims and entities have their number.
func (g *Graph) restoreEdges(s sections) error {
	var miscounted, badRuns error
	var wait sync.WaitGroup
	wait.Go(func() { miscounted = g.countEdges(s) }) // this is about entities,
	badRuns = g.restoreRuns(s)                       // and this about claims and the log
	wait.Wait()
	if miscounted != nil {
		return miscounted
	}
	if badRuns != nil {
		return badRuns
	}
	g.reserve()
	parts := int32(min(8, runtime.GOMAXPROCS(0)))
	for part := range parts {
		all := int64(g.entities.n)
		from, to := int32(all*int64(part)/int64(parts)), int32(all*int64(part+1)/int64(parts))
		wait.Go(func() { g.fillLists(from, to) })
	}
	wait.Wait()
	g.settle()
	return nil
}

// fillLists puts the runs into the lists of the entities from a number to
// another one. Every list is in one part, so that it does not matter how many
// there are.
func (g *Graph) fillLists(from, to int32) {
	for r := range int32(g.log.runs.n) {
		for _, e := range g.log.names(r) {
			if e >= from && e < to {
				g.pool.fill(g.entities.at(e), r)
			}
		}
	}
}

// countEdges counts the edges of entities, and holds their kinds to that.
func (g *Graph) countEdges(s sections) error {
	le := binary.LittleEndian
	for i := 0; i < len(s.edges); i += edgeSize {
		e := le.Uint32(s.edges[i:])
		if int64(e) >= int64(s.entities) {
			return fmt.Errorf(badSnapshot+"edge %d is of entity %d, of %d%s", i/edgeSize, e, s.entities, makeItAnewText)
		}
		g.entities.at(int32(e)).tally += 1 << kindBits
	}
	for e, kind := range s.kinds {
		of := g.entities.at(int32(e))
		if kind == unseen != (of.len() == 0) || kind != unseen && kind >= MaxKinds {
			return fmt.Errorf(badSnapshot+"entity %d of %d claims has kind %d%s", e, of.len(), kind, makeItAnewText)
		}
		if kind != unseen {
			of.tally |= uint32(kind)
		}
	}
	return nil
}

// restoreRuns fills the log.
func (g *Graph) restoreRuns(s sections) error {
	le := binary.LittleEndian
	runs, edges := s.runs, s.edges
	fault := func(instant int, what string) error {
		return fmt.Errorf(badSnapshot+"instant %d %s%s", instant, what, makeItAnewText)
	}
	var names []int32
	for i := range len(s.instants) / instantSize {
		row := s.instants[i*instantSize:]
		known, n := int64(le.Uint64(row)), int(le.Uint32(row[8:]))
		if last, any := g.log.last(); any && known <= last {
			return fault(i, "is not after the one in front of it")
		}
		if n == 0 || n > len(runs)/runSize {
			return fault(i, fmt.Sprintf("has %d runs, of %d that are left", n, len(runs)/runSize))
		}
		last := int64(-1)
		for ; n > 0; n-- {
			claim, size := le.Uint32(runs), int(le.Uint16(runs[4:]))
			if int64(claim) >= int64(g.claims.n) || int64(claim) == last || size == 0 || size > len(edges)/edgeSize {
				return fault(i, fmt.Sprintf("has a run of claim %d with %d entities, of %d and %d; or it goes on with the claim before", claim, size, g.claims.n, len(edges)/edgeSize))
			}
			names = names[:0]
			for at := range size {
				names = append(names, int32(le.Uint32(edges[edgeSize*at:])))
			}
			if err := g.restoreRun(int32(claim), known, names); err != nil {
				return err
			}
			last, runs, edges = int64(claim), runs[runSize:], edges[edgeSize*size:]
		}
	}
	if len(runs)+len(edges) > 0 {
		return fmt.Errorf(badSnapshot+"%d runs and %d edges are of no instant%s", len(runs)/runSize, len(edges)/edgeSize, makeItAnewText)
	}
	return nil
}

// restoreRun appends a run to the log. Its claim names each entity once.
func (g *Graph) restoreRun(claim int32, known int64, names []int32) error {
	c := g.claims.at(claim)
	earlier := 0
	for i, e := range names {
		twice := slices.Contains(names[:i], e)
		if c.run > 0 && !twice {
			earlier, twice = g.named(claim, e)
		}
		if twice {
			return fmt.Errorf(badSnapshot+"claim %d names entity %d twice%s", claim, e, makeItAnewText)
		}
	}
	if n := earlier + len(names); n > MaxClaimEntities {
		return fmt.Errorf(badSnapshot+"claim %d names %d entities and may name %d%s", claim, n, MaxClaimEntities, makeItAnewText)
	}
	for len(names) > 0 {
		g.link(c, claim, known)
		n := min(len(names), pageSize-g.log.entities.n&pageMask)
		g.log.entities.append(names[:n])
		names = names[n:]
	}
	return nil
}

// reserve gives each list a block for its length. Until settle, the first word
// of a list in the pool is the place of its next run.
func (g *Graph) reserve() {
	for _, page := range g.entities.dir {
		for i := range page {
			switch n := page[i].len(); {
			case n > pageSize:
				page[i].first[0] = int32(len(g.pool.large))
				g.pool.large = append(g.pool.large, make([]int32, 0, n))
			case n > 1:
				page[i].first[0] = g.pool.block(class(n))
			}
		}
	}
}

// fill adds a run to a list whose block has room.
func (p *pool) fill(e *node, run int32) {
	switch n := e.len(); {
	case n == 1:
		e.first[0] = run
	case n <= pageSize:
		*p.blocks.at(e.first[0]) = run
		e.first[0]++
	default:
		p.large[e.first[0]] = append(p.large[e.first[0]], run)
	}
}

// settle ends the filling of lists.
func (g *Graph) settle() {
	for _, page := range g.entities.dir {
		for i := range page {
			if n := page[i].len(); n > 1 && n <= pageSize {
				page[i].first[0] -= n
			}
		}
	}
}

func (g *Graph) restoreOutcomes(rows []byte) error {
	le := binary.LittleEndian
	for i := 0; i < len(rows); i += outcomeSize {
		if rows[i+12] > 1 {
			return fmt.Errorf(badSnapshot+"outcome %d is %d, neither 0 nor 1%s", i/outcomeSize, rows[i+12], makeItAnewText)
		}
		o := Outcome{Known: int64(le.Uint64(rows[i:])), Claim: int32(le.Uint32(rows[i+8:])), Confirmed: rows[i+12] == 1}
		if err := g.AddOutcome(o); err != nil {
			return fmt.Errorf(badSnapshot+"outcome %d: %w", i/outcomeSize, err)
		}
	}
	return nil
}
