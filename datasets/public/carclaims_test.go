package public

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"claimsieve/datasets"
)

func importReal(t *testing.T) (*datasets.Dataset, *Summary) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "carclaims")
	s, err := ImportCarClaims(context.Background(), carClaimsFile(t), dir, CarClaimsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := datasets.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return d, s
}

func column[T any](t *testing.T, read func(string) ([]T, error), name string) []T {
	t.Helper()
	out, err := read(name)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The counts by year are those of the published split; the other counts were
// computed from the file with Python's csv and datetime modules.
func TestImportCarClaimsPublishedCounts(t *testing.T) {
	d, s := importReal(t)
	want := []YearSummary{{1994, 6142, 409}, {1995, 5195, 301}, {1996, 4083, 213}}
	claims, err := d.Table("claims")
	if err != nil {
		t.Fatal(err)
	}
	outcomes, err := d.Table("outcomes")
	if err != nil {
		t.Fatal(err)
	}
	got := make([]YearSummary, 3)
	fraud := column(t, outcomes.Floats, "fraud_flag")
	for i, at := range column(t, claims.Micros, "reported_on") {
		year := time.UnixMicro(at).UTC().Year()
		y := &got[year-1994]
		y.Year = year
		y.Claims++
		y.Frauds += int(fraud[i])
	}
	for i := range want {
		if got[i] != want[i] || s.Years[i] != want[i] {
			t.Errorf("year %d: dataset %+v, summary %+v, published %+v", want[i].Year, got[i], s.Years[i], want[i])
		}
	}
	if s.LossesInYearBefore != 528 || s.LossesClamped != 1221 || s.ReportsUnknown != 1 || s.AgesUnknown != 320 ||
		s.LossesMovedIntoMonth != 826 || s.ReportsMovedIntoMonth != 676 {
		t.Errorf("summary %+v", s)
	}
	years := column(t, claims.Floats, "year")
	for i, at := range column(t, claims.Micros, "reported_on") {
		if float64(time.UnixMicro(at).UTC().Year()) != years[i] {
			t.Fatalf("row %d: reported in another year than %v", i, years[i])
		}
	}
}

// The rule that the published comparison starts from: on 1996, fault with the
// policy holder and no liability policy finds H=196 frauds among K=1,812.
func TestImportCarClaimsTrivialRule(t *testing.T) {
	d, _ := importReal(t)
	claims, err := d.Table("claims", "fault", "base_policy", "reported_on", "claim_id")
	if err != nil {
		t.Fatal(err)
	}
	known, err := d.OutcomesAt(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro())
	if err != nil {
		t.Fatal(err)
	}
	fault, policy := column(t, claims.Strings, "fault"), column(t, claims.Strings, "base_policy")
	ids := column(t, claims.Strings, "claim_id")
	hits, chosen := 0, 0
	for i, at := range column(t, claims.Micros, "reported_on") {
		if time.UnixMicro(at).UTC().Year() != 1996 || fault[i] != "Policy Holder" || policy[i] == "Liability" {
			continue
		}
		chosen++
		if known[ids[i]].Label == datasets.Confirmed {
			hits++
		}
	}
	if hits != 196 || chosen != 1812 {
		t.Errorf("rule finds %d of %d, published 196 of 1812", hits, chosen)
	}
}

func TestImportCarClaimsLabelsAndClocks(t *testing.T) {
	d, s := importReal(t)
	outcomes, err := d.Outcomes()
	if err != nil {
		t.Fatal(err)
	}
	claims, err := d.Table("claims")
	if err != nil {
		t.Fatal(err)
	}
	loss, report := column(t, claims.Micros, "loss_on"), column(t, claims.Micros, "reported_on")
	confirmed := 0
	for i, o := range outcomes {
		if loss[i] > report[i] || o.ConcludedAt != report[i]+DefaultLabelDelay.Microseconds() {
			t.Fatalf("%s: loss %d, report %d, conclusion %d", o.ClaimID, loss[i], report[i], o.ConcludedAt)
		}
		switch o.Label {
		case datasets.Confirmed:
			confirmed++
		case datasets.Unknown:
		default:
			t.Fatalf("%s: label %s, but the file says of nobody that it was investigated", o.ClaimID, o.Label)
		}
	}
	if confirmed != 923 || s.Frauds != 923 {
		t.Errorf("%d confirmed, summary %d, published 923", confirmed, s.Frauds)
	}
	notes := 0
	for i, n := range column(t, claims.Strings, "time_note") {
		if n != "" {
			notes++
			if got := time.UnixMicro(report[i]).UTC().Format(time.DateOnly); got != "1994-12-31" {
				t.Errorf("claim of unknown time is put on %s", got)
			}
		}
	}
	if notes != 1 {
		t.Errorf("%d time notes, want 1", notes)
	}
	for _, c := range d.Spec.Tables["claims"].Columns {
		if c.Title.EN == "" || c.Title.ZH == "" {
			t.Errorf("column %s has no title in both languages", c.Name)
		}
	}
}

func TestImportCarClaimsRefuses(t *testing.T) {
	text := readCarClaimsFile(t)
	excerpt := text[:bytes.IndexByte(text[200_000:], '\n')+200_000]
	tests := []struct {
		name string
		text []byte
		want []string
	}{
		{"nothing", nil, []string{"empty"}},
		{"parquet", []byte("PAR1\x00\x15\x04"), []string{"no text"}},
		{"latin1", append([]byte("Month,\xe9"), excerpt...), []string{"UTF-8"}},
		{"header only", text[:bytes.IndexByte(text, '\n')+1], []string{"no rows"}},
		{"renamed column", bytes.Replace(excerpt, []byte("FraudFound_P"), []byte("FraudFound"), 1),
			[]string{`unknown column, did you mean "FraudFound_P"?`, `column "FraudFound_P": the column is missing`}},
		{"extra column", bytes.Replace(excerpt, []byte("Month,"), []byte("Month,Score,"), 1), []string{`column "Score": unknown column`}},
		{"double column", bytes.Replace(excerpt, []byte("Month,"), []byte("Month,Month,"), 1), []string{"there twice"}},
		{"cut in a line", excerpt[:len(excerpt)-30], []string{"where the header has 33", "cut off"}},
		{"cut in a word", excerpt[:len(excerpt)-4], []string{`column "BasePolicy": unknown value`}},
		{"cut at a line", excerpt, []string{"rows where the published file has 15420"}},
		{"misspelt value", bytes.Replace(excerpt, []byte("Honda"), []byte("honda"), 1), []string{`line 2: column "Make": unknown value "honda", did you mean "Honda"?`}},
		{"number out of range", bytes.Replace(excerpt, []byte("\nDec,5,"), []byte("\nDec,6,"), 1), []string{`line 2: column "WeekOfMonth": "6" is no whole number from 1 to 5`}},
		{"half unknown time", bytes.Replace(excerpt, []byte("Tuesday,Jan,1"), []byte("0,Jan,1"), 1), []string{"line 2", "stands in both"}},
		{"same number twice", bytes.Replace(excerpt, []byte(",0,2,15,"), []byte(",0,1,15,"), 1), []string{`line 3: column "PolicyNumber": 1 stands on line 2 already`}},
		{"open quote", bytes.Replace(excerpt, []byte("\nJan,"), []byte("\n\"Jan,"), 1), []string{"not comma separated"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "claims.csv")
			if err := os.WriteFile(path, tt.text, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := ImportCarClaims(context.Background(), path, filepath.Join(dir, "out"), CarClaimsOptions{})
			var faults *FaultsError
			if !errors.As(err, &faults) {
				t.Fatalf("got %v, want a FaultsError", err)
			}
			for _, w := range tt.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("error lacks %q:\n%v", w, err)
				}
			}
			if left, _ := os.ReadDir(dir); len(left) != 1 {
				t.Errorf("something was written: %v", left)
			}
		})
	}
}

