package features

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"claimsieve/datasets"
	"claimsieve/datasets/parquetfile"
	"claimsieve/datasets/synth"
)

// everyPath asks of every part of the history, and computes with the answers.
const everyPath = `
format: 1
name: every-path
stage: report
network: {over: [vehicle_id, driver_id, reporter_phone, parties.party_id, parties.phone], window: 730d, hub_degree: 40, refresh: month}
indicators:
  - {name: estimated_loss, column: estimated_loss, dimension: accident}
  - {name: region, category: region, dimension: accident}
  - {name: police_reported, column: police_reported, dimension: accident}
  - {name: night, expr: "hour_of_loss in [22, 23, 0, 1, 2, 3, 4]", dimension: accident}
  - {name: rare_phone, expr: "phone_claims > 1 ? 'often' : region", min_count: 5, dimension: accident}
  - {name: days_to_end, expr: "days(policies.end_on - happened_at)", dimension: person}
  - {name: away, expr: "region != policies.region", dimension: accident}
  - {name: phone_claims, aggregate: {by: reporter_phone, window: 180d, do: count}, dimension: gang}
  - {name: vehicle_claims, aggregate: {by: vehicle_id, window: 365d, do: count}, dimension: vehicle}
  - {name: vehicle_loss, aggregate: {by: vehicle_id, do: mean, column: estimated_loss}, dimension: vehicle}
  - {name: vehicle_claimed, aggregate: {by: vehicle_id, do: max, column: claimed_amount}, dimension: vehicle}
  - {name: driver_vehicles, aggregate: {by: driver_id, as: person, window: 730d, do: distinct, column: vehicle_id}, dimension: person}
  - {name: holder_paid, aggregate: {of: payments, by: holder_id, window: 730d, do: sum, column: amount}, dimension: person}
  - {name: parties, aggregate: {of: parties, by: claim_id, do: count, where: role == "third_party"}, dimension: person}
  - {name: party_claims, aggregate: {of: parties, by: parties.party_id, window: 365d, do: distinct, column: claim_id, over: mean}, dimension: person}
  - {name: region_rate, rate: {by: region, window: {from: 730d, to: 30d}, strength: 20}, dimension: accident}
  - {name: cover_rate, rate: {by: [cover_type, channel], prior: 0.06, strength: 10, unknown: negative}, dimension: vehicle}
  - {name: shared_phone, network: {do: shared, kind: phone}, dimension: gang}
  - {name: fraud_4, network: {do: fraud, hops: 4}, dimension: gang}
  - {name: rank, network: {do: rank}, dimension: gang}
  - {name: copies, text: {of: narrative, owner: holder_id, keep: 365d, do: near}, dimension: gang}
  - {name: suspect, rule: "phone_claims >= 2 and night or copies > 3", dimension: gang}
`

// simulated is a small portfolio; shuffled, its claims lie in no order.
func simulated(t *testing.T, claims int, shuffled bool) *datasets.Dataset {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if err := synth.Write(t.Context(), dir, synth.Config{Claims: claims, Seed: 7}, nil); err != nil {
		t.Fatal(err)
	}
	d, err := datasets.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if shuffled {
		shuffleClaims(t, d)
	}
	return d
}

