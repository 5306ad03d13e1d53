package quality

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"claimsieve/datasets"
)

func pageOf(t testing.TB, r *datasets.CheckReport, c *Comparison) string {
	t.Helper()
	var b bytes.Buffer
	if err := WritePage(&b, r, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestPageShowsWhatWasMeasured(t *testing.T) {
	rows := sampleRows(900)
	for i := range rows[:90] {
		rows[i].city = ""
	}
	old, now := deliver(t, sampleRows(900), nil), deliver(t, rows, nil)
	before := profile(t, old, nil)
	text := pageOf(t, check(t, now), CompareData(old, now, before, profile(t, now, before)))
	for _, want := range []string{"真实性", "完整性", "准确性", "及时性", "规范性", "Standard form", "对比 compared with: sample", "90.00 %", "1.00, 1.00",
		"claims 2024-01: 95.71 % (2010 / 2100)", // 300 rows of 7 columns, less 90 cities
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the page", want)
		}
	}
	if n := strings.Count(text, "<rect"); n != 15 { // 3 months, 5 dimensions
		t.Errorf("%d cells", n)
	}
}

// TestPageNeedsNothingElse looks for what would load something.
func TestPageNeedsNothingElse(t *testing.T) {
	text := pageOf(t, check(t, deliver(t, sampleRows(100), nil)), nil)
	if m := regexp.MustCompile(`(?i)(<script|<link|<img|src=|href=|@import|url\(|https?:)`).FindString(text); m != "" {
		t.Errorf("the page has %q", m)
	}
}

// TestDrawingsAreWellFormed reads every drawing as XML.
func TestDrawingsAreWellFormed(t *testing.T) {
	text := pageOf(t, check(t, deliver(t, sampleRows(900), nil)), nil)
	drawings := regexp.MustCompile(`(?s)<svg.*?</svg>`).FindAllString(text, -1)
	if len(drawings) < 4 {
		t.Errorf("%d drawings", len(drawings))
	}
	for _, d := range drawings {
		dec := xml.NewDecoder(strings.NewReader(d))
		for {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%v in %.200s", err, d)
			}
		}
	}
}

func TestPageEscapesHostileValues(t *testing.T) {
	hostile := `</title><script>alert(1)</script><b onmouseover='x'>"&`
	r := &datasets.CheckReport{Dataset: hostile, Notes: 1, Findings: []datasets.Finding{
		{Severity: datasets.Note, Kind: datasets.Kind(hostile), Table: hostile, Column: hostile, Value: hostile, Text: hostile, Mend: hostile, Row: 1, Count: 1},
	}, Measures: []datasets.TableMeasure{{Table: hostile, Rows: 1, Months: []string{hostile}, MonthRows: []int{1},
		Overall:  []datasets.Measure{{Dimension: datasets.Truth, Total: datasets.Share{Passed: 1, Of: 2}, Passed: []int{1}, Of: []int{2}}},
		Measures: []datasets.Measure{{Column: hostile, Dimension: datasets.Truth, Total: datasets.Share{Passed: 1, Of: 2}, Passed: []int{1}, Of: []int{2}}}}}}
	text := pageOf(t, r, &Comparison{Against: hostile, Shifts: []Shift{{Table: hostile, Column: hostile, Months: []string{hostile}, PSI: []float64{1}, Critical: []float64{0}, Shifted: []bool{true}}}})
	if strings.Contains(text, "<script") || strings.Contains(text, "<b onmouse") || strings.Contains(text, "'x'") {
		t.Errorf("it does not:\n%s", text)
	}
}

// TestPageOfManyMonths stays as wide as its room.
func TestPageOfManyMonths(t *testing.T) {
	m := datasets.TableMeasure{Table: "t", Overall: []datasets.Measure{{Dimension: datasets.Truth}}}
	for i := range 3000 {
		m.Months = append(m.Months, fmt.Sprintf("%04d-%02d", 1900+i/12, 1+i%12))
		m.Overall[0].Passed, m.Overall[0].Of = append(m.Overall[0].Passed, 1), append(m.Overall[0].Of, 1)
	}
	h := heatMapOf(datasets.Truth, []datasets.TableMeasure{m})
	if len(h.Cells) != pageMonths || h.Cells[pageMonths-1].X+h.Cells[pageMonths-1].Width > h.Width {
		t.Errorf("%d cells", len(h.Cells))
	}
	if empty := heatMapOf(datasets.Truth, nil); !empty.Empty {
		t.Errorf("%+v", empty)
	}
}

func TestSharesAreNeverRoundedUpToAll(t *testing.T) {
	for s, want := range map[datasets.Share]string{{Passed: 999_999, Of: 1_000_000}: "99.99 %", {Passed: 5, Of: 5}: "100 %", {Passed: 0, Of: 5}: "0.00 %", {Passed: 1, Of: 3}: "33.33 %"} {
		if got := percent(s); got != want {
			t.Errorf("%v: %s, want %s", s, got, want)
		}
	}
	if colorOf(1) == colorOf(0.999999) || colorOf(0.5) != colorOf(0) {
		t.Error("the colours do not tell a loss")
	}
}
