package history

import (
	"fmt"
	"slices"

	"claimsieve/datasets"
	"claimsieve/features/network"
)

// Gang is a group of claims that share entities, with the names of both
// (Application Guideline No. 1, Article 19; Guidelines, Article 29: 串并).
type Gang struct {
	Claims    []string `json:"claims"`    // in order of their becoming known
	Confirmed int      `json:"confirmed"` // of which fraud was confirmed
	Members   []Member `json:"members"`   // every entity that the claims name
	Links     []Link   `json:"links"`     // the members that two or more of the claims name: the evidence
}

// Member is an entity of a gang.
type Member struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Link is a member with the claims that it links.
type Link struct {
	Member
	Claims []string `json:"claims"`
	Known  []int64  `json:"known"` // per claim, from when it was known to name the member, microseconds since 1970 UTC
}

// Gangs lists the gangs of a dataset as of an instant (microseconds), the most
// confirmed frauds first; see [network.Graph.Gangs]. skip names kinds of
// entities that link nothing, such as repair shops, which honest claims share.
func (p *Plan) Gangs(d *datasets.Dataset, at int64, skip []string, options network.GangOptions, opt BatchOptions) ([]Gang, error) {
	if p == nil || p.Graph == nil {
		return nil, fmt.Errorf("cannot list gangs: no indicator of the pipeline asks the network")
	}
	for _, kind := range skip {
		k := slices.Index(p.Graph.Kinds, kind)
		if k < 0 {
			return nil, fmt.Errorf("cannot list gangs: the network has no entities of kind %q; it has %v", kind, p.Graph.Kinds)
		}
		options.Skip |= 1 << k
	}
	if people := slices.Index(p.Graph.Kinds, "person"); people >= 0 {
		options.People = uint8(people)
	}
	b, err := p.newBatch(d, opt)
	if err != nil {
		return nil, err
	}
	if err := b.readTables(); err != nil {
		return nil, err
	}
	g, err := b.foldGraph()
	if err != nil {
		return nil, err
	}
	found, err := g.net.Gangs(at, options)
	if err != nil {
		return nil, err
	}
	return p.named(g, found), nil
}

// named gives claims and entities their names back.
func (p *Plan) named(g *graph, found []network.Gang) []Gang {
	claims := make([]int32, g.net.Claims()) // code by number
	for code, number := range g.claims {
		if number >= 0 {
			claims[number] = int32(code)
		}
	}
	entities := make([]Member, g.net.Entities())
	kinds := make([]string, len(g.entities))
	for _, e := range p.Graph.Edges {
		kinds[p.source(e.Of).Keys[e.Key].Space] = p.Graph.Kinds[e.Kind]
	}
	for space, numbers := range g.entities {
		for code, number := range numbers {
			if number >= 0 {
				entities[number] = Member{Kind: kinds[space], ID: g.codes.spaces[space].word(int32(code))}
			}
		}
	}
	ids := func(numbers []int32) []string {
		out := make([]string, len(numbers))
		for i, n := range numbers {
			out[i] = g.codes.claims.word(claims[n])
		}
		return out
	}
	out := make([]Gang, len(found))
	for i, f := range found {
		out[i] = Gang{Claims: ids(f.Claims), Confirmed: f.Confirmed, Members: []Member{}, Links: []Link{}}
		for _, m := range f.Members {
			out[i].Members = append(out[i].Members, entities[m.Entity])
		}
		for _, l := range f.Links {
			out[i].Links = append(out[i].Links, Link{Member: entities[l.Entity], Claims: ids(l.Claims), Known: l.Known})
		}
	}
	return out
}
