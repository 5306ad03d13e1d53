package golearn

import (
	"claimsieve/features"
	"claimsieve/models/forest"
)

// tally is how many rows of each outcome reached a place.
type tally [2]int64

func (t tally) rows() int64 { return t[0] + t[1] }

// impurity is the Gini impurity times the rows.
func (t tally) impurity() float64 {
	if t.rows() == 0 {
		return 0
	}
	return float64(2*t[0]*t[1]) / float64(t.rows())
}

// count sends all rows down the tree and fills in counts, weights (which are
// the counts), and as gain of a split by how much it lowers the Gini impurity,
// summed over the rows. With shares, every place that a row reached gets its
// share of frauds for a value in the place of its vote.
func count(t *forest.Tree, x *features.Matrix, y []float64, shares bool) {
	nodes, leaves := make([]tally, len(t.Feature)), make([]tally, len(t.LeafValue))
	var row []float64
	for i, outcome := range y {
		row = x.Row(row, i)
		at, k := int32(0), int(outcome)
		if len(nodes) == 0 {
			at = -1
		}
		for at >= 0 {
			nodes[at][k]++
			if t.GoesLeft(at, row[t.Feature[at]]) {
				at = t.Left[at]
			} else {
				at = t.Right[at]
			}
		}
		leaves[^at][k]++
	}
	of := func(child int32) tally {
		if child < 0 {
			return leaves[^child]
		}
		return nodes[child]
	}
	for n, own := range nodes {
		left, right := of(t.Left[n]), of(t.Right[n])
		t.Gain = append(t.Gain, own.impurity()-left.impurity()-right.impurity())
		t.NodeCount = append(t.NodeCount, own.rows())
		t.NodeWeight = append(t.NodeWeight, float64(own.rows()))
	}
	for _, own := range leaves {
		t.LeafCount = append(t.LeafCount, own.rows())
		t.LeafWeight = append(t.LeafWeight, float64(own.rows()))
	}
	if shares {
		setShares(t.NodeValue, nodes)
		setShares(t.LeafValue, leaves)
	}
}

// setShares replaces values by the share of frauds where there were rows.
func setShares(values []float64, tallies []tally) {
	for i, own := range tallies {
		if own.rows() > 0 {
			values[i] = float64(own[1]) / float64(own.rows())
		}
	}
}
