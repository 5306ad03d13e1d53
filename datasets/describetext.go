package datasets

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// countLabels counts claims by the year in which they became known and by
// label. Claims without an instant are left out.
func countLabels(claims []string, known []int64, outcomes map[string]Outcome) []LabelYear {
	years := map[int]*LabelYear{}
	for i, id := range claims {
		if known[i] == NoTime {
			continue
		}
		year := time.UnixMicro(known[i]).UTC().Year()
		y := years[year]
		if y == nil {
			y = &LabelYear{Year: year}
			years[year] = y
		}
		y.Claims++
		switch outcomes[id].Label {
		case Confirmed:
			y.Confirmed++
		case Suspected:
			y.Suspected++
		case Cleared:
			y.Cleared++
		default:
			y.Unknown++
		}
	}
	out := make([]LabelYear, 0, len(years))
	for _, y := range years {
		out = append(out, *y)
	}
	slices.SortFunc(out, func(a, b LabelYear) int { return cmp.Compare(a.Year, b.Year) })
	return out
}

// WriteText writes the description as aligned columns for people.
func (d *Description) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s", oneLine(d.Name))
	if title := d.Title.text(); title != "" {
		fmt.Fprintf(&b, ": %s", title)
	}
	fmt.Fprintln(&b)
	if d.Source != "" {
		fmt.Fprintf(&b, "source: %s\n", oneLine(d.Source))
	}
	for i := range d.Tables {
		d.Tables[i].write(&b)
	}
	if len(d.Labels) > 0 {
		writeLabels(&b, d.Labels)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t Title) text() string {
	switch {
	case t.EN == "" || t.ZH == "":
		return oneLine(t.EN + t.ZH)
	}
	return oneLine(t.EN + " / " + t.ZH)
}

func (t *TableDescription) write(b *strings.Builder) {
	fmt.Fprintf(b, "\ntable %s: %s, %s", t.Name, counted(t.Rows, "row"), counted(t.Files, "file"))
	for _, r := range []struct {
		word string
		span *TimeRange
	}{{"happened", t.Happened}, {"known", t.Known}} {
		if r.span != nil {
			fmt.Fprintf(b, ", %s %s to %s", r.word, showInstant(r.span.From.UnixMicro()), showInstant(r.span.To.UnixMicro()))
		}
	}
	fmt.Fprintln(b)
	tab := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tab, "  COLUMN\tTYPE\tSTAGE\tROLE\tNULLS\tDISTINCT\tMIN\tMEAN\tMAX\tTOP")
	for i := range t.Columns {
		t.Columns[i].write(tab)
	}
	tab.Flush() // a Builder takes every byte
}

func (c *ColumnDescription) write(w io.Writer) {
	distinct, mean := fmt.Sprint(c.Distinct), ""
	if c.More {
		distinct = "more than " + distinct
	}
	if c.Mean != nil {
		mean = fmt.Sprintf("%.6g", *c.Mean)
	}
	top := make([]string, len(c.Top))
	for i, v := range c.Top {
		top[i] = fmt.Sprintf("%s %d", oneLine(v.Value), v.Count)
	}
	fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\n", c.Name, c.Type, c.Stage, c.Role, c.Nulls+c.NaNs, distinct, c.Min, mean, c.Max, strings.Join(top, ", "))
}

func writeLabels(b *strings.Builder, labels []LabelYear) {
	fmt.Fprintln(b, "\nlabels of the claims by the year in which they became known")
	tab := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tab, "YEAR\tCLAIMS\tCONFIRMED\tSUSPECTED\tCLEARED\tUNKNOWN\t")
	for _, y := range labels {
		fmt.Fprintf(tab, "%d\t%d\t%d\t%d\t%d\t%d\t\n", y.Year, y.Claims, y.Confirmed, y.Suspected, y.Cleared, y.Unknown)
	}
	tab.Flush() // a Builder takes every byte
}
