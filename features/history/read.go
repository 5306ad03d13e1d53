package history

import (
	"fmt"
	"slices"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"
)

// unit is a part of deriving a table: the columns that it reads, the cells that
// it fills, and what it costs beside others. Different units may run at the
// same time; one runs in the order of rows, since its dictionary grows so.
type unit struct {
	columns []string
	cells   []string
	cost    int
	derive  func(d *derived, first int, rec arrow.Record) error
}

// Costs of a column of numbers and of one of words, about.
const (
	numberCost = 1
	wordCost   = 6
)

// units returns the parts of deriving the source. Words that share the codes of
// a key are derived with it.
func (s *Source) units(c *codes, mode coding, shared twins) []unit {
	times := unit{columns: []string{s.Spec.KnownAt}, cells: []string{"happened", "known"}, cost: 2 * numberCost, derive: s.deriveTimes}
	if s.Spec.HappenedAt != "" {
		times.columns = append(times.columns, s.Spec.HappenedAt)
	}
	for i, stage := range s.Stages {
		times.columns, times.cells = append(times.columns, s.Spec.StageTime(stage)), append(times.cells, fmt.Sprintf("stage%d", i))
		times.cost += numberCost
	}
	out := []unit{times}
	if s.Claim != "" {
		out = append(out, unit{[]string{s.Claim}, append([]string{"claim"}, wordCells(shared[s.Claim])...), wordCost, func(d *derived, first int, rec arrow.Record) error {
			return d.deriveKey(d.claim, first, rec, []string{s.Claim}, c.claims, mode, shared[s.Claim])
		}})
	}
	for space := range c.spaces {
		if u := s.spaceUnit(space, c, mode, shared); len(u.cells) > 0 {
			out = append(out, u)
		}
	}
	return append(out, s.programUnits(c, mode, shared)...)
}

// spaceUnit is the keys of one space, whose dictionary they share.
func (s *Source) spaceUnit(space int, c *codes, mode coding, shared twins) unit {
	var u unit
	var keys []int
	words := make([][]int, len(s.Keys)) // that share the codes of a key
	for k, key := range s.Keys {
		if key.Space != space {
			continue
		}
		keys = append(keys, k)
		u.columns, u.cells = append(u.columns, key.Columns...), append(u.cells, fmt.Sprintf("key%d", k))
		u.cost += wordCost * len(key.Columns)
		if len(key.Columns) == 1 && key.Columns[0] != s.Claim {
			words[k] = shared[key.Columns[0]]
			u.cells = append(u.cells, wordCells(words[k])...)
		}
	}
	u.derive = func(d *derived, first int, rec arrow.Record) error {
		for _, k := range keys {
			if err := d.deriveKey(d.keys[k], first, rec, s.Keys[k].Columns, c.spaces[space], mode, words[k]); err != nil {
				return err
			}
		}
		return nil
	}
	return u
}

// wordCells are the cells of words.
func wordCells(words []int) []string {
	var out []string
	for _, w := range words {
		out = append(out, fmt.Sprintf("word%d", w))
	}
	return out
}

// deriveKey derives the rows of a key, and of the words that share its codes.
func (d *derived) deriveKey(key []int32, first int, rec arrow.Record, columns []string, dict *dictionary, mode coding, shared []int) error {
	end := first + int(rec.NumRows())
	if len(shared) == 0 {
		return deriveCodes(key[first:end], rec, columns, dict, mode)
	}
	var words [][]int32
	for _, w := range shared {
		words = append(words, d.words[w][first:end])
	}
	return deriveTwins(key[first:end], words, rec, columns[0], dict)
}

// programUnits are the expressions over the source's columns.
func (s *Source) programUnits(c *codes, mode coding, shared twins) []unit {
	var out []unit
	var withKey []int
	for _, words := range shared {
		withKey = append(withKey, words...)
	}
	for v, value := range s.Values {
		columns := value.Program.Inputs()
		out = append(out, unit{columns, []string{fmt.Sprintf("value%d", v)}, numberCost * (1 + len(columns)), func(d *derived, first int, rec arrow.Record) error {
			return deriveValues(d.values[v][first:first+int(rec.NumRows())], rec, value)
		}})
	}
	for w, program := range s.Words {
		if slices.Contains(withKey, w) {
			continue
		}
		columns := program.Inputs()
		out = append(out, unit{columns, []string{fmt.Sprintf("word%d", w)}, wordCost * len(columns), func(d *derived, first int, rec arrow.Record) error {
			return deriveWords(d.words[w][first:first+int(rec.NumRows())], rec, program, c.words[s.Name][w], mode)
		}})
	}
	if s.Labels {
		out = append(out, unit{[]string{conclusionColumn}, []string{"labels"}, numberCost, func(d *derived, first int, rec arrow.Record) error {
			return deriveLabels(d.labels[first:first+int(rec.NumRows())], rec)
		}})
	}
	if len(s.Wheres) > 0 {
		u := unit{cells: []string{"marks"}, derive: func(d *derived, first int, rec arrow.Record) error {
			return deriveMarks(d.marks[first:first+int(rec.NumRows())], rec, s.Wheres)
		}}
		for _, p := range s.Wheres {
			u.columns = append(u.columns, p.Inputs()...)
			u.cost += numberCost * (1 + len(p.Inputs()))
		}
		out = append(out, u)
	}
	return out
}

