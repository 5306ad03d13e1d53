package history

import (
	"math/rand/v2"
	"slices"

	"claimsieve/datasets"
	"claimsieve/features/expression"
	"claimsieve/features/network"
	"claimsieve/features/text"
	"claimsieve/features/window"
)

// planner draws plans over the test insurer.
type planner struct {
	*rand.Rand
	*Plan
	spec *datasets.Spec
}

var spaceOf = map[string]int{"vehicle": 0, "driver": 1, "holder": 1, "witness": 1, "person": 1, "phone": 2, "shop": 3, "account": 4, "policy_id": 5, "region+vehicle": 6, "claim_id": 7}

func randomPlan(r *rand.Rand, spec *datasets.Spec, with parts) *Plan {
	p := &planner{Rand: r, spec: spec, Plan: &Plan{Stage: datasets.Stage(2 + r.IntN(3)), Digest: "test", Sources: map[string]*Source{}, Spaces: make([]string, 8)}}
	p.Instant = map[datasets.Stage]string{datasets.Report: "reported_at", datasets.Survey: "surveyed_at", datasets.Assessment: "assessed_at"}[p.Stage]
	p.source("claims")
	if with.groups {
		for range 2 + r.IntN(5) {
			p.group()
		}
	}
	if with.rates {
		for range 1 + r.IntN(3) {
			p.rate()
		}
	}
	if with.graph {
		p.graph()
	}
	if with.stories {
		p.stories()
	}
	if with.joins {
		p.Joins = append(p.Joins, Join{Table: "policies", Ask: p.key("claims", "policy_id"), Key: p.key("policies", "policy_id"), Columns: []string{"insured", "product", "new", "seats"}})
	}
	return p.Plan
}

// parts says what a plan is drawn of.
type parts struct{ groups, rates, graph, stories, joins bool }

func (p *planner) source(table string) *Source {
	s := p.Sources[table]
	if s == nil {
		s = &Source{Name: table, Spec: p.spec.Tables[table]}
		if s.Spec.Column("claim_id") != nil {
			s.Claim = "claim_id"
		}
		for stage := range s.Spec.Stages {
			s.Stages = append(s.Stages, stage)
		}
		slices.Sort(s.Stages)
		p.Sources[table] = s
	}
	return s
}

func (p *planner) key(table string, columns ...string) int {
	s := p.source(table)
	name := columns[0]
	if len(columns) > 1 {
		name += "+" + columns[1]
	}
	for i, k := range s.Keys {
		if slices.Equal(k.Columns, columns) {
			return i
		}
	}
	s.Keys = append(s.Keys, Key{Space: spaceOf[name], Columns: columns})
	return len(s.Keys) - 1
}

func (p *planner) program(table, source string) *expression.Program {
	prog, err := expression.Compile(source, func(name string) (datasets.Type, bool) {
		c := p.spec.Tables[table].Column(name)
		if c == nil {
			return 0, false
		}
		return c.Type, true
	}, nil)
	if err != nil {
		panic(err)
	}
	return prog
}

// clock is the latest stage of columns of a table.
func (p *planner) clock(table string, columns ...string) datasets.Stage {
	stage := datasets.Report
	for _, name := range columns {
		stage = max(stage, p.spec.Tables[table].Column(name).FromStage())
	}
	return stage
}

// menu is what aggregates read of a table.
var menu = map[string]struct{ values, words, wheres []string }{
	"claims":   {[]string{"loss", "amount", "loss * 2"}, []string{"region", "witness", "loss"}, []string{"police", `region == "north"`, "amount > 100"}},
	"parties":  {[]string{"hurt"}, []string{"role", "person", "account"}, []string{`role == "injured"`, "hurt > 10"}},
	"bills":    {[]string{"cost"}, []string{"cost"}, []string{"cost > 5"}},
	"outcomes": {nil, []string{"conclusion"}, []string{`conclusion == "cleared"`}},
}

func (p *planner) answer() int {
	p.Answers++
	return p.Answers - 1
}

func (p *planner) window() window.Window {
	w := window.Window{From: window.Forever}
	if p.IntN(3) > 0 {
		w.From = int64(1+p.IntN(60)) * window.Day
	}
	if p.IntN(3) == 0 {
		w.To = int64(p.IntN(20)) * window.Day
		if w.From <= w.To {
			w.From = window.Forever
		}
	}
	return w
}

