package datasets

import (
	"fmt"
	"slices"
	"sort"

	"claimsieve/datasets/codes"
	"claimsieve/datasets/strictyaml"
)

// Quality is what a dataset asks of its own data.
type Quality struct {
	// Block lists the kinds of findings that are faults: they stop a build and a
	// training. All other kinds are notes, but for the kinds that always block.
	// Nil is the default list, see [Kinds]; an empty list blocks nothing more.
	Block KindList `yaml:"block,omitempty" json:"block,omitempty"`
	// TimelyDays is, by table, within how many days of its happening a row has to
	// be known; [DefaultTimelyDays] for a table that is not named.
	TimelyDays map[string]int `yaml:"timely_days,omitempty" json:"timely_days,omitempty"`
}

// KindList is a list of kinds in which nil, for the default, is not the empty list.
type KindList []Kind

// IsZero keeps an empty list in a written dataset.yaml.
func (l KindList) IsZero() bool { return l == nil }

// DefaultTimelyDays is within how many days of its happening a row is timely
// where the dataset says nothing.
const DefaultTimelyDays = 30

// maxTimelyDays is a hundred years.
const maxTimelyDays = 36_500

// Blocks says whether findings of that kind are faults of this dataset.
func (s *Spec) Blocks(kind Kind) bool {
	rule := kind.rule()
	if rule.Always {
		return true
	}
	if s.Quality == nil || s.Quality.Block == nil {
		return rule.Blocks
	}
	return slices.Contains(s.Quality.Block, kind)
}

// TimelyDays returns within how many days of its happening a row of the table
// has to be known.
func (s *Spec) TimelyDays(table string) int {
	if s.Quality != nil && s.Quality.TimelyDays[table] > 0 {
		return s.Quality.TimelyDays[table]
	}
	return DefaultTimelyDays
}

// quality checks what the dataset asks of its data, and its code tables.
func (v *specValidator) quality(s *Spec) {
	for _, name := range sortedNames(s.Codes) {
		if !isName(name) {
			v.fault(fmt.Sprintf("code table name %q: want letters, digits and underscores, a letter first", name), "codes")
		}
		if text := fileFault(s.Codes[name]); text != "" {
			v.fault(text, "codes", name)
		}
	}
	for _, name := range s.TableNames() {
		v.codes(s, name)
	}
	if s.Quality == nil {
		return
	}
	for i, kind := range s.Quality.Block {
		if kind.rule().Kind == "" {
			v.fault(fmt.Sprintf("unknown kind of finding %q%s; docs/data-quality.md lists the kinds", kind, strictyaml.DidYouMean(string(kind), kindNames())), "quality", "block", i)
		}
	}
	for _, table := range sortedNames(s.Quality.TimelyDays) {
		days := s.Quality.TimelyDays[table]
		switch t := s.Tables[table]; {
		case t == nil:
			v.fault(fmt.Sprintf("timely_days names %q, which is no table%s", table, strictyaml.DidYouMean(table, s.TableNames())), "quality", "timely_days", table)
		case t.HappenedAt == "" || t.HappenedAt == t.KnownAt:
			v.fault(fmt.Sprintf("timely_days names table %q, whose rows do not say when they happened: give it a happened_at other than known_at", table), "quality", "timely_days", table)
		case days < 1 || days > maxTimelyDays:
			v.fault(fmt.Sprintf("timely_days of table %q is %d: want 1 to %d", table, days, maxTimelyDays), "quality", "timely_days", table)
		}
	}
}

// codes checks the code tables that columns name.
func (v *specValidator) codes(s *Spec, table string) {
	t := s.Tables[table]
	if t == nil {
		return
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Codes == "" {
			continue
		}
		at := []any{"tables", table, "columns", i, "codes"}
		known := append(codes.Names(), sortedNames(s.Codes)...)
		if !slices.Contains(known, c.Codes) {
			v.fault(fmt.Sprintf("column %q names code table %q, which is none%s; list it under codes: of the dataset", c.Name, c.Codes, strictyaml.DidYouMean(c.Codes, known)), at...)
		}
		if c.Type != ID && c.Type != Category && c.Type != Text && c.Type != NoType {
			v.fault(fmt.Sprintf("column %q of type %s cannot hold codes: codes are id, category or text", c.Name, c.Type), at...)
		}
	}
}

// sortedNames returns a map's keys, sorted.
func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
