// Package forest holds trees as flat arrays and walks them. It takes vectors
// of numbers and knows nothing of claims.
package forest

// Missing says which values of a numeric split count as missing. The values
// are those of LightGBM's decision_type.
type Missing uint8

// The kinds of missing value.
const (
	MissingNone Missing = iota // NaN is read as 0
	MissingZero                // NaN and |v| <= 1e-35 are missing
	MissingNaN                 // NaN is missing
)

// Tree is one decision tree of n internal nodes and n+1 leaves; node 0 is the
// root. A tree of one leaf has no nodes. Children: a value >= 0 is a node, a
// value < 0 is leaf ^value. A numeric node sends v <= Threshold left, a
// missing value to its default side, everything else right. A categorical
// node sends the codes in its set left, everything else (NaN, negative,
// unknown codes) right. The semantics are those of LightGBM's text format v4.
type Tree struct {
	Feature     []int32
	Threshold   []float64 // numeric nodes; for a categorical node the index into CatBounds
	Categorical []bool
	DefaultLeft []bool
	Missing     []Missing
	Left        []int32
	Right       []int32
	Gain        []float64 // loss reduction of the split
	NodeValue   []float64 // output the node would have as a leaf
	NodeCount   []int64   // training rows that passed the node
	NodeWeight  []float64 // sum of hessians that passed the node

	LeafValue  []float64
	LeafCount  []int64
	LeafWeight []float64

	// The category set s is the bits of CatBits[CatBounds[s]:CatBounds[s+1]]:
	// code c is in it when bit c%32 of word c/32 is set.
	CatBounds []int32
	CatBits   []uint32

	Shrinkage float64
}

// Forest is a sequence of trees over one vector of features.
type Forest struct {
	Features []string // names of the vector's elements, in order
	// Categories[j] is nil for a numeric feature, else the word of each code.
	Categories [][]string
	Min, Max   []float64 // range of each numeric feature in training, for information; nil when not known
	Trees      []Tree
	// Average is true for a bagged forest, whose raw output is the mean of its
	// trees; false for boosting, whose raw output is their sum.
	Average bool
	// Sigmoid is true when the raw output is a log-odds; false when it is a
	// share of votes or a plain number.
	Sigmoid bool
}
