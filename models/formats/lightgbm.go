package formats

import (
	"strings"

	"claimsieve/models/forest"
)

// LightGBM's text format, version 4 (LightGBM 4.0 and later). A header of
// key=value lines, one block a tree, "end of trees"; the rest is for people
// and for other readers, apart from LightGBM's own list of parameters.
const (
	lightgbmMagic   = "tree"
	lightgbmVersion = "v4"
	lightgbmEnd     = "end of trees"
)

// The bits of a node's decision_type.
const (
	decisionCategorical  = 1 << 0
	decisionDefaultLeft  = 1 << 1
	decisionMissingShift = 2 // two bits of forest.Missing
	decisionTypes        = 1 << 4
)

// The objectives whose raw output is a log-odds, as the header names them.
// Every other objective that is read gives plain numbers.
const (
	objectiveBinary       = "binary"
	objectiveCrossEntropy = "cross_entropy"
	objectiveRegression   = "regression"
)

// unusableName returns what LightGBM cannot hold in a feature's name, or "".
// Names are separated by spaces in its text, and its own data sets refuse the
// punctuation of JSON.
func unusableName(name string) string {
	i := strings.IndexFunc(name, func(r rune) bool {
		return r <= ' ' || r == 0x7f || strings.ContainsRune(`",:[]{}`, r)
	})
	if i < 0 {
		return ""
	}
	return name[i : i+1]
}

// decisionType returns the decision_type of node n.
func decisionType(t *forest.Tree, n int) uint8 {
	d := uint8(t.Missing[n]) << decisionMissingShift
	if t.Categorical[n] {
		d |= decisionCategorical
	}
	if t.DefaultLeft[n] {
		d |= decisionDefaultLeft
	}
	return d
}
