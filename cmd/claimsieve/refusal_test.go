package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
	"claimsieve/datasets/parquetfile"
	"claimsieve/datasets/synth"
)

// refused runs a command that must fail and wants each text in its message.
func refused(t *testing.T, args []string, want ...string) {
	t.Helper()
	_, errs, code := program(t, args...)
	if code == exitDone {
		t.Errorf("claimsieve %s: was done", strings.Join(args, " "))
	}
	for _, w := range want {
		if !strings.Contains(errs, w) {
			t.Errorf("claimsieve %s: %q is missing in %s", strings.Join(args, " "), w, errs)
		}
	}
}

// TestBacktestRefusesWhatWasSeen: figures on the training period, or on that of
// the policy, flatter; they come only when asked for, and marked.
func TestBacktestRefusesWhatWasSeen(t *testing.T) {
	dir := t.TempDir()
	data, reg := filepath.Join(dir, "data"), filepath.Join(dir, "registry")
	must(t, "data", "synth", "--claims", "6000", "--seed", "4", "--out", data)
	must(t, trainSmall(data, reg, "--promote", "--until", "2024-01-01")...)
	backtest := []string{"backtest", "motor", "--registry", reg, "--data", data, "--replicates", "20", "--until", "2024-12-01", "--from"}
	refused(t, append(backtest, "2023-06-01"), "trained and calibrated on claims until 2024-01-01", "--in-sample")
	must(t, append(backtest, "2024-01-01")...)
	var r backtestResult
	mustJSON(t, &r, append(backtest, "2023-06-01", "--in-sample")...)
	if r.InSample == "" {
		t.Error("figures in sample are not marked")
	}
	refused(t, []string{"policy", "fit", "motor", "--registry", reg, "--data", data, "--from", "2022-06-01", "--until", "2023-01-01", "--average-loss", "15000", "--investigation-cost", "2500"}, "the trees were grown and chosen on claims until")
	must(t, "policy", "fit", "motor", "--registry", reg, "--data", data, "--from", "2024-01-01", "--until", "2024-06-01", "--average-loss", "15000", "--investigation-cost", "2500", "--use", "champion")
	refused(t, append(backtest, "2024-03-01"), "policy was fitted on claims until 2024-06-01")
}

// TestShuffledModelIsNeverUsed: it can be trained and looked at.
func TestShuffledModelIsNeverUsed(t *testing.T) {
	data, reg := smallModel(t)
	for seed := range 3 {
		must(t, trainSmall(data, reg, "--shuffle-labels", "--seed", string(rune('1'+seed)))...)
	}
	refused(t, []string{"model", "promote", "motor", "2", "--registry", reg}, "labels were shuffled")
	refused(t, trainSmall(data, reg, "--shuffle-labels", "--promote"), "cannot be promoted")
	if at := championOf(t, reg); at.Version != 1 {
		t.Errorf("the champion is %+v", at)
	}
}

func TestOutputsDoNotOverwriteTheDataset(t *testing.T) {
	data, reg := smallModel(t)
	claims := filepath.Join(data, "claims.parquet")
	before, err := os.ReadFile(claims)
	if err != nil {
		t.Fatal(err)
	}
	refused(t, []string{"score", "motor", "--registry", reg, "--data", data, "--out", claims}, "lies in the dataset")
	refused(t, []string{"features", "build", "--data", data, "--pipeline", "motor", "--out", filepath.Join(data, "new.parquet")}, "lies in the dataset")
	after, err := os.ReadFile(claims)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the claims changed (%v)", err)
	}
}

