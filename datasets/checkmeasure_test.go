package datasets

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"sort"
	"strings"
	"testing"
)

func measureOf(t testing.TB, r *CheckReport, table, column string, d Dimension) *Measure {
	t.Helper()
	for i := range r.Measures {
		if r.Measures[i].Table != table {
			continue
		}
		for j, m := range r.Measures[i].Measures {
			if m.Column == column && m.Dimension == d {
				return &r.Measures[i].Measures[j]
			}
		}
	}
	t.Fatalf("table %s, column %q has no measure of %s", table, column, d)
	return nil
}

// randomClaims makes rows of smallSpec with every sort of fault, and counts by
// definition what Check has to measure.
func randomClaims(seed uint64, n int) (rows [][]any, want map[string][2]map[string]int) {
	r := rand.New(rand.NewPCG(seed, 7))
	want = map[string][2]map[string]int{}
	count := func(what, month string, ok bool) {
		if want[what][1] == nil {
			want[what] = [2]map[string]int{{}, {}}
		}
		want[what][1][month]++
		if ok {
			want[what][0][month]++
		}
	}
	for i := range n {
		month, day := 1+r.IntN(4), 2+r.IntN(26)
		name := fmt.Sprintf("2024-%02d", month)
		known := any(fmt.Sprintf("2024-%02d-%02dT10:00:00Z", month, day))
		lossDay, lossMonth := day, month
		if r.IntN(3) == 0 {
			lossMonth = 1 + r.IntN(4)
		}
		loss := any(fmt.Sprintf("2024-%02d-%02d", lossMonth, lossDay))
		if r.IntN(10) == 0 {
			loss = nil
		}
		if r.IntN(12) == 0 {
			known, name = nil, NoMonth
		}
		var city, amount any
		if r.IntN(4) > 0 {
			city = []string{"北京", "上海", ""}[r.IntN(3)]
		}
		if r.IntN(5) > 0 {
			amount = []float64{1, 2, math.NaN(), math.Inf(1)}[r.IntN(4)]
		}
		rows = append(rows, []any{fmt.Sprintf("C%d", i), loss, known, city, amount, r.IntN(90), true, nil})
		count("loss_on completeness", name, loss != nil)
		count("city completeness", name, city != nil && city != "")
		value, isNumber := amount.(float64)
		isNumber = isNumber && !math.IsNaN(value)
		count("amount completeness", name, isNumber)
		if isNumber {
			count("amount standard_form", name, !math.IsInf(value, 0))
		}
		if loss != nil && known != nil {
			count("reported_at accuracy", name, lossMonth <= month)
			count(" timeliness", name, lossMonth >= month || dayIn2024(month, day)-dayIn2024(lossMonth, lossDay) < 30)
		}
	}
	return rows, want
}

// dayIn2024 counts days by the calendar of a leap year.
func dayIn2024(month, day int) int {
	return day + []int{0, 0, 31, 60, 91}[month]
}

func TestMeasuresAreTheirDefinitions(t *testing.T) {
	for seed := range uint64(4) {
		rows, want := randomClaims(seed, 400)
		r := mustCheck(t, writeRaw(t, smallSpec(), map[string][][]any{"claims": rows, "outcomes": smallOutcomes}))
		table := r.Measures[0]
		for what, counts := range want {
			column, name, _ := strings.Cut(what, " ")
			var d Dimension
			if err := d.UnmarshalText([]byte(name)); err != nil {
				t.Fatal(err)
			}
			m := measureOf(t, r, ClaimsTable, column, d)
			total := Share{}
			for i, month := range table.Months {
				if m.Passed[i] != counts[0][month] || m.Of[i] != counts[1][month] {
					t.Errorf("%s in %s: %d of %d, want %d of %d", what, month, m.Passed[i], m.Of[i], counts[0][month], counts[1][month])
				}
				total.Passed += m.Passed[i]
				total.Of += m.Of[i]
			}
			if m.Total != total {
				t.Errorf("%s: total %v, want %v", what, m.Total, total)
			}
		}
		if !sort.StringsAreSorted(table.Months) || table.Months[len(table.Months)-1] != NoMonth {
			t.Errorf("months %q", table.Months)
		}
	}
}

func TestMeasuresAreShares(t *testing.T) {
	r := mustCheck(t, dirtyDataset(t))
	for _, table := range r.Measures {
		for _, m := range slices.Concat(table.Measures, table.Overall) {
			for i := range m.Of {
				if m.Passed[i] < 0 || m.Passed[i] > m.Of[i] {
					t.Errorf("%s.%s %s: %d of %d", table.Table, m.Column, m.Dimension, m.Passed[i], m.Of[i])
				}
			}
		}
	}
	if m := measureOf(t, r, ClaimsTable, "claim_id", Truth); m.Total != (Share{7, 8}) { // one of 8 keys is repeated
		t.Errorf("truth of the key: %+v", m.Total)
	}
	if m := measureOf(t, r, OutcomesTable, "conclusion", StandardForm); m.Total.Of-m.Total.Passed != 1 {
		t.Errorf("standard form of the conclusion: %+v", m.Total)
	}
	data, err := json.Marshal(Share{})
	if err != nil || string(data) != `{"share":null,"passed":0,"of":0}` {
		t.Errorf("%s %v", data, err)
	}
}

