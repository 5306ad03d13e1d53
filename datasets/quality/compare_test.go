package quality

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"claimsieve/datasets"
)

func TestTheSameDeliveryHasNoDifferences(t *testing.T) {
	rows := sampleRows(1000)
	a, b := compareBoth(t, deliver(t, rows, nil), deliver(t, rows, nil))
	if len(a.Findings) != 0 || len(b.Findings) != 0 {
		t.Errorf("%+v\n%+v", a.Findings, b.Findings)
	}
	for _, s := range a.Shifts {
		for m := range s.PSI {
			if s.PSI[m] != 0 || s.Shifted[m] {
				t.Errorf("%s: %+v", s.Column, s)
			}
		}
	}
}

// TestALaterDeliveryWithMoreMonths only adds: nothing is wrong with that.
func TestALaterDeliveryWithMoreMonths(t *testing.T) {
	a, b := compareBoth(t, deliver(t, sampleRows(900), nil), deliver(t, sampleRows(1800), nil))
	if len(a.Findings) != 0 || len(b.Findings) != 0 {
		t.Errorf("%+v\n%+v", a.Findings, b.Findings)
	}
}

func TestVanishedRows(t *testing.T) {
	rows := sampleRows(2000)
	var kept []sampleRow
	for i, r := range rows {
		if i%10 != 3 {
			kept = append(kept, r)
		}
	}
	a, b := compareBoth(t, deliver(t, rows, nil), deliver(t, kept, nil))
	if got := of(b, datasets.VanishedRows); len(got) != 1 || got[0].Count != 200 || got[0].Row != 4 || !strings.HasPrefix(got[0].Value, "C00003, C00013, C00023, C00033, C00043") {
		t.Errorf("exactly: %+v", b.Findings)
	}
	if got := of(a, datasets.VanishedRows); len(got) != 1 || got[0].Count < 100 || got[0].Count > 320 { // 64 keys of a month are a sample
		t.Errorf("by sketches: %+v", a.Findings)
	}
	if got := of(b, datasets.ChangedValues); len(got) != 0 {
		t.Errorf("%+v", got)
	}
	// Rows that are replaced keep their number and not their keys.
	replaced := append([]sampleRow(nil), rows...)
	for i := range replaced {
		if i%4 == 0 {
			replaced[i].id += "x"
		}
	}
	a, b = compareBoth(t, deliver(t, rows, nil), deliver(t, replaced, nil))
	if got := of(a, datasets.VanishedRows); len(got) != 1 || got[0].Count < 300 || got[0].Count > 700 {
		t.Errorf("by sketches: %+v", a.Findings)
	}
	if got := of(b, datasets.VanishedRows); len(got) != 1 || got[0].Count != 500 {
		t.Errorf("exactly: %+v", b.Findings)
	}
}

func TestChangedValues(t *testing.T) {
	rows := sampleRows(1000)
	changed := append([]sampleRow(nil), rows...)
	for i := 40; i < 47; i++ {
		changed[i].amount++
		changed[i].diagnosis = "burn"
		changed[i].holder = "P99999" + changed[i].holder
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(changed), func(i, j int) { changed[i], changed[j] = changed[j], changed[i] })
	a, b := compareBoth(t, deliver(t, rows, nil), deliver(t, changed, nil))
	if got := of(a, datasets.ChangedValues); len(got) != 3 || got[0].Value != "2024-01" || got[0].Count != 1 {
		t.Errorf("by digests: %+v", a.Findings)
	}
	got := of(b, datasets.ChangedValues)
	if len(got) != 3 {
		t.Fatalf("exactly: %+v", b.Findings)
	}
	for i, want := range []string{"C00040: ****** -> ********0280", "C00040: (hidden) -> (hidden)", "C00040: 480 -> 481"} {
		if got[i].Count != 7 || got[i].Row != 41 || !strings.HasPrefix(got[i].Value, want) || strings.Count(got[i].Value, "->") != maxExamples {
			t.Errorf("%+v, want %s", got[i], want)
		}
	}
}

