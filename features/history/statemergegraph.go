package history

import (
	"cmp"
	"container/heap"
	"slices"

	"claimsieve/datasets"
	"claimsieve/features/network"
)

// mergeRows lets the other's rows wait here, and folds those, of both, whose
// claims have come far enough.
func (m *merging) mergeRows() error {
	for _, code := range m.other.waiting.claims() {
		err := m.other.waiting.of(m.layout, code, func(w *waits) error {
			t := m.layout.tables[m.layout.names[w.place]]
			w.claim = m.claim[code]
			for k := range w.keys {
				w.keys[k] = mapped(m.spaces[t.source.Keys[k].Space], w.keys[k])
			}
			for i := range w.words {
				w.words[i] = mapped(m.words[t.source.Name][i], w.words[i])
			}
			m.waiting.add(&w.row, w.place, w.clocks)
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, code := range sortedCodes(m.other.waiting.orphans) {
		m.waiting.orphans[m.claim[code]] += m.other.waiting.orphans[code]
		m.waiting.absent += int(m.other.waiting.orphans[code])
	}
	for _, c := range sortedCodes(m.waiting.orphans) {
		if m.claims.digest(c, 0) != 0 {
			m.waiting.adopt(c)
		}
	}
	m.capture = &m.edges
	defer func() { m.capture = nil }()
	for _, c := range m.waiting.claims() {
		for clock := range m.claims.clocks {
			if at := m.claims.known(c, clock); at != datasets.NoTime {
				if err := m.release(c, clock, at); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// mergeGraph folds the edges and outcomes of both anew, in the order of time.
func (m *merging) mergeGraph() error {
	if m.graph == nil {
		return nil
	}
	at := max(m.graph.at, m.other.graph.at)
	m.takeGraph(m.State, func(e edge) edge { return e })
	m.takeGraph(m.other, func(e edge) edge {
		return edge{m.claim[e.claim], e.space, mapped(m.spaces[e.space], e.code), e.kind}
	})
	slices.SortStableFunc(m.edges, func(x, y planned) int { return cmp.Compare(x.at, y.at) })
	slices.SortStableFunc(m.verdicts, func(x, y judged) int { return cmp.Compare(x.at, y.at) })
	g, err := m.plan.newGraph(m.codes)
	if err != nil {
		return err
	}
	m.graph, m.ahead = g, nil
	m.refresh.clear()
	for len(m.edges) > 0 || len(m.verdicts) > 0 {
		if len(m.verdicts) == 0 || len(m.edges) > 0 && m.edges[0].at <= m.verdicts[0].at {
			if m.edges[0].at > m.newest {
				heap.Push(&m.ahead, m.edges[0])
			} else if err := g.link(m.edges[0].at, m.edges[0].edge); err != nil {
				return err
			}
			m.edges = m.edges[1:]
			continue
		}
		if err := g.judge(m.verdicts[0].at, m.verdicts[0].verdict); err != nil {
			return err
		}
		m.verdicts = m.verdicts[1:]
	}
	return g.advance(at)
}

// takeGraph collects the edges and outcomes of a state, with codes of ours.
func (m *merging) takeGraph(s *State, ours func(edge) edge) {
	g := s.graph
	claims := make([]int32, g.net.Claims())
	for code, number := range g.claims {
		if number >= 0 {
			claims[number] = int32(code)
		}
	}
	entities := make([]stranger, g.net.Entities())
	for space, codes := range g.entities {
		for code, number := range codes {
			if number >= 0 {
				entities[number] = stranger{space, int32(code)}
			}
		}
	}
	add := func(at int64, e edge) { m.edges = append(m.edges, planned{at: at, story: -1, edge: ours(e)}) }
	judge := func(at int64, claim int32, confirmed bool) {
		m.verdicts = append(m.verdicts, judged{at, verdict{ours(edge{claim: claim}).claim, confirmed}})
	}
	g.net.All(func(e network.Edge) {
		add(e.Known, edge{claims[e.Claim], entities[e.Entity].space, entities[e.Entity].code, e.Kind})
	}, func(o network.Outcome) { judge(o.Known, claims[o.Claim], o.Confirmed) })
	for _, e := range g.edges {
		add(g.at, e)
	}
	for _, v := range g.verdicts {
		judge(g.at, v.claim, v.confirmed)
	}
	for _, p := range s.ahead {
		add(p.at, p.edge)
	}
}

// clear forgets all refreshes.
func (c *refreshes) clear() {
	c.last.Store(nil)
	c.before = nil
}
