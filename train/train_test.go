package train

import (
	"context"
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"claimsieve/datasets"
	"claimsieve/datasets/synth"
	"claimsieve/features/catalog"
	"claimsieve/models"
	"claimsieve/screen/metric"
)

// portfolio writes a simulated dataset.
func portfolio(t *testing.T, claims int) *datasets.Dataset {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if err := synth.Write(context.Background(), dir, synth.Config{Claims: claims, Seed: 11}, nil); err != nil {
		t.Fatal(err)
	}
	d, err := datasets.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func motor(t *testing.T) []byte {
	t.Helper()
	text, err := catalog.Source("motor")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func config() Config {
	cfg := DefaultConfig()
	cfg.Name = "motor"
	cfg.Costs = metric.Costs{AverageLoss: 12000, Recovered: 1, Investigation: 800}
	cfg.GBDT.NumIterations, cfg.GBDT.EarlyStoppingRound = 60, 20
	return cfg
}

func micros(day string) int64 {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return at.UnixMicro()
}

// TestNothingLaterThanUntilIsSeen trains on a history and on the same history
// cut off at until: the bundles must have the same trees, calibration and
// policy, bit for bit. Later claims and later outcomes leave no trace.
func TestNothingLaterThanUntilIsSeen(t *testing.T) {
	whole := portfolio(t, 12000)
	cfg := config()
	cfg.Windows.Until = micros("2024-01-01")
	cut := cutAt(t, whole, cfg.Windows.Until)
	a, err := Run(context.Background(), whole, "motor.yaml", motor(t), cfg, Runtime{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := Run(context.Background(), cut, "motor.yaml", motor(t), cfg, Runtime{})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []struct {
		name string
		of   func(*models.Contents) any
	}{
		{"trees", func(c *models.Contents) any { return c.Forest.Trees }},
		{"vocabulary", func(c *models.Contents) any { return c.Pipeline.Vocabulary() }},
		{"calibration", func(c *models.Contents) any { return c.Calibration }},
		{"policy", func(c *models.Contents) any { return c.Policy }},
		{"metrics", func(c *models.Contents) any { return c.Metrics }},
		{"self-test", func(c *models.Contents) any { return c.Examples }},
	} {
		x, y := text(t, part.of(a.Contents)), text(t, part.of(b.Contents))
		if x != y {
			t.Errorf("the %s differ when the future is cut off", part.name)
		}
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// cutAt copies a dataset without the claims and outcomes known at or after t.
func cutAt(t *testing.T, d *datasets.Dataset, at int64) *datasets.Dataset {
	t.Helper()
	tables := map[string]*datasets.Table{}
	for name, spec := range d.Spec.Tables {
		table, err := d.Table(name)
		if err != nil {
			t.Fatal(err)
		}
		known, err := table.Micros(spec.KnownAt)
		if err != nil {
			t.Fatal(err)
		}
		tables[name] = keep(t, table, func(i int) bool { return known[i] < at })
	}
	dir := filepath.Join(t.TempDir(), "cut")
	if err := datasets.Create(dir, d.Spec, tables); err != nil {
		t.Fatal(err)
	}
	cut, err := datasets.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return cut
}

// keep returns the rows of a table that fulfil a condition, as slices of its
// chunks.
func keep(t *testing.T, table *datasets.Table, ok func(int) bool) *datasets.Table {
	t.Helper()
	chunks := table.Chunks()[:0:0]
	row := 0
	for _, rec := range table.Chunks() {
		n := int(rec.NumRows())
		for i := 0; i < n; {
			j := i
			for j < n && ok(row+j) {
				j++
			}
			if j > i {
				chunks = append(chunks, rec.NewSlice(int64(i), int64(j)))
			}
			i = j + 1
		}
		row += n
	}
	out, err := datasets.NewTable(table.Name(), table.Schema(), chunks)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestBothLearnersMakeLoadableBundles(t *testing.T) {
	d := portfolio(t, 8000)
	for _, learner := range []string{GBDT, GolearnForest} {
		cfg := config()
		cfg.Learner = learner
		r, err := Run(context.Background(), d, "motor.yaml", motor(t), cfg, Runtime{Threads: 1})
		if err != nil {
			t.Fatalf("%s: %v", learner, err)
		}
		dir := t.TempDir()
		if _, err := models.Write(dir, r.Contents, "test"); err != nil {
			t.Fatalf("%s: %v", learner, err)
		}
		b, err := models.Load(dir)
		if err != nil {
			t.Fatalf("%s: %v", learner, err)
		}
		if b.Manifest.Learner != learner || len(b.Forest.Trees) == 0 {
			t.Errorf("%s: loaded %s with %d trees", learner, b.Manifest.Learner, len(b.Forest.Trees))
		}
		if auc := r.Metrics.Calibrate.AUC; auc.High < 0.5 {
			t.Errorf("%s: AUC on the calibration window is %s", learner, auc)
		}
		if oe := r.Metrics.OE.Ratio; math.Abs(oe-1) > 0.05 {
			t.Errorf("%s: O/E on the window of the calibration is %v, want about 1", learner, oe)
		}
	}
}

func TestCancelledTrainingEnds(t *testing.T) {
	d := portfolio(t, 4000)
	ctx, cancel := context.WithCancel(context.Background())
	rt := Runtime{Progress: func(done, _ int, _ string) {
		if done == 3 {
			cancel()
		}
	}}
	cfg := config()
	cfg.GBDT.NumIterations = 100000
	cfg.GBDT.EarlyStoppingRound = 100000
	if _, err := Run(ctx, d, "motor.yaml", motor(t), cfg, rt); err == nil || !strings.Contains(err.Error(), context.Canceled.Error()) {
		t.Errorf("a cancelled training says %v", err)
	}
}

func TestWindowsResolve(t *testing.T) {
	var known []int64
	for d := range 100 {
		known = append(known, micros("2024-01-01")+int64(d)*day+3600e6)
	}
	w, err := Windows{}.resolve(append(known, datasets.NoTime), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		got  int64
		want string
	}{{"from", w.From, "2024-01-01"}, {"valid from", w.ValidFrom, "2024-03-06"}, {"calibrate from", w.CalibrateFrom, "2024-03-21"}, {"until", w.Until, "2024-04-10"}} {
		if c.got != micros(c.want) {
			t.Errorf("%s is %s, want %s", c.name, date(c.got), c.want)
		}
	}
	y := make([]float64, len(known))
	y[0] = math.NaN()
	fit, valid, calibrate := w.split(known, y)
	if len(fit) != 64 || len(valid) != 15 || len(calibrate) != 20 {
		t.Errorf("windows have %d, %d and %d claims", len(fit), len(valid), len(calibrate))
	}
	for name, bad := range map[string]Windows{
		"empty":     {From: micros("2030-01-01"), Until: micros("2031-01-01")},
		"backwards": {ValidFrom: micros("2024-03-01"), CalibrateFrom: micros("2024-02-01")},
	} {
		if _, err := bad.resolve(known, 0); err == nil {
			t.Errorf("%s windows were taken", name)
		}
	}
}

func TestConfigListsEveryFault(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Learner, cfg.Calibration, cfg.ReviewRatio, cfg.AuditShare = "magic", "magic", 2, 1
	cfg.Labels.Unknown = datasets.AsPositive
	err := cfg.Validate()
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"name:", "learner", "calibration", "review_ratio", "audit_share", "nobody investigated", "average_loss"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in %v", want, err)
		}
	}
}

func TestWindowsComeBackFromJSON(t *testing.T) {
	want := Windows{From: micros("1994-01-01"), ValidFrom: micros("1995-07-01") + 1, Until: micros("1996-01-01")}
	out := text(t, want)
	if !strings.Contains(out, `"from":"1994-01-01T00:00:00Z"`) || strings.Contains(out, "calibrate_from") {
		t.Errorf("written as %s", out)
	}
	var got Windows
	if err := json.Unmarshal([]byte(out), &got); err != nil || got != want {
		t.Errorf("%s came back as %+v (%v)", out, got, err)
	}
}
