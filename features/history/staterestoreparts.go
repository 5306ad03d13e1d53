package history

import (
	"claimsieve/features/network"
	"claimsieve/features/text"
	"claimsieve/features/window"
)

func (s *State) restoreGroups(u *unpacker) {
	tasks := make([]task, len(s.groups))
	for g := range s.groups {
		totals, data := unpack64[uint64](u), u.part()
		if u.err == nil && len(totals) != len(s.totals[g]) {
			u.fail("a group has %d totals, not %d", len(totals), len(s.totals[g]))
		}
		s.totals[g] = totals
		tasks[g] = func() (err error) {
			s.groups[g], err = window.Restore(data, s.layout.windows(g))
			return err
		}
	}
	if u.err != nil {
		return
	}
	if err := runTasks(tasks, restoreThreads); err != nil {
		u.fail("%w", err)
	}
}

func (s *State) restoreGraph(u *unpacker) {
	if s.graph == nil {
		return
	}
	g := s.graph
	data := u.part()
	if u.err != nil {
		return
	}
	net, err := network.ReadSnapshot(data)
	if err != nil {
		u.fail("%w", err)
		return
	}
	if net.Options() != g.net.Options() {
		u.fail("its graph has other settings than the plan's")
		return
	}
	g.net = net
	g.claims = u.codes(net.Claims())
	for i := range g.entities {
		if g.entities[i] = u.codes(net.Entities()); len(g.entities[i]) > s.codes.spaces[i].len() {
			u.fail("the graph has more entities than there are words")
			return
		}
	}
	if len(g.claims) > s.codes.claims.len() {
		u.fail("the graph has more claims than there are ids")
		return
	}
	g.at = u.number()
	for range u.count(4) {
		g.edges = append(g.edges, s.unpackEdge(u))
	}
	for range u.count(2) {
		v := verdict{claim: u.code(s.codes.claims.len()), confirmed: u.number() == 1}
		if v.claim < 0 {
			u.fail("an outcome is of no claim")
			return
		}
		g.verdicts = append(g.verdicts, v)
	}
}

func (s *State) unpackEdge(u *unpacker) edge {
	e := edge{claim: u.code(s.codes.claims.len()), space: int(u.code(len(s.codes.spaces)))}
	if e.claim < 0 || e.space < 0 {
		u.fail("an edge is of no claim")
		return e
	}
	e.code = u.code(s.codes.spaces[e.space].len())
	kind := u.code(len(s.plan.Graph.Kinds))
	if e.code < 0 || kind < 0 {
		u.fail("an edge is with no entity")
	}
	e.kind = uint8(max(kind, 0))
	return e
}

func (s *State) restoreAhead(u *unpacker) {
	n := u.count(3)
	for range n {
		p := planned{at: u.number(), story: int(u.code(len(s.stories)))}
		if !sound(p.at) || p.story < 0 && s.graph == nil {
			u.fail("something is planned that the plan has not")
			return
		}
		if p.story < 0 {
			p.edge = s.unpackEdge(u)
		} else {
			p.tale = tale{claim: u.code(s.codes.claims.len()), owner: uint64(u.number()), text: string(u.bytes())}
		}
		if k := len(s.ahead); k > 0 && s.ahead[(k-1)/2].at > p.at {
			u.fail("what is planned is out of order")
			return
		}
		s.ahead = append(s.ahead, p)
	}
}

func (s *State) restoreStories(u *unpacker) {
	for _, n := range s.stories {
		data := u.part()
		if u.err != nil {
			return
		}
		index, err := text.Decode(data)
		if err != nil {
			u.fail("%w", err)
			return
		}
		if index.Options() != n.index.Options() {
			u.fail("its index of narratives has other settings than the plan's")
			return
		}
		n.index, n.horizon, n.fresh = index, u.number(), u.number() == 1
		for range u.count(9) {
			claim := u.code(s.codes.claims.len())
			if claim < 0 {
				u.fail("a narrative is of no claim")
				return
			}
			n.told[claim] = unpackTold(u)
		}
	}
}
