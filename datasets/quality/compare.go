package quality

import (
	"fmt"
	"math"
	"slices"

	"claimsieve/datasets"
)

// Comparison is how a delivery stands beside an earlier one.
type Comparison struct {
	Against  string             `json:"against"` // name of the earlier dataset
	Findings []datasets.Finding `json:"findings"`
	Shifts   []Shift            `json:"shifts"` // by column, in order of table and column
}

// Shift is how much the distribution of a column has moved, month by month.
// Months of the later delivery only are held against all months of the earlier.
type Shift struct {
	Table    string    `json:"table"`
	Column   string    `json:"column"`
	Months   []string  `json:"months"` // those with enough rows in both
	PSI      []float64 `json:"psi"`
	Critical []float64 `json:"critical"` // exceeded by chance in 5 % of months without change
	Shifted  []bool    `json:"shifted"`  // PSI of 0.1 and more that chance does not explain, all months of all columns considered
}

const (
	shiftLevel = 0.05
	shiftLeast = 0.1 // the customary bound of a moderate shift
	shiftRows  = 50  // rows of a month in each delivery, at least
)

// Compare finds what differs between the profiles of two deliveries; after has
// to be built with like set to before. Findings are notes or faults as spec, the
// later dataset's, says, and come in order of table and column: tables and
// columns that are gone or new; keys that are gone from their month, estimated
// from the sketches; months whose rows are the same and whose values are not;
// shifted distributions; delays that grew.
func Compare(before, after *Profile, spec *datasets.Spec) *Comparison {
	c := &comparer{spec: spec, out: &Comparison{Against: before.Dataset, Findings: []datasets.Finding{}, Shifts: []Shift{}}}
	for i := range before.Tables {
		old := &before.Tables[i]
		now := after.table(old.Name)
		if now == nil {
			c.find(datasets.TableRemoved, old.Name, "", 1, "", "the earlier delivery has the table, this one has not", "deliver it, or say why it is gone (Article 14)")
			continue
		}
		c.columns(old, now)
		c.vanished(old, now)
		for j := range old.Columns {
			if col := now.column(old.Columns[j].Name); col != nil && col.Type == old.Columns[j].Type {
				c.changed(old, now, &old.Columns[j], col)
				c.shift(old, now, &old.Columns[j], col)
			}
		}
		c.delay(old, now)
	}
	c.judgeShifts()
	slices.SortStableFunc(c.out.Findings, byPlace)
	return c.out
}

type comparer struct {
	spec   *datasets.Spec
	out    *Comparison
	tested []stability // of all months of all shifts, in order
}

func (c *comparer) find(kind datasets.Kind, table, column string, count int, value, text, mend string) {
	f := datasets.Finding{Severity: datasets.Note, Kind: kind, Table: table, Column: column, Count: count, Value: value, Text: text, Mend: mend}
	if c.spec.Blocks(kind) {
		f.Severity = datasets.Fault
	}
	c.out.Findings = append(c.out.Findings, f)
}

// byPlace orders findings by table, those of a table in the order in which they
// were made.
func byPlace(a, b datasets.Finding) int {
	switch {
	case a.Table < b.Table:
		return -1
	case a.Table > b.Table:
		return 1
	}
	return 0
}

// columns finds columns that are gone, new, or of another type.
func (c *comparer) columns(old, now *TableProfile) {
	for i := range old.Columns {
		col := &old.Columns[i]
		switch later := now.column(col.Name); {
		case later == nil:
			c.find(datasets.ColumnRemoved, old.Name, col.Name, 1, "", "the earlier delivery has the column, this one has not", "deliver it, or say why it is gone")
		case later.Type != col.Type:
			c.find(datasets.ColumnRemoved, old.Name, col.Name, 1, "", fmt.Sprintf("the column was of type %s and is of type %s: nothing else of it is compared", col.Type, later.Type), "deliver it as before, or compare with a later profile")
		}
	}
	for i := range now.Columns {
		if name := now.Columns[i].Name; old.column(name) == nil {
			c.find(datasets.ColumnAdded, now.Name, name, 1, "", "the earlier delivery does not have the column", "nothing, when it was meant")
		}
	}
}