func TestImportCarClaimsListsFaultsUpToTheLimit(t *testing.T) {
	text := bytes.ReplaceAll(readCarClaimsFile(t), []byte("Urban"), []byte("City"))
	_, err := readCarClaims(context.Background(), "x.csv", text)
	var faults *FaultsError
	if !errors.As(err, &faults) || len(faults.Faults) != maxFaults || !faults.More {
		t.Fatalf("got %v", err)
	}
	for _, f := range faults.Faults {
		if f.Column != "AccidentArea" || f.Value != "City" || f.Line < 2 {
			t.Errorf("fault %+v", f)
		}
	}
}

// Columns in another order, without the byte order mark and with CRLF are the same file.
func TestImportCarClaimsLayoutDoesNotMatter(t *testing.T) {
	text := readCarClaimsFile(t)
	want, err := readCarClaims(context.Background(), "a.csv", text)
	if err != nil {
		t.Fatal(err)
	}
	var turned bytes.Buffer
	for line := range strings.Lines(string(bytes.TrimPrefix(text, byteOrderMark))) {
		cells := strings.Split(strings.TrimRight(line, "\r\n"), ",")
		turned.WriteString(strings.Join(append(cells[7:], cells[:7]...), ",") + "\r\n")
	}
	got, err := readCarClaims(context.Background(), "b.csv", turned.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if strings.Join(got[i].cells, ",") != strings.Join(want[i].cells, ",") || datesOf(&got[i]) != datesOf(&want[i]) {
			t.Fatalf("row %d differs: %v and %v", i, got[i], want[i])
		}
	}
}

