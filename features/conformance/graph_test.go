package conformance

import (
	"strings"

	"claimsieve/datasets"
)

// graph is a declared network; asking is one of its indicators.
type graph struct {
	over   []string
	window micros
	hub    int
	hops   int
}

type asking struct {
	do, kind string
	hops     int
}

// entity is a kind with an identifier.
type entity struct{ kind, id string }

// links is who names what, with the time from which it was known.
type links map[string]map[entity]micros

// kindOf is a column's role up to the first dot, or its own name.
func (w *world) kindOf(over string) (table, column, kind string) {
	table, column = "claims", over
	if t, c, ok := strings.Cut(over, "."); ok {
		table, column = t, c
	}
	kind, _, _ = strings.Cut(w.spec.Tables[table].Column(column).Role, ".")
	if kind == "" {
		kind = column
	}
	return table, column, kind
}

// links collects all edges; the first time that a claim named an entity counts.
func (w *world) links(g *graph) links {
	out := links{}
	for _, over := range g.over {
		table, name, kind := w.kindOf(over)
		for _, r := range w.rows[table] {
			known := w.known(table, r, w.stageOf(table, name))
			claim, ok := word(r, "claim_id")
			id, named := word(r, name)
			if !ok || !named || known == never {
				continue
			}
			e := entity{kind, id}
			if out[claim] == nil {
				out[claim] = map[entity]micros{}
			}
			if before, ok := out[claim][e]; !ok || known < before {
				out[claim][e] = known
			}
		}
	}
	return out
}

// view is the graph as a claim sees it at an instant.
type view struct {
	own    map[entity]bool
	claims map[string]map[entity]bool // the other claims
	degree map[entity]int
	hub    int
}

func (g *graph) view(all links, id string, t micros) view {
	v := view{own: map[entity]bool{}, claims: map[string]map[entity]bool{}, degree: map[entity]int{}, hub: g.hub}
	if v.hub == 0 {
		v.hub = 60
	}
	for claim, names := range all {
		for e, known := range names {
			switch {
			case claim == id && known <= t:
				v.own[e] = true
			case claim != id && known < t && (g.window == forever || known >= t-g.window):
				if v.claims[claim] == nil {
					v.claims[claim] = map[entity]bool{}
				}
				v.claims[claim][e] = true
				v.degree[e]++
			}
		}
	}
	return v
}

func (v *view) isHub(e entity) bool { return v.degree[e] > v.hub }

// walk gives the distance of everything that can be reached from the own
// entities: entities at 1, 3, 5, claims at 2, 4, 6.
func (v *view) walk() (entities map[entity]int, claims map[string]int) {
	entities, claims = map[entity]int{}, map[string]int{}
	for e := range v.own {
		entities[e] = 1
	}
	for d := 2; ; d += 2 {
		grown := false
		for claim, names := range v.claims {
			if _, seen := claims[claim]; seen {
				continue
			}
			for e := range names {
				if entities[e] == d-1 && !v.isHub(e) {
					claims[claim], grown = d, true
				}
			}
		}
		for claim, at := range claims {
			for e := range v.claims[claim] {
				if _, seen := entities[e]; at == d && !seen {
					entities[e] = d + 1
				}
			}
		}
		if !grown {
			return entities, claims
		}
	}
}

// network answers one indicator of the graph for a claim.
func (w *world) network(g *graph, all links, a asking, claim row, stage datasets.Stage) float64 {
	t, ok := w.instant(claim, stage)
	if !ok {
		return missing
	}
	v := g.view(all, claim["claim_id"].(string), t)
	if len(v.own) == 0 {
		return missing
	}
	entities, claims := v.walk()
	n := 0
	switch a.do {
	case "claims":
		n = len(claims)
	case "entities":
		n = len(entities)
	case "degree", "hubs", "shared", "cycles":
		return float64(v.near(a))
	case "parties":
		hops := g.hops
		if hops == 0 {
			hops = 3
		}
		for e, d := range entities {
			if e.kind == a.kind && d >= 3 && d <= hops {
				n++
			}
		}
	case "fraud":
		for c, d := range claims {
			if d <= a.hops && w.confirmed(c, t) {
				n++
			}
		}
	default:
		panic("BUG: the oracle does not know " + a.do)
	}
	return float64(n)
}

// near counts what lies within two steps of the claim.
func (v *view) near(a asking) int {
	largest, hubs, shared, cycles := 0, 0, 0, 0
	for e := range v.own {
		if a.kind == "" || a.kind == e.kind {
			largest = max(largest, v.degree[e])
		}
		if v.isHub(e) {
			hubs++
		}
	}
	for _, names := range v.claims {
		common, ofKind := 0, false
		for e := range names {
			if v.own[e] && !v.isHub(e) {
				common++
				ofKind = ofKind || e.kind == a.kind
			}
		}
		cycles += common * (common - 1) / 2
		if ofKind {
			shared++
		}
	}
	return map[string]int{"degree": largest, "hubs": hubs, "shared": shared, "cycles": cycles}[a.do]
}

// confirmed says whether the latest conclusion about a claim before t is fraud.
func (w *world) confirmed(id string, t micros) bool {
	return (&rate{}).counts(w.conclusion(row{"claim_id": id}, t)) == 1
}