// TestCheckDoesNotDependOnTheProcessors compares whole reports.
func TestCheckDoesNotDependOnTheProcessors(t *testing.T) {
	d := dirtyDataset(t)
	many := mustCheck(t, d)
	old := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(old)
	if one := mustCheck(t, d); !reflect.DeepEqual(one, many) {
		t.Errorf("%+v\n%+v", one, many)
	}
}

func TestDelaysAreQuantiles(t *testing.T) {
	rows := make([][]any, 40) // delays of 0.5 to 39.5 days
	for i := range rows {
		day := dayTime(dayOf(micros("2024-01-01T00:00:00Z")) + i)
		rows[i] = []any{fmt.Sprintf("C%d", i), "2024-01-01", day.Format("2006-01-02") + "T12:00:00Z", nil, nil, nil, nil, nil}
	}
	d := writeRaw(t, smallSpec(), map[string][][]any{"claims": rows, "outcomes": smallOutcomes[:0]})
	r := mustCheck(t, d)
	m := r.Measures[0]
	if m.TimelyDays != 30 || *m.Delay.MedianDays != 19.5 || *m.Delay.P95Days != 37.5 || m.Delays[1].Of != 9 || *m.Delays[1].MedianDays != 35.5 {
		t.Errorf("%d, %+v, %v, %v", m.TimelyDays, m.Delays, *m.Delay.MedianDays, *m.Delay.P95Days)
	}
	if got := measureOf(t, r, ClaimsTable, "", Timeliness).Total; got != (Share{30, 40}) {
		t.Errorf("%+v", got)
	}
	d.Spec.Quality = &Quality{TimelyDays: map[string]int{"claims": 3}, Block: KindList{LateRow}}
	r = mustCheck(t, d)
	if got := measureOf(t, r, ClaimsTable, "", Timeliness).Total; got != (Share{3, 40}) || r.Faults != 1 {
		t.Errorf("%+v, %d faults", got, r.Faults)
	}
}

func kindsOf(r *CheckReport) map[Kind]Finding {
	out := map[Kind]Finding{}
	for _, f := range r.Findings {
		out[f.Kind] = f
	}
	return out
}

func TestRepeatedRowsAndNearDuplicates(t *testing.T) {
	spec := smallSpec()
	spec.Tables["claims"].Columns[3] = ColumnSpec{Name: "car", Type: ID, Role: "vehicle.plate", Class: Personal}
	claims := [][]any{
		{"C1", "2024-01-01", "2024-01-02T10:00:00Z", "京A12345", 1.0, 30, true, "x"},
		{"C2", "2024-01-01", "2024-01-02T10:00:00Z", "京A12345", 1.0, 30, true, "x"}, // a copy of C1
		{"C3", "2024-01-01", "2024-01-05T10:00:00Z", "京A12345", 2.0, 31, nil, "y"},  // the same vehicle again
		{"C4", "2024-01-01", "2024-01-05T10:00:00Z", nil, 2.0, 31, nil, "y"},
		{"C4", "2024-01-01", "2024-01-05T10:00:00Z", nil, 2.0, 31, nil, "y"}, // the whole row again
		{"C5", nil, "2024-01-05T10:00:00Z", "京A12345", 2.0, 31, nil, "y"},
	}
	outcomes := append(slices.Clone(smallOutcomes), smallOutcomes[2], smallOutcomes[2])
	got := kindsOf(mustCheck(t, writeRaw(t, spec, map[string][][]any{"claims": claims, "outcomes": outcomes})))
	if f := got[CopiedRow]; f.Row != 2 || f.Count != 1 || f.Value != "as in row 1" {
		t.Errorf("copy: %+v", f)
	}
	if f := got[NearDuplicate]; f.Row != 2 || f.Count != 2 || f.Column != "car" || !strings.HasPrefix(f.Value, "***2345 at 2024-01-01") {
		t.Errorf("near: %+v", f)
	}
	if f := got[DuplicateRow]; f.Table != OutcomesTable || f.Row != 5 || f.Count != 2 || f.Value != "as in row 3" {
		t.Errorf("rows: %+v", f)
	}
	if f := got[DuplicateKey]; f.Row != 5 || f.Severity != Fault {
		t.Errorf("key: %+v", f)
	}
}

