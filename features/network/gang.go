package network

import (
	"errors"
	"fmt"
)

// GangOptions says what Gangs lists. A zero field means its default.
type GangOptions struct {
	// LinkDegree is the largest number of claims that an entity links, 2 to
	// 1e6; 0 means 20. An entity of more claims links none. It is of its own
	// beside Options.HubDegree: what is a hint in an indicator would chain up
	// half a portfolio here.
	LinkDegree int
	// Skip has bit k set when entities of kind k link nothing, such as repair
	// shops, which many unconnected claims share.
	Skip uint16
	// MinClaims is how many claims a gang has at least; 0 means 3.
	MinClaims int
	// MinPeople is how many entities of the kind People link two or more of its
	// claims: persons who come back. 0 means 1. Staged accidents rotate the
	// roles among several, one who claims often or one payee is alone.
	MinPeople int
	People    uint8
	// MinTurns is the mean number of such persons that a claim of the gang
	// names; 0 means that it does not matter. It is 1 where claims have one
	// person in common, and more where the same persons meet in new roles.
	MinTurns float64
	// MinConfirmed is how many of its claims are confirmed frauds.
	MinConfirmed int
	// MaxClaims is the size above which a component is divided into
	// communities, which may be larger still; 0 means 60.
	MaxClaims int
	Seed      uint64 // of the order in which the division looks at nodes
}

func (o GangOptions) withDefaults() GangOptions {
	for _, d := range []struct {
		field *int
		value int
	}{{&o.LinkDegree, 20}, {&o.MinClaims, 3}, {&o.MinPeople, 1}, {&o.MaxClaims, 60}} {
		if *d.field == 0 {
			*d.field = d.value
		}
	}
	return o
}

func (o GangOptions) validate() error {
	var faults []error
	for _, b := range []struct {
		name          string
		v, low, limit int
	}{{"LinkDegree", o.LinkDegree, 2, 1e6}, {"MinClaims", o.MinClaims, 2, 1e9}, {"MinPeople", o.MinPeople, 1, 1e9},
		{"MinConfirmed", o.MinConfirmed, 0, 1e9},
		{"MaxClaims", o.MaxClaims, 2, 100_000}, {"People", int(o.People), 0, MaxKinds - 1}} {
		if b.v < b.low || b.v > b.limit {
			faults = append(faults, fmt.Errorf("cannot list gangs with %s %d: it must be %d to %d", b.name, b.v, b.low, b.limit))
		}
	}
	if !(o.MinTurns >= 0 && o.MinTurns <= MaxClaimEntities) {
		faults = append(faults, fmt.Errorf("cannot list gangs with MinTurns %v: it must be 0 to %d", o.MinTurns, MaxClaimEntities))
	}
	return errors.Join(faults...)
}

// Gang is a group of claims that share entities, as of an instant.
type Gang struct {
	Claims    []int32    // at least two, rising
	Members   []Own      // every entity that the claims name, what links nothing left out, by kind and number
	Links     []Evidence // those of Members that two or more of the claims name, in the order of Members
	Confirmed int        // claims whose fraud was confirmed
}

// Evidence is an entity with the claims of a gang that it links. The link
// between two of them was known from the later of their times.
type Evidence struct {
	Own
	Claims []int32 // rising
	Known  []int64 // of each claim's edge, microseconds since 1970 UTC
}

// Gangs lists groups of claims linked by shared entities, from what was known
// strictly before t: most confirmed frauds first, then most claims, then the
// lowest claim.
//
// A gang is a component of the graph without the entities of more than
// LinkDegree claims and of the kinds in Skip. Components come first since they are exact, do not depend
// on a seed, and every claim in one can be reached from every other along
// evidence that an investigator can check. Where chance has chained up more
// than MaxClaims claims, the component is divided by the Louvain method
// (Blondel et al. 2008) on its bipartite graph, in which entities that the same
// claims name are one node of their weight, as gonum implements it with a seeded
// source, and what lies across is cut; a community that falls apart into
// pieces counts as one. The division of a component of more than 1e5 claims,
// which says that LinkDegree is too large, is refused with an error, as are
// options out of their bounds.
func (g *Graph) Gangs(t int64, options GangOptions) ([]Gang, error) {
	f, err := g.grouping(t, options)
	if err != nil {
		return nil, err
	}
	return f.gangs(), nil
}
