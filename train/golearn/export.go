package golearn

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/sjwhitworth/golearn/trees"

	"claimsieve/models/forest"
)

// exporter writes one of golearn's trees as a forest.Tree.
type exporter struct {
	columns []ranked
	tree    forest.Tree
}

// export returns the tree. Counts and gains are left at 0.
func export(root *trees.DecisionTreeNode, columns []ranked) (forest.Tree, error) {
	e := exporter{columns: columns, tree: forest.Tree{Shrinkage: 1}}
	_, err := e.add(root)
	return e.tree, err
}

// add appends the node and what is below it and returns its number as a child.
func (e *exporter) add(n *trees.DecisionTreeNode) (int32, error) {
	vote, err := voteOf(n)
	if err != nil {
		return 0, err
	}
	t := &e.tree
	if n.Children == nil { // golearn takes such a node for a leaf, whatever its type says
		t.LeafValue = append(t.LeafValue, vote)
		return ^int32(len(t.LeafValue) - 1), nil
	}
	low, high := n.Children["0"], n.Children["1"]
	if only := cmp.Or(low, high); len(n.Children) == 1 && only != nil {
		// golearn may cut at the largest value, which parts nothing. It sends
		// every row on to the one child, wherever its value lies.
		return e.add(only)
	}
	if n.SplitRule == nil || n.SplitRule.SplitAttr == nil || len(n.Children) != 2 || low == nil || high == nil {
		return 0, fmt.Errorf("a node has %d children, want \"0\" and \"1\" under a rule", len(n.Children))
	}
	at := len(t.Feature)
	if err := e.addSplit(n.SplitRule, vote); err != nil {
		return 0, err
	}
	left, err := e.add(low)
	if err != nil {
		return 0, err
	}
	right, err := e.add(high)
	if err != nil {
		return 0, err
	}
	t.Left[at], t.Right[at] = left, right
	return int32(at), nil
}

// addSplit appends a node for the rule "rank <= SplitVal".
func (e *exporter) addSplit(rule *trees.DecisionTreeRule, vote float64) error {
	name := rule.SplitAttr.GetName()
	j, err := strconv.Atoi(strings.TrimPrefix(name, "x"))
	if err != nil || j < 0 || j >= len(e.columns) || attributeName(j) != name {
		return fmt.Errorf("a node splits on %q, want x0 to x%d", name, len(e.columns)-1)
	}
	c := &e.columns[j]
	cuts := len(c.upper) + 1
	if c.categorical {
		cuts = len(c.codes)
	}
	cut := math.Floor(rule.SplitVal)
	if !(cut >= 0 && cut < float64(cuts)) {
		return fmt.Errorf("a node splits %q after rank %v, want 0 to %d", name, rule.SplitVal, cuts-1)
	}
	t := &e.tree
	t.Feature = append(t.Feature, int32(j))
	t.Categorical = append(t.Categorical, c.categorical)
	t.DefaultLeft = append(t.DefaultLeft, !c.categorical)
	t.Missing = append(t.Missing, forest.MissingNaN)
	t.Left, t.Right = append(t.Left, 0), append(t.Right, 0)
	t.NodeValue = append(t.NodeValue, vote)
	if !c.categorical {
		t.Threshold = append(t.Threshold, c.threshold(int(cut)))
		return nil
	}
	if len(t.CatBounds) == 0 {
		t.CatBounds = []int32{0}
	}
	t.Threshold = append(t.Threshold, float64(len(t.CatBounds)-1))
	t.CatBits = append(t.CatBits, c.set(int(cut))...)
	t.CatBounds = append(t.CatBounds, int32(len(t.CatBits)))
	return nil
}

// voteOf returns the class of the node as a number.
func voteOf(n *trees.DecisionTreeNode) (float64, error) {
	switch {
	case n != nil && n.Class == "0":
		return 0, nil
	case n != nil && n.Class == "1":
		return 1, nil
	}
	return 0, fmt.Errorf("a node votes for neither 0 nor 1: %v", n)
}
