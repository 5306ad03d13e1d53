package formats

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"

	"claimsieve/models/forest"
)

// treeText is the block of one tree while it is read.
type treeText struct {
	tree      forest.Tree
	leaves    int64
	sets      int64
	decisions []uint8
	linear    int64
	seen      map[string]bool
}

// readTree reads the block after a "Tree=" line up to the next empty line.
func readTree(l *lines) (*forest.Tree, error) {
	t := &treeText{seen: map[string]bool{}}
	t.tree.Shrinkage = 1
	for {
		line, ok := l.next()
		if !ok {
			return nil, l.err()
		}
		if len(line) == 0 {
			break
		}
		key, value, ok := bytes.Cut(line, []byte("="))
		if !ok {
			return nil, l.fault("want key=value, got %s", excerpt(line))
		}
		if t.seen[string(key)] {
			return nil, l.fault("%s: told twice", excerpt(key))
		}
		t.seen[string(key)] = true
		if err := t.field(string(key), value); err != nil {
			return nil, l.fault("%s: %w", shortened(string(key)), err)
		}
	}
	if err := t.complete(); err != nil {
		return nil, l.fault("%w", err)
	}
	return &t.tree, nil
}

// field reads the value of one key.
func (t *treeText) field(key string, value []byte) (err error) {
	tr := &t.tree
	switch key {
	case "num_leaves":
		t.leaves, err = parseOne(value, parseInt64)
	case "num_cat":
		t.sets, err = parseOne(value, parseInt64)
	case "split_feature":
		tr.Feature, err = parseList(value, parseInt32)
	case "split_gain":
		tr.Gain, err = parseList(value, parseFloat)
	case "threshold":
		tr.Threshold, err = parseList(value, parseFloat)
	case "decision_type":
		t.decisions, err = parseList(value, parseDecision)
	case "left_child":
		tr.Left, err = parseList(value, parseInt32)
	case "right_child":
		tr.Right, err = parseList(value, parseInt32)
	case "leaf_value":
		tr.LeafValue, err = parseList(value, parseFloat)
	case "leaf_weight":
		tr.LeafWeight, err = parseList(value, parseFloat)
	case "leaf_count":
		tr.LeafCount, err = parseList(value, parseInt64)
	case "internal_value":
		tr.NodeValue, err = parseList(value, parseFloat)
	case "internal_weight":
		tr.NodeWeight, err = parseList(value, parseFloat)
	case "internal_count":
		tr.NodeCount, err = parseList(value, parseInt64)
	case "cat_boundaries":
		tr.CatBounds, err = parseList(value, parseInt32)
	case "cat_threshold":
		tr.CatBits, err = parseList(value, parseUint32)
	case "is_linear":
		t.linear, err = parseOne(value, parseInt64)
		if err == nil && t.linear != 0 {
			err = errors.New("linear trees are not supported: train without linear_tree")
		}
	case "shrinkage":
		tr.Shrinkage, err = parseOne(value, parseFloat)
	default:
		err = errors.New("not a key of a tree in this version")
	}
	return err
}

// complete checks that the lists have the lengths that the tree's own numbers
// tell, and fills what may be left out.
func (t *treeText) complete() error {
	tr := &t.tree
	if t.leaves < 1 || t.leaves > math.MaxInt32 {
		return fmt.Errorf("num_leaves: %d, want 1 or more", t.leaves)
	}
	leaves := int(t.leaves)
	if len(tr.LeafValue) != leaves {
		return fmt.Errorf("leaf_value: %d values for %d leaves", len(tr.LeafValue), leaves)
	}
	for _, a := range [...]struct {
		key string
		len int
	}{{"split_feature", len(tr.Feature)}, {"threshold", len(tr.Threshold)}, {"left_child", len(tr.Left)}, {"right_child", len(tr.Right)}} {
		if a.len != leaves-1 {
			return fmt.Errorf("%s: %d values for %d leaves, want %d", a.key, a.len, leaves, leaves-1)
		}
	}
	if want := t.sets; t.seen["cat_boundaries"] || want != 0 {
		if int64(len(tr.CatBounds)-1) != want {
			return fmt.Errorf("cat_boundaries: %d values for num_cat %d, want one more", len(tr.CatBounds), want)
		}
	}
	if err := t.decide(leaves - 1); err != nil {
		return err
	}
	return errors.Join(
		fill(&tr.Gain, leaves-1, "split_gain"),
		fill(&tr.LeafWeight, leaves, "leaf_weight"),
		fill(&tr.LeafCount, leaves, "leaf_count"),
		fill(&tr.NodeValue, leaves-1, "internal_value"),
		fill(&tr.NodeWeight, leaves-1, "internal_weight"),
		fill(&tr.NodeCount, leaves-1, "internal_count"))
}

