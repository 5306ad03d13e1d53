package conformance

import (
	"fmt"
	"strings"

	"claimsieve/datasets"
)

// pipeline draws a pipeline over a world.
func (d dice) pipeline(w *world, size int) *pipeline {
	p := &pipeline{stage: one(d, datasets.Report, datasets.Report, datasets.Survey, datasets.Assessment, datasets.Assessment, datasets.Audit)}
	var g *graph
	var all links
	if d.chance(0.6) {
		g, p.network = d.graph()
		all = w.links(g)
	}
	for len(p.indicators) < size {
		x, ok := d.indicator(w, p, g, all)
		if !ok {
			continue
		}
		x.name = fmt.Sprintf("x%d", len(p.indicators))
		p.indicators = append(p.indicators, x)
	}
	if g != nil { // a declared network is asked at least once
		a := asking{do: "claims"}
		x := indicator{name: "component", words: "network: {do: claims}",
			want: func(c row) float64 { return w.network(g, all, a, c, p.stage) }}
		p.indicators = append(p.indicators, x)
	}
	return p
}

func (d dice) indicator(w *world, p *pipeline, g *graph, all links) (indicator, bool) {
	switch d.IntN(10) {
	case 0, 1, 2, 3:
		a, text := d.aggregate(w, p.stage)
		return indicator{words: "aggregate: {" + text + "}", want: func(c row) float64 { return w.aggregate(&a, c, p.stage) }}, true
	case 4, 5:
		x, text := d.rate(w, p.stage)
		return indicator{words: "rate: {" + text + "}", want: func(c row) float64 { return w.rate(&x, c, p.stage) }}, true
	case 6, 7:
		if g == nil {
			return indicator{}, false
		}
		a, text := d.asking(w, g)
		return indicator{words: "network: {" + text + "}", want: func(c row) float64 { return w.network(g, all, a, c, p.stage) }}, true
	case 8:
		s, do, text := d.stories()
		return indicator{words: "text: {" + text + "}", want: func(c row) float64 { return w.story(&s, do, c, p.stage) }}, true
	}
	return d.term(w, p)
}

// term draws an expression over the claim's row, its policy, or an indicator.
func (d dice) term(w *world, p *pipeline) (indicator, bool) {
	if n := len(p.indicators); n > 0 && d.chance(0.5) {
		return d.rule(p.indicators[d.IntN(n)], p.indicators[d.IntN(n)])
	}
	x := one(d, terms...)
	kind := "expr"
	if x.truth && d.chance(0.4) {
		kind = "rule"
	}
	return indicator{words: kind + ": " + quote(x.text), truth: x.truth, want: func(c row) float64 { return x.number(w.asOf(c, p.stage)) }}, x.stage <= p.stage
}

// rule draws an expression over two earlier indicators and a column.
func (d dice) rule(a, b indicator) (indicator, bool) {
	if a.truth || b.truth {
		return indicator{}, false
	}
	return one(d,
		indicator{words: fmt.Sprintf("rule: '%s >= 1 and (%s < 2 or police)'", a.name, b.name), truth: true, want: func(c row) float64 {
			less := compare(2, b.want(c), above)
			return oneOrNone(and(compare(a.want(c), 1, atLeast), or(less, truth(c, "police"))))
		}},
		indicator{words: fmt.Sprintf("expr: '(%s ?? 0) + %s'", a.name, b.name), want: func(c row) float64 { return finite(orElse(a.want(c), 0) + b.want(c)) }},
	), true
}

func (d dice) stories() (stories, string, string) {
	s := stories{keep: forever, owner: one(d, "", "holder_id", "driver_id", "unit")}
	do := one(d, "length", "digit_share", "near", "likeness", "since_near", "own_near")
	said := []string{"of: narrative", "do: " + do}
	if s.owner == "" && do == "own_near" {
		s.owner = "holder_id"
	}
	if s.owner != "" {
		said = append(said, "owner: "+s.owner)
	}
	if d.chance(0.4) {
		s.threshold = one(d, 0.6, 0.9, 1)
		said = append(said, fmt.Sprint("threshold: ", s.threshold))
	}
	if d.chance(0.4) {
		s.shingle = one(d, 2, 3, 6)
		said = append(said, fmt.Sprint("shingle: ", s.shingle))
	}
	if d.chance(0.4) {
		s.keep = one(d, 2*day, 10*day)
		said = append(said, fmt.Sprintf("keep: %dd", s.keep/day))
	}
	return s, do, strings.Join(said, ", ")
}

// graph draws a network over some columns; those of later stages are known of earlier claims.
func (d dice) graph() (*graph, string) {
	columns := []string{"vehicle_id", "driver_id", "holder_id", "reporter_phone", "region", "unit", "shop_id", "staff_id",
		"parties.party_id", "parties.phone", "parties.account", "parties.car", "payments.payee"}
	g := &graph{window: forever}
	for len(g.over) == 0 {
		for _, c := range columns {
			if d.chance(0.3) {
				g.over = append(g.over, c)
			}
		}
	}
	said := []string{"over: [" + strings.Join(g.over, ", ") + "]", "max_edges: 1000000"}
	if d.chance(0.5) {
		g.window = one(d, 3*day, 10*day, 25*day)
		said = append(said, fmt.Sprintf("window: %dd", g.window/day))
	}
	if d.chance(0.7) {
		g.hub = one(d, 1, 2, 4, 8)
		said = append(said, fmt.Sprint("hub_degree: ", g.hub))
	}
	if d.chance(0.4) {
		g.hops = one(d, 3, 5, 7)
		said = append(said, fmt.Sprint("party_hops: ", g.hops))
	}
	return g, strings.Join(said, ", ")
}

func (d dice) asking(w *world, g *graph) (asking, string) {
	_, _, kind := w.kindOf(one(d, g.over...))
	switch do := one(d, "claims", "entities", "shared", "degree", "parties", "fraud", "hubs", "cycles"); do {
	case "shared", "parties":
		return asking{do: do, kind: kind}, fmt.Sprintf("do: %s, kind: %s", do, kind)
	case "degree":
		if d.chance(0.5) {
			return asking{do: do, kind: kind}, fmt.Sprintf("do: %s, kind: %s", do, kind)
		}
		return asking{do: do}, "do: degree"
	case "fraud":
		hops := one(d, 2, 4)
		return asking{do: do, hops: hops}, fmt.Sprintf("do: fraud, hops: %d", hops)
	default:
		return asking{do: do}, "do: " + do
	}
}