func shuffleClaims(t *testing.T, d *datasets.Dataset) {
	t.Helper()
	claims, err := d.Table(datasets.ClaimsTable)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	rows := make([]int32, claims.Rows())
	for i, r := range rng.Perm(len(rows)) {
		rows[i] = int32(r)
	}
	var fields []arrow.Field
	var columns []arrow.Array
	for c, f := range claims.Schema().Fields() {
		var chunks []arrow.Array
		for _, rec := range claims.Chunks() {
			chunks = append(chunks, rec.Column(c))
		}
		a, err := gather(chunks[0].DataType(), chunks, rows)
		if err != nil {
			t.Fatal(err)
		}
		fields, columns = append(fields, arrow.Field{Name: f.Name, Type: a.DataType(), Nullable: true}), append(columns, a)
	}
	schema := arrow.NewSchema(fields, nil)
	rec := array.NewRecord(schema, columns, int64(len(rows)))
	file := filepath.Join(d.Dir, d.Spec.Tables[datasets.ClaimsTable].Files[0])
	if err := parquetfile.Write(file, schema, []arrow.Record{rec}, parquetfile.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
}

func compiled(t *testing.T, text string, d *datasets.Dataset) *Pipeline {
	t.Helper()
	spec, err := ParseSpec("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(spec, d.Spec)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func built(t *testing.T, p *Pipeline, d *datasets.Dataset, out string, opt BuildOptions) *BuildResult {
	t.Helper()
	r, err := p.Build(d, out, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// least is the smallest memory, by powers of two, that a build accepts.
func least(t *testing.T, p *Pipeline, d *datasets.Dataset, opt BuildOptions) *BuildResult {
	t.Helper()
	for opt.Memory = 64 << 10; ; opt.Memory *= 2 {
		r, err := p.Build(d, filepath.Join(t.TempDir(), "v"), opt)
		if err == nil && !r.Spilled {
			t.Fatalf("a build of %d bytes neither spills nor is refused", opt.Memory)
		}
		if err == nil {
			return r
		}
		if !strings.Contains(err.Error(), "give more memory") {
			t.Fatal(err)
		}
	}
}

// TestBuildsAreTheSameBytes: whatever memory and threads there are, and in
// whatever order claims lie, a month has the same bytes.
func TestBuildsAreTheSameBytes(t *testing.T) {
	for _, shuffled := range []bool{false, true} {
		d := simulated(t, 3000, shuffled)
		p := compiled(t, everyPath, d)
		opt := BuildOptions{FitBefore: 1_700_000_000_000_000, OutcomesBefore: 1_710_000_000_000_000}
		whole := built(t, p, d, filepath.Join(t.TempDir(), "v"), opt)
		if whole.Spilled || len(whole.Parts) < 30 {
			t.Fatalf("%d parts, spilled: %v", len(whole.Parts), whole.Spilled)
		}
		for _, threads := range []int{1, 3} {
			opt.Threads = threads
			small := least(t, p, d, opt)
			if !slices.Equal(small.Parts, whole.Parts) {
				t.Errorf("shuffled %v, %d threads: a build with little memory has other bytes", shuffled, threads)
			}
		}
		compareRun(t, p, d, opt, whole)
	}
}

// compareRun holds the parts of a build against the vectors in memory.
func compareRun(t *testing.T, p *Pipeline, d *datasets.Dataset, opt BuildOptions, r *BuildResult) {
	t.Helper()
	in, err := p.Read(d, ReadOptions{OutcomesBefore: opt.OutcomesBefore})
	if err != nil {
		t.Fatal(err)
	}
	var fit []int
	months := map[string][]int{}
	var month calendarMonth
	for i, at := range in.Instants() {
		if at != datasets.NoTime && at < opt.FitBefore {
			fit = append(fit, i)
		}
		months[month.of(at)] = append(months[month.of(at)], i)
	}
	f, err := p.Fit(in, fit)
	if err != nil {
		t.Fatal(err)
	}
	want, err := f.Run(in)
	if err != nil {
		t.Fatal(err)
	}
	ids, err := in.Claims().Strings("claim_id")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range r.Parts {
		comparePart(t, filepath.Join(r.Out, part.Path), f, want.Select(months[part.Month]), func(i int) string { return ids[months[part.Month][i]] })
	}
}

func comparePart(t *testing.T, path string, f *Fitted, want *Matrix, id func(int) string) {
	t.Helper()
	file, err := parquetfile.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	columns := []parquetfile.Column{{File: "claim_id", Type: arrow.BinaryTypes.String}}
	for j, name := range want.Names {
		typ := arrow.DataType(arrow.PrimitiveTypes.Float64)
		switch {
		case f.IsWords(j):
			typ = arrow.BinaryTypes.String
		case f.IsTruth(j):
			typ = arrow.FixedWidthTypes.Boolean
		}
		columns = append(columns, parquetfile.Column{File: name, Type: typ})
	}
	records, err := file.ReadAll(columns)
	if err != nil {
		t.Fatal(err)
	}
	row := 0
	for _, rec := range records {
		for i := range int(rec.NumRows()) {
			if got := rec.Column(0).(*array.String).Value(i); got != id(row) {
				t.Fatalf("%s row %d: claim %s, want %s", path, row, got, id(row))
			}
			for j := range want.Names {
				if got, w := element(rec.Column(j+1), i), wanted(f, j, want.Columns[j][row]); got != w {
					t.Fatalf("%s row %d: %s is %v, want %v", path, row, want.Names[j], got, w)
				}
			}
			row++
		}
	}
	if row != want.Rows() {
		t.Fatalf("%s has %d rows, want %d", path, row, want.Rows())
	}
}

func element(a arrow.Array, i int) any {
	if a.IsNull(i) {
		return nil
	}
	switch a := a.(type) {
	case *array.String:
		return a.Value(i)
	case *array.Boolean:
		return a.Value(i)
	}
	return math.Float64bits(a.(*array.Float64).Value(i))
}

func wanted(f *Fitted, j int, value float64) any {
	switch {
	case math.IsNaN(value):
		return nil
	case f.IsWords(j):
		return f.Word(j, value)
	case f.IsTruth(j):
		return value == 1
	}
	return math.Float64bits(value)
}

// TestBuildResumes: what a stopped build has left is kept, and nothing else is
// mixed with it.
func TestBuildResumes(t *testing.T) {
	d := simulated(t, 1500, false)
	p := compiled(t, everyPath, d)
	out := filepath.Join(t.TempDir(), "v")
	whole := built(t, p, d, out, BuildOptions{})
	manifest, err := os.ReadFile(filepath.Join(out, ManifestFile))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(out, ".work")); err == nil {
		t.Error("the build has left its own files")
	}
	refused := func(p *Pipeline, opt BuildOptions, want string) {
		t.Helper()
		if _, err := p.Build(d, out, opt); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	refused(p, BuildOptions{}, "give --resume")
	refused(p, BuildOptions{Resume: true, FitBefore: 1}, "other settings")
	refused(compiled(t, strings.Replace(everyPath, "180d", "90d", 1), d), BuildOptions{Resume: true}, "holds a build of pipeline every-path")

	if r := built(t, p, d, out, BuildOptions{Resume: true}); r.Kept != len(whole.Parts) {
		t.Errorf("a complete build kept %d of %d parts", r.Kept, len(whole.Parts))
	}
	// A build that was stopped: no manifest, one part missing, one of other
	// bytes beside a complete one.
	lost := filepath.Join(out, whole.Parts[3].Path)
	for _, path := range []string{lost, filepath.Join(out, ManifestFile)} {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(lost), ".part-0.parquet.part0"), []byte("half"), 0o644); err != nil {
		t.Fatal(err)
	}
	refused(p, BuildOptions{Resume: true}, "holds no build")
	started := filepath.Join(out, ".work")
	if err := os.Mkdir(started, 0o755); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(whole.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(started, startedFile), text, 0o644); err != nil {
		t.Fatal(err)
	}
	refused(p, BuildOptions{}, "give --resume")
	again := built(t, p, d, out, BuildOptions{Resume: true})
	if again.Kept != len(whole.Parts)-1 || !slices.Equal(again.Parts, whole.Parts) {
		t.Errorf("resumed with %d of %d parts kept", again.Kept, len(whole.Parts))
	}
	if now, err := os.ReadFile(filepath.Join(out, ManifestFile)); err != nil || !bytes.Equal(now, manifest) {
		t.Errorf("the manifest is another one: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(out, "*", ".*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

// TestBuildRefusesWhatItCannotWrite: an output that is a file, lies under one,
// or is a folder with other things.
func TestBuildRefusesWhatItCannotWrite(t *testing.T) {
	d := simulated(t, 200, false)
	p := compiled(t, "format: 1\nname: one\nstage: report\nindicators:\n  - {name: witnesses, column: witnesses, dimension: accident}\n", d)
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{file, filepath.Join(file, "below"), dir} {
		if _, err := p.Build(d, out, BuildOptions{}); err == nil {
			t.Errorf("built into %s", out)
		}
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "mine" {
		t.Errorf("the file became %q (%v)", text, err)
	}
	r := built(t, p, d, filepath.Join(dir, "v.parquet"), BuildOptions{})
	if r.Claims != 200 || len(r.Parts) != 0 {
		t.Errorf("%d claims in one file and %d parts", r.Claims, len(r.Parts))
	}
}

// TestBuildGoesOnFromAnyStep stops a build that spills when a step begins, as a
// kill would, and resumes it: what the history had completed is taken over, and
// all bytes are the same.
func TestBuildGoesOnFromAnyStep(t *testing.T) {
	d := simulated(t, 500, true)
	p := compiled(t, everyPath, d)
	whole := built(t, p, d, filepath.Join(t.TempDir(), "v"), BuildOptions{})
	opt := BuildOptions{Resume: true, Memory: 1 << 20}
	steps, groups, stop := 0, 0, 0
	opt.Progress = func(what string, _, _ int) {
		if steps++; steps == stop {
			runtime.Goexit()
		}
		if strings.HasPrefix(what, "aggregates") {
			groups++
		}
	}
	if r := built(t, p, d, filepath.Join(t.TempDir(), "v"), opt); !r.Spilled || !slices.Equal(r.Parts, whole.Parts) {
		t.Fatalf("spilled: %v", r.Spilled)
	}
	all, allGroups := steps, groups
	for _, stop = range []int{2, all / 5, all / 4, all / 2, all - 3, all} {
		out := filepath.Join(t.TempDir(), "v")
		steps, groups = 0, 0
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			_, _ = p.Build(d, out, opt)
		}()
		<-stopped
		begun := groups
		steps, groups = math.MinInt/2, 0
		if r := built(t, p, d, out, opt); !slices.Equal(r.Parts, whole.Parts) {
			t.Fatalf("stopped at step %d of %d: other bytes", stop, all)
		}
		if most := allGroups - max(0, begun-1); groups > most {
			t.Errorf("stopped after %d of %d groups began, %d were computed again", begun, allGroups, groups)
		}
	}
}

// TestBuildSurvivesAFailedWrite: where one part cannot be written, those before
// it stay, and the build goes on when that is mended.
func TestBuildSurvivesAFailedWrite(t *testing.T) {
	d := simulated(t, 600, false)
	p := compiled(t, everyPath, d)
	whole := built(t, p, d, filepath.Join(t.TempDir(), "v"), BuildOptions{})
	out := filepath.Join(t.TempDir(), "v")
	block := filepath.Join(out, filepath.Dir(whole.Parts[10].Path))
	once := false
	opt := BuildOptions{Progress: func(string, int, int) {
		if !once {
			once = true
			if err := os.WriteFile(block, nil, 0o644); err != nil {
				t.Error(err)
			}
		}
	}}
	if _, err := p.Build(d, out, opt); err == nil || !strings.Contains(err.Error(), whole.Parts[10].Path) {
		t.Fatalf("error %v, want one that names the part", err)
	}
	if _, err := os.Stat(filepath.Join(out, ManifestFile)); err == nil {
		t.Error("a failed build has a manifest")
	}
	if err := os.Remove(block); err != nil {
		t.Fatal(err)
	}
	if r := built(t, p, d, out, BuildOptions{Resume: true}); !slices.Equal(r.Parts, whole.Parts) || r.Kept != 10 {
		t.Errorf("%d parts kept, want 10", r.Kept)
	}
}