func TestImportCarClaimsOptions(t *testing.T) {
	if _, err := ImportCarClaims(context.Background(), "x.csv", t.TempDir(), CarClaimsOptions{LabelDelay: -1}); err == nil || !strings.Contains(err.Error(), "negative") {
		t.Errorf("negative delay: %v", err)
	}
	if _, err := ImportCarClaims(context.Background(), filepath.Join(t.TempDir(), "x.csv"), t.TempDir(), CarClaimsOptions{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := readCarClaims(ctx, "x.csv", readCarClaimsFile(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("ended context: %v", err)
	}
}

// Whatever the bytes, the importer answers with faults or with rows that obey
// the two clocks, and never panics.
func FuzzImportCarClaims(f *testing.F) {
	header := make([]string, len(carFields))
	for i, c := range carFields {
		header[i] = c.header
	}
	row := "Dec,5,Wednesday,Honda,Urban,Tuesday,Jan,1,Female,Single,21,Policy Holder,Sport - Liability,Sport,more than 69000,0,1,12,300,1,more than 30,more than 30,none,3 years,26 to 30,No,No,External,none,1 year,3 to 4,1994,Liability"
	unknown := strings.Replace(row, "Tuesday,Jan", "0,0", 1)
	head := strings.Join(header, ",")
	f.Add([]byte("\xef\xbb\xbf" + head + "\n" + row + "\n"))
	f.Add([]byte(head + "\r\n" + unknown))
	f.Add([]byte(head + "\n" + strings.Replace(row, "Honda", "\"Honda", 1)))
	f.Add([]byte(head + "\n" + row + "\n" + row))
	f.Add([]byte("Month\n\n\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		_, tables, s, err := convertCarClaims(context.Background(), "f.csv", text, CarClaimsOptions{Excerpt: true, LabelDelay: time.Hour})
		if err != nil {
			var faults *FaultsError
			if !errors.As(err, &faults) || len(faults.Faults) == 0 || len(faults.Faults) > maxFaults {
				t.Fatalf("got %v", err)
			}
			return
		}
		loss, _ := tables["claims"].Micros("loss_on")
		report, _ := tables["claims"].Micros("reported_on")
		if len(loss) != s.Claims || len(report) != s.Claims || tables["outcomes"].Rows() != s.Claims {
			t.Fatalf("%d claims, but %d and %d times", s.Claims, len(loss), len(report))
		}
		for i := range loss {
			if loss[i] == datasets.NoTime || loss[i] > report[i] {
				t.Fatalf("row %d: loss %d, report %d", i, loss[i], report[i])
			}
		}
	})
}
