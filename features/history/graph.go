package history

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"

	"claimsieve/datasets"
	"claimsieve/features/network"
	"claimsieve/features/window"
)

// graph folds edges and outcomes in the order in which they became known, and
// gives claims and entities the numbers of the leaf. Rows of one instant are
// kept back until time goes on and then folded in the order of their words, so
// that the numbers, and with them every bit of a rank, do not depend on the
// order in which rows of one instant come.
type graph struct {
	plan     *Graph
	codes    *codes
	net      *network.Graph
	ranks    *network.Refresher // of a graph that does not grow any more; nil while it may
	claims   []int32            // number by claim code; -1 for none
	entities [][]int32          // by space, by code; -1 for none
	at       int64              // of the rows kept back
	edges    []edge
	verdicts []verdict
}

type edge struct {
	claim int32 // code
	space int
	code  int32
	kind  uint8
}

type verdict struct {
	claim     int32 // code
	confirmed bool
}

func (p *Plan) newGraph(c *codes) (*graph, error) {
	net, err := network.New(p.Graph.Options)
	if err != nil {
		return nil, err
	}
	return &graph{plan: p.Graph, codes: c, net: net, entities: make([][]int32, len(p.Spaces)), at: math.MinInt64}, nil
}

// advance folds what was kept back when t is later.
func (g *graph) advance(t int64) error {
	if t <= g.at {
		return nil
	}
	slices.SortFunc(g.edges, g.compare)
	for _, e := range g.edges {
		err := g.net.Add(network.Edge{Claim: g.number(e.claim), Entity: g.entity(e.space, e.code), Kind: e.kind, Known: g.at})
		if err != nil {
			return fmt.Errorf("cannot link claim %q with %s %q: %w", g.codes.claims.word(e.claim), g.plan.Kinds[e.kind], g.codes.spaces[e.space].word(e.code), err)
		}
	}
	g.edges = g.edges[:0]
	if err := g.foldVerdicts(); err != nil {
		return err
	}
	g.at = t
	return nil
}

// foldVerdicts folds the last outcome of each claim that was kept back.
func (g *graph) foldVerdicts() error {
	slices.SortStableFunc(g.verdicts, func(x, y verdict) int { return g.codes.claims.compare(x.claim, y.claim) })
	for i, v := range g.verdicts {
		if i+1 < len(g.verdicts) && g.verdicts[i+1].claim == v.claim {
			continue
		}
		if err := g.net.AddOutcome(network.Outcome{Claim: g.number(v.claim), Confirmed: v.confirmed, Known: g.at}); err != nil {
			return fmt.Errorf("cannot take the outcome of claim %q: %w", g.codes.claims.word(v.claim), err)
		}
	}
	g.verdicts = g.verdicts[:0]
	return nil
}

// link keeps an edge back that became known at an instant, not before that of
// an earlier call.
func (g *graph) link(known int64, e edge) error {
	if err := g.advance(known); err != nil {
		return err
	}
	g.edges = append(g.edges, e)
	return nil
}

// judge keeps an outcome back.
func (g *graph) judge(known int64, v verdict) error {
	if err := g.advance(known); err != nil {
		return err
	}
	g.verdicts = append(g.verdicts, v)
	return nil
}

func (g *graph) number(claim int32) int32 {
	for int(claim) >= len(g.claims) {
		g.claims = append(g.claims, -1)
	}
	if g.claims[claim] < 0 {
		g.claims[claim] = int32(g.net.Claims())
	}
	return g.claims[claim]
}

func (g *graph) entity(space int, code int32) int32 {
	for int(code) >= len(g.entities[space]) {
		g.entities[space] = append(g.entities[space], -1)
	}
	if g.entities[space][code] < 0 {
		g.entities[space][code] = int32(g.net.Entities())
	}
	return g.entities[space][code]
}

// compare orders edges of one instant by claim, kind and entity. Edges of one
// kind are of one space, which is why the words are only looked at then.
func (g *graph) compare(x, y edge) int {
	if c := g.codes.claims.compare(x.claim, y.claim); c != 0 {
		return c
	}
	if c := cmp.Compare(x.kind, y.kind); c != 0 {
		return c
	}
	return g.codes.spaces[x.space].compare(x.code, y.code)
}

// compare orders codes by their words.
func (d *dictionary) compare(x, y int32) int {
	if x == y {
		return 0
	}
	return bytes.Compare(d.letters(uint32(x)), d.letters(uint32(y)))
}

// refreshed is what is worked out for the whole graph at a refresh.
type refreshed struct {
	at      int64
	ranking *network.Ranking     // nil when nothing asks it
	gangs   *network.Memberships // nil when nothing asks them
}

