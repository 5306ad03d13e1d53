package conformance

import (
	"strings"
	"testing"
)

// readsOwnOutcome says whether an indicator reads the outcomes of the asking
// claim, directly or through another indicator.
func (x indicator) readsOwnOutcome(p *pipeline) bool {
	if strings.Contains(x.words, "of: outcomes") && strings.Contains(x.words, "by: claim_id") {
		return true
	}
	if !strings.Contains(x.words, "rule:") && !strings.Contains(x.words, "expr:") {
		return false
	}
	for _, y := range p.indicators {
		if y.name != x.name && strings.Contains(x.words, y.name) && y.readsOwnOutcome(p) {
			return true
		}
	}
	return false
}

// shuffled gives every row a time of its own, so that nothing is decided by the
// order in the files, and turns the files round.
func (d dice) shuffled(t *testing.T, w *world, p *pipeline) {
	t.Helper()
	c := w.clone()
	n := micros(0)
	for _, name := range c.spec.TableNames() {
		spec := c.spec.Tables[name]
		for _, r := range c.rows[name] {
			for _, column := range []string{spec.KnownAt, spec.HappenedAt} {
				if m, ok := r[column].(micros); ok {
					n++
					r[column] = m + n
				}
			}
			for _, column := range spec.Stages {
				if m, ok := r[column].(micros); ok {
					n++
					r[column] = m + n
				}
			}
			c.asDates(name, r)
		}
	}
	before, ok := c.attempt(t, p)
	if !ok || c.tied() {
		return
	}
	for _, rows := range c.rows {
		d.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	}
	if after, ok := c.attempt(t, p); ok {
		unchanged(t, "rows shuffled", p, before, after, everyClaim)
	}
}

// tied says whether two rows of a table still stand at the same known instant,
// as days do.
func (w *world) tied() bool {
	for name, rows := range w.rows {
		seen := map[any]bool{}
		for _, r := range rows {
			k := r[w.spec.Tables[name].KnownAt]
			if k != nil && seen[k] {
				return true
			}
			seen[k] = true
		}
	}
	return false
}
