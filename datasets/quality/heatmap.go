package quality

import (
	"fmt"
	"slices"
	"strings"

	"claimsieve/datasets"
)

// heatMap is a drawing of table by month in one dimension; all lengths are in
// pixels of the drawing.
type heatMap struct {
	Title         datasets.Title
	Width, Height int
	Cells         []heatCell
	Rows, Columns []heatLabel
	Empty         bool // the dimension says nothing about any table
}

type heatCell struct {
	X, Y, Width, Height int
	Color, Tip          string
}

type heatLabel struct {
	X, Y int
	Text string
}

// The measures of a drawing.
const (
	heatLeft  = 110  // room for the tables' names
	heatTop   = 18   // room for the months
	heatWide  = 1050 // room for the cells
	heatCellH = 22
	labelRoom = 80 // from one month's name to the next
)

// heatMapOf draws a dimension. The months are those of all tables; a table
// without rows in one has no cell there.
func heatMapOf(d datasets.Dimension, measures []datasets.TableMeasure) heatMap {
	months := monthsOf(measures)
	out := heatMap{Title: d.Title(), Width: heatLeft + heatWide + 20, Height: heatTop + heatCellH*len(measures) + 6, Empty: true}
	if len(months) == 0 {
		return out
	}
	width := min(28, heatWide/len(months))
	out.Columns = columnLabels(months, width)
	for row, t := range measures {
		y := heatTop + row*heatCellH
		out.Rows = append(out.Rows, heatLabel{heatLeft - 8, y + 15, clip(t.Table)})
		m := overall(t, d)
		for i, month := range t.Months {
			at, ok := slices.BinarySearch(months, month)
			if s := m.Month(i); ok && s.Of > 0 {
				out.Empty = false
				out.Cells = append(out.Cells, heatCell{heatLeft + at*width, y, max(1, width-1), heatCellH - 2, colorOf(s.Value()),
					fmt.Sprintf("%s %s: %s (%d / %d)", t.Table, month, percent(s), s.Passed, s.Of)})
			}
		}
	}
	return out
}

// monthsOf returns the last months of all tables, ascending; [datasets.NoMonth]
// sorts after them.
func monthsOf(measures []datasets.TableMeasure) []string {
	var months []string
	for _, t := range measures {
		months = append(months, t.Months...)
	}
	slices.Sort(months)
	months = slices.Compact(months)
	return months[max(0, len(months)-pageMonths):]
}

// columnLabels names every January and the first month; where these would
// stand too close, fewer.
func columnLabels(months []string, width int) []heatLabel {
	var out []heatLabel
	free := 0
	for i, m := range months {
		x := heatLeft + i*width
		if (i == 0 || strings.HasSuffix(m, "-01") || m == datasets.NoMonth) && x >= free {
			out = append(out, heatLabel{x, heatTop - 5, m})
			free = x + labelRoom
		}
	}
	return out
}

// clip shortens a table's name to the room that it has.
func clip(s string) string {
	if r := []rune(s); len(r) > 14 {
		return string(r[:13]) + "…"
	}
	return s
}