// refresh works out what the asks need as of an instant.
func (g *graph) refresh(at int64) (*refreshed, error) {
	r := &refreshed{at: at}
	for _, a := range g.plan.Asks {
		switch {
		case a.Do == NetworkRank && r.ranking == nil:
			if g.ranks != nil {
				r.ranking = g.ranks.Refresh(at)
			} else {
				r.ranking = g.net.Refresh(at)
			}
		case (a.Do == NetworkGangClaims || a.Do == NetworkGangConfirmed) && r.gangs == nil:
			gangs, err := g.net.Memberships(at, g.plan.Gangs)
			if err != nil {
				return nil, fmt.Errorf("cannot find gangs: %w", err)
			}
			r.gangs = gangs
		}
	}
	return r, nil
}

// refreshes says whether any ask needs a refresh.
func (g *Graph) refreshes() bool {
	return slices.ContainsFunc(g.Asks, func(a NetworkAsk) bool {
		return a.Do == NetworkRank || a.Do == NetworkGangClaims || a.Do == NetworkGangConfirmed
	})
}

// largest returns the claims and the confirmed frauds of the largest gang that
// one of the entities belongs to, 0 and 0 for none.
func (r *refreshed) largest(own []network.Own) (claims, confirmed int32) {
	for _, o := range own {
		if c, f := r.gangs.Of(o.Entity); c > claims || c == claims && f > confirmed {
			claims, confirmed = c, f
		}
	}
	return claims, confirmed
}

// question asks for what the plan needs of a claim.
func (g *Graph) question(claim int32, at int64) network.Question {
	q := network.Question{Claim: claim, At: at}
	if g.From != window.Forever {
		q.Within = g.From
	}
	for _, a := range g.Asks {
		switch a.Do {
		case NetworkClaims, NetworkEntities, NetworkParties, NetworkFraud4:
			q.Want |= network.WantReach
		case NetworkShared, NetworkCycles:
			q.Want |= network.WantShared
		case NetworkFraud2:
			q.Want |= network.WantFraud
		case NetworkRank:
			q.Want |= network.WantRank
		default:
			q.Want |= network.WantDegrees
		}
	}
	return q
}

// answer sets the asks' answers for one claim. own are the entities that it
// names at the instant; without any all answers are missing. concluded says that
// the claim had an outcome by the refresh: then the confirmed frauds of its gang,
// which may be itself, are missing.
func (g *Graph) answer(set func(answer int, value float64), in *network.Indicators, own []network.Own, r *refreshed, concluded bool) {
	for _, a := range g.Asks {
		value := math.NaN()
		if len(own) > 0 && !(concluded && a.Do == NetworkGangConfirmed) {
			value = a.value(in, own, r)
		}
		set(a.Answer, value)
	}
}

func (a NetworkAsk) value(in *network.Indicators, own []network.Own, r *refreshed) float64 {
	switch a.Do {
	case NetworkClaims:
		return float64(in.Claims)
	case NetworkEntities:
		return float64(in.Entities)
	case NetworkShared:
		return float64(in.Shared[a.Kind])
	case NetworkDegree:
		if a.Kind == AnyKind {
			return float64(in.LargestDegree)
		}
		return float64(in.Degree[a.Kind])
	case NetworkParties:
		return float64(in.Parties[a.Kind])
	case NetworkFraud2:
		return float64(in.Fraud2)
	case NetworkFraud4:
		return float64(in.Fraud4)
	case NetworkHubs:
		return float64(in.Hubs)
	case NetworkCycles:
		return float64(in.Cycles)
	case NetworkRank:
		return in.Rank
	case NetworkGangClaims:
		claims, _ := r.largest(own)
		return float64(claims)
	case NetworkGangConfirmed:
		_, confirmed := r.largest(own)
		return float64(confirmed)
	}
	panic(fmt.Sprintf("history: BUG: the graph is asked for %d", a.Do))
}

// run is the rows of a table whose edges become known together.
type run struct {
	table string
	clock datasets.Stage
	edges []EdgeSource
}

// runs returns the runs of the graph, in the order in which they come at one
// instant.
func (p *Plan) runs() []run {
	var out []run
	for _, table := range p.tableOrder() {
		for stage := datasets.Report; stage <= datasets.Audit; stage++ {
			r := run{table: table, clock: stage}
			for _, e := range p.Graph.Edges {
				if e.Of == table && max(e.Clock, datasets.Report) == stage {
					r.edges = append(r.edges, e)
				}
			}
			if len(r.edges) > 0 {
				out = append(out, r)
			}
		}
	}
	return out
}
