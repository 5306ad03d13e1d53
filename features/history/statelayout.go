package history

import (
	"fmt"
	"slices"

	"claimsieve/datasets"
)

// layout says which parts of a plan a row goes into, and when.
type layout struct {
	plan   *Plan
	names  []string // tables, in the order of Plan.tableOrder
	tables map[string]*tableLayout
	// kept are the keys of a claim that later rows ask for: places among the
	// Keys of the claims table.
	kept   []int
	keptAt [][]int // per clock of the claims table, places in kept
	asked  []bool  // per key of the claims table, whether a question looks it up
	// first is where the aggregates of each group begin among all.
	first      []int
	aggregates int
	both       []bool // per group, whether two counts are kept as one
	// fraud are the groups of outcomes, by clock of the claims table.
	fraud [][]int
}

// tableLayout is what becomes of the rows of a table. A clock is 0 for the
// instant at which a row became known, and above that one of Source.Stages.
type tableLayout struct {
	source  *Source
	place   int
	streams []streamUnit
	edges   []edgeUnit
	stories []storyUnit // of the claims table
	joins   []joinUnit
	asks    []askUnit
	clocks  []clockParts
	owned   bool // rows belong to a claim, and are not claims
	labels  bool // rows are outcomes that count
	recalls bool // rows are remembered with their claim
}

// streamUnit is a group whose events are rows of the table.
type streamUnit struct {
	group      int
	row, claim int // clocks
	marks      uint64
}

// edgeUnit is a key whose values are linked with the row's claim.
type edgeUnit struct {
	key, space int
	kind       uint8
	row, claim int
}

type storyUnit struct{ place, clock int }

type joinUnit struct{ place, clock int }

// askUnit is a key that the claim asks about, among its own rows.
type askUnit struct{ key, clock int }

// clockParts are what the parts of a plan read of a row at a clock.
type clockParts struct {
	keys, values, words, texts []int
	marks                      uint64
	labels                     bool
}

func (p *Plan) newLayout() (*layout, error) {
	l := &layout{plan: p, tables: map[string]*tableLayout{}}
	for _, name := range p.tableOrder() {
		s := p.source(name)
		if len(s.Wheres) > 64 {
			return nil, fmt.Errorf("table %q has %d conditions; a plan takes 64", name, len(s.Wheres))
		}
		l.tables[name] = &tableLayout{source: s, place: len(l.names), clocks: make([]clockParts, 1+len(s.Stages)), owned: s.belongs(), labels: s.Labels}
		l.tables[name].clocks[0].labels = s.Labels
		l.names = append(l.names, name)
	}
	clocks := 1 + len(p.claims().Stages)
	l.keptAt, l.fraud = make([][]int, clocks), make([][]int, clocks)
	l.asked = make([]bool, len(p.claims().Keys))
	for g := range p.Groups {
		l.first, l.both = append(l.first, l.aggregates), append(l.both, p.Groups[g].both())
		l.aggregates += len(p.Groups[g].Aggregates)
		l.addGroup(g)
	}
	l.addGraph()
	for i := range p.Stories {
		t, s := l.tables[datasets.ClaimsTable], &p.Stories[i]
		c := t.source.clockOf(s.Clock)
		t.stories = append(t.stories, storyUnit{i, c})
		include(&t.clocks[c].texts, s.Text)
		if s.Owner >= 0 {
			l.asked[s.Owner] = true
			include(&t.clocks[c].keys, s.Owner)
		}
	}
	for i, j := range p.Joins {
		t := l.tables[j.Table]
		l.asked[j.Ask] = true
		t.joins = append(t.joins, joinUnit{i, t.source.clockOf(j.Clock)})
		include(&t.clocks[t.source.clockOf(j.Clock)].keys, j.Key)
	}
	return l, nil
}

// clockOf returns the clock that a stage has in the source.
func (s *Source) clockOf(stage datasets.Stage) int {
	if stage <= datasets.Report {
		return 0
	}
	c := 1 + slices.Index(s.Stages, stage)
	if c == 0 {
		panic(fmt.Sprintf("history: BUG: the plan does not read when rows of table %q reach %s", s.Name, stage))
	}
	return c
}

// include adds an element that is not there yet, and returns its place.
func include[T comparable](to *[]T, x T) int {
	if at := slices.Index(*to, x); at >= 0 {
		return at
	}
	*to = append(*to, x)
	return len(*to) - 1
}

func (l *layout) addGroup(g int) {
	group, claims := &l.plan.Groups[g], l.plan.claims()
	t := l.tables[group.Of]
	claim := 0
	if t.owned {
		claim = claims.clockOf(group.ClaimClock)
	}
	if group.Through || group.Outcomes != nil {
		for _, k := range group.Keys {
			include(&l.keptAt[claim], include(&l.kept, k))
			include(&l.tables[datasets.ClaimsTable].clocks[claim].keys, k)
		}
	}
	if group.AskOf == datasets.ClaimsTable && !group.Own && group.Space != EveryRow {
		l.asked[group.Ask] = true
	}
	if group.AskOf != datasets.ClaimsTable && !group.Own && group.Space != EveryRow {
		of := l.tables[group.AskOf]
		clock := of.source.clockOf(group.AskClock)
		include(&of.asks, askUnit{group.Ask, clock})
		include(&of.clocks[clock].keys, group.Ask)
		of.recalls = true
	}
	if group.Outcomes != nil {
		l.fraud[claim] = append(l.fraud[claim], g)
		t.recalls = true
		return
	}
	u := streamUnit{group: g, row: t.source.clockOf(group.Clock), claim: claim}
	c := &t.clocks[u.row]
	for _, a := range group.Aggregates {
		u.marks |= a.Where
	}
	c.marks |= u.marks
	if !group.Through && !group.Own && group.Space != EveryRow {
		for _, k := range group.Keys {
			include(&c.keys, k)
		}
	}
	for _, v := range group.Values {
		include(&c.values, v)
	}
	for _, w := range group.Words {
		include(&c.words, w)
	}
	t.streams = append(t.streams, u)
	t.recalls = t.recalls || t.owned && !group.Own
}

func (l *layout) addGraph() {
	if l.plan.Graph == nil {
		return
	}
	for _, e := range l.plan.Graph.Edges {
		t := l.tables[e.Of]
		s := t.source
		if e.Of == datasets.ClaimsTable {
			l.asked[e.Key] = true
		}
		u := edgeUnit{key: e.Key, space: s.Keys[e.Key].Space, kind: e.Kind, row: s.clockOf(s.ownClock(e.Clock))}
		if t.owned {
			u.claim = l.plan.claims().clockOf(s.claimClock(e.Clock))
		}
		include(&t.clocks[u.row].keys, e.Key)
		t.edges = append(t.edges, u)
	}
	if t := l.tables[datasets.OutcomesTable]; t != nil && t.labels {
		t.recalls = true
	}
}

// keptPlace returns where a key of the claims table is kept.
func (l *layout) keptPlace(key int) int { return slices.Index(l.kept, key) }

// values is the number of value columns of a group's events.
func (l *layout) values(g int) int {
	switch {
	case l.both[g]:
		return 1
	case l.plan.Groups[g].Outcomes != nil:
		return 2
	}
	return len(l.plan.Groups[g].Values)
}