// aggregates draws aggregates of a group over rows of a table.
func (p *planner) aggregates(g *Group) {
	s, m := p.source(g.Of), menu[g.Of]
	reads := func(prog *expression.Program) { g.Clock = max(g.Clock, p.clock(g.Of, prog.Inputs()...)) }
	for range 1 + p.IntN(5) {
		a := window.Aggregate{Do: window.Do(1 + p.IntN(int(window.GapStd))), Window: p.window(), Column: window.None}
		switch {
		case a.Do == window.Distinct || a.Do == window.TopShare:
			prog := p.program(g.Of, m.words[p.IntN(len(m.words))])
			s.Words = append(s.Words, prog)
			g.Words = append(g.Words, len(s.Words)-1)
			a.Column = len(g.Words) - 1
			reads(prog)
		case len(m.values) > 0 && (a.Do >= window.Sum && a.Do <= window.Last || p.IntN(3) == 0):
			prog := p.program(g.Of, m.values[p.IntN(len(m.values))])
			s.Values = append(s.Values, Value{"value", prog, 4})
			g.Values = append(g.Values, len(s.Values)-1)
			a.Column = len(g.Values) - 1
			reads(prog)
		case a.Do >= window.Sum && a.Do <= window.Last:
			a.Do = window.Count
		}
		if a.Do == window.Growth {
			a.Window, a.Against = window.Window{From: 30 * window.Day}, window.Window{From: 90 * window.Day, To: 30 * window.Day}
		}
		if p.IntN(3) == 0 {
			prog := p.program(g.Of, m.wheres[p.IntN(len(m.wheres))])
			s.Wheres = append(s.Wheres, prog)
			a.Where = 1 << (len(s.Wheres) - 1)
			reads(prog)
		}
		g.Aggregates = append(g.Aggregates, a)
		g.Columns = append(g.Columns, Column{Answer: p.answer(), Scale: []float64{0, 10000}[p.IntN(2)], Over: Over(p.IntN(4))})
	}
}

// group draws a group of one of the kinds.
func (p *planner) group() {
	g := Group{AskOf: "claims", Of: "claims", AskClock: datasets.Report, Clock: datasets.Report, ClaimClock: datasets.Report}
	by := func(space string, ask int, keys ...int) { g.Space, g.Ask, g.Keys = spaceOf[space], ask, keys }
	kind := p.IntN(11)
	if kind == 9 && p.Stage < datasets.Assessment {
		kind = 0 // the key is of a later stage
	}
	switch kind {
	case 0:
		by("vehicle", p.key("claims", "vehicle"), p.key("claims", "vehicle"))
	case 1:
		k := p.key("claims", "region", "vehicle")
		by("region+vehicle", k, k)
	case 2:
		by("driver", p.key("claims", "driver"), p.key("claims", "driver"), p.key("claims", "holder"))
	case 3: // with a key of a later stage
		by("driver", p.key("claims", "holder"), p.key("claims", "driver"), p.key("claims", "witness"))
		g.Clock = datasets.Survey
	case 4:
		g.Of, g.Through = "parties", true
		by("vehicle", p.key("claims", "vehicle"), p.key("claims", "vehicle"))
	case 5:
		g.Of, g.Through, g.ClaimClock = "parties", true, datasets.Assessment
		by("vehicle", p.key("claims", "vehicle"), p.key("claims", "vehicle"))
		if p.Stage == datasets.Assessment {
			by("shop", p.key("claims", "shop"), p.key("claims", "shop"))
		}
	case 6:
		g.Of, g.Own = "parties", true
		by("claim_id", 0)
		g.ClaimClock = []datasets.Stage{datasets.Report, p.Stage}[p.IntN(2)]
	case 7:
		g.AskOf = "parties"
		by("phone", p.key("parties", "phone"), p.key("claims", "phone"))
	case 8:
		g.AskOf, g.Of = "parties", "parties"
		by("phone", p.key("parties", "phone"), p.key("parties", "phone"))
		if p.Stage > datasets.Report && p.IntN(2) == 0 {
			by("account", p.key("parties", "account"), p.key("parties", "account"))
			g.AskClock, g.Clock = datasets.Survey, datasets.Survey
		}
	case 9:
		g.Of = "bills"
		by("shop", p.key("claims", "shop"), p.key("bills", "shop"))
		g.AskClock = datasets.Assessment
	case 10:
		g.Of, g.Through = "outcomes", true
		by("driver", p.key("claims", "driver"), p.key("claims", "driver"), p.key("claims", "holder"))
		if p.IntN(3) == 0 {
			g.Space, g.Through, g.Keys = EveryRow, false, nil
		}
	}
	p.source(g.Of)
	p.source(g.AskOf)
	p.aggregates(&g)
	p.Groups = append(p.Groups, g)
}