// dailyClaims has rows on every day of a year but those left out.
func dailyClaims(perDay int, out func(day int) bool) [][]any {
	var rows [][]any
	for day := range 366 {
		if out(day) {
			continue
		}
		for range perDay {
			at := dayTime(dayOf(micros("2024-01-01T00:00:00Z")) + day).Format("2006-01-02")
			rows = append(rows, []any{fmt.Sprintf("C%d", len(rows)), at, at + "T10:00:00Z", []string{"a", "b"}[day%2], nil, 20 + day%50, day%3 == 0, nil})
		}
	}
	return rows
}

func TestGapsThatChanceDoesNotExplain(t *testing.T) {
	check := func(perDay int, out func(day int) bool) map[Kind]Finding {
		return kindsOf(mustCheck(t, writeRaw(t, smallSpec(), map[string][][]any{"claims": dailyClaims(perDay, out), "outcomes": smallOutcomes[:1]})))
	}
	never := func(int) bool { return false }
	weekends := func(day int) bool { return day%7 >= 5 }
	for name, got := range map[string]map[Kind]Finding{"every day": check(2, never), "weekdays": check(6, weekends)} {
		if f, ok := got[MissingDays]; ok {
			t.Errorf("%s: %+v", name, f)
		}
		if f, ok := got[MissingMonth]; ok {
			t.Errorf("%s: %+v", name, f)
		}
	}
	got := check(6, func(day int) bool { return day >= 100 && day < 105 })
	if f := got[MissingDays]; f.Count != 1 || !strings.HasPrefix(f.Value, "2024-04-10 to 2024-04-14, usually 6.0") {
		t.Errorf("%+v", f)
	}
	got = check(2, func(day int) bool { return day >= 31 && day < 95 }) // 1 February to 4 April
	if f := got[MissingMonth]; f.Count != 2 || f.Value != "2024-02" {
		t.Errorf("%+v", f)
	}
}

func TestGateStopsWhatTheDatasetBlocks(t *testing.T) {
	d := dirtyDataset(t)
	if err := Gate(d); err != nil {
		t.Errorf("without a list: %v", err)
	}
	d.Spec.Quality = &Quality{Block: KindList{}}
	if err := Gate(d); err != nil {
		t.Errorf("with an empty list: %v", err)
	}
	d.Spec.Quality.Block = KindList{RepeatedOutcome, NotANumber}
	err := Gate(d)
	if err == nil || !strings.Contains(err.Error(), "2 findings of kinds that block") || !strings.Contains(err.Error(), "[repeated_outcome]") || strings.Contains(err.Error(), "[duplicate_key]") {
		t.Errorf("%v", err)
	}
	r := mustCheck(t, d)
	if r.Faults != 2 {
		t.Errorf("%d faults, want the two that block", r.Faults)
	}
	d.Spec.Quality.Block = KindList{BadPropensity, UnknownCode}
	d.Spec.Tables["outcomes"].Column("propensity").Type = Float
	if err := Gate(d); err == nil || !strings.Contains(err.Error(), "1 finding of") {
		t.Errorf("%v", err)
	}
}

func TestQualityInTheDescription(t *testing.T) {
	spec := smallSpec()
	spec.Quality = &Quality{Block: KindList{}, TimelyDays: map[string]int{"claims": 3}}
	spec.Codes = map[string]string{"cities": "codes/cities.csv"}
	spec.Tables["claims"].Column("city").Codes = "cities"
	text, err := spec.encode()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseSpec("dataset.yaml", text)
	if err != nil || !reflect.DeepEqual(spec, again) || again.Blocks(DuplicateKey) || !again.Blocks(MissingFile) {
		t.Errorf("%v: %s\n%+v", err, text, again)
	}
	for _, c := range []struct{ from, to, want string }{
		{"block: []", "block: [duplicate_kee]", `unknown kind of finding "duplicate_kee", did you mean "duplicate_key"`},
		{"claims: 3", "claims: 0", `is 0: want 1 to`},
		{"codes/cities.csv", "../x", `lies outside`},
		{"codes: cities", "codes: citys", `did you mean "cities"`},
		{"claims: 3", "outcomes: 3", `rows do not say when they happened`},
		{"timely_days:", "timely_day:", `unknown key "timely_day"`},
		{"claims: 3", "claim: 3", `is no table`},
	} {
		bad := bytes.Replace(text, []byte(c.from), []byte(c.to), 1)
		if bytes.Equal(bad, text) {
			t.Errorf("%q does not stand in\n%s", c.from, text)
			continue
		}
		if _, err := ParseSpec("dataset.yaml", bad); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.to, err, c.want)
		}
	}
}

func TestKindsAreDocumentedAndUnique(t *testing.T) {
	seen := map[Kind]bool{}
	for _, k := range Kinds() {
		if seen[k.Kind] || k.Title.EN == "" || k.Title.ZH == "" || k.Always && !k.Blocks {
			t.Errorf("%+v", k)
		}
		seen[k.Kind] = true
	}
	if (Kind("nothing")).Title() != (Title{}) {
		t.Error("an unknown kind has a title")
	}
}
