package conformance

import (
	"strconv"
	"time"

	"claimsieve/datasets"
)

// never stands for a time that does not come.
const never = micros(1 << 62)

var (
	firstInstant = micros(time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro())
	endOfTime    = micros(time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro())
)

// at is the instant in a column, or false for null and for years that are no
// instants of a history.
func at(r row, name string) (micros, bool) {
	m, ok := r[name].(micros)
	if !ok || m < firstInstant || m >= endOfTime {
		return 0, false
	}
	return m, true
}

// instant is when a claim's vector of a stage is taken.
func (w *world) instant(claim row, stage datasets.Stage) (micros, bool) {
	return at(claim, w.spec.Tables["claims"].StageTime(stage))
}

// known is from when a value of a stage in a row is known: when the row is, and
// for a later stage when the row reached it as well.
func (w *world) known(table string, r row, stage datasets.Stage) micros {
	k := w.ownKnown(table, r, stage)
	if belongs(table) {
		c := w.claimOf(r)
		if c == nil {
			return never
		}
		k = max(k, w.known("claims", c, datasets.Report))
	}
	return k
}

// belongs says whether the rows of a table belong to claims.
func belongs(table string) bool { return table != "claims" && table != "policies" }

// ownKnown is from when a value in a row is known to those to whom the claim is.
func (w *world) ownKnown(table string, r row, stage datasets.Stage) micros {
	spec := w.spec.Tables[table]
	k, ok := at(r, spec.KnownAt)
	if !ok {
		return never
	}
	if stage > datasets.Report {
		s, ok := at(r, spec.StageTime(stage))
		if !ok {
			return never
		}
		k = max(k, s)
	}
	return k
}

// happened is when a row happened, and whether anybody knows.
func (w *world) happened(table string, r row) (micros, bool) {
	spec := w.spec.Tables[table]
	if spec.HappenedAt == "" {
		return at(r, spec.KnownAt)
	}
	if r[spec.HappenedAt] == nil {
		return at(r, spec.KnownAt)
	}
	return at(r, spec.HappenedAt)
}

// stageOf is the stage from which a column exists.
func (w *world) stageOf(table string, columns ...string) datasets.Stage {
	s := datasets.Report
	for _, c := range columns {
		s = max(s, w.spec.Tables[table].Column(c).FromStage())
	}
	return s
}

// word is a key's spelling: 7 and "7" are the same key, and "" is none.
func word(r row, name string) (string, bool) {
	switch v := r[name].(type) {
	case string:
		return v, v != ""
	case int64:
		return strconv.FormatInt(v, 10), true
	case bool:
		return strconv.FormatBool(v), true
	}
	return "", false
}

// key is the value of a column or a tuple, spelt so that no two tuples meet.
func key(r row, columns []string) (string, bool) {
	out := ""
	for _, c := range columns {
		v, ok := word(r, c)
		if !ok {
			return "", false
		}
		out += strconv.Itoa(len(v)) + ":" + v
	}
	return out, true
}

// claimOf is the claim that a row of another table belongs to, nil for none.
func (w *world) claimOf(r row) row {
	id, ok := word(r, "claim_id")
	if !ok {
		return nil
	}
	for _, c := range w.rows["claims"] {
		if c["claim_id"] == id {
			return c
		}
	}
	return nil
}
