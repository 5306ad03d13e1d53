package datasets

import (
	"fmt"
	"strings"
	"testing"
)

// roleDataset has 300 claims with columns for identifiers and fillings; change
// writes what a test is about.
func roleDataset(t testing.TB, change func(i int, row []any)) *Dataset {
	spec := &Spec{Format: 1, Name: "roles", Tables: map[string]*TableSpec{
		"claims": {
			Files: []string{"claims.parquet"}, Key: "claim_id", KnownAt: "reported_at",
			Columns: []ColumnSpec{
				{Name: "claim_id", Type: ID},
				{Name: "reported_at", Type: Time},
				{Name: "vin", Type: ID, Role: "vehicle.vin", Class: Personal},
				{Name: "driver", Type: ID, Role: "person.driver.id_number", Class: Sensitive},
				{Name: "shop", Type: Category, Role: "institution.credit_code"},
				{Name: "born_on", Type: Date},
				{Name: "amount", Type: Float},
				{Name: "city", Type: Category, Role: "city"},
			},
		},
	}}
	rows := make([][]any, 300)
	for i := range rows {
		rows[i] = []any{
			fmt.Sprintf("C%d", i), fmt.Sprintf("2024-01-%02dT10:00:00Z", 1+i%28),
			[]string{"1M8GDM9AXKP042788", "11111111111111111"}[i%2],
			[]string{"11010519491231002X", "440524188001010014"}[i%2],
			nil,
			fmt.Sprintf("%d-05-17", 1950+i%50), float64(i), []string{"北京", "上海"}[i%2],
		}
		if i%2 == 0 {
			rows[i][4] = "91350100M000100Y43"
		} else if i < 100 {
			rows[i][4] = creditCodeOther
		}
		change(i, rows[i])
	}
	return writeRaw(t, spec, map[string][][]any{"claims": rows})
}

// creditCodeOther is the standard's example with its first two characters 5 and
// 1: the weighted sum falls by 4*1 + 0*3, so that the check character, which
// is 3 there, becomes 7.
const creditCodeOther = "51350100M000100Y47"

// rowsFindings returns the findings about claims, for the outcomes are not there.
func rowsFindings(t testing.TB, d *Dataset) []Finding {
	var out []Finding
	for _, f := range mustCheck(t, d).Findings {
		if f.Table == ClaimsTable {
			out = append(out, f)
		}
	}
	return out
}

func TestGenuineIdentifiersAndVariedValuesAreNotNoted(t *testing.T) {
	if got := rowsFindings(t, roleDataset(t, func(int, []any) {})); len(got) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestCheckNotesIdentifiersAndFillings(t *testing.T) {
	d := roleDataset(t, func(i int, row []any) {
		if i%100 == 7 {
			row[2] = "1M8GDM9A1KP042788"
			row[3] = "110105194912310021"
			row[4] = "91350100M000100Y44"
		}
		if i == 8 {
			row[3] = "110105491231002"
		}
		if i < 4 {
			row[5] = "1970-01-01"
		}
		if i < 3 { // 1 % of 300 is not more than 1 %
			row[1] = "1900-01-01T00:00:00Z"
		}
		row[6] = 500.0
		if i%3 == 0 {
			row[6] = nil
		}
		row[7] = "北京"
	})
	want := []struct {
		column     string
		row, count int
		value      string
		text       string
	}{
		{"vin", 8, 3, "*************2788", "it was made up; 3 of 300 values are wrong"},
		{"driver", 8, 3, "", "check character is wrong"},
		{"driver", 9, 1, "", "old form of 15 digits"},
		{"shop", 8, 3, "**************0Y44", "GB 32100-2015"},
		{"born_on", 1, 4, "1970-01-01", "1970-01-01, which programs write for no date, in 4 of 300"},
		{"amount", 2, 200, "500", "in all 200 rows"},
		{"city", 1, 300, "北京", "uniform filling"},
	}
	got := rowsFindings(t, d)
	if len(got) != len(want) {
		t.Fatalf("%d findings, want %d: %+v", len(got), len(want), got)
	}
	for i, w := range want {
		g := got[i]
		if g.Severity != Note || g.Column != w.column || g.Row != w.row || g.Count != w.count || g.Value != w.value || !strings.Contains(g.Text, w.text) || g.Mend == "" {
			t.Errorf("%+v, want %+v", g, w)
		}
		for _, full := range []string{"1M8GDM9A1KP042788", "110105194912310021", "110105491231002", "91350100M000100Y44"} {
			if strings.Contains(fmt.Sprint(g), full) {
				t.Errorf("an identifier stands there in full: %+v", g)
			}
		}
	}
}

func TestUniformNeedsMoreThanAHundredRows(t *testing.T) {
	for _, n := range []int{100, 101} {
		d := roleDataset(t, func(i int, row []any) {
			row[7] = nil
			if i < n {
				row[7] = "北京"
			}
			row[6] = float64(i) // varied, and the last value alone breaks the next column
			row[2] = "11111111111111111"
			if i == 299 {
				row[2] = "1M8GDM9AXKP042788"
			}
		})
		if got := rowsFindings(t, d); len(got) != n-100 {
			t.Errorf("%d equal values: %+v", n, got)
		}
	}
}

// TestUniformIdentifiersAreMasked fills a column with one genuine number.
func TestUniformIdentifiersAreMasked(t *testing.T) {
	got := rowsFindings(t, roleDataset(t, func(_ int, row []any) { row[2] = "1M8GDM9AXKP042788" }))
	if len(got) != 1 || got[0].Column != "vin" || got[0].Value != "*************2788" || got[0].Count != 300 {
		t.Errorf("%+v", got)
	}
}

// TestRepeatedKeysThatAreIdentifiersAreMasked makes an identifier the key.
func TestRepeatedKeysThatAreIdentifiersAreMasked(t *testing.T) {
	d := roleDataset(t, func(int, []any) {})
	d.Spec.Tables["claims"].Key = "vin"
	for _, f := range mustCheck(t, d).Findings {
		if strings.Contains(f.Value, "1M8GDM9A") || strings.Contains(f.Value, "1111") && !strings.HasPrefix(f.Value, "*") {
			t.Errorf("%+v", f)
		}
	}
}

// TestDefaultDatesOfChina writes midnight of 1970-01-01 in China, read as UTC.
func TestDefaultDatesOfChina(t *testing.T) {
	got := rowsFindings(t, roleDataset(t, func(i int, row []any) {
		if i%10 == 9 {
			row[1] = []string{"1969-12-31T16:00:00Z", "1970-01-01T08:00:00Z"}[i/10%2]
		}
	}))
	if len(got) != 1 || got[0].Column != "reported_at" || got[0].Count != 30 || got[0].Row != 10 || got[0].Value != "1969-12-31T16:00:00Z" {
		t.Errorf("%+v", got)
	}
}
