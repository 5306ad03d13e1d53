package serve

import (
	"encoding/json"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"claimsieve/datasets"
	"claimsieve/features"
	"claimsieve/models"
	"claimsieve/models/forest"
	"claimsieve/models/registry"
	"claimsieve/screen/calibration"
	"claimsieve/screen/metric"
	"claimsieve/screen/policy"
)

const pipelineYAML = `format: 1
name: motor
stage: report
indicators:
  - {name: amount, column: amount, dimension: accident, title: {en: Claimed amount, zh: 索赔金额}}
  - {name: cause, category: cause, dimension: person}
  - {name: days_insured, days: {from: policy_start, to: reported_at}, dimension: vehicle}
`

var claimsSpec = &datasets.TableSpec{
	Files: []string{"claims.parquet"}, Key: "claim_id", KnownAt: "reported_at",
	Columns: []datasets.ColumnSpec{
		{Name: "claim_id", Type: datasets.ID},
		{Name: "reported_at", Type: datasets.Time},
		{Name: "policy_start", Type: datasets.Date},
		{Name: "amount", Type: datasets.Float},
		{Name: "cause", Type: datasets.Category},
		{Name: "photos", Type: datasets.Int},
		{Name: "police", Type: datasets.Bool},
	},
}

var tablesSpec = &datasets.Spec{Format: datasets.FormatVersion, Name: "d", Tables: map[string]*datasets.TableSpec{"claims": claimsSpec}}

// goodClaim goes right at amount, left at cause and left at days_insured in the
// trees of handForest.
const goodClaim = `{"claim_id":"c1","reported_at":"2026-01-31T08:30:00+08:00","policy_start":"2026-01-28","amount":18250.5,"cause":"staged","photos":3,"police":false}`

// goodMargin is the margin of goodClaim, by hand.
func goodMargin(version int) float64 { return float64(version) + 0.5 + 0.25 }

// handForest has one stump for each indicator; version is the leaf value of a
// large amount, by which an answer tells which version gave it.
func handForest(version int) *forest.Forest {
	stump := func(feature int32, threshold, left, right float64, categorical bool) forest.Tree {
		t := forest.Tree{
			Feature: []int32{feature}, Threshold: []float64{threshold}, Categorical: []bool{categorical}, DefaultLeft: []bool{false},
			Missing: []forest.Missing{forest.MissingNaN}, Left: []int32{-1}, Right: []int32{-2}, Gain: []float64{1},
			NodeValue: []float64{(left + right) / 2}, NodeCount: []int64{100}, NodeWeight: []float64{20},
			LeafValue: []float64{left, right}, LeafCount: []int64{50, 50}, LeafWeight: []float64{10, 10}, Shrinkage: 1,
		}
		if categorical {
			t.Threshold[0], t.CatBounds, t.CatBits, t.Missing[0] = 0, []int32{0, 1}, []uint32{1}, forest.MissingNone
		}
		return t
	}
	return &forest.Forest{
		Features: []string{"amount", "cause", "days_insured"}, Categories: [][]string{nil, {"staged", "collision"}, nil},
		Trees: []forest.Tree{
			stump(0, 5000, -1, float64(version), false),
			stump(1, 0, 0.5, -0.5, true),
			stump(2, 7, 0.25, -0.25, false),
		},
		Sigmoid: true,
	}
}

// contents is a bundle made by hand.
func contents(t testing.TB, version int) *models.Contents {
	t.Helper()
	spec, err := features.ParseSpec("pipeline.yaml", []byte(pipelineYAML))
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := features.Compile(spec, tablesSpec)
	if err != nil {
		t.Fatal(err)
	}
	fitted, err := compiled.With(features.Vocabulary{"cause": {"staged", "collision"}})
	if err != nil {
		t.Fatal(err)
	}
	scale, err := calibration.FitScale("margin", []float64{-2, -1, 0, 1, 2, 3}, nil)
	if err != nil {
		t.Fatal(err)
	}
	reference := &features.Matrix{Names: fitted.Names(), Categories: fitted.Categories(), Columns: [][]float64{{1, 9000}, {0, 1}, {3, 30}}}
	return &models.Contents{
		Name: "motor", Learner: "by hand", Lineage: models.Lineage{Dataset: "d", DataDigest: "0", Config: json.RawMessage("{}")},
		PipelineYAML: []byte(pipelineYAML), Pipeline: fitted, Forest: handForest(version),
		Calibration: models.Calibration{Calibrator: calibration.Logistic(), Scale: scale},
		Metrics:     map[string]int{}, Card: []byte("# by hand\n"),
		Reference: models.NewReference(reference, []float64{0.1, 0.2}), Examples: []models.Example{{Claim: []byte(goodClaim)}, {Claim: []byte(`{"claim_id":"c2","amount":10}`)}},
	}
}

// publish adds a version and a policy for it with the given threshold.
func publish(t testing.TB, r *registry.Registry, investigate float64) registry.Target {
	t.Helper()
	versions, err := r.Versions("motor")
	if err != nil {
		t.Fatal(err)
	}
	next := len(versions) + 1
	n, err := r.Publish("motor", func(dir string) error {
		_, err := models.Write(dir, contents(t, next), "test")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return registry.Target{Version: n, Policy: addPolicy(t, r, n, policy.Policy{Thresholds: policy.Thresholds{Investigate: investigate, Review: investigate / 2}})}
}

// addPolicy fills in what a valid policy of a version needs and stores it.
func addPolicy(t testing.TB, r *registry.Registry, version int, p policy.Policy) int {
	t.Helper()
	dir, err := r.Path("motor", version)
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := models.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	p.Format, p.Method = policy.FormatVersion, policy.Manual
	p.Model = policy.Model{Name: "motor", Version: version, Digest: bundle.Manifest.Digest}
	p.Costs = metric.Costs{AverageLoss: 10_000, Recovered: 0.5, Investigation: 500}
	raw, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	n, err := r.AddPolicy("motor", raw)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// promote makes a target the champion.
func promote(t testing.TB, r *registry.Registry, target registry.Target) {
	t.Helper()
	if err := r.SetAlias("motor", registry.Champion, target); err != nil {
		t.Fatal(err)
	}
}

func emptyRegistry(t testing.TB) *registry.Registry {
	t.Helper()
	r, err := registry.Open(filepath.Join(t.TempDir(), "registry"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// unready returns a server without a champion.
func unready(t testing.TB, r *registry.Registry, change func(*Config)) *Server {
	t.Helper()
	cfg := Config{Registry: r, Model: "motor", PollInterval: 5 * time.Millisecond, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	if change != nil {
		change(&cfg)
	}
	s, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ready returns a server whose champion is version 1 with an investigate
// threshold of 0.5.
func ready(t testing.TB, change func(*Config)) *Server {
	t.Helper()
	r := emptyRegistry(t)
	promote(t, r, publish(t, r, 0.5))
	s := unready(t, r, change)
	if err := s.Reload(); err != nil {
		t.Fatal(err)
	}
	return s
}
