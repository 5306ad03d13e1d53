package history

import (
	"errors"
	"fmt"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"

	"claimsieve/datasets"
)

// Build folds a whole dataset into an empty state, as if its rows had been
// folded in the order in which they became known; of one instant the claims
// table first, then the others by name, each in the order of its rows. Instants
// of later stages that lie beyond the newest row are kept for when they come.
// It holds what the plan reads of the dataset in memory while it works.
func (s *State) Build(d *datasets.Dataset, opt BatchOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.rows) > 0 || s.broken != nil {
		return errors.New("cannot build a state from a dataset: it has rows already; build an empty one, and merge it")
	}
	b := &building{State: s, batch: &batch{plan: s.plan, data: d, opt: opt, codes: s.codes, tables: map[string]*derived{}, byClaim: map[string]*owned{},
		out: &Answers{}, raw: map[rawColumn][]float64{}}, cells: make([]cellColumn, len(s.joins))}
	for _, step := range []func() error{b.readAll, b.enterClaims, b.enterRows, b.foldGroups, b.foldGraph, b.tellAll, b.foldJoins} {
		if err := step(); err != nil {
			s.broken = fmt.Errorf("cannot build a state: %w", err)
			return s.broken
		}
	}
	return nil
}

// building is one call of Build.
type building struct {
	*State
	batch *batch
	texts [][]string // of the claims table
	ids   map[string][]digest
	cells []cellColumn // per join
}

// cellColumn is the cells of every row of a joined table.
type cellColumn struct {
	bytes []byte
	ends  []int
}

func (c *cellColumn) row(i int) []byte {
	from := 0
	if i > 0 {
		from = c.ends[i-1]
	}
	return c.bytes[from:c.ends[i]]
}

// readAll derives what the plan reads, one pass a table.
func (b *building) readAll() error {
	b.ids = map[string][]digest{}
	for _, name := range b.layout.names {
		t := b.layout.tables[name]
		b.batch.begin("reading " + name)
		d := &derived{}
		d.grow(t.source, 0) // a table may have no rows
		err := b.batch.data.Scan(name, b.columns(t), func(rec arrow.Record) error {
			if err := b.readBeside(t, rec); err != nil {
				return err
			}
			unfold(rec)
			return t.source.derive(d, rec, b.codes, numbering, func(tasks []task) error { return runTasks(tasks, b.batch.opt.threads()) })
		})
		if err != nil {
			return err
		}
		b.batch.tables[name] = d
		for _, known := range d.known {
			if known == datasets.NoTime {
				b.skipped++
				continue
			}
			b.newest = max(b.newest, known)
			b.rows[name]++
		}
		if name == datasets.ClaimsTable {
			b.batch.claims = d
			if err := b.batch.uniqueClaims(); err != nil {
				return err
			}
		}
	}
	return nil
}

