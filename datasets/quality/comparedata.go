package quality

import (
	"fmt"
	"slices"
	"strings"

	"claimsieve/datasets"
	"claimsieve/datasets/fingerprint"
	"claimsieve/datasets/identifier"

	"github.com/apache/arrow/go/v17/arrow"
)

// maxExamples is how many changed values a finding shows.
const maxExamples = 5

// CompareData is [Compare] where the earlier delivery itself is there: what
// vanished and what was changed in tables with a key is counted exactly, row by
// row of the same key, with up to five examples in which personal values are
// masked and sensitive ones hidden. Of a key that stands twice the first row
// counts. A value of a stage after the report that was null is filled, not
// changed. The profiles are those of the two datasets.
func CompareData(old, now *datasets.Dataset, before, after *Profile) *Comparison {
	c := &comparer{spec: now.Spec, out: Compare(before, after, now.Spec)}
	exact := map[string]bool{}
	for _, table := range old.Spec.TableNames() {
		p, q := before.table(table), after.table(table)
		if p == nil || q == nil || !p.Keyed || !q.Keyed || old.Spec.Tables[table].Key != now.Spec.Tables[table].Key {
			continue
		}
		if c.rows(old, now, table) {
			exact[table] = true
		}
	}
	kept := []datasets.Finding{}
	for _, f := range c.out.Findings {
		if f.Row == 0 && exact[f.Table] && (f.Kind == datasets.VanishedRows || f.Kind == datasets.ChangedValues) {
			continue // the estimate
		}
		kept = append(kept, f)
	}
	c.out.Findings = kept
	slices.SortStableFunc(c.out.Findings, byPlace)
	return c.out
}

// rows compares the rows of a table by their keys; false when it cannot.
func (c *comparer) rows(old, now *datasets.Dataset, table string) bool {
	key := old.Spec.Tables[table].Key
	oldKeys, err := prints(old, table, key)
	if err != nil {
		return false
	}
	nowKeys, err := prints(now, table, key)
	if err != nil {
		return false
	}
	nowRow := make(map[uint64]int32, len(nowKeys))
	for i, k := range nowKeys {
		if _, twice := nowRow[k]; !twice {
			nowRow[k] = int32(i)
		}
	}
	match := make([]int32, len(oldKeys)) // row of this delivery, -1 for none
	seen := make(map[uint64]bool, len(oldKeys))
	var gone []int
	for i, k := range oldKeys {
		match[i] = -1
		if k == fingerprint.Null || seen[k] {
			continue
		}
		seen[k] = true
		if row, ok := nowRow[k]; ok {
			match[i] = row
		} else {
			gone = append(gone, i)
		}
	}
	names := newCells(old, table, key)
	if len(gone) > 0 {
		shown := make([]string, 0, maxExamples)
		for _, i := range gone[:min(len(gone), maxExamples)] {
			shown = append(shown, names.show(i))
		}
		c.findRow(datasets.VanishedRows, table, "", gone[0], len(gone), strings.Join(shown, ", "), "rows of the earlier delivery are not in this one (漏报、瞒报); the row is the earlier delivery's",
			"deliver them, or say why they are gone (Article 14)")
	}
	for i := range old.Spec.Tables[table].Columns {
		col := &old.Spec.Tables[table].Columns[i]
		if later := now.Spec.Tables[table].Column(col.Name); col.Name != key && later != nil && later.Type == col.Type {
			c.cells(old, now, table, col.Name, match, names)
		}
	}
	return true
}

func (c *comparer) findRow(kind datasets.Kind, table, column string, row, count int, value, text, mend string) {
	c.find(kind, table, column, count, value, text, mend)
	c.out.Findings[len(c.out.Findings)-1].Row = row + 1
}

// cells counts the values of a column that differ between matched rows.
func (c *comparer) cells(old, now *datasets.Dataset, table, column string, match []int32, names *cells) {
	before, after := newCells(old, table, column), newCells(now, table, column)
	if before == nil || after == nil {
		return
	}
	count, first := 0, -1
	later := c.later(table, column)
	var examples []string
	for i, row := range match {
		if row < 0 || i >= len(before.prints) || int(row) >= len(after.prints) || before.prints[i] == after.prints[row] {
			continue
		}
		if later && before.prints[i] == fingerprint.Null {
			continue // the claim has come to that stage meanwhile
		}
		if count++; first < 0 {
			first = i
		}
		if len(examples) < maxExamples {
			examples = append(examples, fmt.Sprintf("%s: %s -> %s", names.show(i), before.show(i), after.show(int(row))))
		}
	}
	if count > 0 {
		c.findRow(datasets.ChangedValues, table, column, first, count, strings.Join(examples, "; "), "the value was changed between the two deliveries for the same key; the row is the earlier delivery's",
			"say who changed it and why: what was reported must not be altered (篡改, Article 14)")
	}
}

// cells are the values of a column, to compare and to show.
type cells struct {
	column *datasets.ColumnSpec
	chunks []arrow.Array
	prints []uint64
}

// newCells reads a column; nil when it cannot be read.
func newCells(d *datasets.Dataset, table, column string) *cells {
	t, err := d.Raw(table, column)
	if err != nil {
		return nil
	}
	out := &cells{column: d.Spec.Tables[table].Column(column)}
	if out.prints, err = printsOf(t); err != nil {
		return nil
	}
	for _, chunk := range t.Chunks() {
		out.chunks = append(out.chunks, chunk.Column(0))
	}
	return out
}

// longestShown is how many characters of a value are shown.
const longestShown = 40

// show returns what may be shown of the value of a row.
func (c *cells) show(row int) string {
	if c == nil {
		return "?"
	}
	for _, a := range c.chunks {
		if row >= a.Len() {
			row -= a.Len()
			continue
		}
		if a.IsNull(row) {
			return "null"
		}
		switch c.column.Class {
		case datasets.Sensitive:
			return "(hidden)"
		case datasets.Personal:
			if c.column.Type == datasets.ID {
				return identifier.Mask(a.ValueStr(row))
			}
			return "(masked)"
		}
		shown := []rune(datasets.MaskedValue(c.column, a.ValueStr(row)))
		if len(shown) > longestShown {
			return string(shown[:longestShown]) + "..."
		}
		return string(shown)
	}
	return "?"
}
