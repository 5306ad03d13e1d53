package formats_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"claimsieve/models/forest"
	"claimsieve/models/forest/foresttest"
	"claimsieve/models/formats"
)

// TestRoundTrip wants every field back with its bits, apart from the words.
func TestRoundTrip(t *testing.T) {
	for k, s := range madeShapes() {
		f := foresttest.Random(uint64(k), s)
		tr := &f.Trees[0]
		tr.LeafValue[0] = math.Copysign(0, -1)
		tr.LeafValue[len(tr.LeafValue)-1] = 5e-324
		if len(tr.Gain) > 3 {
			tr.Gain[0], tr.Gain[1], tr.Gain[2] = math.Inf(1), math.Inf(-1), math.MaxFloat64
		}
		written := text(t, f)
		got, err := formats.ReadLightGBM(bytes.NewReader(written))
		if err != nil {
			t.Fatalf("shape %d: %v", k, err)
		}
		sameForest(t, got, f)
		if again := text(t, got); !bytes.Equal(withoutInfos(again), withoutInfos(written)) {
			t.Errorf("shape %d: what was read is not written as it was", k)
		}
	}
}

// withoutInfos cuts feature_infos, which lists only used codes where the words are unknown.
func withoutInfos(b []byte) []byte {
	before, rest, _ := bytes.Cut(b, []byte("feature_infos="))
	_, after, _ := bytes.Cut(rest, []byte("\n"))
	return append(append([]byte{}, before...), after...)
}

func sameForest(t *testing.T, got, want *forest.Forest) {
	t.Helper()
	if !reflect.DeepEqual(got.Features, want.Features) || got.Average != want.Average || got.Sigmoid != want.Sigmoid || len(got.Trees) != len(want.Trees) {
		t.Fatalf("forest of %v, average %v, sigmoid %v, %d trees; want %v, %v, %v, %d", got.Features, got.Average, got.Sigmoid, len(got.Trees),
			want.Features, want.Average, want.Sigmoid, len(want.Trees))
	}
	for j := range want.Features {
		if got.IsCategorical(j) != want.IsCategorical(j) {
			t.Errorf("feature %d categorical: %v, want %v", j, got.IsCategorical(j), want.IsCategorical(j))
		}
		if got.Min != nil && (!sameBits(got.Min[j], want.Min[j]) || !sameBits(got.Max[j], want.Max[j])) {
			t.Errorf("feature %d in [%v, %v], want [%v, %v]", j, got.Min[j], got.Max[j], want.Min[j], want.Max[j])
		}
	}
	for i := range want.Trees {
		g, w := reflect.ValueOf(got.Trees[i]), reflect.ValueOf(want.Trees[i])
		for n := range w.NumField() {
			a, b := g.Field(n), w.Field(n)
			if a.Kind() == reflect.Slice && a.Len() == 0 && b.Len() == 0 {
				continue
			}
			if v, ok := b.Interface().([]float64); ok && sameList(a.Interface().([]float64), v) {
				continue
			}
			if !reflect.DeepEqual(a.Interface(), b.Interface()) {
				t.Fatalf("tree %d: %s is %v, want %v", i, w.Type().Field(n).Name, a, b)
			}
		}
	}
}

func sameList(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !sameBits(a[i], b[i]) {
			return false
		}
	}
	return true
}

func sameBits(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
}

// TestTreeSizes holds tree_sizes, by which LightGBM finds the trees, to the text.
func TestTreeSizes(t *testing.T) {
	written := string(text(t, foresttest.Random(3, foresttest.Shape{Trees: 12, Leaves: 9, Features: 3, Categorical: 1, Codes: 40})))
	f := foresttest.Random(3, foresttest.Shape{Trees: 12, Leaves: 9, Features: 3, Categorical: 1, Codes: 40})
	header, rest, _ := strings.Cut(written, "\n\nTree=0")
	rest = "Tree=0" + rest
	_, sizes, _ := strings.Cut(header, "tree_sizes=")
	fields := strings.Fields(sizes)
	if len(fields) != len(f.Trees) {
		t.Fatalf("%d sizes for %d trees", len(fields), len(f.Trees))
	}
	for i, field := range fields {
		n := 0
		for _, c := range field {
			n = 10*n + int(c-'0')
		}
		if n > len(rest) || !strings.HasPrefix(rest, "Tree=") || strings.Count(rest[:n], "Tree=") != 1 {
			t.Fatalf("size %d of tree %d does not cut a tree from the text", n, i)
		}
		rest = rest[n:]
	}
	if !strings.HasPrefix(rest, "end of trees\n") {
		t.Errorf("after the trees comes %.20q", rest)
	}
}

