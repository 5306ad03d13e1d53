package datasets

import (
	"errors"
	"fmt"
	"strings"
)

// gateShown is how many findings a refusal names.
const gateShown = 5

// Gate returns an error when [Check] finds what the dataset says must stop a
// build or a training (quality: block: in dataset.yaml), or what cannot be read.
// A dataset without such a list passes unread: it asked for nothing. The time
// is that of Check.
func Gate(d *Dataset) error {
	if d == nil || d.Spec == nil {
		return errors.New("cannot check dataset: it is not open")
	}
	if d.Spec.Quality == nil || len(d.Spec.Quality.Block) == 0 {
		return nil
	}
	report, err := Check(d)
	if err != nil {
		return err
	}
	return report.Refusal(d.Dir)
}

// Refusal returns an error that names the first faults of the report, or nil
// when there are none.
func (r *CheckReport) Refusal(dataset string) error {
	if r.OK() {
		return nil
	}
	lines := []string{fmt.Sprintf("cannot use dataset %s: %s; mend the data, or take the kind out of quality: block: in %s:", dataset, counted(r.Faults, "finding")+" of kinds that block", SpecFile)}
	for _, f := range r.Findings {
		if f.Severity != Fault {
			continue
		}
		if len(lines) > gateShown {
			lines = append(lines, "  and more: see claimsieve data check "+dataset)
			break
		}
		lines = append(lines, "  "+f.oneLine())
	}
	return errors.New(strings.Join(lines, "\n"))
}

// oneLine writes a finding without its mend.
func (f *Finding) oneLine() string {
	var b strings.Builder
	b.WriteString(f.Table)
	if f.Column != "" {
		b.WriteString("." + f.Column)
	}
	if f.Row > 0 {
		fmt.Fprintf(&b, ", row %d", f.Row)
	}
	fmt.Fprintf(&b, ": %s [%s]", oneLine(f.Text), f.Kind)
	if f.Value != "" {
		fmt.Fprintf(&b, " (%q)", oneLine(f.Value))
	}
	if f.Count > 1 {
		fmt.Fprintf(&b, ", %d times", f.Count)
	}
	return b.String()
}
