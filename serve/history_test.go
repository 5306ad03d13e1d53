package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
	"claimsieve/features"
	"claimsieve/models"
	"claimsieve/models/forest"
	"claimsieve/models/registry"
	"claimsieve/screen/calibration"
	"claimsieve/screen/policy"
)

const historyPipeline = `format: 1
name: motor
stage: report
indicators:
  - {name: amount, column: amount, dimension: accident}
  - {name: claims_of_cause, aggregate: {by: cause, window: 90d, do: count}, dimension: gang}
`

// historyContents is a bundle whose margin is a tenth of the number of earlier
// claims of the same cause, by hand, up to three.
func historyContents(t *testing.T) *models.Contents {
	t.Helper()
	spec, err := features.ParseSpec("pipeline.yaml", []byte(historyPipeline))
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := features.Compile(spec, tablesSpec)
	if err != nil {
		t.Fatal(err)
	}
	fitted, err := compiled.With(features.Vocabulary{})
	if err != nil {
		t.Fatal(err)
	}
	scale, err := calibration.FitScale("margin", []float64{0, 0.1, 0.2, 0.3}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var trees []forest.Tree
	for k := range 3 {
		trees = append(trees, forest.Tree{
			Feature: []int32{1}, Threshold: []float64{float64(k) + 0.5}, Categorical: []bool{false}, DefaultLeft: []bool{true},
			Missing: []forest.Missing{forest.MissingNaN}, Left: []int32{-1}, Right: []int32{-2}, Gain: []float64{1},
			NodeValue: []float64{0.05}, NodeCount: []int64{100}, NodeWeight: []float64{20},
			LeafValue: []float64{0, 0.1}, LeafCount: []int64{50, 50}, LeafWeight: []float64{10, 10}, Shrinkage: 1,
		})
	}
	reference := &features.Matrix{Names: fitted.Names(), Categories: fitted.Categories(), Columns: [][]float64{{1, 9000}, {0, 1}}}
	return &models.Contents{
		Name: "motor", Learner: "by hand", Lineage: models.Lineage{Dataset: "d", DataDigest: "0", Config: json.RawMessage("{}")},
		PipelineYAML: []byte(historyPipeline), Pipeline: fitted,
		Forest:      &forest.Forest{Features: fitted.Names(), Categories: fitted.Categories(), Trees: trees, Sigmoid: true},
		Calibration: models.Calibration{Calibrator: calibration.Logistic(), Scale: scale},
		Metrics:     map[string]int{}, Card: []byte("# by hand\n"), Reference: models.NewReference(reference, []float64{0.1, 0.2}),
		Examples: []models.Example{{Claim: []byte(goodClaim), History: map[string]float64{"claims_of_cause": 2}}},
	}
}

// historyServer serves that bundle from a history folder.
func historyServer(t *testing.T, history string) (*Server, *registry.Registry, error) {
	t.Helper()
	r := emptyRegistry(t)
	n, err := r.Publish("motor", func(dir string) error {
		_, err := models.Write(dir, historyContents(t), "test")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	promote(t, r, registry.Target{Version: n, Policy: addPolicy(t, r, n, policy.Policy{Thresholds: policy.Thresholds{Investigate: 0.9, Review: 0.8}})})
	s := unready(t, r, func(cfg *Config) { cfg.History = history })
	return s, r, s.Reload()
}

// threeClaims writes a history of three staged claims and returns its folder.
func threeClaims(t *testing.T) string {
	t.Helper()
	var fields []arrow.Field
	for _, c := range claimsSpec.Columns {
		fields = append(fields, arrow.Field{Name: c.Name, Type: c.Type.Arrow(), Nullable: true})
	}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	for i := range 3 {
		b.Field(0).(*array.StringBuilder).Append(fmt.Sprintf("h%d", i))
		b.Field(1).(*array.TimestampBuilder).Append(arrow.Timestamp(time.Date(2026, 1, 10+i, 0, 0, 0, 0, time.UTC).UnixMicro()))
		for c := 2; c < len(fields); c++ {
			if words, ok := b.Field(c).(*array.BinaryDictionaryBuilder); ok {
				if err := words.AppendString("staged"); err != nil {
					t.Fatal(err)
				}
				continue
			}
			b.Field(c).AppendNull()
		}
	}
	table, err := datasets.NewTable("claims", schema, []arrow.Record{b.NewRecord()})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "history")
	if err := datasets.Create(dir, tablesSpec, map[string]*datasets.Table{"claims": table}); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestScoreFromHistory(t *testing.T) {
	s, _, err := historyServer(t, threeClaims(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		claim  string
		margin float64
	}{
		{goodClaim, 0.3},
		{strings.Replace(goodClaim, "2026-01-31", "2026-01-11", 1), 0.2},                               // two were known
		{strings.Replace(goodClaim, "staged", "collision", 1), 0},                                      // nobody had it
		{strings.Replace(strings.Replace(goodClaim, "2026-01-31", "2026-06-30", 1), "c1", "c2", 1), 0}, // longer than 90 days ago
		{strings.Replace(goodClaim, `"c1"`, `"h0"`, 1), 0.2},                                           // one of the three itself
	} {
		w := call(t, s, http.MethodPost, "/v1/score", c.claim)
		if w.Code != http.StatusOK {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		d := decode[models.Decision](t, w.Body.Bytes())
		if got := float64(d.Margin); got < c.margin-1e-12 || got > c.margin+1e-12 || d.Degraded {
			t.Errorf("%s: margin %v, degraded %v (%v), want %v", c.claim, got, d.Degraded, d.Missing, c.margin)
		}
	}
}

// TestScoreSaysWhatIsNotKnown: an answer without the history says so, whatever
// the reason.
func TestScoreSaysWhatIsNotKnown(t *testing.T) {
	with, _, err := historyServer(t, threeClaims(t))
	if err != nil {
		t.Fatal(err)
	}
	without, _, err := historyServer(t, "")
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		server *Server
		claim  string
	}{
		"no history": {without, goodClaim},
		"no instant": {with, strings.Replace(goodClaim, `"2026-01-31T08:30:00+08:00"`, "null", 1)},
		"long ago":   {with, strings.Replace(goodClaim, "2026-01-31", "1850-01-31", 1)},
		"no cause":   {with, strings.Replace(goodClaim, `"cause":"staged",`, "", 1)},
	} {
		w := call(t, c.server, http.MethodPost, "/v1/score", c.claim)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", what, w.Code, w.Body)
		}
		if d := decode[models.Decision](t, w.Body.Bytes()); !d.Degraded || !slices.Contains(d.Missing, "claims_of_cause") {
			t.Errorf("%s: degraded %v, missing %v", what, d.Degraded, d.Missing)
		}
	}
	w := call(t, with, http.MethodPost, "/v1/score", strings.Replace(goodClaim, "2026-01-31", "2126-01-31", 1))
	if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "reported_at") || !strings.Contains(w.Body.String(), "future") {
		t.Errorf("a claim of the future: %d %s", w.Code, w.Body)
	}
}

func TestBadHistoryIsNamed(t *testing.T) {
	for _, path := range []string{filepath.Join(t.TempDir(), "nothing"), t.TempDir(), filepath.Join("..", "README.md")} {
		if _, _, err := historyServer(t, path); !errors.Is(err, ErrHistory) {
			t.Errorf("history %s: %v", path, err)
		}
	}
}