func TestWriteRefuses(t *testing.T) {
	good := func() *forest.Forest {
		return foresttest.Random(1, foresttest.Shape{Trees: 2, Leaves: 3, Features: 2})
	}
	parameter := func(name, value string) formats.LightGBMOptions {
		return formats.LightGBMOptions{Parameters: []formats.LightGBMParameter{{Name: name, Value: value}}}
	}
	for _, c := range []struct {
		want  string
		opts  formats.LightGBMOptions
		spoil func(f *forest.Forest)
	}{
		{"feature 1 is named \"a b\"", formats.LightGBMOptions{}, func(f *forest.Forest) { f.Features[1] = "a b" }},
		{"cannot hold \":\"", formats.LightGBMOptions{}, func(f *forest.Forest) { f.Features[1] = "a:b" }},
		{"cannot hold \"\\n\"", formats.LightGBMOptions{}, func(f *forest.Forest) { f.Features[1] = "a\nTree=0" }},
		{"forest has no features", formats.LightGBMOptions{}, func(f *forest.Forest) { *f = forest.Forest{} }},
		{"tree 1: leaf 2: count", formats.LightGBMOptions{}, func(f *forest.Forest) { f.Trees[1].LeafCount[2] = 1 << 31 }},
		{"tree 1: node 1: count", formats.LightGBMOptions{}, func(f *forest.Forest) { f.Trees[1].NodeCount[1] = 1 << 31 }},
		{"value NaN is not finite", formats.LightGBMOptions{}, func(f *forest.Forest) { f.Trees[0].LeafValue[0] = math.NaN() }},
		{"parameter \"a\"", parameter("a", "1]\n[b: 2"), func(*forest.Forest) {}},
		{"parameter \"a:\"", parameter("a:", "1"), func(*forest.Forest) {}},
		{"parameter \"\"", parameter("", "1"), func(*forest.Forest) {}},
	} {
		f := good()
		c.spoil(f)
		err := formats.WriteLightGBM(io.Discard, f, c.opts)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "cannot write LightGBM model: ") {
			t.Errorf("want a fault that says %q, got %v", c.want, err)
		}
	}
	if err := formats.WriteLightGBM(brokenPipe{}, good(), formats.LightGBMOptions{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a write that failed gave %v", err)
	}
	var b bytes.Buffer
	if err := formats.WriteLightGBM(&b, good(), parameter("seed", "7")); err != nil || !strings.Contains(b.String(), "\n[seed: 7]\n") {
		t.Errorf("parameter not written: %v", err)
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestReadNamesFault spoils one place of a good text at a time.
func TestReadNamesFault(t *testing.T) {
	good, err := os.ReadFile(filepath.Join("testdata", "small.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := formats.ReadLightGBM(bytes.NewReader(good)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{"tree\n", "forest\n", `line 1: want "tree", got "forest"`},
		{"version=v4", "version=v9", `line 2: version: "v9" is not supported, want "v4"`},
		{"version=v4\n", "", "header: version: missing"},
		{"num_class=1", "num_class=3", `line 3: num_class: "3" is not supported`},
		{"num_tree_per_iteration=1", "num_tree_per_iteration=2", "num_tree_per_iteration"},
		{"binary sigmoid:1", "binary sigmoid:2", `line 7: objective: "sigmoid:2" is not supported`},
		{"binary sigmoid:1", "multiclass num_class:3", `objective: "multiclass" is not supported`},
		{"binary sigmoid:1", "poisson", `objective: "poisson" is not supported`},
		{"binary sigmoid:1", "regression sqrt", "square root"},
		{"feature_names=a b c", "feature_names=a b", "line 6: max_feature_idx: \"2\" does not fit 2 feature names"},
		{"feature_names=a b c", "feature_names=a b b", "features 1 and 2 are both named"},
		{"feature_names=a b c", "feature_names=a b x:y", `name 2: "x:y" has ":" in it`},
		{"[-1.5:2]", "[-1.5:x]", `line 9: feature_infos: entry 0: "[-1.5:x]" is not a range`},
		{"[-1.5:2]", "[nan:2]", `entry 0: "[nan:2]" is not a range`},
		{"[-1.5:2]", "some", "entry 0: \"some\" is neither"},
		{"[-1.5:2] none", "[-1.5:2]", "feature_infos: 2 entries for 3 feature names"},
		{"max_feature_idx=2", "max_feature_idx=2\nmax_feature_idx=2", "line 7: max_feature_idx: told again, first in line 6"},
		{"tree_sizes=1 1", "tree_sizes=1 1 1", "2 trees, but tree_sizes tells of 3"},
		{"Tree=1", "Tree=2", `want "Tree=1" or "end of trees", got "Tree=2"`},
		{"num_leaves=3", "num_leaves=4", "tree 0: line 31: leaf_value: 3 values for 4 leaves"},
		{"num_leaves=3", "num_leaves=0", "num_leaves: 0, want 1 or more"},
		{"num_leaves=3", "num_leaves=2000000000", "leaf_value: 3 values for 2000000000 leaves"},
		{"num_leaves=3", "num_leaves=3 3", `tree 0: line 13: num_leaves: "3 3" is not a whole number`},
		{"num_cat=1", "num_cat=2", "cat_boundaries: 2 values for num_cat 2"},
		{"split_feature=0 2", "split_feature=0 3", "tree 0: node 1: feature 3 is not one of 3"},
		{"split_feature=0 2", "split_feature=0 x", `line 15: split_feature: value 1: "x" is not a whole number`},
		{"threshold=0.25 0", "threshold=0.25 7", "tree 0: node 1: category set 7 is not one of 1"},
		{"threshold=0.25 0", "threshold=nan 0", "tree 0: node 0: threshold is not a number"},
		{"threshold=0.25 0", "threshold=0,25 0", `threshold: value 0: "0,25" is not a number`},
		{"decision_type=10 1", "decision_type=16 1", `value 0: "16" is not a decision type`},
		{"decision_type=10 1", "decision_type=12 1", `value 0: "12" is not a decision type`},
		{"decision_type=10 1", "decision_type=10 1 1", "decision_type: 3 values, want 2"},
		{"left_child=1 -1", "left_child=0 -1", "tree 0: node 0: node 0 is reached twice"},
		{"left_child=1 -1", "left_child=1 -9", "tree 0: node 1: child -9 is neither"},
		{"right_child=-3 -2", "right_child=-3 -3", "leaf 2 is reached twice"},
		{"leaf_value=0.5 -0.5 1.5", "leaf_value=0.5 -0.5 inf", "tree 0: leaf 2: value +Inf is not finite"},
		{"leaf_count=4 5 6", "leaf_count=4 5 -6", "tree 0: leaf 2: count -6 is negative"},
		{"internal_value=0 0.25", "internal_value=0 0.25 1", "internal_value: 3 values, want 2"},
		{"cat_boundaries=0 1", "cat_boundaries=0 2", "category sets end at word 2 of 1"},
		{"cat_threshold=5", "cat_threshold=-5", `cat_threshold: value 0: "-5" is not a whole number`},
		{"is_linear=0", "is_linear=1", "linear trees are not supported"},
		{"shrinkage=0.1", "shrinkage=0.1\nshrinkage=0.1", "told twice"},
		{"shrinkage=0.1", "surprise=1", "surprise: not a key of a tree"},
		{"shrinkage=0.1", "surprise", "want key=value"},
		{"end of trees", "", "the file is cut short"},
	} {
		if !bytes.Contains(good, []byte(c.old)) {
			t.Fatalf("small.txt has no %q to spoil", c.old)
		}
		_, err := formats.ReadLightGBM(bytes.NewReader(bytes.Replace(good, []byte(c.old), []byte(c.new), 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "cannot read LightGBM model: ") {
			t.Errorf("%q for %q: want a fault that says %q, got %v", c.new, c.old, c.want, err)
		}
	}
}

// TestReadCut cuts a good text at every byte: each beginning is refused.
func TestReadCut(t *testing.T) {
	good := text(t, foresttest.Random(2, foresttest.Shape{Trees: 2, Leaves: 4, Features: 2, Categorical: 1, Codes: 3}))
	end := bytes.Index(good, []byte("end of trees")) + len("end of trees")
	for n := range end {
		if _, err := formats.ReadLightGBM(bytes.NewReader(good[:n])); err == nil {
			t.Fatalf("a text cut after %d of %d bytes was read", n, end)
		}
	}
	dos := bytes.ReplaceAll(good, []byte("\n"), []byte("\r\n"))
	if _, err := formats.ReadLightGBM(bytes.NewReader(dos)); err != nil {
		t.Errorf("with the line ends of Windows: %v", err)
	}
}

// TestReadEndless wants an endless line to be refused by its length.
func TestReadEndless(t *testing.T) {
	endless := io.MultiReader(strings.NewReader("tree\nversion="), zeros{})
	if _, err := formats.ReadLightGBM(endless); err == nil || !strings.Contains(err.Error(), "line 2: longer than") {
		t.Errorf("got %v", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

// TestReadOptionalFields leaves out what LightGBM may leave out.
func TestReadOptionalFields(t *testing.T) {
	good, err := os.ReadFile(filepath.Join("testdata", "small.txt"))
	if err != nil {
		t.Fatal(err)
	}
	kept := []string{}
	for line := range strings.SplitSeq(string(good), "\n") {
		switch key, _, _ := strings.Cut(line, "="); key {
		case "tree_sizes", "split_gain", "leaf_weight", "leaf_count", "internal_value", "internal_weight", "internal_count":
		case "feature_infos":
			kept = append(kept, "feature_infos=none none none")
		default:
			kept = append(kept, line)
		}
	}
	f, err := formats.ReadLightGBM(strings.NewReader(strings.Join(kept, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	whole, err := formats.ReadLightGBM(bytes.NewReader(good))
	if err != nil {
		t.Fatal(err)
	}
	if !f.IsCategorical(2) || f.IsCategorical(0) || f.Min != nil || f.Trees[0].LeafCount[1] != 0 {
		t.Errorf("read as %+v", f)
	}
	for _, x := range [][]float64{{0, 0, 2}, {0, 0, 1}, {1, 0, 0}, {math.NaN(), 0, 0}} {
		if f.Raw(x) != whole.Raw(x) {
			t.Errorf("%v: %v, with the optional fields %v", x, f.Raw(x), whole.Raw(x))
		}
	}
}
