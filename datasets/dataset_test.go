package datasets

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"claimsieve/datasets/parquetfile"

	"github.com/apache/arrow/go/v17/arrow"
)

func TestCreateAndReadBack(t *testing.T) {
	d := createSmall(t)
	if !reflect.DeepEqual(d.Spec, smallSpec()) {
		t.Errorf("the description changed on its way: %+v", d.Spec)
	}
	for name, rows := range map[string][][]any{"claims": smallClaims, "outcomes": smallOutcomes} {
		got, err := d.Table(name)
		if err != nil {
			t.Fatal(err)
		}
		want := tableOf(t, d.Spec, name, rows)
		if !slices.Equal(show(got), show(want)) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(show(got), "\n"), strings.Join(show(want), "\n"))
		}
	}
	got, err := d.Table("claims", "age", "claim_id")
	if err != nil {
		t.Fatal(err)
	}
	if f := got.Schema().Fields(); len(f) != 2 || f[0].Name != "age" || f[1].Name != "claim_id" {
		t.Errorf("columns are %v, want age and claim_id in that order", f)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(d.Dir), ".*")); len(left) > 0 {
		t.Errorf("unfinished folders are left: %v", left)
	}
}

func TestTableErrorsNameTheNearest(t *testing.T) {
	d := createSmall(t)
	if _, err := d.Table("claim"); err == nil || !strings.Contains(err.Error(), `did you mean "claims"?`) {
		t.Errorf("claim: %v", err)
	}
	if _, err := d.Table("claims", "amuont"); err == nil || !strings.Contains(err.Error(), `did you mean "amount"?`) {
		t.Errorf("amuont: %v", err)
	}
}

func TestCreateRefuses(t *testing.T) {
	spec := smallSpec()
	good := map[string]*Table{"claims": tableOf(t, spec, "claims", smallClaims), "outcomes": tableOf(t, spec, "outcomes", smallOutcomes)}
	full := t.TempDir()
	writeFile(t, filepath.Join(full, "something"), "")
	glob := smallSpec()
	glob.Tables["claims"].Files = []string{"claims/*.parquet"}
	other := smallSpec()
	other.Tables["claims"].Columns[5].Type = Float
	for text, create := range map[string]func(dir string) error{
		"is not empty (it holds something)": func(string) error { return Create(full, spec, good) },
		"has no rows to write":              func(dir string) error { return Create(dir, spec, map[string]*Table{"claims": good["claims"]}) },
		"is not in the description": func(dir string) error {
			return Create(dir, spec, map[string]*Table{"claims": good["claims"], "outcomes": good["outcomes"], "extra": good["claims"]})
		},
		"no glob can be written": func(dir string) error { return Create(dir, glob, good) },
		"type float wants":       func(dir string) error { return Create(dir, other, good) },
	} {
		dir := filepath.Join(t.TempDir(), "new")
		if err := create(dir); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("want %q, got %v", text, err)
		}
		if left, _ := os.ReadDir(filepath.Dir(dir)); len(left) > 0 {
			t.Errorf("%s: something is left: %v", text, left)
		}
	}
	empty := t.TempDir()
	if err := Create(empty, spec, good); err != nil {
		t.Errorf("an empty folder is free: %v", err)
	}
}

func TestFilesStayInsideTheFolder(t *testing.T) {
	for _, name := range []string{"../claims.parquet", "/etc/passwd", "a/../../b.parquet", `a\b.parquet`, "", ".", "a[.parquet"} {
		spec := smallSpec()
		spec.Tables["claims"].Files = []string{name}
		if err := spec.Validate(); err == nil || !strings.Contains(err.Error(), "tables.claims.files.0") {
			t.Errorf("%q: %v", name, err)
		}
		d := &Dataset{Dir: t.TempDir(), Spec: spec}
		if _, err := d.Table("claims"); err == nil {
			t.Errorf("%q was read", name)
		}
	}
}

func TestHivePartitions(t *testing.T) {
	spec := smallSpec()
	claims := spec.Tables["claims"]
	claims.Files = []string{"claims/year=*/region=*/*.parquet"}
	inFile := *claims
	claims.Columns = append(slices.Clone(claims.Columns), ColumnSpec{Name: "year", Type: Int}, ColumnSpec{Name: "area", From: "region", Type: Category})
	delete(spec.Tables, "outcomes")
	dir := t.TempDir()
	for i, folder := range []string{"year=2024/region=%E5%8C%97%E4%BA%AC", "year=2023/region=__HIVE_DEFAULT_PARTITION__"} {
		schema, record := rowsOf(t, &inFile, smallClaims[2*i], smallClaims[2*i+1])
		path := filepath.Join(dir, "claims", filepath.FromSlash(folder), "part-0.parquet")
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := parquetfile.Write(path, schema, []arrow.Record{record}, parquetfile.WriteOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	text, err := spec.encode()
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, SpecFile), string(text))
	d, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	got, err := d.Table("claims", "claim_id", "year", "area")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"claim_id=C3 year=2023 area=(null) ", "claim_id=C4 year=2023 area=(null) ", "claim_id=C1 year=2024 area=北京 ", "claim_id=C2 year=2024 area=北京 "}
	if !slices.Equal(show(got), want) {
		t.Errorf("got %q, want %q", show(got), want)
	}
	if r, err := Check(d); err != nil || !r.OK() {
		t.Errorf("check: %v, %+v", err, r)
	}
	only, err := d.Table("claims", "year")
	if err != nil || only.Rows() != 4 {
		t.Errorf("a table of partition columns: %v", err)
	}
}

