package explain

import (
	"math"

	"claimsieve/models/forest"
)

// Notation, after Lundberg et al., "From local explanations to global
// understanding with explainable AI for trees", Nature Machine Intelligence 2
// (2020), and the quadrature form of arXiv 2605.04497.
//
// A leaf of value v whose path has the distinct features 1..D contributes
//
//	phi_i = v (o_i - z_i) ∫₀¹ Π_{j≠i} (z_j + t (o_j - z_j)) dt
//
// to feature i, where o_j is 1 when the vector obeys every split of feature j
// on the path and else 0, and z_j is the product of the shares of training
// rows that those splits let through. For an edge e of feature i write o and z
// for the values after e, and Z for the z before e (1 when no edge above e is
// of feature i). The factor of feature i before e is g(Z) = Z + t(1-Z) as long
// as o was 1, and z(1-t) once it is 0. Passing e multiplies the product by
//
//	g(z)/g(Z)        o stays 1
//	z(1-t)/g(Z)      o becomes 0 at e
//	z/Z              o was 0 already
//
// and, with G(e) the sum of v times the whole product over the leaves below e,
// e adds ∫ c G(e) dt to phi_i, where c telescopes along the path to
//
//	(Z-z)/(g(z)g(Z))   -1/((1-t)g(Z))   0
//
// in the same three cases. So every edge has constants that do not depend on
// the vector, and one pass down and one pass up the tree are enough.

// node is an internal node of a prepared tree. Nodes are numbered from the
// root so that a parent comes before its children; node k owns the edges 2k+1
// to its left and 2k+2 to its right. Edge 0 stands above the root.
type node struct {
	split   int32 // index of the node in the forest.Tree
	feature int32
	above   int32 // the edge that leads here
	same    int32 // the nearest edge above of the same feature, or 0
	// plain is set for a numeric node that treats NaN alone apart: v goes left
	// when v <= threshold, NaN when nanLeft is set.
	plain, nanLeft bool
	threshold      float64
	left, right    edge
}

// edge leads from a node to a child.
type edge struct {
	share float64 // z/Z: of the training rows at the node, those that pass
	z     float64 // product of the shares of this feature's edges down to here
	leaf  int32   // the leaf it ends in, or -1
}

// path is a prepared tree.
type path struct {
	tree     *forest.Tree
	nodes    []node
	expected float64 // mean output over the training rows, by their shares
	distinct int     // most distinct features on the way to a leaf
	blocks   int     // of quadrature points that the tree needs
}

// step is a node still to be numbered.
type step struct {
	split, above int32
	reach        float64 // product of all shares down to the node
	distinct     int
}

// prepare numbers the nodes of a valid tree and computes what does not depend
// on a vector.
func prepare(t *forest.Tree) path {
	p := path{tree: t}
	if len(t.Feature) == 0 {
		p.expected = t.LeafValue[0]
		return p
	}
	p.nodes = make([]node, 0, len(t.Feature))
	stack := []step{{reach: 1}}
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		k := int32(len(p.nodes))
		n := node{split: s.split, feature: t.Feature[s.split], above: s.above}
		n.same = p.nearest(n.feature, s.above)
		n.plain = !t.Categorical[s.split] && t.Missing[s.split] != forest.MissingZero
		n.nanLeft, n.threshold = t.GoesLeft(s.split, math.NaN()), t.Threshold[s.split]
		before := 1.0
		if n.same > 0 {
			before = p.edge(n.same).z
		} else {
			s.distinct++
		}
		p.distinct = max(p.distinct, s.distinct)
		l, r := t.Left[s.split], t.Right[s.split]
		lShare, rShare := shares(cover(t, l), cover(t, r))
		n.left = edge{share: lShare, z: before * lShare, leaf: max(-1, ^l)}
		n.right = edge{share: rShare, z: before * rShare, leaf: max(-1, ^r)}
		p.nodes = append(p.nodes, n)
		for side, e := range [2]edge{n.left, n.right} {
			reach := s.reach * e.share
			if e.leaf >= 0 {
				p.expected += float64(reach * t.LeafValue[e.leaf])
				continue
			}
			child := [2]int32{l, r}[side]
			stack = append(stack, step{split: child, above: 2*k + 1 + int32(side), reach: reach, distinct: s.distinct})
		}
	}
	p.blocks = (p.distinct + 2*blockPoints - 1) / (2 * blockPoints)
	return p
}

// nearest returns the nearest edge of that feature from edge e upward, or 0.
func (p *path) nearest(feature, e int32) int32 {
	for e > 0 {
		n := &p.nodes[(e-1)/2]
		if n.feature == feature {
			return e
		}
		e = n.above
	}
	return 0
}

// edge returns edge e > 0.
func (p *path) edge(e int32) *edge {
	n := &p.nodes[(e-1)/2]
	if e%2 == 1 {
		return &n.left
	}
	return &n.right
}

// cover returns the training rows that passed child c.
func cover(t *forest.Tree, c int32) int64 {
	if c < 0 {
		return t.LeafCount[^c]
	}
	return t.NodeCount[c]
}

// shares returns the shares of the rows that go left and right. They are taken
// of the children's sum, not of the node's own count, so that they always add
// up to 1; where no row is counted on either side, each gets one half.
func shares(left, right int64) (l, r float64) {
	l, r = float64(left), float64(right)
	sum := l + r
	if sum == 0 {
		return 0.5, 0.5
	}
	return l / sum, r / sum
}
