package network

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
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
// (Blondel et al. 2008) on its bipartite graph, as gonum implements it with a
// seeded source, and what lies across is cut; a community that falls apart into
// pieces counts as one. The division of a component of more than 1e5 claims,
// which says that LinkDegree is too large, is refused with an error, as are
// options out of their bounds.
func (g *Graph) Gangs(t int64, options GangOptions) ([]Gang, error) {
	o := options.withDefaults()
	if err := o.validate(); err != nil {
		return nil, err
	}
	f := grouping{g: g, options: o, cut: g.log.cut(t), concl: g.verdicts.cut(t)}
	var out []Gang
	for _, claims := range f.components() {
		parts := [][]int32{claims}
		if len(claims) > o.MaxClaims {
			var err error
			if parts, err = f.divide(claims); err != nil {
				return nil, err
			}
		}
		for _, p := range parts {
			if len(p) < o.MinClaims {
				continue
			}
			if gang := f.describe(p); o.lists(&gang) {
				out = append(out, gang)
			}
		}
	}
	slices.SortFunc(out, func(a, b Gang) int {
		return cmp.Or(cmp.Compare(b.Confirmed, a.Confirmed), cmp.Compare(len(b.Claims), len(a.Claims)), cmp.Compare(a.Claims[0], b.Claims[0]))
	})
	return out, nil
}

// lists reports whether a gang is large, mixed and suspect enough.
func (o *GangOptions) lists(g *Gang) bool {
	people, namings := 0, 0
	for _, l := range g.Links {
		if l.Kind == o.People {
			people, namings = people+1, namings+len(l.Claims)
		}
	}
	return people >= o.MinPeople && g.Confirmed >= o.MinConfirmed && float64(namings) >= o.MinTurns*float64(len(g.Claims))
}

// grouping is the graph as of an instant, as Gangs looks at it.
type grouping struct {
	g          *Graph
	options    GangOptions
	cut, concl int32
}

// runsOf returns the runs that name an entity; each is of another claim.
func (f *grouping) runsOf(entity int32) []int32 {
	return before(f.g.pool.view(f.g.entities.at(entity)), f.cut)
}

// links reports whether an entity links the claims that name it.
func (f *grouping) links(entity int32) bool {
	return f.options.Skip>>f.g.entities.at(entity).kind()&1 == 0 && len(f.runsOf(entity)) <= f.options.LinkDegree
}

// components returns the claims of every component of two or more, rising,
// components by their lowest claim. Here nothing is ever taken back, and a
// union-find does it.
func (f *grouping) components() [][]int32 {
	parent := make([]int32, f.g.claims.n)
	for c := range parent {
		parent[c] = int32(c)
	}
	find := func(c int32) int32 {
		for parent[c] != c {
			parent[c] = parent[parent[c]]
			c = parent[c]
		}
		return c
	}
	for e := range int32(f.g.entities.n) {
		if naming := f.runsOf(e); len(naming) > 1 && f.links(e) {
			for _, r := range naming[1:] {
				a, b := find(f.g.log.runs.at(naming[0]).claim), find(f.g.log.runs.at(r).claim)
				parent[max(a, b)] = min(a, b) // the root is the lowest claim
			}
		}
	}
	size, place := make([]int32, len(parent)), make([]int32, len(parent))
	for c := range parent {
		size[find(int32(c))]++
	}
	var out [][]int32
	for c := range parent {
		root := find(int32(c))
		if size[root] < 2 {
			continue
		}
		if int32(c) == root {
			place[root] = int32(len(out))
			out = append(out, make([]int32, 0, size[root]))
		}
		out[place[root]] = append(out[place[root]], int32(c))
	}
	return out
}

// describe gathers members and evidence of some claims.
func (f *grouping) describe(claims []int32) Gang {
	type naming struct {
		Own
		claim int32
		known int64
	}
	var names []naming
	gang := Gang{Claims: claims}
	for _, c := range claims {
		if f.g.confirmed(c, f.concl) {
			gang.Confirmed++
		}
		for r := range f.g.runsOf(c, f.cut) {
			known := f.g.log.known(r)
			for _, e := range f.g.log.names(r) {
				if f.links(e) {
					names = append(names, naming{Own{e, f.g.entities.at(e).kind()}, c, known})
				}
			}
		}
	}
	slices.SortFunc(names, func(a, b naming) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Entity, b.Entity), cmp.Compare(a.claim, b.claim))
	})
	for from := 0; from < len(names); {
		e := Evidence{Own: names[from].Own}
		for ; from < len(names) && names[from].Own == e.Own; from++ {
			e.Claims, e.Known = append(e.Claims, names[from].claim), append(e.Known, names[from].known)
		}
		gang.Members = append(gang.Members, e.Own)
		if len(e.Claims) > 1 {
			gang.Links = append(gang.Links, e)
		}
	}
	return gang
}