func TestDigest(t *testing.T) {
	d := createSmall(t)
	digest := func() string {
		t.Helper()
		s, err := d.Digest()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first := digest()
	moved := d.Dir + "-moved"
	if err := os.Rename(d.Dir, moved); err != nil {
		t.Fatal(err)
	}
	d.Dir = moved
	if digest() != first {
		t.Error("moving the folder changed the digest")
	}
	if other := createSmall(t); other.Dir != d.Dir {
		if s, _ := other.Digest(); s != first {
			t.Error("the same dataset, written twice, has two digests")
		}
	}
	writeFile(t, filepath.Join(d.Dir, "unrelated.txt"), "x")
	if digest() != first {
		t.Error("a file that no table names changed the digest")
	}
	path := filepath.Join(d.Dir, "claims.parquet")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 1
	writeFile(t, path, string(data))
	if digest() == first {
		t.Error("a changed byte left the digest")
	}
}

func TestOutcomes(t *testing.T) {
	d := createSmall(t)
	got, err := d.Outcomes()
	if err != nil {
		t.Fatal(err)
	}
	want := Outcome{ClaimID: "C1", ConcludedAt: micros("2023-06-01T00:00:00Z"), Conclusion: SuspectedFraud, Label: Suspected, Propensity: 0.5, Why: "alert"}
	if len(got) != 4 || got[0] != want {
		t.Errorf("got %+v, want %+v first", got, want)
	}
	if !math.IsNaN(got[1].Propensity) || got[1].Why != "" || got[1].Label != Confirmed {
		t.Errorf("second outcome is %+v", got[1])
	}
	instant := micros("2023-09-01T00:00:00Z")
	at, err := d.OutcomesAt(instant)
	if err != nil {
		t.Fatal(err)
	}
	if at["C1"].Label != Suspected || len(at) != 2 {
		t.Errorf("at the instant of a conclusion it must not be known yet: %+v", at)
	}
	if at, _ := d.OutcomesAt(instant + 1); at["C1"].Label != Confirmed {
		t.Errorf("after its instant a conclusion must be known: %+v", at["C1"])
	}
}

func TestOutcomesRefuseWhatTheyCannotMean(t *testing.T) {
	for text, row := range map[string][]any{
		`conclusion "fraud"`:   {"C9", "2023-06-01T00:00:00Z", "fraud", nil, nil},
		"concluded_at is null": {"C9", nil, "cleared", nil, nil},
		"claim_id is null":     {nil, "2023-06-01T00:00:00Z", "cleared", nil, nil},
		"propensity is 1.5":    {"C9", "2023-06-01T00:00:00Z", "cleared", 1.5, nil},
	} {
		d := writeRaw(t, smallSpec(), map[string][][]any{"claims": smallClaims, "outcomes": {smallOutcomes[0], row}})
		if _, err := d.Outcomes(); err == nil || !strings.Contains(err.Error(), text) || !strings.Contains(err.Error(), "row 2") {
			t.Errorf("want %q in row 2, got %v", text, err)
		}
	}
}

// TestLatestOutcomesAgainstSearch compares with the definition, spelt out as a
// search over all outcomes for every claim.
func TestLatestOutcomesAgainstSearch(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var all []Outcome
		for i := range r.IntN(40) {
			all = append(all, Outcome{ClaimID: fmt.Sprint("C", r.IntN(6)), ConcludedAt: r.Int64N(8), Why: fmt.Sprint(i)})
		}
		before := r.Int64N(10)
		got := LatestOutcomes(all, before)
		for c := range 6 {
			id := fmt.Sprint("C", c)
			var want *Outcome
			for i := range all {
				if o := &all[i]; o.ClaimID == id && o.ConcludedAt < before && (want == nil || o.ConcludedAt >= want.ConcludedAt) {
					want = o
				}
			}
			have, ok := got[id]
			if ok != (want != nil) || ok && have != *want {
				t.Fatalf("claim %s before %d: got %+v, want %+v", id, before, have, want)
			}
		}
	}
}