// outcomes draws a group of outcomes.
func (p *planner) outcomes(space string, clock datasets.Stage, ask int, keys ...int) int {
	p.source("outcomes").Labels = true
	g := Group{Of: "outcomes", AskOf: "claims", Space: spaceOf[space], Ask: ask, Keys: keys, Clock: datasets.Report, ClaimClock: clock,
		Outcomes: &Treatments{Unknown: datasets.Treatment(p.IntN(2)), Suspected: datasets.Treatment(p.IntN(3))}}
	if space == "" {
		g.Space = EveryRow
	}
	w := p.window()
	for c := range 2 {
		g.Aggregates = append(g.Aggregates, window.Aggregate{Do: window.Sum, Window: w, Column: c})
		g.Columns = append(g.Columns, Column{Answer: -1})
	}
	g.Columns[0].Answer = p.answer()
	g.Columns[0].Answer = -1
	p.Answers--
	p.Groups = append(p.Groups, g)
	return len(p.Groups) - 1
}

func (p *planner) rate() {
	r := Rate{Answer: p.answer(), Prior: 0.25, Strength: float64(p.IntN(3) * 5), Concluded: 0, Confirmed: 1}
	switch p.IntN(3) {
	case 0:
		r.Group = p.outcomes("vehicle", datasets.Report, p.key("claims", "vehicle"), p.key("claims", "vehicle"))
	case 1:
		r.Group = p.outcomes("driver", datasets.Report, p.key("claims", "holder"), p.key("claims", "driver"), p.key("claims", "holder"))
	case 2:
		r.Group = p.outcomes("driver", datasets.Survey, p.key("claims", "holder"), p.key("claims", "witness"))
	}
	if p.IntN(2) == 0 {
		r.Overall, r.OverallConcluded, r.OverallConfirmed = true, 0, 1
		r.OverallGroup = p.outcomes("", datasets.Report, 0)
	}
	p.Rates = append(p.Rates, r)
}

func (p *planner) graph() {
	p.source("outcomes").Labels = true
	g := &Graph{From: window.Forever, Kinds: []string{"vehicle", "person", "phone", "account"}}
	if p.IntN(2) == 0 {
		g.From = (1 + int64(p.IntN(40))) * window.Day
	}
	g.Options = network.Options{HubDegree: 1 + p.IntN(8), PartyHops: 3}
	g.Edges = []EdgeSource{{"claims", p.key("claims", "vehicle"), 0, datasets.Report}, {"claims", p.key("claims", "driver"), 1, datasets.Report},
		{"claims", p.key("claims", "witness"), 1, datasets.Survey}, {"parties", p.key("parties", "person"), 1, datasets.Report},
		{"parties", p.key("parties", "phone"), 2, []datasets.Stage{datasets.Report, datasets.Assessment}[p.IntN(2)]},
		{"parties", p.key("parties", "account"), 3, datasets.Survey}}
	for do := NetworkClaims; do <= NetworkGangConfirmed; do++ {
		kind := uint8(p.IntN(4))
		if do == NetworkDegree && p.IntN(2) == 0 {
			kind = AnyKind
		}
		g.Asks = append(g.Asks, NetworkAsk{Answer: p.answer(), Do: do, Kind: kind})
	}
	p.Graph = g
}

func (p *planner) stories() {
	s := Stories{Owner: -1, Clock: datasets.Report}
	p.source("claims").Texts = []string{"note"}
	if p.IntN(2) == 0 {
		s.Owner = p.key("claims", "holder")
	}
	if p.IntN(3) == 0 && p.Stage > datasets.Report {
		s.Clock = datasets.Survey
	}
	s.Options = text.Options{Threshold: 0.6, Tellers: 1}
	for do := TextLength; do <= TextPhraseShare; do++ {
		s.Asks = append(s.Asks, TextAsk{Answer: p.answer(), Do: do})
	}
	p.Stories = append(p.Stories, s)
}