// TestFaultyDatasetIsNotTrainedOn has every claim twice.
func TestFaultyDatasetIsNotTrainedOn(t *testing.T) {
	p, err := synth.Generate(synth.Config{Claims: 3000, Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	chunks := p.Claims.Chunks()
	twice, err := datasets.NewTable("claims", p.Claims.Schema(), append(append([]arrow.Record{}, chunks...), chunks[0].NewSlice(0, 1)))
	if err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "data")
	tables := map[string]*datasets.Table{"claims": twice, "outcomes": p.Outcomes, "policies": p.Policies, "parties": p.Parties, "payments": p.Payments}
	if err := datasets.Create(data, p.Spec(), tables); err != nil {
		t.Fatal(err)
	}
	reg := filepath.Join(t.TempDir(), "registry")
	refused(t, trainSmall(data, reg), "faults", "data check")
	refused(t, trainSmall(data, reg, "--accept-faults"), `stands in rows 1 and 3001`)
	if _, err := os.Stat(filepath.Join(reg, "models", "motor", "versions", "1")); err == nil {
		t.Error("a model was published")
	}
}

func TestReadersMakeNoRegistry(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	for _, args := range [][]string{{"model", "list"}, {"model", "show", "m"}, {"serve", "--model", "m"}, {"score", "m"}, {"policy", "show", "m"}} {
		refused(t, append(args, "--registry", dir), "there is none at "+dir)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a command that reads made the folder")
	}
	_, reg := smallModel(t)
	refused(t, []string{"serve", "--model", "moter", "--registry", reg}, `did you mean "motor"`)
	refused(t, []string{"score", "motor", "7", "--registry", reg}, "has no version 7")
}

func TestAlteredPolicyIsRefused(t *testing.T) {
	_, reg := smallModel(t)
	path := filepath.Join(reg, "models", "motor", "policies", "1.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	altered := bytes.Replace(text, []byte(`"investigate": 0.0`), []byte(`"investigate": 0.9`), 1)
	if bytes.Equal(altered, text) {
		t.Fatalf("nothing to alter in %s", text)
	}
	if err := os.WriteFile(path, altered, 0o644); err != nil {
		t.Fatal(err)
	}
	refused(t, []string{"policy", "show", "motor", "--registry", reg}, "was altered")
	refused(t, []string{"score", "motor", "--in", os.DevNull, "--registry", reg}, "was altered")
}

// TestLaterStagesAreRefusedEverywhere declares a column of the pipeline as one
// of a later stage after the training.
func TestLaterStagesAreRefusedEverywhere(t *testing.T) {
	data, reg := smallModel(t)
	path := filepath.Join(data, datasets.SpecFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	column := "- name: sum_insured\n              type: float\n              stage: "
	altered := bytes.Replace(text, []byte(column+"report"), []byte(column+"audit"), 1)
	if bytes.Equal(altered, text) {
		t.Fatalf("cannot alter the stage in\n%s", text)
	}
	if err := os.WriteFile(path, altered, 0o644); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out.parquet")
	for _, args := range [][]string{
		trainSmall(data, reg), {"score", "motor", "--registry", reg, "--data", data, "--out", out},
		{"backtest", "motor", "--registry", reg, "--data", data, "--from", "2024-01-01", "--until", "2025-01-01", "--in-sample"},
	} {
		refused(t, args, `column "sum_insured"`, "stage audit")
	}
}

// TestLongLineIsAnsweredAsOthers: one line beyond the limit costs one answer.
func TestLongLineIsAnsweredAsOthers(t *testing.T) {
	_, reg := smallModel(t)
	in := strings.NewReader("{\"claim_id\":\"A\"}\n" + strings.Repeat("x", 2*maxLine) + "\n{\"claim_id\":\"B\"}")
	var out, errs bytes.Buffer
	code := run(context.Background(), []string{"score", "motor", "--registry", reg}, streams{in, &out, &errs}, nil)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if code != exitFailed || len(lines) != 3 || !strings.Contains(lines[0], `"claim_id":"A"`) || !strings.Contains(lines[1], `"code":"too_long"`) || !strings.Contains(lines[2], `"claim_id":"B"`) {
		t.Errorf("exit code %d, %d answers: %.600s, %s", code, len(lines), out.String(), errs.String())
	}
}

func TestRulesThatCannotBeMeantAreRefused(t *testing.T) {
	data, reg := carClaims(t)
	must(t, trainCars(data, reg, "--promote")...)
	backtest := []string{"backtest", "cars", "--registry", reg, "--data", data, "--from", "1996-01-01", "--until", "1997-01-01", "--unknown", "negative", "--replicates", "2", "--rule"}
	refused(t, append(backtest, "fault = policy holder"), `did you mean "Policy Holder"`)
	refused(t, append(backtest, "fault == Third Party"), `did you mean "Third Party"`)
	refused(t, append(backtest, "fault = Policy Holder or age = 3"), "never holds")
	refused(t, append(backtest, "falt = Policy Holder"), `did you mean "fault"`)
	refused(t, append(backtest, "age = 3"), "a rule compares words")
}

// TestSettledClaimsTeachNothing: at the audit every investigated claim of the
// simulation was concluded before its file was closed, and what was paid shows
// how. A model of that stage must not be trained on them.
func TestSettledClaimsTeachNothing(t *testing.T) {
	dir := t.TempDir()
	data, pipeline := filepath.Join(dir, "data"), filepath.Join(dir, "audit.yaml")
	must(t, "data", "synth", "--claims", "3000", "--out", data)
	text := "{format: 1, name: audit, stage: audit, indicators: [{name: paid, column: paid_amount, dimension: accident}]}"
	if err := os.WriteFile(pipeline, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	refused(t, []string{"train", "--data", data, "--pipeline", pipeline, "--name", "audit", "--registry", filepath.Join(dir, "registry"),
		"--average-loss", "12000", "--investigation-cost", "800"}, "had a conclusion at the time of their vector")
}

// TestSettledClaimsAreNotJudgedBy moves every second conclusion of a history
// before its claim: a backtest has to leave these investigated claims out, say how
// many they are, and keep the others.
func TestSettledClaimsAreNotJudgedBy(t *testing.T) {
	data, reg := smallModel(t)
	args := func(data string) []string {
		return []string{"backtest", "motor", "--registry", reg, "--data", data, "--from", "2024-01-01", "--until", "2025-01-01", "--in-sample", "--unknown", "negative", "--replicates", "2"}
	}
	var before backtestResult
	mustJSON(t, &before, args(data)...)
	d, err := datasets.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	outcomes, err := d.Table("outcomes")
	if err != nil {
		t.Fatal(err)
	}
	var records []arrow.Record
	for _, rec := range outcomes.Chunks() {
		columns := append([]arrow.Array{}, rec.Columns()...)
		at := rec.Schema().FieldIndices("concluded_at")[0]
		b := array.NewTimestampBuilder(memory.DefaultAllocator, datasets.TimeType)
		for i := range int(rec.NumRows()) {
			if i%2 == 0 {
				b.Append(0)
			} else {
				b.Append(columns[at].(*array.Timestamp).Value(i))
			}
		}
		columns[at] = b.NewArray()
		records = append(records, array.NewRecord(rec.Schema(), columns, rec.NumRows()))
	}
	file := filepath.Join(data, d.Spec.Tables["outcomes"].Files[0])
	if err := parquetfile.Write(file, outcomes.Schema(), records, parquetfile.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	var after backtestResult
	mustJSON(t, &after, args(data)...)
	investigated := func(r backtestResult) int {
		return r.Report.Labels.Confirmed + r.Report.Labels.Cleared + r.Report.Labels.Suspected
	}
	if before.Settled != 0 || after.Settled == 0 || after.Settled >= investigated(before) {
		t.Errorf("%d claims are settled before and %d after, of %d investigated", before.Settled, after.Settled, investigated(before))
	}
	if was, is := before.Report.Claims+before.NoOutcome, after.Report.Claims+after.NoOutcome+after.Settled; was != is {
		t.Errorf("%d claims were in the period and %d are", was, is)
	}
	if is := investigated(after); is != investigated(before)-after.Settled {
		t.Errorf("%d investigated claims are judged by, want %d less %d", is, investigated(before), after.Settled)
	}
}
