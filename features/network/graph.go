package network

import (
	"fmt"
	"math"
	"sort"
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
	unseen   = math.MaxUint8 // kind of an entity without an edge
	maxEdges = 1 << 28
	// Numbers may run ahead of what was folded by so much, so that neither a
	// typing error nor a hostile snapshot asks for gigabytes.
	numberSlack, numbersPerRow = 1 << 20, 16
)

// Graph is the claims, entities, edges and outcomes known so far. Folding needs
// the graph alone; any number of Askers, Refresh and Gangs may read it at once.
type Graph struct {
	options Options

	known    []int64 // of every edge, never falling
	concl    []int64 // known time of every outcome, never falling
	claims   []list  // links to entities
	entities []list  // links to claims
	outcomes []list  // of every claim: place in concl, and 1 for confirmed
	kinds    []uint8 // of every entity
	pool     pool

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
func (g *Graph) Edges() int { return len(g.known) }

// Claims returns one more than the largest claim number seen.
func (g *Graph) Claims() int { return len(g.claims) }

// Entities returns one more than the largest entity number seen.
func (g *Graph) Entities() int { return len(g.entities) }

// Add folds an edge. An edge between two nodes that are linked already changes
// nothing, whatever its time. The error says why the edge was refused, and then
// nothing changed: a time before an edge folded earlier (give a late edge the
// time at which it arrived), a number below zero or far ahead of all others, an
// entity of another kind before, or more than MaxClaimEntities of a claim.
func (g *Graph) Add(e Edge) error {
	if err := g.refuseEdge(e); err != nil {
		return err
	}
	if int(e.Claim) < len(g.claims) {
		own := g.pool.view(g.claims[e.Claim])
		for i := range own {
			if own[i].to == e.Entity {
				return nil
			}
		}
		if len(own) >= MaxClaimEntities {
			return fmt.Errorf("cannot fold edge: claim %d names %d entities already, which is the limit; leave out what does not identify anybody", e.Claim, len(own))
		}
	}
	g.growClaims(e.Claim)
	for int(e.Entity) >= len(g.entities) {
		g.entities = append(g.entities, list{})
		g.kinds = append(g.kinds, unseen)
	}
	at := int32(len(g.known))
	g.known = append(g.known, e.Known)
	g.kinds[e.Entity] = e.Kind
	g.pool.append(&g.claims[e.Claim], link{at, e.Entity})
	g.pool.append(&g.entities[e.Entity], link{at, e.Claim})
	return nil
}

func (g *Graph) refuseEdge(e Edge) error {
	if err := g.refuseNumber("edge", "claim", e.Claim); err != nil {
		return err
	}
	if err := g.refuseNumber("edge", "entity", e.Entity); err != nil {
		return err
	}
	if n := len(g.known); n > 0 && e.Known < g.known[n-1] {
		return fmt.Errorf("cannot fold edge of claim %d and entity %d: known at %d, before the last edge at %d; fold in order of time, a late edge with the time of its arrival", e.Claim, e.Entity, e.Known, g.known[n-1])
	}
	if len(g.known) >= maxEdges {
		return fmt.Errorf("cannot fold edge of claim %d: the graph has %d edges, which is the limit", e.Claim, maxEdges)
	}
	return g.refuseKind(e.Entity, e.Kind)
}

func (g *Graph) refuseKind(entity int32, kind uint8) error {
	if kind >= MaxKinds {
		return fmt.Errorf("cannot use entity %d: kind %d is not below %d", entity, kind, MaxKinds)
	}
	if int(entity) < len(g.kinds) && g.kinds[entity] != unseen && g.kinds[entity] != kind {
		return fmt.Errorf("cannot use entity %d as kind %d: it is of kind %d; number the entities of all kinds together", entity, kind, g.kinds[entity])
	}
	return nil
}

func (g *Graph) refuseNumber(what, node string, number int32) error {
	limit := numberSlack + numbersPerRow*max(g.announced, len(g.known)+len(g.concl))
	if number < 0 || int(number) >= limit {
		return fmt.Errorf("cannot fold %s: %s %d is not from 0 to %d; give claims and entities running numbers", what, node, number, limit-1)
	}
	return nil
}

func (g *Graph) growClaims(claim int32) {
	for int(claim) >= len(g.claims) {
		g.claims = append(g.claims, list{})
		g.outcomes = append(g.outcomes, list{})
	}
}

// AddOutcome folds an outcome; outcomes have an order of their own and may be
// folded before or after edges. The error says why it was refused: a time
// before an outcome folded earlier, or a claim number as for Add.
func (g *Graph) AddOutcome(o Outcome) error {
	if err := g.refuseNumber("outcome", "claim", o.Claim); err != nil {
		return err
	}
	n := len(g.concl)
	if n > 0 && o.Known < g.concl[n-1] {
		return fmt.Errorf("cannot fold outcome of claim %d: known at %d, before the last outcome at %d; fold in order of time, a late outcome with the time of its arrival", o.Claim, o.Known, g.concl[n-1])
	}
	if n >= maxEdges {
		return fmt.Errorf("cannot fold outcome of claim %d: the graph has %d outcomes, which is the limit", o.Claim, maxEdges)
	}
	g.growClaims(o.Claim)
	confirmed := int32(0)
	if o.Confirmed {
		confirmed = 1
	}
	earlier := g.pool.view(g.outcomes[o.Claim])
	if k := len(earlier); k > 0 && g.concl[earlier[k-1].at] == o.Known {
		earlier[k-1].to |= confirmed
		return nil
	}
	g.concl = append(g.concl, o.Known)
	g.pool.append(&g.outcomes[o.Claim], link{int32(n), confirmed})
	return nil
}

// cut returns the first place in a never falling sequence of times that is not
// before t.
func cut(times []int64, t int64) int32 {
	return int32(sort.Search(len(times), func(i int) bool { return times[i] >= t }))
}

// confirmed reports whether a claim's last outcome in front of a place in the
// order of outcomes is a confirmed fraud.
func (g *Graph) confirmed(claim, before int32) bool {
	known := g.pool.before(g.outcomes[claim], before)
	return len(known) > 0 && known[len(known)-1].to != 0
}
