package datasets

import "claimsieve/datasets/identifier"

// verdict is what a rule says about a row. The zero value says that the rule
// does not apply.
type verdict uint8

const (
	skipped verdict = iota
	passed
	failed
)

func passedIf(ok bool) verdict {
	if ok {
		return passed
	}
	return failed
}

// judge holds n rows against a rule of a kind. The rows to which it applies are
// the denominator of the column's dimension, those that fail are a finding,
// whose value is that of the first.
func (c *checker) judge(table, column string, kind Kind, n int, rule func(i int) verdict, value func(i int) string, text, mend string) {
	c.tallied(table, column, kind, c.weigh(table, column, kind, n, rule, value), text, mend)
}

// weigh is judge without the finding: it counts the rows to which the rule
// applies and returns those that fail.
func (c *checker) weigh(table, column string, kind Kind, n int, rule func(i int) verdict, value func(i int) string) tally {
	var fails tally
	marks := c.frames[table].mark(column, kind.rule().Dimension)
	if marks.applied == nil {
		marks.applied = make(bitset, (c.frames[table].rows+63)/64)
	}
	for i := range n {
		v := rule(i)
		if v == skipped {
			continue
		}
		marks.applied.add(i)
		if v == failed {
			shown := ""
			if fails.count == 0 {
				shown = value(i)
			}
			fails.add(i, shown)
		}
	}
	marks.failed.or(fails.rows)
	return fails
}

// tallied adds a finding about the rows of a tally, if there are any.
func (c *checker) tallied(table, column string, kind Kind, t tally, text, mend string) {
	if t.count == 0 {
		return
	}
	if ts := c.data.Spec.Tables[table]; ts != nil {
		if col := ts.Column(column); col != nil && col.Class == Sensitive {
			t.value = ""
		}
	}
	c.emit(table, column, found{Finding{Kind: kind, Row: t.row, Value: t.value, Count: t.count, Text: text, Mend: mend}, t.rows})
}

// shown returns what may be shown of a value of a column: nothing of a
// sensitive one, the end of an identifier.
func (c *checker) shown(table, column, value string) string {
	return MaskedValue(c.data.Spec.Tables[table].Column(column), value)
}

// MaskedValue returns what may be shown of a value of a column: nothing when it
// is sensitive, all but the last 4 characters hidden when the column's role is
// an identifier in the sense of package identifier, else the value itself. A
// nil column hides nothing.
func MaskedValue(column *ColumnSpec, value string) string {
	if column == nil {
		return value
	}
	if column.Class == Sensitive {
		return ""
	}
	if _, ok := identifier.ByRole(column.Role); ok {
		return identifier.Mask(value)
	}
	return value
}

// micros returns a time column that is known to be readable, nil otherwise.
func (c *checker) micros(table, column string) []int64 {
	if !c.usable[table][column] {
		return nil
	}
	t, err := c.data.read(table, column)
	if err != nil {
		return nil
	}
	m, err := t.Micros(column)
	if err != nil {
		return nil
	}
	return m
}

// text returns a text column that is known to be readable, nil otherwise; "" is
// null.
func (c *checker) text(table, column string) []string {
	if !c.usable[table][column] {
		return nil
	}
	t, err := c.data.read(table, column)
	if err != nil {
		return nil
	}
	values, _, err := t.words(column)
	if err != nil {
		return nil
	}
	return values
}

// floats returns a column of numbers that is known to be readable, nil
// otherwise; NaN is null.
func (c *checker) floats(table, column string) []float64 {
	if !c.usable[table][column] {
		return nil
	}
	t, err := c.data.read(table, column)
	if err != nil {
		return nil
	}
	values, err := t.Floats(column)
	if err != nil {
		return nil
	}
	return values
}
