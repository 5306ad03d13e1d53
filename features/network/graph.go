package network

import (
	"fmt"
	"slices"
)

// Edge says that a claim names an entity.
type Edge struct {
	Claim  int32 // running number from 0
	Entity int32 // running number from 0, over all kinds
	Kind   uint8 // below MaxKinds; one entity is of one kind
	Known  int64 // microseconds since 1970 UTC
}

// Outcome says how an investigation ended. A later outcome of a claim replaces
// an earlier one from its own time on; of several at the same instant a
// confirmed one holds.
type Outcome struct {
	Claim     int32
	Confirmed bool  // fraud
	Known     int64 // microseconds since 1970 UTC
}

const (
	maxEdges = 1<<28 - 1
	// Numbers may run ahead of what was folded by so much, so that neither a
	// typing error nor a hostile snapshot asks for gigabytes.
	numberSlack, numbersPerRow = 1 << 20, 16
)

// claim is where a claim's rows begin: its last run and its last outcome, each
// plus one, 0 for none.
type claim struct{ run, outcome int32 }

// Graph is the claims, entities, edges and outcomes known so far. Folding needs
// the graph alone; any number of Askers, Refresh and Gangs may read it at once.
//
// With five edges a claim that become known together it holds about 20 bytes
// an edge folded and 18 restored; every instant of its own that a claim's edges
// become known at costs 24 more.
type Graph struct {
	options Options

	log      log
	verdicts verdicts
	claims   pages[claim]
	entities pages[node]
	pool     pool // the runs that name each entity

	announced int // rows that are known to come, for the bound on numbers
}

// New returns an empty graph. The error lists what is out of bounds in options.
func New(options Options) (*Graph, error) {
	if err := options.Validate(); err != nil {
		return nil, err
	}
	return &Graph{options: options.withDefaults()}, nil
}

// Options returns the graph's settings with every default written out.
func (g *Graph) Options() Options { return g.options }

// Edges returns the number of different edges folded.
func (g *Graph) Edges() int { return g.log.entities.n }

// Claims returns one more than the largest claim number seen.
func (g *Graph) Claims() int { return g.claims.n }

// Entities returns one more than the largest entity number seen.
func (g *Graph) Entities() int { return g.entities.n }

// Size returns the bytes of memory that the graph holds, without those of
// Askers and Rankings.
func (g *Graph) Size() int {
	return g.log.size() + g.verdicts.size() + g.claims.size() + g.entities.size() + g.pool.size()
}

// Add folds an edge. An edge between two nodes that are linked already changes
// nothing, whatever its time. The error says why the edge was refused, and then
// nothing changed: a time before an edge folded earlier (give a late edge the
// time at which it arrived), a number below zero or far ahead of all others, an
// entity of another kind before, or more than MaxClaimEntities of a claim.
func (g *Graph) Add(e Edge) error {
	if err := g.refuseEdge(e); err != nil {
		return err
	}
	if int(e.Claim) < g.claims.n {
		named, linked := g.named(e.Claim, e.Entity)
		if linked {
			return nil
		}
		if named >= MaxClaimEntities {
			return fmt.Errorf("cannot fold edge: claim %d names %d entities already, which is the limit; leave out what does not identify anybody", e.Claim, named)
		}
	}
	g.claims.grow(int(e.Claim) + 1)
	g.entities.grow(int(e.Entity) + 1)
	of := g.entities.at(e.Entity)
	of.tally |= uint32(e.Kind)
	g.link(g.claims.at(e.Claim), e.Claim, e.Known)
	g.log.entities.push(e.Entity)
	g.pool.append(of, int32(g.log.runs.n-1))
	return nil
}

// link makes the last run one that the claim's next edge goes into.
func (g *Graph) link(c *claim, number int32, known int64) {
	if !g.log.open(number, known) {
		g.log.begin(number, known, c.run)
		c.run = int32(g.log.runs.n)
	}
}

// named counts the entities of a claim, and reports whether one is among them.
func (g *Graph) named(claim, entity int32) (n int, linked bool) {
	for r := g.claims.at(claim).run; r != 0; r = g.log.runs.at(r - 1).prev {
		names := g.log.names(r - 1)
		if slices.Contains(names, entity) {
			return 0, true
		}
		n += len(names)
	}
	return n, false
}

func (g *Graph) refuseEdge(e Edge) error {
	if err := g.refuseNumber("edge", "claim", e.Claim); err != nil {
		return err
	}
	if err := g.refuseNumber("edge", "entity", e.Entity); err != nil {
		return err
	}
	if last, any := g.log.last(); any && e.Known < last {
		return fmt.Errorf("cannot fold edge of claim %d and entity %d: known at %d, before the last edge at %d; fold in order of time, a late edge with the time of its arrival", e.Claim, e.Entity, e.Known, last)
	}
	if g.Edges() >= maxEdges {
		return fmt.Errorf("cannot fold edge of claim %d: the graph has %d edges, which is the limit", e.Claim, maxEdges)
	}
	return g.refuseKind(e.Entity, e.Kind)
}

func (g *Graph) refuseKind(entity int32, kind uint8) error {
	if kind >= MaxKinds {
		return fmt.Errorf("cannot use entity %d: kind %d is not below %d", entity, kind, MaxKinds)
	}
	if int(entity) >= g.entities.n {
		return nil
	}
	if e := g.entities.at(entity); e.len() > 0 && e.kind() != kind {
		return fmt.Errorf("cannot use entity %d as kind %d: it is of kind %d; number the entities of all kinds together", entity, kind, e.kind())
	}
	return nil
}

func (g *Graph) refuseNumber(what, node string, number int32) error {
	limit := numberSlack + numbersPerRow*max(g.announced, g.Edges()+g.verdicts.known.n)
	if number < 0 || int(number) >= limit {
		return fmt.Errorf("cannot fold %s: %s %d is not from 0 to %d; give claims and entities running numbers", what, node, number, limit-1)
	}
	return nil
}

// AddOutcome folds an outcome; outcomes have an order of their own and may be
// folded before or after edges. The error says why it was refused: a time
// before an outcome folded earlier, or a claim number as for Add.
func (g *Graph) AddOutcome(o Outcome) error {
	if err := g.refuseNumber("outcome", "claim", o.Claim); err != nil {
		return err
	}
	v := &g.verdicts
	n := v.known.n
	if n > 0 && o.Known < *v.known.at(int32(n - 1)) {
		return fmt.Errorf("cannot fold outcome of claim %d: known at %d, before the last outcome at %d; fold in order of time, a late outcome with the time of its arrival", o.Claim, o.Known, *v.known.at(int32(n - 1)))
	}
	if n >= maxEdges {
		return fmt.Errorf("cannot fold outcome of claim %d: the graph has %d outcomes, which is the limit", o.Claim, maxEdges)
	}
	g.claims.grow(int(o.Claim) + 1)
	confirmed := int32(0)
	if o.Confirmed {
		confirmed = 1
	}
	c := g.claims.at(o.Claim)
	if c.outcome > 0 && *v.known.at(c.outcome - 1) == o.Known {
		*v.links.at(c.outcome - 1) |= confirmed
		return nil
	}
	v.push(o.Known, c.outcome, confirmed)
	c.outcome = int32(n + 1)
	return nil
}
