package datasets

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func mustCheck(t testing.TB, d *Dataset) *CheckReport {
	t.Helper()
	r, err := Check(d)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestCleanDatasetHasNoFaults(t *testing.T) {
	r := mustCheck(t, createSmall(t))
	if !r.OK() || r.Notes != 1 || r.Findings[0].Row != 2 || !strings.Contains(r.Findings[0].Text, "earlier row") {
		t.Errorf("want the reopened claim as the only note: %+v", r.Findings)
	}
}

func dirtyDataset(t testing.TB) *Dataset {
	claims := append(slices.Clone(smallClaims),
		[]any{"C2", "2023-05-01", "2023-05-01T10:00:00Z", nil, math.NaN(), nil, nil, nil},
		[]any{nil, "1066-10-14", "2023-05-01T10:00:00Z", nil, math.Inf(1), nil, nil, nil},
		[]any{"C7", "2023-05-03", "2023-05-02T23:59:59Z", nil, math.NaN(), nil, nil, nil},
		[]any{"C8", "2023-05-03", nil, nil, nil, nil, nil, nil},
		[]any{"C9", "2023-05-03", "2999-05-02T23:59:59Z", nil, nil, nil, nil, nil},
	)
	outcomes := append(slices.Clone(smallOutcomes),
		[]any{"C4", "2024-03-03T09:00:00Z", "guilty", nil, nil},
		[]any{"C99", "2024-03-03T09:00:00Z", "cleared", 1.5, nil},
		[]any{nil, nil, nil, nil, nil},
	)
	return writeRaw(t, smallSpec(), map[string][][]any{"claims": claims, "outcomes": outcomes})
}

func TestCheckFindsEveryDataFault(t *testing.T) {
	r := mustCheck(t, dirtyDataset(t))
	for _, want := range []Finding{
		{Fault, DuplicateKey, "claims", "claim_id", 5, "C2 (also in row 2)", 1, "the key stands", ""},
		{Fault, NullKey, "claims", "claim_id", 6, "", 1, "the key is null", ""},
		{Fault, DateOutOfRange, "claims", "loss_on", 6, "1066-10-14", 1, "before 1900", ""},
		{Fault, NullKnownAt, "claims", "reported_at", 8, "", 1, "is known is null", ""},
		{Fault, DateOutOfRange, "claims", "reported_at", 9, "2999-05-02T23:59:59Z", 1, "after 2199", ""},
		{Fault, KnownBeforeHappened, "claims", "reported_at", 7, "known 2023-05-02T23:59:59Z, happened 2023-05-03", 1, "before it happened", ""},
		{Note, NotANumber, "claims", "amount", 5, "NaN", 2, "is NaN", ""},
		{Fault, InfiniteValue, "claims", "amount", 6, "+Inf", 1, "is infinite", ""},
		{Fault, UnknownConclusion, "outcomes", "conclusion", 5, "guilty", 2, `conclusion "guilty"`, ""},
		{Fault, NullKnownAt, "outcomes", "concluded_at", 7, "", 1, "is known is null", ""},
		{Fault, EarlyConclusion, "outcomes", "concluded_at", 5, "claim C4: concluded 2024-03-03T09:00:00Z, known 2024-03-03T10:00:00Z", 1, "before it was known", ""},
		{Fault, OutcomeWithoutClaim, "outcomes", "claim_id", 6, "C99", 1, "not in the claims table", ""},
		{Fault, OutcomeWithoutClaim, "outcomes", "claim_id", 7, "", 1, "names no claim", ""},
		{Fault, BadPropensity, "outcomes", "propensity", 6, "1.5", 1, "no probability", ""},
		{Note, RepeatedOutcome, "outcomes", "claim_id", 2, "C1 (also in row 1)", 1, "earlier row", ""},
	} {
		i := slices.IndexFunc(r.Findings, func(f Finding) bool {
			return f.Severity == want.Severity && f.Kind == want.Kind && f.Table == want.Table && f.Column == want.Column && f.Row == want.Row && f.Value == want.Value && f.Count == want.Count && strings.Contains(f.Text, want.Text)
		})
		if i < 0 {
			t.Errorf("not found: %+v", want)
			continue
		}
		if r.Findings[i].Mend == "" {
			t.Errorf("no mend: %+v", r.Findings[i])
		}
		r.Findings = slices.Delete(r.Findings, i, i+1)
	}
	for _, f := range r.Findings {
		t.Errorf("unexpected: %+v", f)
	}
}

func TestCheckFindsFaultsOfFiles(t *testing.T) {
	spoil := map[string]func(d *Dataset){
		"no file matches": func(d *Dataset) { os.Remove(filepath.Join(d.Dir, "claims.parquet")) },
		"no Parquet file": func(d *Dataset) { writeFile(t, filepath.Join(d.Dir, "claims.parquet"), "claim_id,amount\n1,2\n3,4\n") },
		"did you mean \"amount\"?": func(d *Dataset) {
			d.Spec.Tables["claims"].Column("amount").From = "amounts"
		},
		"cannot be read as int": func(d *Dataset) { d.Spec.Tables["claims"].Column("city").Type = Int },
		"cut short": func(d *Dataset) {
			path := filepath.Join(d.Dir, "claims.parquet")
			data, _ := os.ReadFile(path)
			writeFile(t, path, string(data[:len(data)-100]))
		},
	}
	for text, f := range spoil {
		d := createSmall(t)
		f(d)
		r := mustCheck(t, d)
		if r.OK() || !slices.ContainsFunc(r.Findings, func(f Finding) bool {
			return f.Severity == Fault && f.Table == "claims" && strings.Contains(f.Text, text) && f.Mend != ""
		}) {
			t.Errorf("%q: %+v", text, r.Findings)
		}
	}
}

// TestCheckDoesNotDependOnTheOrderOfRows turns the rows round: the counts of
// findings about single rows stay.
func TestCheckDoesNotDependOnTheOrderOfRows(t *testing.T) {
	d := dirtyDataset(t)
	counts := func(r *CheckReport) map[string]int {
		out := map[string]int{}
		for _, f := range r.Findings {
			if f.Column != "conclusion" { // its text names the first row's conclusion
				out[f.Table+f.Column+f.Text] = f.Count
			}
		}
		return out
	}
	want := counts(mustCheck(t, d))
	for _, table := range []string{"claims", "outcomes"} {
		whole, err := d.read(table)
		if err != nil {
			t.Fatal(err)
		}
		for i, j := 0, whole.rows; i < j; i++ {
			row := whole.chunks[0].NewSlice(int64(j-1-i), int64(j-i))
			whole.chunks = append(whole.chunks, row)
		}
		whole.chunks = whole.chunks[1:]
		rewrite(t, d, table, whole)
	}
	if got := counts(mustCheck(t, d)); len(got) != len(want) {
		t.Errorf("got %v, want %v", got, want)
	} else {
		for k, n := range want {
			if got[k] != n {
				t.Errorf("%s: %d, want %d", k, got[k], n)
			}
		}
	}
}

func TestReportForPeopleAndMachines(t *testing.T) {
	r := mustCheck(t, dirtyDataset(t))
	var text bytes.Buffer
	if err := r.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"       -> map the conclusion", "guilty", "small: 13 faults, 2 notes"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, text.String())
		}
	}
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var again CheckReport
	if err := json.Unmarshal(data, &again); err != nil || !slices.Equal(again.Findings, r.Findings) {
		t.Errorf("the report changed in JSON: %v", err)
	}
}
