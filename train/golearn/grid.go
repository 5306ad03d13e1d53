package golearn

import (
	"fmt"

	"github.com/sjwhitworth/golearn/base"
	"github.com/sjwhitworth/golearn/trees"
)

// attributeName is how column j is called in golearn, whose names are the keys
// of columns; names of indicators might collide with that of the class.
func attributeName(j int) string { return fmt.Sprintf("x%d", j) }

// grid returns golearn's table of the given rows and columns, with the outcome
// as its class, of the values "0" and "1".
func grid(columns []ranked, chosen []int, y []float64, rows []int) (*base.DenseInstances, error) {
	g := base.NewDenseInstances()
	specs := make([]base.AttributeSpec, len(chosen))
	for k, j := range chosen {
		specs[k] = g.AddAttribute(base.NewFloatAttribute(attributeName(j)))
	}
	class := base.NewCategoricalAttribute()
	class.SetName("class")
	codes := [2][]byte{class.GetSysValFromString("0"), class.GetSysValFromString("1")}
	classSpec := g.AddAttribute(class)
	if err := g.AddClassAttribute(class); err != nil {
		return nil, err
	}
	if err := g.Extend(len(rows)); err != nil {
		return nil, err
	}
	for at, i := range rows {
		for k, j := range chosen {
			g.Set(specs[k], at, base.PackFloatToBytes(float64(columns[j].ranks[i])))
		}
		g.Set(classSpec, at, codes[int(y[i])])
	}
	return g, nil
}

// orderedGain is golearn's rule of the largest information gain, with the
// columns in their order instead of that of a map, so that the first of equal
// columns wins.
type orderedGain struct {
	rule trees.InformationGainRuleGenerator
}

// GenerateSplitRule implements golearn's trees.RuleGenerator.
func (o *orderedGain) GenerateSplitRule(f base.FixedDataGrid) *trees.DecisionTreeRule {
	return o.rule.GetSplitRuleFromSelection(base.AttributeDifference(f.AllAttributes(), f.AllClassAttributes()), f)
}

// settleTies makes every node with as many rows of one outcome as of the other
// vote 0, where golearn leaves the choice to the order of a map.
func settleTies(n *trees.DecisionTreeNode) {
	if n.ClassDist["0"] == n.ClassDist["1"] {
		n.Class = "0"
	}
	for _, child := range n.Children {
		settleTies(child)
	}
}

// growTree returns golearn's tree on the grid. golearn panics on what it does
// not understand.
func growTree(g base.FixedDataGrid) (tree *trees.ID3DecisionTree, err error) {
	defer func() {
		if p := recover(); p != nil {
			tree, err = nil, fmt.Errorf("golearn panicked: %v", p)
		}
	}()
	tree = trees.NewID3DecisionTreeFromRule(0, &orderedGain{})
	if err := tree.Fit(g); err != nil {
		return nil, err
	}
	settleTies(tree.Root)
	return tree, nil
}
