package gbdt

import (
	"slices"

	"claimsieve/models/forest"
)

// sprout is a tree of splits over bins, before it is written as a forest.Tree.
type sprout struct {
	nodes []sproutNode
}

type sproutNode struct {
	split       split
	output      float64 // of the node as a leaf, before the learning rate
	sum         cell
	left, right int32 // as in forest.Tree
}

// add splits leaf number left, which stands as whole, and returns the new node.
func (t *sprout) add(whole leaf, s split, left, right int) int {
	node := len(t.nodes)
	if whole.parent >= 0 {
		if above := &t.nodes[whole.parent]; whole.isRight {
			above.right = int32(node)
		} else {
			above.left = int32(node)
		}
	}
	t.nodes = append(t.nodes, sproutNode{split: s, output: whole.output, sum: whole.sum, left: ^int32(left), right: ^int32(right)})
	return node
}

// tree writes the sprout with its leaves. Every output is multiplied by rate
// and then moved by bias.
func (t *sprout) tree(leaves []leaf, sc *scale, rate, bias float64) forest.Tree {
	value := func(output float64) float64 { return float64(output*rate) + bias }
	out := forest.Tree{Shrinkage: rate}
	if bias != 0 {
		out.Shrinkage = 1 // as LightGBM says of a tree that holds more than a step
	}
	for i := range t.nodes {
		n := &t.nodes[i]
		out.Feature = append(out.Feature, int32(n.split.column.feature))
		out.Categorical = append(out.Categorical, n.split.column.categorical)
		out.DefaultLeft = append(out.DefaultLeft, n.split.missing)
		out.Missing = append(out.Missing, forest.MissingNaN)
		out.Left = append(out.Left, n.left)
		out.Right = append(out.Right, n.right)
		out.Gain = append(out.Gain, n.split.gain)
		out.NodeValue = append(out.NodeValue, value(n.output))
		out.NodeCount = append(out.NodeCount, int64(sc.count(n.sum)))
		out.NodeWeight = append(out.NodeWeight, sc.hess(n.sum))
		out.Threshold = append(out.Threshold, writeCut(&out, &n.split))
	}
	for i := range leaves {
		l := &leaves[i]
		out.LeafValue = append(out.LeafValue, value(l.output))
		out.LeafCount = append(out.LeafCount, int64(sc.count(l.sum)))
		out.LeafWeight = append(out.LeafWeight, sc.hess(l.sum))
	}
	return out
}

// writeCut returns the threshold of a numeric split. Of a categorical one it
// appends the set of codes to the tree and returns the set's number.
func writeCut(t *forest.Tree, s *split) float64 {
	if !s.column.categorical {
		return s.column.threshold(s.cut)
	}
	if len(t.CatBounds) == 0 {
		t.CatBounds = []int32{0}
	}
	highest := int32(0)
	for _, b := range s.set {
		highest = max(highest, s.column.codes[b])
	}
	words := make([]uint32, highest/32+1)
	for _, b := range s.set {
		code := s.column.codes[b]
		words[code/32] |= 1 << (code % 32)
	}
	t.CatBits = append(t.CatBits, words...)
	t.CatBounds = append(t.CatBounds, int32(len(t.CatBits)))
	return float64(len(t.CatBounds) - 2)
}

// walker finds the leaf of rows that were not in the partition.
type walker struct {
	nodes  []sproutNode
	tables [][]uint8
}

func (t *sprout) walker() walker {
	w := walker{nodes: t.nodes}
	for i := range t.nodes {
		s := &t.nodes[i].split
		table := make([]uint8, s.column.cells())
		s.fill(table)
		w.tables = append(w.tables, table)
	}
	return w
}

// leaf returns the number of the leaf that row i of the training samples reaches.
func (w *walker) leaf(i int32) int {
	if len(w.nodes) == 0 {
		return 0
	}
	at := int32(0)
	for at >= 0 {
		n := &w.nodes[at]
		if w.tables[at][n.split.column.bin(i)] == 1 {
			at = n.left
		} else {
			at = n.right
		}
	}
	return int(^at)
}

// constant is the tree of one leaf.
func constant(value float64, rows int) forest.Tree {
	return forest.Tree{
		LeafValue: []float64{value}, LeafCount: []int64{int64(rows)}, LeafWeight: []float64{0}, Shrinkage: 1,
	}
}

// newForest returns the forest of no trees over the samples' columns.
func newForest(s Samples, d *dataset) *forest.Forest {
	f := &forest.Forest{Features: slices.Clone(s.X.Names), Min: d.min, Max: d.max, Sigmoid: true}
	if s.X.Categories != nil {
		f.Categories = slices.Clone(s.X.Categories)
	}
	return f
}