// share is units that read a table together.
type share struct {
	units []unit
	cost  int
}

// divide gives units to so many shares, the dearest first to the cheapest
// share. Tables are decoded once for each, in parallel.
func divide(units []unit, shares int) []share {
	out := make([]share, max(1, min(shares, len(units))))
	units = slices.Clone(units)
	slices.SortStableFunc(units, func(x, y unit) int { return y.cost - x.cost })
	for _, u := range units {
		least := 0
		for i := range out {
			if out[i].cost < out[least].cost {
				least = i
			}
		}
		out[least].units = append(out[least].units, u)
		out[least].cost += u.cost
	}
	return slices.DeleteFunc(out, func(s share) bool { return len(s.units) == 0 })
}

// columns returns the columns that the share reads, at least one: a scan of
// none is one of all.
func (s *share) columns(least string) []string {
	all := []string{least}
	for _, u := range s.units {
		all = append(all, u.columns...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// reader reads the shares of one table.
type reader struct {
	batch  *batch
	source *Source
	whole  *derived // what all shares fill; nil when it is spilled
}

// read scans one share. It returns the number of rows.
func (r *reader) read(s *share) (rows int, err error) {
	d := r.whole
	files := map[string]*spillWriter{}
	if d == nil {
		d = &derived{}
		for _, u := range s.units {
			for _, name := range u.cells {
				if files[name], err = r.batch.folder().create(r.spilled(name)); err != nil {
					return 0, err
				}
			}
		}
	}
	err = r.batch.data.Scan(r.source.Name, s.columns(r.source.Spec.KnownAt), func(rec arrow.Record) error {
		first, n := rows, int(rec.NumRows())
		rows += n
		if r.whole == nil {
			d.clear()
			d.grow(r.source, n)
			first = 0
		} else if rows > d.n {
			return fmt.Errorf("cannot read table %q: it has more rows than its files said before; is it being written?", r.source.Name)
		}
		for _, u := range s.units {
			if err := u.derive(d, first, rec); err != nil {
				return fmt.Errorf("cannot read table %q: %w", r.source.Name, err)
			}
		}
		if r.whole != nil {
			return nil
		}
		return r.append(d, files)
	})
	for name, w := range files {
		if w != nil {
			if e := w.close(r.batch.folder(), r.spilled(name), err); err == nil {
				err = e
			}
		}
	}
	return rows, err
}

func (r *reader) spilled(cell string) string { return (&spilled{source: r.source}).name(cell) }

// append spills the rows of a record.
func (r *reader) append(d *derived, files map[string]*spillWriter) error {
	for _, c := range d.cells(r.source) {
		if w := files[c.name]; w != nil {
			if err := w.append(c.data()); err != nil {
				return err
			}
		}
	}
	return nil
}

// expect tells the dictionaries of a source's keys how many words are to come.
func (b *batch) expect(s *Source) {
	rows := int(b.rows[s.Name])
	if s.Claim != "" {
		b.codes.claims.expect(rows)
	}
	for _, k := range s.Keys {
		b.codes.spaces[k.Space].expect(rows)
	}
}

// readTable derives what a source reads; all shares of it at the same time.
func (b *batch) readTable(s *Source) error {
	b.expect(s)
	shares := divide(s.units(b.codes, numbering, s.twins()), b.opt.threads())
	r := &reader{batch: b, source: s}
	if b.spilled == nil {
		r.whole = &derived{}
		r.whole.grow(s, int(b.rows[s.Name]))
	}
	rows, faults := make([]int, len(shares)), make([]error, len(shares))
	var wg sync.WaitGroup
	for i := range shares {
		wg.Go(func() { rows[i], faults[i] = r.read(&shares[i]) })
	}
	wg.Wait()
	for i, err := range faults {
		if err != nil {
			return err
		}
		if rows[i] != rows[0] || int64(rows[i]) != b.rows[s.Name] {
			return fmt.Errorf("cannot read table %q: it had %d rows, then %d; is it being written?", s.Name, b.rows[s.Name], rows[i])
		}
	}
	if b.spilled != nil {
		b.spilled[s.Name] = &spilled{folder: b.folder(), source: s, n: rows[0]}
		return nil
	}
	b.tables[s.Name] = r.whole
	return nil
}
