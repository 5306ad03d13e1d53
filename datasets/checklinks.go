package datasets

import (
	"fmt"
	"math"
)

// clocks checks that no row is known before it happened.
func (c *checker) clocks(table string, ts *TableSpec) {
	if ts.HappenedAt == "" || ts.HappenedAt == ts.KnownAt || !c.usable[table][ts.HappenedAt] || !c.usable[table][ts.KnownAt] {
		return
	}
	happened, known := c.micros(table, ts.HappenedAt), c.micros(table, ts.KnownAt)
	// A date is the midnight that begins it: a row known on a day can have
	// happened at any hour of that day.
	day := ts.Column(ts.KnownAt).Type == Date
	var before tally
	for i := range min(len(happened), len(known)) {
		h, k := happened[i], known[i]
		if h == NoTime || k == NoTime {
			continue
		}
		if day && k <= math.MaxInt64-microsPerDay {
			k += microsPerDay - 1
		}
		if k < h {
			before.add(i, fmt.Sprintf("known %s, happened %s", showInstant(known[i]), showInstant(h)))
		}
	}
	if before.count > 0 {
		c.report.add(Finding{Table: table, Column: ts.KnownAt, Row: before.row, Value: before.value, Count: before.count,
			Text: "the row became known before it happened", Mend: "correct " + ts.HappenedAt + " or " + ts.KnownAt})
	}
}

// micros returns a time column that is known to be readable, nil otherwise.
func (c *checker) micros(table, column string) []int64 {
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

// text returns a text column that is known to be readable, nil otherwise.
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

// claims reads what the other tables refer to.
func (c *checker) claims() {
	ts := c.data.Spec.Tables[ClaimsTable]
	if ts == nil || !c.usable[ClaimsTable][ts.Key] || !c.usable[ClaimsTable][ts.KnownAt] {
		return
	}
	keys := c.text(ClaimsTable, ts.Key)
	c.known = c.micros(ClaimsTable, ts.KnownAt)
	if len(keys) == 0 {
		c.fault(ClaimsTable, "", "the table has no rows", "put claims into it", 1)
	}
	c.claim = make(map[string]int, len(keys))
	for i, k := range keys {
		if _, twice := c.claim[k]; !twice && k != "" {
			c.claim[k] = i
		}
	}
}

// outcomes checks the outcomes table against the rules and against the claims.
func (c *checker) outcomes() {
	ts := c.data.Spec.Tables[OutcomesTable]
	if ts == nil {
		c.report.add(Finding{Severity: Note, Table: OutcomesTable, Count: 1, Text: "the dataset has no outcomes", Mend: "add them to train and to measure"})
		return
	}
	c.conclusions()
	c.propensities(ts)
	claims := c.text(OutcomesTable, "claim_id")
	if claims == nil || c.claim == nil {
		return
	}
	var concluded []int64
	if c.usable[OutcomesTable]["concluded_at"] {
		concluded = c.micros(OutcomesTable, "concluded_at")
	}
	c.conclusionsOf(claims, concluded)
}

// conclusions finds outcomes whose conclusion is none of the known ones.
func (c *checker) conclusions() {
	var unknown tally
	_, err := Conclusion("").Label()
	for i, text := range c.text(OutcomesTable, "conclusion") {
		if _, e := Conclusion(text).Label(); e != nil {
			if unknown.count == 0 {
				err = e
			}
			unknown.add(i, text)
		}
	}
	if unknown.count > 0 {
		c.report.add(Finding{Table: OutcomesTable, Column: "conclusion", Row: unknown.row, Value: unknown.value, Count: unknown.count,
			Text: err.Error(), Mend: "map the conclusion to one of these words when writing the file"})
	}
}

func (c *checker) propensities(ts *TableSpec) {
	if ts.Column("propensity") == nil || !c.usable[OutcomesTable]["propensity"] {
		return
	}
	t, err := c.data.read(OutcomesTable, "propensity")
	if err != nil {
		return
	}
	values, err := t.Floats("propensity")
	if err != nil {
		return
	}
	var outside tally
	for i, p := range values {
		if p < 0 || p > 1 {
			outside.add(i, fmt.Sprint(p))
		}
	}
	if outside.count > 0 {
		c.report.add(Finding{Table: OutcomesTable, Column: "propensity", Row: outside.row, Value: outside.value, Count: outside.count,
			Text: "the propensity is no probability", Mend: "write a number from 0 to 1, or null when it was not recorded"})
	}
}

// conclusionsOf holds outcomes against the claims that they are about.
func (c *checker) conclusionsOf(claims []string, concluded []int64) {
	day := c.data.Spec.Tables[OutcomesTable].Column("concluded_at").Type == Date
	var empty, orphan, early, again tally
	seen := make(map[string]int, len(claims))
	for i, id := range claims {
		row, ok := c.claim[id]
		switch {
		case id == "":
			empty.add(i, "")
			continue
		case !ok:
			orphan.add(i, id)
		case i < len(concluded) && concluded[i] != NoTime && row < len(c.known) && c.known[row] != NoTime:
			end := concluded[i]
			if day && end <= math.MaxInt64-microsPerDay {
				end += microsPerDay - 1
			}
			if end < c.known[row] {
				early.add(i, fmt.Sprintf("claim %s: concluded %s, known %s", id, showInstant(concluded[i]), showInstant(c.known[row])))
			}
		}
		if j, twice := seen[id]; twice {
			again.add(i, fmt.Sprintf("%s (also in row %d)", id, j+1))
		} else {
			seen[id] = i
		}
	}
	add := func(s Severity, column string, t tally, text, mend string) {
		if t.count > 0 {
			c.report.add(Finding{Severity: s, Table: OutcomesTable, Column: column, Row: t.row, Value: t.value, Count: t.count, Text: text, Mend: mend})
		}
	}
	add(Fault, "claim_id", empty, "the outcome names no claim", "name the claim or remove the row")
	add(Fault, "claim_id", orphan, "the outcome is about a claim that is not in the claims table", "add the claim or remove the row")
	add(Fault, "concluded_at", early, "the claim was concluded before it was known", "correct concluded_at or the claim's "+c.data.Spec.Tables[ClaimsTable].KnownAt)
	add(Note, "claim_id", again, "the claim has a conclusion in an earlier row already; the last one known counts", "nothing, when the case was reopened")
}

// references finds rows of other tables that name claims which are not there.
func (c *checker) references() {
	if c.claim == nil {
		return
	}
	key := c.data.Spec.Tables[ClaimsTable].Key
	for _, table := range c.data.Spec.TableNames() {
		if table == ClaimsTable || table == OutcomesTable {
			continue
		}
		if col := c.data.Spec.Tables[table].Column(key); col == nil || col.Type != ID {
			continue
		}
		var orphan tally
		for i, id := range c.text(table, key) {
			if _, ok := c.claim[id]; !ok && id != "" {
				orphan.add(i, id)
			}
		}
		if orphan.count > 0 {
			c.report.add(Finding{Severity: Note, Table: table, Column: key, Row: orphan.row, Value: orphan.value, Count: orphan.count,
				Text: "the row is about a claim that is not in the claims table", Mend: "add the claim, or leave it: the row is not used"})
		}
	}
}