// decide spreads the decision types over the fields that they are made of.
func (t *treeText) decide(nodes int) error {
	tr := &t.tree
	if err := fill(&t.decisions, nodes, "decision_type"); err != nil {
		return err
	}
	tr.Categorical = make([]bool, nodes)
	tr.DefaultLeft = make([]bool, nodes)
	tr.Missing = make([]forest.Missing, nodes)
	for n, d := range t.decisions {
		tr.Categorical[n] = d&decisionCategorical != 0
		tr.DefaultLeft[n] = d&decisionDefaultLeft != 0
		tr.Missing[n] = forest.Missing(d >> decisionMissingShift)
	}
	return nil
}

// fill makes a list that was left out one of n zeros, and refuses another length.
func fill[T any](list *[]T, n int, key string) error {
	if len(*list) == 0 {
		*list = make([]T, n)
	}
	if len(*list) != n {
		return fmt.Errorf("%s: %d values, want %d", key, len(*list), n)
	}
	return nil
}

// parseOne reads a field of one number.
func parseOne[T any](value []byte, one func([]byte) (T, error)) (T, error) {
	v, err := one(value)
	if err != nil {
		return v, fmt.Errorf("%s is %w", excerpt(value), err)
	}
	return v, nil
}

// parseList reads numbers with single spaces between them. It allocates in
// proportion to the text, whatever a header promised.
func parseList[T any](value []byte, one func([]byte) (T, error)) ([]T, error) {
	if len(value) == 0 {
		return nil, nil
	}
	out := make([]T, 0, bytes.Count(value, []byte(" "))+1)
	for len(value) > 0 {
		word, rest, _ := bytes.Cut(value, []byte(" "))
		value = rest
		v, err := one(word)
		if err != nil {
			return nil, fmt.Errorf("value %d: %s is %w", len(out), excerpt(word), err)
		}
		out = append(out, v)
	}
	return out, nil
}

var (
	errNotWhole    = errors.New("not a whole number in range")
	errNotNumber   = errors.New("not a number")
	errNotDecision = errors.New("not a decision type")
)

func parseInt64(b []byte) (int64, error) {
	v, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil {
		return 0, errNotWhole
	}
	return v, nil
}

func parseInt32(b []byte) (int32, error) {
	v, err := strconv.ParseInt(string(b), 10, 32)
	if err != nil {
		return 0, errNotWhole
	}
	return int32(v), nil
}

func parseUint32(b []byte) (uint32, error) {
	v, err := strconv.ParseUint(string(b), 10, 32)
	if err != nil {
		return 0, errNotWhole
	}
	return uint32(v), nil
}

func parseFloat(b []byte) (float64, error) {
	v, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return 0, errNotNumber
	}
	return v, nil
}

func parseDecision(b []byte) (uint8, error) {
	v, err := strconv.ParseUint(string(b), 10, 8)
	if err != nil || v >= decisionTypes || forest.Missing(v>>decisionMissingShift) > forest.MissingNaN {
		return 0, errNotDecision
	}
	return uint8(v), nil
}

// excerpt quotes the beginning of foreign bytes for an error.
func excerpt(b []byte) string { return strconv.Quote(shortened(string(b[:min(len(b), 64)]))) }

// shortened cuts foreign text to what an error can carry.
func shortened(s string) string {
	if len(s) > 60 {
		return s[:60] + "..."
	}
	return s
}
