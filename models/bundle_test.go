package models

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
	"claimsieve/features"
	"claimsieve/models/forest"
	"claimsieve/screen/audit"
	"claimsieve/screen/calibration"
	"claimsieve/screen/metric"
	"claimsieve/screen/policy"
)

const testPipeline = `# a pipeline for tests
format: 1
name: small
stage: report
indicators:
  - {name: amount, column: amount, dimension: accident, title: {en: Amount, zh: 金额}}
  - {name: make, category: make, dimension: vehicle, title: {en: Make, zh: 品牌}}
`

var testClaims = &datasets.TableSpec{
	Files: []string{"claims.parquet"}, Key: "claim_id", KnownAt: "reported_at",
	Columns: []datasets.ColumnSpec{
		{Name: "claim_id", Type: datasets.ID},
		{Name: "reported_at", Type: datasets.Time},
		{Name: "amount", Type: datasets.Float},
		{Name: "make", Type: datasets.Category},
	},
}

var testTables = &datasets.Spec{Format: datasets.FormatVersion, Name: "d", Tables: map[string]*datasets.TableSpec{"claims": testClaims}}

// testTable is 200 claims with missing amounts and makes.
func testTable(t *testing.T) *datasets.Table {
	t.Helper()
	var fields []arrow.Field
	for _, c := range testClaims.Columns {
		fields = append(fields, arrow.Field{Name: c.Name, Type: c.Type.Arrow(), Nullable: true})
	}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range 200 {
		b.Field(0).(*array.StringBuilder).Append(fmt.Sprintf("C%03d", i))
		b.Field(1).(*array.TimestampBuilder).Append(arrow.Timestamp(i) * 3600e6)
		if i%7 == 0 {
			b.Field(2).AppendNull()
		} else {
			b.Field(2).(*array.Float64Builder).Append(math.Round(rng.ExpFloat64()*1e5) / 100)
		}
		if err := b.Field(3).(*array.BinaryDictionaryBuilder).AppendString([]string{"本田", "Audi", "Ford"}[rng.IntN(3)]); err != nil {
			t.Fatal(err)
		}
	}
	table, err := datasets.NewTable("claims", schema, []arrow.Record{b.NewRecord()})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// testForest splits on both indicators, with a missing side and a category set.
func testForest(words []string) *forest.Forest {
	tree := forest.Tree{
		Feature: []int32{0, 1}, Threshold: []float64{500, 0}, Categorical: []bool{false, true},
		DefaultLeft: []bool{true, false}, Missing: []forest.Missing{forest.MissingNaN, forest.MissingNaN},
		Left: []int32{1, ^int32(0)}, Right: []int32{^int32(2), ^int32(1)},
		Gain: []float64{10, 4}, NodeValue: []float64{0, 0}, NodeCount: []int64{200, 120}, NodeWeight: []float64{50, 30},
		LeafValue: []float64{-2.25, 0.3, 1.7}, LeafCount: []int64{70, 50, 80}, LeafWeight: []float64{18, 12, 20},
		CatBounds: []int32{0, 1}, CatBits: []uint32{1}, Shrinkage: 1,
	}
	return &forest.Forest{Features: []string{"amount", "make"}, Categories: [][]string{nil, words}, Trees: []forest.Tree{tree}, Sigmoid: true}
}

// testContents is a small but complete model.
func testContents(t *testing.T) *Contents {
	t.Helper()
	table := testTable(t)
	spec, err := features.ParseSpec("small.yaml", []byte(testPipeline))
	if err != nil {
		t.Fatal(err)
	}
	pipeline, err := features.Compile(spec, testTables)
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]int, table.Rows())
	for i := range rows {
		rows[i] = i
	}
	fitted, err := pipeline.Fit(features.InputOf(table), rows)
	if err != nil {
		t.Fatal(err)
	}
	matrix, err := fitted.Run(features.InputOf(table))
	if err != nil {
		t.Fatal(err)
	}
	f := testForest(fitted.Vocabulary()["make"])
	margins := make([]float64, table.Rows())
	f.RawBatch(margins, matrix.Columns, 1)
	calibrator := calibration.Logistic()
	scale, err := calibration.FitScale("margin", margins, nil)
	if err != nil {
		t.Fatal(err)
	}
	probability := calibrator.ProbabilityAll(nil, margins)
	y := make([]float64, len(margins))
	for i := range y {
		y[i] = float64(i % 2)
	}
	pol, err := policy.FitExpectedCost(probability, y, nil, policy.Options{
		Model: policy.Model{Name: "small"}, Costs: metric.Costs{AverageLoss: 1000, Recovered: 1, Investigation: 200}, Audit: policy.Audit{Share: .1, KeyID: "k"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &Contents{
		Name: "small", Learner: "gbdt", Lineage: Lineage{Dataset: "d", DataDigest: "x", Config: json.RawMessage(`{"a":1}`), Seed: 1},
		PipelineYAML: []byte(testPipeline), Pipeline: fitted, Forest: f,
		Calibration: Calibration{Calibrator: calibrator, Scale: scale}, Policy: pol, Metrics: map[string]any{"auc": 0.5},
		Card: []byte("# small\n"), Reference: NewReference(matrix, probability),
		Examples: []Example{
			{Claim: []byte(`{"claim_id":"selftest-1","amount":700.5,"make":"Audi"}`)},
			{Claim: []byte(`{"claim_id":"selftest-2","amount":null,"make":"本田"}`)},
			{Claim: []byte(`{"claim_id":"selftest-4","amount":2,"make":"Audi"}`)},
			{Claim: []byte(`{"claim_id":"selftest-5","amount":null,"make":"Ford"}`)},
			{Claim: []byte(`{"claim_id":"selftest-3","amount":1,"make":"unseen"}`)},
		},
	}
}

func writeBundle(t *testing.T) (dir string, m *Manifest) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "bundle")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	m, err := Write(dir, testContents(t), "claimsieve test")
	if err != nil {
		t.Fatal(err)
	}
	return dir, m
}

