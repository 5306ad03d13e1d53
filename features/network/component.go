package network

import (
	"slices"

	"gonum.org/v1/gonum/graph"
	"gonum.org/v1/gonum/graph/iterator"
	"gonum.org/v1/gonum/graph/simple"
)

// component is a weighted graph for gonum in flat arrays: nodes are the claims
// of a component by their places, then bundles of entities. It is read-only.
type component struct {
	claims     int
	neighbours rows
	size       []float64 // of every bundle: its entities
}

// component gathers the entities that link the claims, bundles in the order of
// the claims that they link.
func (f *grouping) component(claims []int32) component {
	var entities []int32
	for _, c := range claims {
		for r := range f.g.runsOf(c, f.cut) {
			for _, e := range f.g.log.names(r) {
				n := f.g.entities.at(e)
				if runs := len(f.runsOf(n)); runs > 1 && f.links(n, runs) {
					entities = append(entities, e)
				}
			}
		}
	}
	slices.Sort(entities)
	entities = slices.Compact(entities)
	naming := make([][]int32, len(entities)) // places of claims, rising
	for i, e := range entities {
		for _, r := range f.runsOf(f.g.entities.at(e)) {
			at, _ := slices.BinarySearch(claims, f.claim(r))
			naming[i] = append(naming[i], int32(at))
		}
		slices.Sort(naming[i])
	}
	slices.SortFunc(naming, slices.Compare)
	out, bundles := component{claims: len(claims)}, newRows(0, 0)
	for i, row := range naming {
		if i == 0 || !slices.Equal(row, naming[i-1]) {
			out.size = append(out.size, 0)
			bundles.cols = append(bundles.cols, row...)
			bundles.end()
		}
		out.size[len(out.size)-1]++
	}
	out.join(bundles)
	return out
}

// join lays the neighbours of claims out in front of those of bundles.
func (c *component) join(bundles rows) {
	all := bundles.transpose(c.claims)
	ones := int32(len(all.cols))
	for i := range all.cols {
		all.cols[i] += int32(c.claims)
	}
	for _, end := range bundles.start[1:] {
		all.start = append(all.start, ones+end)
	}
	all.cols = append(all.cols, bundles.cols...)
	c.neighbours = all
}

// Node returns a node, nil for a number that there is not.
func (c component) Node(id int64) graph.Node {
	if id < 0 || id >= int64(c.neighbours.n()) {
		return nil
	}
	return simple.Node(id)
}

// Nodes walks over all nodes by rising number.
func (c component) Nodes() graph.Nodes {
	return iterator.NewImplicitNodes(0, c.neighbours.n(), func(id int) graph.Node { return simple.Node(id) })
}

// From walks over the neighbours of a node by rising number.
func (c component) From(id int64) graph.Nodes {
	row := c.neighbours.row(int32(id))
	return iterator.NewImplicitNodes(0, len(row), func(i int) graph.Node { return simple.Node(row[i]) })
}

// HasEdgeBetween reports whether two nodes are neighbours.
func (c component) HasEdgeBetween(x, y int64) bool {
	_, ok := slices.BinarySearch(c.neighbours.row(int32(x)), int32(y))
	return ok
}

// Weight returns the number of entities that an edge stands for; 0 and false
// for two nodes that are no neighbours, 0 and true for a node and itself.
func (c component) Weight(x, y int64) (w float64, ok bool) {
	if x == y || !c.HasEdgeBetween(x, y) {
		return 0, x == y
	}
	return c.size[max(x, y)-int64(c.claims)], true
}

// WeightedEdge returns the edge of two nodes, nil for none.
func (c component) WeightedEdge(x, y int64) graph.WeightedEdge {
	if !c.HasEdgeBetween(x, y) {
		return nil
	}
	w, _ := c.Weight(x, y)
	return simple.WeightedEdge{F: simple.Node(x), T: simple.Node(y), W: w}
}

// WeightedEdgeBetween is WeightedEdge, since edges have no direction.
func (c component) WeightedEdgeBetween(x, y int64) graph.WeightedEdge { return c.WeightedEdge(x, y) }

// Edge is WeightedEdge as a plain edge.
func (c component) Edge(x, y int64) graph.Edge {
	if e := c.WeightedEdge(x, y); e != nil {
		return e
	}
	return nil
}

// EdgeBetween is Edge.
func (c component) EdgeBetween(x, y int64) graph.Edge { return c.Edge(x, y) }
