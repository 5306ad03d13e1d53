package formats

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"sort"
	"strconv"
	"strings"

	"claimsieve/models/forest"
)

// LightGBMOptions are what a LightGBM text may say beside the forest. The zero
// value says nothing more.
type LightGBMOptions struct {
	// Parameters are added to the list of training parameters, in this order.
	// LightGBM warns of names that it does not know.
	Parameters []LightGBMParameter
}

// LightGBMParameter is one line of the list of training parameters.
type LightGBMParameter struct {
	Name, Value string
}

// WriteLightGBM writes f in LightGBM's text format v4, which LightGBM 4 loads
// and scores with the same bits. Numbers have the fewest digits that read back
// exactly. The words of categories have no place in that format: only codes
// are written, and [ReadLightGBM] gives the features back without words.
//
// Refused, besides a forest that is not valid: no features; names with spaces,
// control characters or one of ",:[]{} (they would not come back; rename the
// indicator); counts above 2147483647, which LightGBM cannot hold; parameters
// with line breaks, brackets, or a colon in the name.
//
// LightGBM predicts the mean for an average forest, but its raw_score and
// pred_contrib are then sums over trees.
func WriteLightGBM(w io.Writer, f *forest.Forest, opts LightGBMOptions) error {
	if err := checkLightGBM(f, opts); err != nil {
		return fmt.Errorf("cannot write LightGBM model: %w", err)
	}
	var trees []byte
	sizes := make([]int64, len(f.Trees))
	for i := range f.Trees {
		from := len(trees)
		trees = appendTree(trees, i, &f.Trees[i])
		sizes[i] = int64(len(trees) - from)
	}
	out := bufio.NewWriter(w)
	// A bufio.Writer keeps its first error, which Flush returns.
	_, _ = out.Write(appendHeader(nil, f, sizes))
	_, _ = out.Write(trees)
	_, _ = out.Write(appendFooter(nil, f, opts))
	if err := out.Flush(); err != nil {
		return fmt.Errorf("cannot write LightGBM model: %w", err)
	}
	return nil
}

func checkLightGBM(f *forest.Forest, opts LightGBMOptions) error {
	if err := f.Validate(); err != nil {
		return err
	}
	if len(f.Features) == 0 {
		return fmt.Errorf("forest has no features")
	}
	for j, name := range f.Features {
		if bad := unusableName(name); bad != "" {
			return fmt.Errorf("feature %d is named %q: LightGBM's text cannot hold %q in a name, rename the indicator", j, name, bad)
		}
	}
	for i := range f.Trees {
		t := &f.Trees[i]
		for n, c := range t.NodeCount {
			if c > math.MaxInt32 {
				return fmt.Errorf("tree %d: node %d: count %d is above LightGBM's %d", i, n, c, math.MaxInt32)
			}
		}
		for l, c := range t.LeafCount {
			if c > math.MaxInt32 {
				return fmt.Errorf("tree %d: leaf %d: count %d is above LightGBM's %d", i, l, c, math.MaxInt32)
			}
		}
	}
	for _, p := range opts.Parameters {
		if p.Name == "" || strings.ContainsAny(p.Name, "[]:\r\n") || strings.ContainsAny(p.Value, "[]\r\n") {
			return fmt.Errorf("parameter %q of value %q has a line break, a bracket, or a colon in its name", p.Name, p.Value)
		}
	}
	return nil
}

func appendHeader(b []byte, f *forest.Forest, sizes []int64) []byte {
	b = append(b, lightgbmMagic+"\nversion="+lightgbmVersion+"\nnum_class=1\nnum_tree_per_iteration=1\nlabel_index=0\n"...)
	b = fmt.Appendf(b, "max_feature_idx=%d\n", len(f.Features)-1)
	if f.Sigmoid {
		b = append(b, "objective="+objectiveBinary+" sigmoid:1\n"...)
	} else {
		b = append(b, "objective="+objectiveRegression+"\n"...)
	}
	if f.Average {
		b = append(b, "average_output\n"...)
	}
	b = append(b, "feature_names="+strings.Join(f.Features, " ")+"\nfeature_infos="...)
	used := usedCodes(f)
	for j := range f.Features {
		if j > 0 {
			b = append(b, ' ')
		}
		b = appendInfo(b, f, j, used[j])
	}
	b = append(b, '\n')
	b = appendList(b, "tree_sizes", sizes, appendInt[int64])
	return append(b, '\n')
}

// appendInfo writes what feature_infos says of feature j: the range of a
// numeric feature, "none" when it is not known, or the codes of a categorical
// feature. Where the words are unknown, the codes are those that trees use.
func appendInfo(b []byte, f *forest.Forest, j int, used []uint32) []byte {
	if !f.IsCategorical(j) {
		if f.Min == nil || f.Max == nil || math.IsNaN(f.Min[j]) || math.IsNaN(f.Max[j]) {
			return append(b, "none"...)
		}
		b = appendFloat(append(b, '['), f.Min[j])
		b = appendFloat(append(b, ':'), f.Max[j])
		return append(b, ']')
	}
	from := len(b)
	for c := range f.Categories[j] {
		b = append(strconv.AppendInt(b, int64(c), 10), ':')
	}
	if len(f.Categories[j]) == 0 {
		for w, word := range used {
			for c := range 32 {
				if word>>c&1 == 1 {
					b = append(strconv.AppendInt(b, int64(32*w+c), 10), ':')
				}
			}
		}
	}
	if len(b) == from {
		return append(b, '0') // any code says that the feature is categorical
	}
	return b[:len(b)-1]
}

// usedCodes returns the union of the category sets of each feature, as bits.
func usedCodes(f *forest.Forest) [][]uint32 {
	used := make([][]uint32, len(f.Features))
	for i := range f.Trees {
		t := &f.Trees[i]
		for n, j := range t.Feature {
			if !t.Categorical[n] {
				continue
			}
			s := int(t.Threshold[n])
			for w, word := range t.CatBits[t.CatBounds[s]:t.CatBounds[s+1]] {
				if w == len(used[j]) {
					used[j] = append(used[j], 0)
				}
				used[j][w] |= word
			}
		}
	}
	return used
}

// appendFooter writes what follows the trees: features by the number of their
// splits, the parameters, and the categories of pandas, which we never have.
func appendFooter(b []byte, f *forest.Forest, opts LightGBMOptions) []byte {
	b = append(b, lightgbmEnd+"\n\nfeature_importances:\n"...)
	splits := make([]int, len(f.Features))
	for i := range f.Trees {
		for _, j := range f.Trees[i].Feature {
			splits[j]++
		}
	}
	order := make([]int, 0, len(splits))
	for j, s := range splits {
		if s > 0 {
			order = append(order, j)
		}
	}
	sort.SliceStable(order, func(a, b int) bool { return splits[order[a]] > splits[order[b]] })
	for _, j := range order {
		b = fmt.Appendf(b, "%s=%d\n", f.Features[j], splits[j])
	}
	boosting, objective := "gbdt", objectiveRegression
	if f.Average {
		boosting = "rf"
	}
	if f.Sigmoid {
		objective = objectiveBinary
	}
	b = fmt.Appendf(b, "\nparameters:\n[boosting: %s]\n[objective: %s]\n", boosting, objective)
	for _, p := range opts.Parameters {
		b = fmt.Appendf(b, "[%s: %s]\n", p.Name, p.Value)
	}
	return append(b, "\nend of parameters\n\npandas_categorical:null\n"...)
}
