package network

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/community"
)

// maxDivided bounds the claims that Louvain is given at once: its own edges are
// in maps, some hundred bytes each.
const maxDivided = 100_000

// divide returns the communities of a component's claims, by their lowest
// claim, claims rising. Nodes are claims and the entities that link two or more
// of them; an entity that one claim names alone says nothing about where the
// claim belongs. Those that the same claims name, such as a person with a
// telephone, are one node, whose edges weigh as much as theirs together. The
// source is the component's own, so that one component's division does not
// depend on another's.
func (f *grouping) divide(claims []int32) ([][]int32, error) {
	if len(claims) > maxDivided {
		return nil, fmt.Errorf("cannot divide a component of %d claims, %d at most: an entity that many claims name links them; lower LinkDegree, which is %d", len(claims), maxDivided, f.options.LinkDegree)
	}
	reduced := community.Modularize(f.component(claims), 1, rand.NewPCG(f.options.Seed, uint64(claims[0])))
	var out [][]int32
	for _, nodes := range reduced.Communities() {
		if part := claimsAmong(nodes, claims); len(part) > 0 {
			out = append(out, part)
		}
	}
	slices.SortFunc(out, func(a, b []int32) int { return cmp.Compare(a[0], b[0]) })
	return out, nil
}

// claimsAmong returns those of the claims whose places are among the nodes.
func claimsAmong(nodes []graph.Node, claims []int32) []int32 {
	var out []int32
	for _, n := range nodes {
		if n.ID() < int64(len(claims)) {
			out = append(out, claims[n.ID()])
		}
	}
	slices.Sort(out)
	return out
}
