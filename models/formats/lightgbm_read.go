package formats

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"claimsieve/models/forest"
)

// ReadLightGBM reads a model in LightGBM's text format v4, up to its "end of
// trees", and returns a valid forest whose raw outputs are LightGBM's. What a
// tree leaves out of the things that do not change scores (gains, weights,
// counts, node values) is read as zeros.
//
// A categorical feature, which feature_infos says by a list of codes and the
// trees by their category sets, gets empty words that are not nil: the words
// do not live in this format, and whoever knows them sets f.Categories and
// validates again. That goes for the categories of pandas too, which Python
// lists at the end of the file. Min and Max are NaN where no range is told, and nil when
// none is told at all.
//
// Refused with line and field: texts over 1 GiB, other versions, several
// classes, linear trees, objectives with an output that is neither the raw
// number nor the sigmoid of it, keys of a tree that are not known, and
// everything that [forest.Forest.Validate] refuses.
func ReadLightGBM(r io.Reader) (*forest.Forest, error) {
	l := newLines(r)
	f, err := readLightGBM(l)
	if err != nil {
		return nil, fmt.Errorf("cannot read LightGBM model: %w", err)
	}
	if err := f.Validate(); err != nil {
		return nil, fmt.Errorf("cannot read LightGBM model: %w", err)
	}
	return f, nil
}

func readLightGBM(l *lines) (*forest.Forest, error) {
	h, err := readHeader(l)
	if err != nil {
		return nil, err
	}
	f, err := h.forest()
	if err != nil {
		return nil, err
	}
	for {
		line, ok := l.next()
		switch {
		case !ok:
			return nil, l.err()
		case len(line) == 0:
		case string(line) == lightgbmEnd:
			if n, told := h.trees(); told && n != len(f.Trees) {
				return nil, l.fault("%d trees, but tree_sizes tells of %d", len(f.Trees), n)
			}
			markCategorical(f)
			return f, nil
		case string(line) == "Tree="+strconv.Itoa(len(f.Trees)):
			t, err := readTree(l)
			if err != nil {
				return nil, fmt.Errorf("tree %d: %w", len(f.Trees), err)
			}
			f.Trees = append(f.Trees, *t)
		default:
			return nil, l.fault("want %q or %q, got %s", "Tree="+strconv.Itoa(len(f.Trees)), lightgbmEnd, excerpt(line))
		}
	}
}

// markCategorical marks features that a tree splits by a category set, for
// texts whose feature_infos does not tell.
func markCategorical(f *forest.Forest) {
	for i := range f.Trees {
		t := &f.Trees[i]
		for n, j := range t.Feature {
			if t.Categorical[n] && j >= 0 && int(j) < len(f.Features) && !f.IsCategorical(int(j)) {
				if f.Categories == nil {
					f.Categories = make([][]string, len(f.Features))
				}
				f.Categories[j] = []string{}
			}
		}
	}
}

// header is the key=value lines before the first tree, with their lines.
type header struct {
	values map[string]string
	line   map[string]int
}

func readHeader(l *lines) (*header, error) {
	line, ok := l.next()
	if !ok {
		return nil, l.err()
	}
	if string(line) != lightgbmMagic {
		return nil, l.fault("want %q, got %s: this is not a LightGBM model", lightgbmMagic, excerpt(line))
	}
	h := &header{values: map[string]string{}, line: map[string]int{}}
	for {
		line, ok := l.next()
		if !ok {
			return nil, l.err()
		}
		if bytes.HasPrefix(line, []byte("Tree=")) || string(line) == lightgbmEnd {
			l.back()
			return h, nil
		}
		if len(line) == 0 {
			continue
		}
		key, value, _ := strings.Cut(string(line), "=")
		if first, ok := h.line[key]; ok {
			return nil, l.fault("%s: told again, first in line %d", shortened(key), first)
		}
		h.values[key], h.line[key] = value, l.number
	}
}

// fault returns an error about the header's line of that key.
func (h *header) fault(key, format string, args ...any) error {
	if n, ok := h.line[key]; ok {
		return fmt.Errorf("line %d: %s: %w", n, key, fmt.Errorf(format, args...))
	}
	return fmt.Errorf("header: %s: %w", key, fmt.Errorf(format, args...))
}

// trees returns how many trees tree_sizes tells of, and whether it is there.
func (h *header) trees() (int, bool) {
	sizes, ok := h.values["tree_sizes"]
	return len(strings.Fields(sizes)), ok
}

