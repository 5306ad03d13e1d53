package forest

import (
	"fmt"
	"math"
	"math/bits"
)

// validateSets checks that the bounds of the category sets cut CatBits into
// consecutive runs of words.
func (t *Tree) validateSets() error {
	if len(t.CatBounds) == 0 {
		if len(t.CatBits) > 0 {
			return fmt.Errorf("%d words of category sets but no bounds", len(t.CatBits))
		}
		return nil
	}
	if t.CatBounds[0] != 0 {
		return fmt.Errorf("category sets begin at word %d, want 0", t.CatBounds[0])
	}
	for s := 1; s < len(t.CatBounds); s++ {
		if t.CatBounds[s] < t.CatBounds[s-1] {
			return fmt.Errorf("category set %d ends at word %d, before its begin at %d", s-1, t.CatBounds[s], t.CatBounds[s-1])
		}
	}
	if end := t.CatBounds[len(t.CatBounds)-1]; int(end) != len(t.CatBits) {
		return fmt.Errorf("category sets end at word %d of %d", end, len(t.CatBits))
	}
	return nil
}

func (f *Forest) validateNode(t *Tree, n int) error {
	j := t.Feature[n]
	if j < 0 || int(j) >= len(f.Features) {
		return fmt.Errorf("feature %d is not one of %d", j, len(f.Features))
	}
	if t.Missing[n] > MissingNaN {
		return fmt.Errorf("kind of missing value %d is not known", t.Missing[n])
	}
	if t.NodeCount[n] < 0 {
		return fmt.Errorf("count %d is negative", t.NodeCount[n])
	}
	if t.Categorical[n] {
		return f.validateCategorical(t, n, int(j))
	}
	// An infinite threshold is used: LightGBM writes it where a node parts the
	// missing values from all others.
	if math.IsNaN(t.Threshold[n]) {
		return fmt.Errorf("threshold is not a number")
	}
	return nil
}

func (f *Forest) validateCategorical(t *Tree, n, j int) error {
	if !f.IsCategorical(j) {
		return fmt.Errorf("category set on feature %q, which is numeric", f.Features[j])
	}
	v := t.Threshold[n]
	if !(v >= 0 && v < float64(len(t.CatBounds)-1)) || v != math.Trunc(v) {
		return fmt.Errorf("category set %v is not one of %d", v, max(0, len(t.CatBounds)-1))
	}
	words := len(f.Categories[j])
	if words == 0 {
		return nil
	}
	s := int(v)
	set := t.CatBits[t.CatBounds[s]:t.CatBounds[s+1]]
	for w := len(set) - 1; w >= 0; w-- {
		if set[w] == 0 {
			continue
		}
		if top := 32*w + bits.Len32(set[w]) - 1; top >= words {
			return fmt.Errorf("category set %d holds code %d of feature %q, which has %d words", s, top, f.Features[j], words)
		}
		break
	}
	return nil
}

// validateShape walks the tree from its root and checks that it arrives at
// each node and each leaf exactly once.
func (t *Tree) validateShape() error {
	nodes := len(t.Feature)
	if nodes == 0 {
		return nil
	}
	node, leaf := make([]bool, nodes), make([]bool, nodes+1)
	stack := []int32{0}
	node[0] = true
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, c := range [2]int32{t.Left[n], t.Right[n]} {
			if int(c) >= nodes || int(^c) > nodes {
				return fmt.Errorf("node %d: child %d is neither one of %d nodes nor one of %d leaves", n, c, nodes, nodes+1)
			}
			switch {
			case c < 0 && leaf[^c]:
				return fmt.Errorf("node %d: leaf %d is reached twice", n, ^c)
			case c < 0:
				leaf[^c] = true
			case node[c]:
				return fmt.Errorf("node %d: node %d is reached twice", n, c)
			default:
				node[c] = true
				stack = append(stack, c)
			}
		}
	}
	for n, ok := range node {
		if !ok {
			return fmt.Errorf("node %d: not reached from the root", n)
		}
	}
	for l, ok := range leaf {
		if !ok {
			return fmt.Errorf("leaf %d: not reached from the root", l)
		}
	}
	return nil
}
