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
	c.judge(table, ts.KnownAt, KnownBeforeHappened, min(len(happened), len(known)), func(i int) verdict {
		h, k := happened[i], known[i]
		if h == NoTime || k == NoTime {
			return skipped
		}
		if day && k <= math.MaxInt64-microsPerDay {
			k += microsPerDay - 1
		}
		return passedIf(k >= h)
	}, func(i int) string {
		return fmt.Sprintf("known %s, happened %s", showInstant(known[i]), showInstant(happened[i]))
	}, "the row became known before it happened", "correct "+ts.HappenedAt+" or "+ts.KnownAt)
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
		c.fault(NoClaims, ClaimsTable, "", "the table has no rows", "put claims into it")
	}
	c.claim = make(map[string]int, len(keys))
	for i, k := range keys {
		if _, twice := c.claim[k]; !twice && k != "" {
			c.claim[k] = i
		}
	}
	c.nearDuplicates()
}

// outcomes checks the outcomes table against the rules and against the claims.
func (c *checker) outcomes() {
	ts := c.data.Spec.Tables[OutcomesTable]
	if ts == nil {
		c.fault(NoOutcomes, OutcomesTable, "", "the dataset has no outcomes", "add them to train and to measure")
		return
	}
	if c.frames[OutcomesTable] == nil {
		return
	}
	c.conclusions()
	c.propensities(ts)
	claims := c.text(OutcomesTable, "claim_id")
	if claims != nil && c.claim != nil {
		var concluded []int64
		if c.usable[OutcomesTable]["concluded_at"] {
			concluded = c.micros(OutcomesTable, "concluded_at")
		}
		c.conclusionsOf(claims, concluded)
	}
	c.article26(claims)
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
	c.frames[OutcomesTable].formed["conclusion"] = true
	c.tallied(OutcomesTable, "conclusion", UnknownConclusion, unknown, err.Error(), "map the conclusion to one of these words when writing the file")
}

func (c *checker) propensities(ts *TableSpec) {
	if ts.Column("propensity") == nil || !c.usable[OutcomesTable]["propensity"] {
		return
	}
	values := c.floats(OutcomesTable, "propensity")
	c.judge(OutcomesTable, "propensity", BadPropensity, len(values), func(i int) verdict {
		if math.IsNaN(values[i]) {
			return skipped
		}
		return passedIf(values[i] >= 0 && values[i] <= 1)
	}, func(i int) string { return fmt.Sprint(values[i]) },
		"the propensity is no probability", "write a number from 0 to 1, or null when it was not recorded")
}

// conclusionsOf holds outcomes against the claims that they are about.
func (c *checker) conclusionsOf(claims []string, concluded []int64) {
	day := c.data.Spec.Tables[OutcomesTable].Column("concluded_at").Type == Date
	show := func(id string) string { return c.shown(OutcomesTable, "claim_id", id) }
	c.judge(OutcomesTable, "claim_id", OutcomeWithoutClaim, len(claims), func(i int) verdict { return passedIf(claims[i] != "") },
		func(int) string { return "" }, "the outcome names no claim", "name the claim or remove the row")
	c.judge(OutcomesTable, "claim_id", OutcomeWithoutClaim, len(claims), func(i int) verdict {
		_, ok := c.claim[claims[i]]
		return passedIf(ok || claims[i] == "")
	}, func(i int) string { return show(claims[i]) },
		"the outcome is about a claim that is not in the claims table", "add the claim or remove the row")
	c.judge(OutcomesTable, "concluded_at", EarlyConclusion, min(len(claims), len(concluded)), func(i int) verdict {
		row, ok := c.claim[claims[i]]
		if !ok || concluded[i] == NoTime || row >= len(c.known) || c.known[row] == NoTime {
			return skipped
		}
		end := concluded[i]
		if day && end <= math.MaxInt64-microsPerDay {
			end += microsPerDay - 1
		}
		return passedIf(end >= c.known[row])
	}, func(i int) string {
		return fmt.Sprintf("claim %s: concluded %s, known %s", show(claims[i]), showInstant(concluded[i]), showInstant(c.known[c.claim[claims[i]]]))
	}, "the claim was concluded before it was known", "correct concluded_at or the claim's "+c.data.Spec.Tables[ClaimsTable].KnownAt)
	var again tally
	seen := make(map[string]int, len(claims))
	for i, id := range claims {
		if id == "" {
			continue
		}
		if j, twice := seen[id]; twice {
			again.add(i, fmt.Sprintf("%s (also in row %d)", show(id), j+1))
		} else {
			seen[id] = i
		}
	}
	c.tallied(OutcomesTable, "claim_id", RepeatedOutcome, again, "the claim has a conclusion in an earlier row already; the last one known counts", "nothing, when the case was reopened")
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
		ids := c.text(table, key)
		c.judge(table, key, BrokenReference, len(ids), func(i int) verdict {
			if ids[i] == "" {
				return skipped
			}
			_, ok := c.claim[ids[i]]
			return passedIf(ok)
		}, func(i int) string { return c.shown(table, key, ids[i]) },
			"the row is about a claim that is not in the claims table", "add the claim, or leave it: the row is not used")
	}
}