func TestWriteThenLoad(t *testing.T) {
	dir, m := writeBundle(t)
	b, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if b.Manifest.Digest != m.Digest || len(m.Digest) != 64 {
		t.Errorf("digest %s was written, %s was read", m.Digest, b.Manifest.Digest)
	}
	_, again := writeBundle(t)
	if again.Digest != m.Digest {
		t.Errorf("the same contents gave digests %s and %s", m.Digest, again.Digest)
	}
	table := testTable(t)
	want := testContents(t)
	matrix, _ := want.Pipeline.Run(features.InputOf(table))
	for i := range table.Rows() {
		x := matrix.Row(nil, i)
		if got := b.Forest.Raw(x); got != want.Forest.Raw(x) {
			t.Fatalf("row %d: margin %v after loading, %v before", i, got, want.Forest.Raw(x))
		}
	}
}

// TestEveryAlteredByteIsNoticed flips one byte of each file.
func TestEveryAlteredByteIsNoticed(t *testing.T) {
	dir, m := writeBundle(t)
	names := append(sortedKeys(m.Files), manifestFile)
	for _, name := range names {
		path := filepath.Join(dir, name)
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []int{0, len(good) / 2, len(good) - 2} {
			bad := bytes.Clone(good)
			bad[at] ^= 1
			if err := os.WriteFile(path, bad, 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := Load(dir); err == nil {
				t.Errorf("%s with byte %d altered was loaded", name, at)
			} else if !strings.Contains(err.Error(), dir) {
				t.Errorf("%s altered: the error names no file: %v", name, err)
			}
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(dir); err == nil {
			t.Errorf("a bundle without %s was loaded", name)
		}
		if err := os.WriteFile(path, good, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "stranger"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "stranger") {
		t.Errorf("a stranger among the files: %v", err)
	}
}

// TestSelfTestRefusesOtherAnswers seals a bundle again after its trees changed:
// all digests agree, and only the self-test can tell.
func TestSelfTestRefusesOtherAnswers(t *testing.T) {
	dir, m := writeBundle(t)
	path := filepath.Join(dir, modelFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	altered := bytes.Replace(text, []byte("-2.25"), []byte("-2.75"), 1)
	if bytes.Equal(altered, text) {
		t.Fatal("the model has no leaf to alter")
	}
	if err := os.WriteFile(path, altered, 0o644); err != nil {
		t.Fatal(err)
	}
	m.Files[modelFile], err = datasets.FileDigest(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.seal(); err != nil {
		t.Fatal(err)
	}
	if err := writeJSON(filepath.Join(dir, manifestFile), m); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "self-test") {
		t.Errorf("altered trees under right digests: %v", err)
	}
}

func testModel(t *testing.T) *Model {
	t.Helper()
	dir, m := writeBundle(t)
	b, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	pol := *b.Policy
	pol.Model = policy.Model{Name: "small", Version: 3, Digest: m.Digest}
	arm := audit.Arm{Key: []byte("0123456789abcdef"), Share: .1}
	model, err := NewModel(b, ModelRef{Name: "small", Version: 3, Digest: m.Digest}, &pol, 1, arm, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return model
}

// TestDecideExplainsAndAgreesWithAssess checks, over all claims, that reasons
// sum to the margin and that one claim and the batch get the same answer.
func TestDecideExplainsAndAgreesWithAssess(t *testing.T) {
	m, table := testModel(t), testTable(t)
	batch, err := m.Assess(features.InputOf(table), 2)
	if err != nil {
		t.Fatal(err)
	}
	audited := 0
	for i, want := range batch {
		body, err := datasets.RowJSON(table.Chunks()[0], i)
		if err != nil {
			t.Fatal(err)
		}
		row, err := datasets.ParseRow(m.Claims(), body)
		if err != nil {
			t.Fatal(err)
		}
		d, err := m.Decide(row, nil, 2)
		if err != nil {
			t.Fatal(err)
		}
		if d.Margin != want.Margin || d.Probability != want.Probability || d.Tier != want.Tier || d.Score != want.Score || d.SelectedBy != want.SelectedBy {
			t.Fatalf("claim %d: alone %+v, in the batch %+v", i, d, want)
		}
		sum := d.Expected
		for _, share := range d.Dimensions {
			sum += share.Contribution
		}
		if math.Abs(sum-float64(d.Margin)) > 1e-12 {
			t.Fatalf("claim %d: contributions sum to %v, the margin is %v", i, sum, d.Margin)
		}
		if d.Tier == policy.Undecided || d.Degraded || len(d.Missing) != 0 {
			t.Fatalf("claim %d: %+v", i, d)
		}
		if d.SelectedBy == SelectedByAudit {
			audited++
			if d.Propensity != .1 {
				t.Errorf("an audited claim has propensity %v", d.Propensity)
			}
		}
		for _, r := range d.Reasons {
			if r.Contribution <= 0 || r.Text.EN == "" || r.Text.ZH == "" {
				t.Errorf("reason %+v", r)
			}
		}
	}
	if audited == 0 {
		t.Error("the audit arm chose none of 200 claims")
	}
}

func TestAbsentColumnsDegradeTheAnswer(t *testing.T) {
	m := testModel(t)
	row, err := datasets.ParseRow(m.Claims(), []byte(`{"claim_id":"X","make":null}`))
	if err != nil {
		t.Fatal(err)
	}
	d, err := m.Decide(row, nil, 4)
	if err != nil {
		t.Fatal(err)
	}
	if !d.Degraded || fmt.Sprint(d.Missing) != "[amount]" {
		t.Errorf("without amount: degraded %v, missing %v; a null is not absent", d.Degraded, d.Missing)
	}
}

func TestPolicyOfAnotherVersionIsRefused(t *testing.T) {
	m := testModel(t)
	pol := *m.policy
	pol.Model.Version = 2
	_, err := NewModel(m.bundle, m.ref, &pol, 1, m.arm, time.Now())
	if err == nil || !strings.Contains(err.Error(), "version 2") {
		t.Errorf("a policy of version 2 for version 3: %v", err)
	}
	ended := *m.policy
	ended.ValidFrom, ended.ValidTo = time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)
	if _, err := NewModel(m.bundle, m.ref, &ended, 1, m.arm, time.Now()); err == nil {
		t.Error("a policy whose term has ended was taken")
	}
}

func TestReferenceCountsEveryClaimOnce(t *testing.T) {
	c := testContents(t)
	counts := map[string]int64{}
	for _, b := range c.Reference.Bins {
		counts[b.Indicator] += b.Count
	}
	for _, name := range []string{"amount", "make", "probability"} {
		if counts[name] != 200 {
			t.Errorf("the reference of %s counts %d claims, want 200", name, counts[name])
		}
	}
}
