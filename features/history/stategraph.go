package history

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"claimsieve/datasets"
	"claimsieve/features/network"
	"claimsieve/features/window"
)

// refreshes are the last refreshes that were asked for, the latest one first.
// Whoever needs one first works it out, while the others wait.
type refreshes struct {
	mu       sync.Mutex
	last     atomic.Pointer[refreshed]
	before   *refreshed
	foreseen int64 // the month of the last refresh that a row began
}

// foresee begins the refresh of the month of the newest row, beside whatever
// comes next, so that the first question of the month finds it. Before the first
// question there is nobody to do it for: a history is being folded. The caller
// holds the lock.
func (s *State) foresee() {
	c := &s.refresh
	if c.last.Load() == nil {
		return
	}
	month := network.MonthBegin(s.newest)
	if month == c.foreseen {
		return
	}
	c.foreseen = month
	go func() {
		_ = s.Refresh(month) // a question meets the same error, and gives it
	}()
}

// aheadMonths is how far beyond the newest row a refresh may fix the graph. A
// question about a far future is answered, but does not make the rows until
// then late.
const aheadMonths = 62 * window.Day

// fixes says whether the refresh that a question at t needs fixes the graph as
// it was at the begin of the month: edges that arrive later count from then on.
func (s *State) fixes(t int64) (month int64, fixes bool) {
	if s.graph == nil || !s.plan.Graph.refreshes() {
		return 0, false
	}
	month = network.MonthBegin(t)
	return month, s.graph.at < month && month <= s.newest+aheadMonths
}

// refreshed returns the refresh that holds at t.
func (s *State) refreshed(t int64) (*refreshed, error) {
	month := network.MonthBegin(t)
	if r := s.refresh.last.Load(); r != nil && r.at == month {
		return r, nil
	}
	c := &s.refresh
	c.mu.Lock()
	defer c.mu.Unlock()
	last := c.last.Load()
	if last != nil && last.at == month {
		return last, nil
	}
	r := c.before
	if r == nil || r.at != month {
		var err error
		if r, err = s.graph.refresh(month); err != nil {
			return nil, err
		}
	}
	c.before = last
	c.last.Store(r)
	return r, nil
}

func (c *refreshes) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, r := range []*refreshed{c.last.Load(), c.before} {
		if r == nil {
			continue
		}
		if r.gangs != nil {
			n += r.gangs.Size()
		}
	}
	return n
}

// Refresh works out what holds for the whole graph at the begin of the month of
// an instant (microseconds), so that the first question after it does not have
// to: a server calls it when it starts and at the begin of a month. It may run
// beside questions, of which those of the month wait for it; so do rows. A state
// that has been asked begins it by itself when a row of a new month is folded.
func (s *State) Refresh(t int64) error {
	if s.graph == nil || !s.plan.Graph.refreshes() {
		return nil
	}
	if err := s.lockSettled(t); err != nil {
		return err
	}
	defer s.mu.RUnlock()
	_, err := s.refreshed(t)
	return err
}

// lockSettled takes the lock for reading, when the state is where a question at
// t needs it.
func (s *State) lockSettled(t int64) error {
	for {
		s.mu.RLock()
		if s.broken != nil {
			s.mu.RUnlock()
			return fmt.Errorf("cannot answer: the state is broken, restore it: %w", s.broken)
		}
		if s.settled(t) {
			return nil
		}
		s.mu.RUnlock()
		if err := s.settle(t); err != nil {
			return err
		}
	}
}

// answerGraph answers the asks of the graph.
func (s *State) answerGraph(q *question) error {
	if s.graph == nil || q.at == datasets.NoTime {
		return nil
	}
	if s.findOwn(q); len(q.named) == 0 && s.graph.claimOf(q.claim) < 0 {
		return nil
	}
	r := &noRefresh
	if s.plan.Graph.refreshes() {
		var err error
		if r, err = s.refreshed(q.at); err != nil {
			return err
		}
	}
	if q.asker == nil || q.asked != s.graph {
		q.asker, q.asked = s.graph.net.NewAsker(), s.graph
	}
	claim := s.graph.claimOf(q.claim)
	if claim < 0 {
		claim = int32(s.graph.net.Claims()) // nobody's
	}
	ask := s.plan.Graph.question(claim, q.at)
	ask.Own = q.named
	in, err := q.asker.Ask(ask, r.ranking)
	if err != nil {
		return fmt.Errorf("cannot ask the claims graph: %w", err)
	}
	s.plan.Graph.answer(q.set, &in, q.asker.Own(), r, s.graph.net.Concluded(claim, r.at))
	return nil
}

var noRefresh refreshed

// findOwn finds the entities that a claim names at its instant beside those
// that the graph has of it: the keys of its row, and what is kept back, planned
// or waits.
func (s *State) findOwn(q *question) {
	q.named, q.strangers = q.named[:0], q.strangers[:0]
	for _, u := range s.layout.tables[datasets.ClaimsTable].edges {
		if at := laterOf(q.known, q.clocks[u.row]); at != datasets.NoTime && at <= q.at && q.keys[u.key] != -1 {
			q.name(s.graph, u.space, q.keys[u.key], u.kind)
		}
	}
	if q.claim < 0 {
		return
	}
	if s.graph.at <= q.at {
		for _, e := range s.graph.edges {
			if e.claim == q.claim {
				q.name(s.graph, e.space, e.code, e.kind)
			}
		}
	}
	for i := range s.ahead {
		if p := &s.ahead[i]; p.story < 0 && p.edge.claim == q.claim && p.at <= q.at {
			q.name(s.graph, p.edge.space, p.edge.code, p.edge.kind)
		}
	}
	if len(s.waiting.rows) == 0 || s.waiting.rows[q.claim] == nil {
		return
	}
	_ = s.waiting.of(s.layout, q.claim, func(w *waits) error {
		s.layout.tables[s.layout.names[w.place]].eachEdge(q.claim, func(k int) int32 { return w.keys[k] }, func(e edge, u *edgeUnit) {
			at := laterOf(w.row.known[u.row], laterOf(q.known, q.clocks[u.claim]))
			if at != datasets.NoTime && at <= q.at {
				q.name(s.graph, e.space, e.code, e.kind)
			}
		})
		return nil
	})
}

// stranger is an entity that the graph has not numbered.
type stranger struct {
	space int
	code  int32
}

// name adds an entity that the claim names.
func (q *question) name(g *graph, space int, code int32, kind uint8) {
	number := g.entityOf(space, code)
	if number < 0 {
		at := slices.Index(q.strangers, stranger{space, code})
		if at < 0 {
			at = len(q.strangers)
			q.strangers = append(q.strangers, stranger{space, code})
		}
		number = int32(g.net.Entities() + at)
	}
	q.named = append(q.named, network.Own{Entity: number, Kind: kind})
}
