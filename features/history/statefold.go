package history

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"claimsieve/datasets"
)

// Fold folds rows of a table as they became known: any number, with the columns
// that the plan reads of the table, and others that are not looked at. A table
// that the plan does not read changes nothing. Rows of one record are folded in
// the order in which they became known.
//
//   - A row that arrives after rows with a later known instant counts as known
//     at the latest of these.
//   - The same row twice changes nothing: a claim by its id; a row of another
//     table when all that the plan reads of it, and the table's key where the
//     record has it, is the same. Rows that are equal within one record count as
//     often as they stand there.
//   - A claim that is there may bring instants of later stages, and with them the
//     columns of these. A changed value that the plan has used already is refused.
//   - A row that belongs to a claim which is not there waits for it; more than a
//     million of these are refused.
//   - An outcome counts by how it changes the claim's last one, in the order of
//     arrival.
//
// The error names the table and the row; then nothing changed.
func (s *State) Fold(table string, rec arrow.Record) error {
	t := s.layout.tables[table]
	if t == nil || rec.NumRows() == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return fmt.Errorf("cannot fold rows of table %q: the state is broken, restore it: %w", table, s.broken)
	}
	f := &folding{State: s, table: t, d: &s.derived[t.place]}
	if err := f.read(rec); err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return fmt.Errorf("cannot fold rows of table %q: %w", table, err)
	}
	if err := f.apply(); err != nil {
		s.broken = err
		return fmt.Errorf("cannot fold rows of table %q: %w", table, err)
	}
	s.foresee()
	return nil
}

// folding is one call of Fold.
type folding struct {
	*State
	table    *tableLayout
	d        *derived
	texts    []func(int) (string, bool)
	cells    [][]cellReader           // per join of the table
	ids      func(int) (string, bool) // of the table's key; nil when the record has none
	digests  []uint64                 // per row twice its clocks
	copies   map[uint64]uint64        // of rows without a claim's id as key: how often one stands in the record
	arrivals []int64                  // per row
}

// read derives the rows.
func (f *folding) read(rec arrow.Record) error {
	src := f.table.source
	f.d.clear()
	err := src.derive(f.d, rec, f.codes, numbering, func(tasks []task) error { return runTasks(tasks, 1) })
	if err != nil {
		return err
	}
	return f.readBeside(rec)
}

// readBeside reads what is not derived: texts, cells of joins, keys.
func (f *folding) readBeside(rec arrow.Record) (err error) {
	src := f.table.source
	if f.texts, err = readTexts(rec, src.Texts); err != nil {
		return fmt.Errorf("cannot read table %q: %w", src.Name, err)
	}
	for _, u := range f.table.joins {
		readers, err := f.joins[u.place].cellsOf(rec)
		if err != nil {
			return fmt.Errorf("cannot read table %q: %w", src.Name, err)
		}
		f.cells = append(f.cells, readers)
	}
	if key := src.Spec.Key; key != "" && len(rec.Schema().FieldIndices(key)) == 1 {
		a, err := field(rec, key)
		if err != nil {
			return err
		}
		if f.ids, err = datasets.WordReader(a); err != nil {
			return fmt.Errorf("cannot read table %q: column %q: %w", src.Name, key, err)
		}
	}
	return nil
}

// load makes f.row row i.
func (f *folding) load(i int) *row {
	f.row.load(f.d, i)
	for _, read := range f.texts {
		text, _ := read(i)
		f.row.texts = append(f.row.texts, text)
	}
	for j, readers := range f.cells {
		if j == len(f.row.cells) {
			f.row.cells = append(f.row.cells, nil)
		}
		f.row.cells[j] = f.row.cells[j][:0]
		for _, read := range readers {
			f.row.cells[j] = read(f.row.cells[j], i)
		}
	}
	return &f.row
}

// check says what is wrong with the rows, and works out their digests and when
// they arrive.
func (f *folding) check() error {
	if err := f.checkRoom(); err != nil {
		return err
	}
	clocks := len(f.table.clocks)
	f.digests = make([]uint64, f.d.n*2*clocks)
	f.arrivals = make([]int64, f.d.n)
	check := f.checkRow
	if f.table.source.Name == datasets.ClaimsTable {
		check = f.checkClaim()
	}
	for i := range f.d.n {
		r := f.load(i)
		f.arrivals[i] = datasets.NoTime
		if r.clocks[0] == datasets.NoTime {
			continue
		}
		if err := check(i, r, f.digests[2*i*clocks:2*(i+1)*clocks]); err != nil {
			return fmt.Errorf("row %d: %w", i+1, err)
		}
	}
	return nil
}

// checkRoom refuses what the leaves would refuse half way.
func (f *folding) checkRoom() error {
	for _, u := range f.table.streams {
		group := &f.plan.Groups[u.group]
		for j, v := range group.Values {
			total := f.totals[u.group][j]
			for _, x := range f.d.values[v] {
				for range max(1, len(group.Keys)) {
					if total = addTotal(total, x); total >= 1<<62 {
						return fmt.Errorf("the values of an aggregate add up to 2^62 units or more: give fewer digits")
					}
				}
			}
		}
		if f.groups[u.group].Len()+f.d.n*max(1, len(group.Keys)) >= math.MaxInt32 {
			return fmt.Errorf("an aggregate has %d events already: split the history by key", f.groups[u.group].Len())
		}
	}
	if len(f.own.bytes) > maxOwnBytes-64*f.d.n*(1+len(f.table.asks)) {
		return fmt.Errorf("the rows of claims take %d bytes already: split the history by claim", len(f.own.bytes))
	}
	if f.waiting.absent+f.d.n > maxOrphans && f.table.owned {
		orphans := f.waiting.absent
		for _, c := range f.d.claim {
			if c >= 0 && f.claims.digest(c, 0) == 0 {
				orphans++
			}
		}
		if orphans > maxOrphans {
			return fmt.Errorf("%d rows wait for claims that are not there: fold the claims first", f.waiting.absent)
		}
	}
	return nil
}

// apply folds the rows that are new, in the order in which they arrive.
func (f *folding) apply() error {
	order := make([]int, 0, f.d.n)
	for i := range f.d.n {
		if f.d.known[i] == datasets.NoTime {
			f.skipped++
			continue
		}
		order = append(order, i)
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(f.arrivals[x], f.arrivals[y]) })
	f.rows[f.table.source.Name] += len(order)
	f.claims.grow(f.codes.claims.len())
	clocks := len(f.table.clocks)
	for _, i := range order {
		r, digests := f.load(i), f.digests[2*i*clocks:2*(i+1)*clocks]
		var err error
		if f.table.source.Name == datasets.ClaimsTable {
			err = f.foldClaim(f.table, r, digests[:clocks])
		} else {
			err = f.foldRow(f.table, r, digests)
		}
		if err != nil {
			return fmt.Errorf("row %d: %w", i+1, err)
		}
	}
	return nil
}