// forest returns the forest that the header describes, still without trees.
func (h *header) forest() (*forest.Forest, error) {
	for _, want := range [...][2]string{{"version", lightgbmVersion}, {"num_class", "1"}, {"num_tree_per_iteration", "1"}} {
		if v, ok := h.values[want[0]]; !ok {
			return nil, h.fault(want[0], "missing")
		} else if v != want[1] {
			return nil, h.fault(want[0], "%q is not supported, want %q", shortened(v), want[1])
		}
	}
	f := &forest.Forest{}
	_, f.Average = h.values["average_output"]
	if err := h.objective(f); err != nil {
		return nil, err
	}
	f.Features = splitSpaces(h.values["feature_names"])
	if len(f.Features) == 0 {
		return nil, h.fault("feature_names", "missing")
	}
	top, err := strconv.Atoi(h.values["max_feature_idx"])
	if err != nil || top != len(f.Features)-1 {
		return nil, h.fault("max_feature_idx", "%q does not fit %d feature names", shortened(h.values["max_feature_idx"]), len(f.Features))
	}
	for j, name := range f.Features {
		if bad := unusableName(name); bad != "" {
			return nil, h.fault("feature_names", "name %d: %q has %q in it", j, shortened(name), bad)
		}
	}
	return f, h.infos(f)
}

// objective sets f.Sigmoid from the header's objective. None at all is a model
// of a custom objective: its raw output is a plain number as far as anyone knows.
func (h *header) objective(f *forest.Forest) error {
	words := strings.Fields(h.values["objective"])
	if len(words) == 0 {
		return nil
	}
	switch words[0] {
	case objectiveBinary:
		for _, w := range words[1:] {
			if scale, ok := strings.CutPrefix(w, "sigmoid:"); ok && scale != "1" {
				return h.fault("objective", "%q is not supported, want sigmoid:1", shortened(w))
			}
		}
		f.Sigmoid = true
	case objectiveCrossEntropy, "xentropy":
		f.Sigmoid = true
	case objectiveRegression, "regression_l1", "huber", "fair", "quantile", "mape", "lambdarank", "rank_xendcg", "custom":
		for _, w := range words[1:] {
			if w == "sqrt" {
				return h.fault("objective", "square root of the target is not supported")
			}
		}
	default:
		return h.fault("objective", "%q is not supported, want %s, %s, %s or another whose raw output is its prediction",
			shortened(words[0]), objectiveBinary, objectiveCrossEntropy, objectiveRegression)
	}
	return nil
}

// infos reads feature_infos: "[min:max]" of a numeric feature, codes with
// colons between them of a categorical one, "none" of one never looked at.
func (h *header) infos(f *forest.Forest) error {
	infos := splitSpaces(h.values["feature_infos"])
	if len(infos) != len(f.Features) {
		return h.fault("feature_infos", "%d entries for %d feature names", len(infos), len(f.Features))
	}
	for j, info := range infos {
		switch {
		case info == "none":
		case strings.HasPrefix(info, "["):
			lo, hi, ok := strings.Cut(strings.TrimSuffix(info[1:], "]"), ":")
			low, err := parseFloat([]byte(lo))
			high, err2 := parseFloat([]byte(hi))
			if !ok || !strings.HasSuffix(info, "]") || err != nil || err2 != nil || math.IsNaN(low) || math.IsNaN(high) {
				return h.fault("feature_infos", "entry %d: %q is not a range [min:max]", j, shortened(info))
			}
			if f.Min == nil {
				f.Min, f.Max = notKnown(len(infos)), notKnown(len(infos))
			}
			f.Min[j], f.Max[j] = low, high
		default:
			for code := range strings.SplitSeq(info, ":") {
				if _, err := strconv.ParseInt(code, 10, 32); err != nil {
					return h.fault("feature_infos", "entry %d: %q is neither a range, nor none, nor a list of codes", j, shortened(info))
				}
			}
			if f.Categories == nil {
				f.Categories = make([][]string, len(infos))
			}
			f.Categories[j] = []string{}
		}
	}
	return nil
}

// splitSpaces splits at spaces alone: a name may hold other white space, such
// as the wide space of Chinese text.
func splitSpaces(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' })
}

func notKnown(n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = math.NaN()
	}
	return v
}
