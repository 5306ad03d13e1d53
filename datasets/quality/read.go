package quality

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// What a profile may hold at most.
const (
	maxProfile = 256 << 20 // bytes
	maxWord    = 200       // bytes of a word
	maxListed  = 20        // faults that a message lists
)

// Write writes the profile as one JSON object.
func (p *Profile) Write(w io.Writer) error {
	if err := json.NewEncoder(w).Encode(p); err != nil {
		return fmt.Errorf("cannot write profile: %w", err)
	}
	return nil
}

// ReadProfile reads a profile that [Profile.Write] wrote, named name in
// messages. Every length is checked, so that a profile of foreign hands cannot
// make a comparison fail; the error lists the faults, up to 20.
func ReadProfile(name string, data []byte) (*Profile, error) {
	if len(data) > maxProfile {
		return nil, fmt.Errorf("cannot read profile %s: it has %d bytes, more than %d", name, len(data), maxProfile)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	p := &Profile{}
	if err := dec.Decode(p); err != nil {
		return nil, fmt.Errorf("cannot read profile %s: %w; write it with claimsieve data check --profile-out", name, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("cannot read profile %s: something follows the profile", name)
	}
	if p.Format != ProfileFormat {
		return nil, fmt.Errorf("cannot read profile %s: it is of format %d, this program reads format %d", name, p.Format, ProfileFormat)
	}
	var faults []string
	seen := map[string]bool{}
	for i := range p.Tables {
		t := &p.Tables[i]
		if seen[t.Name] {
			faults = append(faults, fmt.Sprintf("table %q stands there twice", t.Name))
		}
		seen[t.Name] = true
		faults = append(faults, t.faults()...)
	}
	if len(faults) > maxListed {
		faults = append(faults[:maxListed], "and more")
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("cannot read profile %s: %s; write it again with claimsieve data check --profile-out", name, strings.Join(faults, "; "))
	}
	return p, nil
}

// faults lists what does not fit together in a table.
func (t *TableProfile) faults() []string {
	var out []string
	months := len(t.Months)
	byMonth := func(what string, n int, mayBeAbsent bool) {
		if n != months && !(mayBeAbsent && n == 0) {
			out = append(out, fmt.Sprintf("table %q: %s has %d entries for %d months", t.Name, what, n, months))
		}
	}
	if !slices.IsSorted(t.Months) || len(slices.Compact(slices.Clone(t.Months))) != months {
		out = append(out, fmt.Sprintf("table %q: its months are not in order", t.Name))
	}
	byMonth("month_rows", len(t.MonthRows), false)
	byMonth("key_digests", len(t.KeyDigests), !t.Keyed)
	byMonth("key_sketches", len(t.KeySketches), true)
	byMonth("timely", len(t.Timely), true)
	byMonth("delayed", len(t.Delayed), len(t.Timely) == 0)
	byMonth("median_days", len(t.MedianDays), true)
	byMonth("p95_days", len(t.P95Days), true)
	out = append(out, negative(t.Name, "rows", append(slices.Clone(t.MonthRows), append([]int{t.Rows}, append(slices.Clone(t.Timely), t.Delayed...)...)...))...)
	for i := range t.Columns {
		c := &t.Columns[i]
		if t.column(c.Name) != c {
			out = append(out, fmt.Sprintf("column %q of table %q stands there twice", c.Name, t.Name))
		}
		out = append(out, c.faults(t.Name, months)...)
	}
	return out
}

// faults lists what does not fit together in a column.
func (c *ColumnProfile) faults(table string, months int) []string {
	var out []string
	name := table + "." + c.Name
	if len(c.Missing) != months || len(c.Distinct) != months || len(c.Digests) != months || len(c.Bins) != months || len(c.Quantiles) != 0 && len(c.Quantiles) != months {
		out = append(out, fmt.Sprintf("column %s does not have an entry for each of %d months", name, months))
	}
	if c.Words != nil && c.Edges != nil || !slices.IsSorted(c.Edges) {
		out = append(out, fmt.Sprintf("column %s has bins that cannot be", name))
	}
	for _, q := range c.Quantiles {
		if len(q) != 0 && len(q) != 5 {
			out = append(out, fmt.Sprintf("column %s has %d quantiles in a month", name, len(q)))
		}
	}
	for _, bins := range c.Bins {
		if len(bins) != c.bins() {
			out = append(out, fmt.Sprintf("column %s has %d counts in a month for %d bins", name, len(bins), c.bins()))
			break
		}
		out = append(out, negative(name, "bins", bins)...)
	}
	return append(out, negative(name, "missing", c.Missing)...)
}

// maxRows keeps sums of counts from running over.
const maxRows = 1 << 40

// negative says that a list of counts holds one that cannot be.
func negative(where, what string, counts []int) []string {
	for _, n := range counts {
		if n < 0 || n > maxRows {
			return []string{fmt.Sprintf("%s: %s holds the count %d", where, what, n)}
		}
	}
	return nil
}
