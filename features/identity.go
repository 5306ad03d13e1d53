package features

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"

	"claimsieve/datasets"
)

// meaning is what a pipeline takes from a table's description: its clocks, its
// key, and the columns that it reads. Files, titles, classes and further columns
// do not count.
type meaning struct {
	Key, HappenedAt, KnownAt string
	Stages                   map[datasets.Stage]string
	Columns                  []columnMeaning
}

type columnMeaning struct {
	Name  string
	Type  datasets.Type
	Stage datasets.Stage
	Role  string
}

// String describes the column for people.
func (c columnMeaning) String() string {
	role := "no role"
	if c.Role != "" {
		role = "role " + c.Role
	}
	return fmt.Sprintf("type %s, stage %s and %s", c.Type, c.Stage, role)
}

// meanings returns what the pipeline takes from each table that it reads, as
// data describes them.
func (p *Pipeline) meanings(data *datasets.Spec) map[string]meaning {
	out := map[string]meaning{}
	for name, columns := range p.columnsRead() {
		t := data.Tables[name]
		if t == nil {
			continue
		}
		m := meaning{Key: t.Key, HappenedAt: t.HappenedAt, KnownAt: t.KnownAt, Stages: t.Stages}
		for _, column := range columns {
			if c := t.Column(column); c != nil {
				m.Columns = append(m.Columns, columnMeaning{c.Name, c.Type, c.FromStage(), c.Role})
			}
		}
		out[name] = m
	}
	return out
}

// columnsRead returns the columns that the pipeline reads, by table, sorted.
func (p *Pipeline) columnsRead() map[string][]string {
	out := map[string][]string{datasets.ClaimsTable: p.Inputs()}
	if p.plan != nil {
		for name, s := range p.plan.Sources {
			out[name] = append(out[name], s.Columns()...)
		}
	}
	for _, j := range p.joined {
		out[j.table] = append(out[j.table], j.column)
	}
	for name, columns := range out {
		slices.Sort(columns)
		out[name] = slices.Compact(columns)
	}
	return out
}

// identity is the hex SHA-256 of the pipeline and of what it takes from the
// tables: two pipelines with the same identity ask the same of the same columns.
func (p *Pipeline) identity() string {
	data, err := json.Marshal(struct {
		Spec   *Spec
		Tables map[string]meaning
	}{p.spec, p.meanings(p.data)})
	if err != nil {
		panic(fmt.Sprintf("BUG: a pipeline cannot be written as JSON: %v", err))
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Agrees returns an error when a dataset describes a table that the pipeline
// reads in another way than the tables that the pipeline was compiled against:
// the same column under another clock or of another type would give other
// values without a word.
func (p *Pipeline) Agrees(data *datasets.Spec) error {
	var faults []string
	theirs := p.meanings(data)
	for name, ours := range p.meanings(p.data) {
		t, there := theirs[name]
		if !there {
			faults = append(faults, fmt.Sprintf("there is no table %q", name))
			continue
		}
		for _, f := range []struct{ what, ours, theirs string }{
			{"key", ours.Key, t.Key}, {"happened_at", ours.HappenedAt, t.HappenedAt}, {"known_at", ours.KnownAt, t.KnownAt},
			{"stages", fmt.Sprint(ours.Stages), fmt.Sprint(t.Stages)},
		} {
			if f.ours != f.theirs {
				faults = append(faults, fmt.Sprintf("table %q has %s %s, and the pipeline was made for %s", name, f.what, f.theirs, f.ours))
			}
		}
		for _, c := range ours.Columns {
			at := slices.IndexFunc(t.Columns, func(o columnMeaning) bool { return o.Name == c.Name })
			switch {
			case at < 0:
				faults = append(faults, fmt.Sprintf("table %q has no column %q", name, c.Name))
			case t.Columns[at] != c:
				faults = append(faults, fmt.Sprintf("column %q of table %q is of %s, and the pipeline was made for %s", c.Name, name, t.Columns[at], c))
			}
		}
	}
	if len(faults) == 0 {
		return nil
	}
	slices.Sort(faults)
	return fmt.Errorf("cannot use dataset %q with pipeline %q:\n%s", data.Name, p.spec.Name, strings.Join(faults, "\n"))
}

// HasInstant says whether the one claim in rec has the instant that the history
// is asked about: without one every answer of the history is missing. It is true
// for a pipeline that asks nothing of the history.
func (p *Pipeline) HasInstant(rec arrow.Record) bool {
	if p.plan == nil {
		return true
	}
	at, err := p.plan.InstantOf(rec)
	return err == nil && at != datasets.NoTime
}