// vanished estimates how many rows of the earlier delivery are not in this one,
// month by month, by the keys that both sketches could hold.
func (c *comparer) vanished(old, now *TableProfile) {
	total, months, first := 0, 0, ""
	for m, month := range old.Months {
		n := slices.Index(now.Months, month)
		gone := 0
		switch {
		case n < 0:
			gone = old.MonthRows[m]
		case len(old.KeySketches) > 0 && len(now.KeySketches) > 0:
			gone = goneOf(old.KeySketches[m], now.KeySketches[n], old.MonthRows[m])
		default:
			gone = max(0, old.MonthRows[m]-now.MonthRows[n])
		}
		if gone == 0 {
			continue
		}
		if total += gone; months == 0 {
			first = fmt.Sprintf("%s: about %d of %d", month, gone, old.MonthRows[m])
		}
		months++
	}
	if total > 0 {
		c.find(datasets.VanishedRows, old.Name, "", total, first, fmt.Sprintf("rows of the earlier delivery are not in their month any more, in %d months (estimated;漏报、瞒报)", months),
			"deliver them, or say why they are gone (Article 14); compare with the earlier folder for the exact rows")
	}
}

// goneOf estimates how many of rows keys are gone, by two samples of the same
// kind: of the keys up to the last that both could hold, the share that only the
// earlier has.
func goneOf(old, now []Digest, rows int) int {
	limit := uint64(math.MaxUint64)
	for _, s := range [...][]Digest{old, now} {
		if last, ok := lastOf(s); ok && len(s) >= sketchKeys {
			limit = min(limit, last)
		}
	}
	in, gone := 0, 0
	for _, d := range old {
		if x, ok := d.number(); ok && x <= limit {
			in++
			if !slices.Contains(now, d) {
				gone++
			}
		}
	}
	if in == 0 {
		return 0
	}
	return int(math.Round(float64(rows) * float64(gone) / float64(in)))
}

func lastOf(s []Digest) (uint64, bool) {
	if len(s) == 0 {
		return 0, false
	}
	return s[len(s)-1].number()
}

// changed finds months that hold the same rows with other values. Where fewer
// values of a stage after the report are missing than before, claims have come
// to that stage, and nothing can be said.
func (c *comparer) changed(old, now *TableProfile, before, after *ColumnProfile) {
	months, first := 0, ""
	later := c.later(now.Name, after.Name)
	for m, month := range old.Months {
		n := slices.Index(now.Months, month)
		if n < 0 || old.MonthRows[m] != now.MonthRows[n] || before.Digests[m] == "" || after.Digests[n] == "" || before.Digests[m] == after.Digests[n] {
			continue
		}
		if later && after.Missing[n] < before.Missing[m] {
			continue
		}
		if old.Keyed != now.Keyed || old.Keyed && (old.KeyDigests[m] == "" || old.KeyDigests[m] != now.KeyDigests[n]) {
			continue
		}
		if months == 0 {
			first = month
		}
		months++
	}
	if months > 0 {
		c.find(datasets.ChangedValues, old.Name, before.Name, months, first, fmt.Sprintf("values were changed in months that have the same rows as before, in %d months", months),
			"say who changed them and why: what was reported must not be altered (篡改, Article 14); compare with the earlier folder for the rows")
	}
}

// later says whether a column exists only from a stage after the report.
func (c *comparer) later(table, column string) bool {
	t := c.spec.Tables[table]
	if t == nil {
		return false
	}
	col := t.Column(column)
	return col != nil && col.FromStage() > datasets.Report
}

// delay finds months that came later than the earlier delivery did on the whole.
func (c *comparer) delay(old, now *TableProfile) {
	if len(old.Timely) == 0 || len(now.Timely) == 0 || old.TimelyDays != now.TimelyDays {
		return
	}
	before, of := sum(old.Timely), sum(old.Delayed)
	if of < shiftRows {
		return
	}
	months, rows, first := 0, 0, ""
	for m, month := range now.Months {
		if now.Delayed[m] < shiftRows || slices.Contains(old.Months, month) {
			continue
		}
		if worse(before, of, now.Timely[m], now.Delayed[m]) {
			if months == 0 {
				first = fmt.Sprintf("%s: %d of %d within %d days", month, now.Timely[m], now.Delayed[m], now.TimelyDays)
			}
			months++
			rows += now.Delayed[m] - now.Timely[m]
		}
	}
	if months > 0 {
		c.find(datasets.WorsenedDelay, now.Name, "", rows, first, fmt.Sprintf("rows became known later than in the earlier delivery, where %.1f %% were within %d days, in %d months", 100*float64(before)/float64(of), now.TimelyDays, months),
			"find out why reports came late (迟报, Article 14)")
	}
}

// worse says that a share is lower by at least 2 points and by 4 standard
// deviations of the difference of two shares.
func worse(before, of, after, ofAfter int) bool {
	p, q := float64(before)/float64(of), float64(after)/float64(ofAfter)
	pool := float64(before+after) / float64(of+ofAfter)
	deviation := math.Sqrt(pool * (1 - pool) * (1/float64(of) + 1/float64(ofAfter)))
	return p-q >= 0.02 && p-q > 4*deviation
}

func sum(counts []int) int {
	n := 0
	for _, x := range counts {
		n += x
	}
	return n
}
