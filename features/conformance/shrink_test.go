package conformance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// shrink takes rows and values out of a world as long as an indicator still
// disagrees about a claim, and returns what is left: an example for people.
func shrink(t *testing.T, w *world, disagree func(w *world) bool) *world {
	for again := true; again; {
		again = false
		for _, name := range w.spec.TableNames() {
			for i := 0; i < len(w.rows[name]); i++ {
				c := w.clone()
				c.rows[name] = slices.Delete(c.rows[name], i, i+1)
				if disagree(c) {
					w, again = c, true
					i--
				}
			}
		}
	}
	for _, name := range w.spec.TableNames() {
		for i, r := range w.rows[name] {
			for _, column := range slices.Sorted(maps.Keys(r)) {
				c := w.clone()
				c.rows[name][i][column] = nil
				if column != "claim_id" && column != "conclusion" && column != w.spec.Tables[name].KnownAt && r[column] != nil && column != w.spec.Tables[name].Key && disagree(c) {
					w = c
				}
			}
		}
	}
	return w
}

// show writes a world's rows, a line each.
func (w *world) show() string {
	var b strings.Builder
	for _, name := range w.spec.TableNames() {
		for _, r := range w.rows[name] {
			fmt.Fprintf(&b, "  %s:", name)
			for _, column := range slices.Sorted(maps.Keys(r)) {
				switch v := r[column].(type) {
				case nil:
				case micros:
					fmt.Fprintf(&b, " %s=%.6gd", column, float64(v-firstDay)/float64(day))
				default:
					fmt.Fprintf(&b, " %s=%v", column, v)
				}
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}
