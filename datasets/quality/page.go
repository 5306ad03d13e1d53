package quality

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"

	"claimsieve/datasets"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// WritePage writes what was found and measured as one HTML page that needs
// nothing else: a heat map of table by month for each of the five dimensions,
// the weakest columns, the delays and all findings, with titles in Chinese and
// English. Foreign texts are escaped. compared may be nil.
func WritePage(w io.Writer, report *datasets.CheckReport, compared *Comparison) error {
	p := page{Dataset: report.Dataset, Faults: report.Faults, Notes: report.Notes, Tables: tableRows(report.Measures), Weak: weakest(report.Measures)}
	for _, of100 := range [...]int{100, 99, 90, 50} {
		p.Scale = append(p.Scale, cellOf(datasets.Share{Passed: of100, Of: 100}))
	}
	for _, d := range datasets.Dimensions {
		p.Maps = append(p.Maps, heatMapOf(d, report.Measures))
		p.Dimensions = append(p.Dimensions, d.Title())
	}
	p.Findings = report.Findings
	if len(p.Findings) > pageFindings {
		p.Left = len(p.Findings) - pageFindings
		p.Findings = p.Findings[:pageFindings]
	}
	if compared != nil {
		p.Against = compared.Against
		p.Shifts = strongest(compared.Shifts)
	}
	if err := pageTemplate.Execute(w, p); err != nil {
		return fmt.Errorf("cannot write page: %w", err)
	}
	return nil
}

// What a page shows at most.
const (
	pageFindings = 500
	pageMonths   = 120 // the last ones
	pageWeak     = 20
	pageShifts   = 20
)

// page is what the template is filled with.
type page struct {
	Dataset       string
	Against       string
	Faults, Notes int
	Dimensions    []datasets.Title
	Scale         []shareCell // examples of the colours
	Maps          []heatMap
	Tables        []tableRow
	Weak          []weakColumn
	Shifts        []shiftRow
	Findings      []datasets.Finding
	Left          int // findings that are not shown
}

// tableRow is a table with its shares in the order of the dimensions.
type tableRow struct {
	Name        string
	Rows        int
	Shares      []shareCell
	TimelyDays  int
	Median, P95 string
}

// shareCell is a share as text, with its fraction.
type shareCell struct{ Text, Detail, Color string }

func cellOf(s datasets.Share) shareCell {
	if s.Of == 0 {
		return shareCell{"–", "", "#f4f4f4"}
	}
	return shareCell{percent(s), fmt.Sprintf("%d / %d", s.Passed, s.Of), colorOf(s.Value())}
}

// percent never rounds up to 100 %.
func percent(s datasets.Share) string {
	if s.Passed == s.Of {
		return "100 %"
	}
	return fmt.Sprintf("%.2f %%", min(math.Floor(1e4*s.Value())/100, 99.99))
}

// colorOf runs from red at 0.5 and less to pale yellow, and is pale green at 1.
// It is a scale of lightness too, for print and for the colour-blind, and never
// so dark that text on it cannot be read.
func colorOf(share float64) string {
	if share == 1 {
		return "#e3f1e3"
	}
	x := math.Sqrt(min(1, (1-share)/0.5)) // small losses have to be seen
	mix := func(from, to float64) int { return int(math.Round(from + x*(to-from))) }
	return fmt.Sprintf("#%02x%02x%02x", mix(253, 226), mix(240, 118), mix(205, 98))
}

func tableRows(measures []datasets.TableMeasure) []tableRow {
	out := make([]tableRow, 0, len(measures))
	for _, m := range measures {
		r := tableRow{Name: m.Table, Rows: m.Rows, TimelyDays: m.TimelyDays}
		for _, d := range datasets.Dimensions {
			r.Shares = append(r.Shares, cellOf(overall(m, d).Total))
		}
		if m.Delay != nil && m.Delay.MedianDays != nil {
			r.Median, r.P95 = fmt.Sprintf("%.2f", *m.Delay.MedianDays), fmt.Sprintf("%.2f", *m.Delay.P95Days)
		}
		out = append(out, r)
	}
	return out
}

// overall returns the measure of a whole table in a dimension.
func overall(m datasets.TableMeasure, d datasets.Dimension) *datasets.Measure {
	i := slices.IndexFunc(m.Overall, func(o datasets.Measure) bool { return o.Dimension == d })
	if i < 0 {
		return &datasets.Measure{Dimension: d, Passed: make([]int, len(m.Months)), Of: make([]int, len(m.Months))}
	}
	return &m.Overall[i]
}

// weakColumn is a column that does badly in a dimension.
type weakColumn struct {
	Table, Column string
	Dimension     datasets.Title
	Share         shareCell
	value         float64
}

// weakest returns the columns with the lowest shares below 1.
func weakest(measures []datasets.TableMeasure) []weakColumn {
	var out []weakColumn
	for _, t := range measures {
		for _, m := range t.Measures {
			if m.Total.Of == 0 || m.Total.Passed == m.Total.Of {
				continue
			}
			column := m.Column
			if column == "" {
				column = "(整行 whole row)"
			}
			out = append(out, weakColumn{t.Table, column, m.Dimension.Title(), cellOf(m.Total), m.Total.Value()})
		}
	}
	slices.SortStableFunc(out, func(a, b weakColumn) int {
		switch {
		case a.value < b.value:
			return -1
		case a.value > b.value:
			return 1
		}
		return 0
	})
	return out[:min(len(out), pageWeak)]
}

// shiftRow is a column that has shifted, by its worst month.
type shiftRow struct {
	Table, Column, Month, PSI, Critical string
	Shifted, Months                     int
	psi                                 float64
}

// strongest returns the columns that shifted most.
func strongest(shifts []Shift) []shiftRow {
	var out []shiftRow
	for _, s := range shifts {
		r := shiftRow{Table: s.Table, Column: s.Column, Months: len(s.Months)}
		for m, shifted := range s.Shifted {
			if !shifted {
				continue
			}
			if r.Shifted++; s.PSI[m] > r.psi {
				r.Month, r.PSI, r.Critical, r.psi = s.Months[m], fmt.Sprintf("%.3f", s.PSI[m]), fmt.Sprintf("%.4f", s.Critical[m]), s.PSI[m]
			}
		}
		if r.Shifted > 0 {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b shiftRow) int {
		switch {
		case a.psi > b.psi:
			return -1
		case a.psi < b.psi:
			return 1
		}
		return 0
	})
	return out[:min(len(out), pageShifts)]
}