// columns are those that the state reads of a table.
func (b *building) columns(t *tableLayout) []string {
	names := append(t.source.Columns(), t.source.Texts...)
	for _, u := range t.joins {
		names = append(names, b.plan.Joins[u.place].Columns...)
	}
	if key := t.source.Spec.Key; key != "" {
		names = append(names, key)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// readBeside reads what is not derived: keys, texts, and the cells of joins.
func (b *building) readBeside(t *tableLayout, rec arrow.Record) error {
	f := &folding{State: b.State, table: t}
	if err := f.readBeside(rec); err != nil {
		return err
	}
	name := t.source.Name
	for i := range int(rec.NumRows()) {
		if f.ids != nil && name != datasets.ClaimsTable {
			b.ids[name] = append(b.ids[name], f.idDigest(i))
		}
		for x, read := range f.texts {
			if x == len(b.texts) {
				b.texts = append(b.texts, nil)
			}
			text, _ := read(i)
			b.texts[x] = append(b.texts[x], string([]byte(text)))
		}
		for j, u := range t.joins {
			c := &b.cells[u.place]
			for _, read := range f.cells[j] {
				c.bytes = read(c.bytes, i)
			}
			c.ends = append(c.ends, len(c.bytes))
		}
	}
	return nil
}

// load makes b.row row i of a table.
func (b *building) load(t *tableLayout, i int) *row {
	r := &b.row
	r.load(b.batch.tables[t.source.Name], i)
	if t.source.Name == datasets.ClaimsTable {
		for _, column := range b.texts {
			r.texts = append(r.texts, column[i])
		}
	}
	r.cells = r.cells[:0]
	for _, u := range t.joins {
		r.cells = append(r.cells, b.cells[u.place].row(i))
	}
	return r
}

// enterClaims remembers the claims.
func (b *building) enterClaims() error {
	b.claims.grow(b.codes.claims.len())
	t := b.layout.tables[datasets.ClaimsTable]
	for i := range b.batch.claims.n {
		r := b.load(t, i)
		if r.clocks[0] == datasets.NoTime {
			continue
		}
		b.claims.there++
		b.claims.happened[i] = r.happened
		for c, at := range r.clocks {
			if at == datasets.NoTime {
				continue
			}
			b.claims.clocks[c].known[i] = max(at, r.clocks[0])
			b.claims.clocks[c].digest[i] = t.digest(digest(digestStart), r, c, b.codes).sum32()
			for _, k := range b.layout.keptAt[c] {
				b.claims.keys[k][i] = r.keys[b.layout.kept[k]]
			}
			b.linked(t, r, c)
		}
	}
	return nil
}

// enterRows remembers the rows of other tables, and lets those wait whose claim
// is not far enough.
func (b *building) enterRows() error {
	for _, name := range b.layout.names[1:] {
		t, d := b.layout.tables[name], b.batch.tables[name]
		for _, i := range newFeed(d.n, func(i int) int64 { return d.known[i] }, nil).order {
			r := b.load(t, int(i))
			var id digest
			if ids := b.ids[name]; ids != nil {
				id = ids[i]
			}
			b.note(t, r, b.ids[name] != nil, id)
			if !t.owned || r.claim < 0 {
				continue
			}
			if before := b.batch.opt.OutcomesBefore; t.labels && before != 0 && r.known[0] >= before {
				continue
			}
			if err := b.await(t, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// note adds the digests of a row, and says when its parts are known.
func (b *building) note(t *tableLayout, r *row, identified bool, id digest) {
	sum := b.rowDigest(t, r, identified, id)
	copies := uint64(0)
	for b.seen.has(sum.number(copies).sum()) {
		copies++
	}
	one := sum.number(copies).sum()
	b.seen.add(one)
	r.known[0] = r.clocks[0]
	for c := 1; c < len(r.clocks); c++ {
		if r.clocks[c] == datasets.NoTime {
			continue
		}
		reached, content := b.stageDigests(t, one, r, c)
		b.seen.add(reached)
		b.seen.add(content)
		r.known[c] = max(r.clocks[c], r.known[0])
	}
}

// await remembers a row with its claim, which it may wait for.
func (b *building) await(t *tableLayout, r *row) error {
	if b.claims.digest(r.claim, 0) == 0 && b.waits(t) {
		if b.waiting.absent >= maxOrphans {
			return fmt.Errorf("more than %d rows belong to claims that are not there, the last one to claim %q; add the claims or remove the rows", maxOrphans, b.codes.claims.word(r.claim))
		}
		b.waiting.orphan(r.claim)
	}
	if len(b.own.bytes) > maxOwnBytes {
		return fmt.Errorf("the rows of claims take more than %d bytes: split the history by claim", maxOwnBytes)
	}
	b.recall(t, r)
	var pending uint8
	for c := range r.known {
		if r.known[c] != datasets.NoTime {
			b.linked(t, r, c)
		}
	}
	for clock := range b.claims.clocks {
		if t.needs(r, clock) && b.claims.known(r.claim, clock) == datasets.NoTime {
			pending |= 1 << clock
		}
	}
	if pending != 0 {
		b.waiting.add(r, t.place, pending)
	}
	return nil
}
