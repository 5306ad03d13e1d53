package main

import (
	"fmt"
	"slices"
	"strings"

	"claimsieve/datasets"
	"claimsieve/datasets/strictyaml"
)

// condition is one comparison of a column with a word.
type condition struct {
	column string
	equal  bool
	word   string
}

// parseRule reads conditions joined by " and ", each of the form
// "column = word" or "column != word". All must hold.
func parseRule(text string) ([]condition, error) {
	var out []condition
	for _, part := range strings.Split(text, " and ") {
		c := condition{equal: true}
		left, right, ok := strings.Cut(part, "!=")
		if ok {
			c.equal = false
		} else if left, right, ok = strings.Cut(part, "="); !ok {
			return nil, usageError{fmt.Errorf("cannot read condition %q of --rule: want column = word or column != word", strings.TrimSpace(part))}
		}
		c.column, c.word = strings.TrimSpace(left), strings.TrimSpace(right)
		if c.column == "" || c.word == "" {
			return nil, usageError{fmt.Errorf("cannot read condition %q of --rule: column or word is empty", strings.TrimSpace(part))}
		}
		out = append(out, c)
	}
	return out, nil
}

// applyRule tells for each claim id whether all conditions hold. A null
// fulfils no condition, neither = nor !=.
func applyRule(d *datasets.Dataset, conditions []condition) (map[string]bool, error) {
	spec := d.Spec.Tables["claims"]
	columns := []string{spec.Key}
	for _, c := range conditions {
		col := spec.Column(c.column)
		if col == nil {
			var names []string
			for _, x := range spec.Columns {
				names = append(names, x.Name)
			}
			return nil, fmt.Errorf("cannot apply --rule: the claims table has no column %q%s", c.column, strictyaml.DidYouMean(c.column, names))
		}
		if col.Type != datasets.Category && col.Type != datasets.ID && col.Type != datasets.Text {
			return nil, fmt.Errorf("cannot apply --rule: column %q is of type %s; a rule compares words", c.column, col.Type)
		}
		columns = append(columns, c.column)
	}
	claims, err := d.Table("claims", unique(columns)...)
	if err != nil {
		return nil, err
	}
	ids, err := claims.Strings(spec.Key)
	if err != nil {
		return nil, err
	}
	alerts := make(map[string]bool, len(ids))
	for _, id := range ids {
		alerts[id] = true
	}
	for _, c := range conditions {
		words, err := claims.Strings(c.column)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(words, c.word) {
			return nil, fmt.Errorf("cannot apply --rule: column %q never holds %q%s", c.column, c.word, strictyaml.DidYouMean(c.word, unique(words)))
		}
		for i, w := range words {
			if w == "" || (w == c.word) != c.equal {
				alerts[ids[i]] = false
			}
		}
	}
	return alerts, nil
}

// unique returns the names without repetitions, in order.
func unique(names []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, n := range names {
		if !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	return out
}