// TestFilledLaterIsNotChanged fills null values: that is progress in a column of
// the assessment, and a change in one that the report had to have.
func TestFilledLaterIsNotChanged(t *testing.T) {
	before, after := sampleRows(600), sampleRows(600)
	for i := range before[:100] {
		before[i].city = ""
	}
	for stage, want := range map[datasets.Stage]int{datasets.Assessment: 0, datasets.Report: 1} {
		staged := func(s *datasets.Spec) { s.Tables["claims"].Column("city").Stage = stage }
		a, b := compareBoth(t, deliver(t, before, staged), deliver(t, after, staged))
		if x, y := of(a, datasets.ChangedValues), of(b, datasets.ChangedValues); len(x) != want || len(y) != want || want == 1 && y[0].Count != 100 {
			t.Errorf("%s: %+v %+v", stage, x, y)
		}
		a, b = compareBoth(t, deliver(t, after, staged), deliver(t, before, staged)) // emptied
		if x, y := of(a, datasets.ChangedValues), of(b, datasets.ChangedValues); len(x) != 1 || len(y) != 1 {
			t.Errorf("%s, emptied: %+v %+v", stage, x, y)
		}
	}
}

func TestColumnsAndTablesThatAreGoneOrNew(t *testing.T) {
	old := deliver(t, sampleRows(100), func(s *datasets.Spec) {
		s.Tables["more"] = s.Tables["claims"]
	})
	now := deliver(t, sampleRows(100), func(s *datasets.Spec) {
		c := s.Tables["claims"]
		c.Column("city").Name, c.Columns[1].From = "town", "city"
		c.Column("diagnosis").Type = datasets.Text
		s.Quality = &datasets.Quality{Block: datasets.KindList{datasets.ColumnRemoved}}
	})
	_, b := compareBoth(t, old, now)
	var at []string
	for _, f := range b.Findings {
		at = append(at, f.Severity.String()+" "+string(f.Kind)+" "+f.Table+"."+f.Column)
	}
	if got := strings.Join(at, ", "); got != "fault column_removed claims.city, fault column_removed claims.diagnosis, note column_added claims.town, note table_removed more." {
		t.Error(got)
	}
}

func TestShiftedDistributions(t *testing.T) {
	rows := sampleRows(3000)
	later := sampleRows(3600)
	for i := range later {
		if later[i].known.Format("2006-01") == "2024-11" { // a month that the earlier delivery lacks
			later[i].city = "深圳"
		}
		if later[i].known.Format("2006-01") == "2024-02" {
			later[i].amount *= 3
		}
	}
	a, _ := compareBoth(t, deliver(t, rows, nil), deliver(t, later, nil))
	got := of(a, datasets.DistributionShift)
	if len(got) != 2 || got[0].Column != "city" || !strings.HasPrefix(got[0].Value, "2024-11: PSI") || got[1].Column != "amount" || !strings.HasPrefix(got[1].Value, "2024-02: PSI") || got[1].Count != 1 {
		t.Errorf("%+v", got)
	}
}

// TestChanceIsNoShift draws two deliveries from one distribution.
func TestChanceIsNoShift(t *testing.T) {
	draw := func(seed uint64) []sampleRow {
		r := rand.New(rand.NewPCG(seed, 3))
		rows := sampleRows(3000)
		for i := range rows {
			rows[i].amount, rows[i].city = r.ExpFloat64(), []string{"a", "b", "c", "d"}[r.IntN(4)]
		}
		return rows
	}
	for seed := range uint64(4) {
		a, _ := compareBoth(t, deliver(t, draw(2*seed), nil), deliver(t, draw(2*seed+1), nil))
		if got := of(a, datasets.DistributionShift); len(got) != 0 {
			t.Errorf("seed %d: %+v", seed, got)
		}
		above, months := 0, 0
		for _, s := range a.Shifts {
			if s.Column == "amount" || s.Column == "city" {
				for m := range s.PSI {
					if months++; s.PSI[m] > s.Critical[m] {
						above++
					}
				}
			}
		}
		if months < 18 || above > 6 {
			t.Errorf("seed %d: %d of %d months above the 5 %% bound", seed, above, months)
		}
	}
}

func TestDelaysThatGrew(t *testing.T) {
	later := sampleRows(1500)
	for i := range later {
		if i >= 1000 && i%5 == 0 {
			later[i].known = later[i].known.Add(35 * 24 * time.Hour)
		}
	}
	a, _ := compareBoth(t, deliver(t, sampleRows(800), nil), deliver(t, later, nil))
	if got := of(a, datasets.WorsenedDelay); len(got) != 1 || got[0].Count < 60 || !strings.Contains(got[0].Text, "100.0 % were within 30 days") {
		t.Errorf("%+v", a.Findings)
	}
}
