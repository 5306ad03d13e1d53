package history

import (
	"fmt"
	"slices"

	"claimsieve/datasets"
)

// cell is one column of what was derived of a table.
type cell struct {
	name string
	data func() []byte      // its memory
	room func(n int) []byte // makes it n rows long
}

func columnCell[T any](name string, column *[]T) cell {
	return cell{name, func() []byte { return bytesOf(*column) }, func(n int) []byte {
		*column = make([]T, n)
		return bytesOf(*column)
	}}
}

// cells returns the columns of d, whose outer slices stand.
func (d *derived) cells(s *Source) []cell {
	out := []cell{columnCell("happened", &d.happened), columnCell("known", &d.known)}
	for i := range d.stages {
		out = append(out, columnCell(fmt.Sprintf("stage%d", i), &d.stages[i]))
	}
	if s.Claim != "" {
		out = append(out, columnCell("claim", &d.claim))
	}
	for i := range d.keys {
		out = append(out, columnCell(fmt.Sprintf("key%d", i), &d.keys[i]))
	}
	for i := range d.values {
		out = append(out, columnCell(fmt.Sprintf("value%d", i), &d.values[i]))
	}
	for i := range d.words {
		out = append(out, columnCell(fmt.Sprintf("word%d", i), &d.words[i]))
	}
	if s.Labels {
		out = append(out, columnCell("labels", &d.labels))
	}
	if len(s.Wheres) > 0 {
		out = append(out, columnCell("marks", &d.marks))
	}
	return out
}

// spilled is what was derived of a table, in files.
type spilled struct {
	folder spillFolder
	source *Source
	n      int
}

func (s *spilled) name(cell string) string { return "table-" + s.source.Name + "-" + cell }

// load reads the named cells of all rows.
func (s *spilled) load(names []string) (*derived, error) {
	d := &derived{}
	d.grow(s.source, 0)
	d.n = s.n
	for _, c := range d.cells(s.source) {
		if slices.Contains(names, c.name) {
			if err := s.folder.read(s.name(c.name), c.room(s.n), 0); err != nil {
				return nil, err
			}
		}
	}
	return d, nil
}

// needs names, per table, the cells that a step looks at.
type needs map[string][]string

func (n needs) add(s *Source, cells ...string) {
	for _, c := range cells {
		if !slices.Contains(n[s.Name], c) {
			n[s.Name] = append(n[s.Name], c)
		}
	}
}

// use makes the tables hold what a step needs, and no more when they are
// spilled.
func (b *batch) use(n needs) error {
	if b.spilled == nil {
		return nil
	}
	clear(b.byClaim)
	clear(b.tables) // before the next ones are read
	n.add(b.plan.claims())
	for name, s := range b.spilled {
		d, err := s.load(n[name])
		if err != nil {
			return err
		}
		b.tables[name] = d
	}
	b.claims = b.tables[b.plan.claims().Name]
	return nil
}

// groupNeeds are the cells that a group's events and questions are made of.
func (b *batch) groupNeeds(g *Group) needs {
	n, claims, of := needs{}, b.plan.claims(), b.plan.source(g.Of)
	n.add(of, "known", "happened", of.clockCell(g.Clock))
	n.add(claims, "known", claims.clockCell(g.ClaimClock))
	if of.Claim != "" {
		n.add(of, "claim")
	}
	if g.Outcomes != nil {
		n.add(of, "labels")
		n.add(claims, "happened")
	}
	owner := of
	if g.Through || g.Outcomes != nil {
		owner = claims
	}
	for _, k := range g.Keys {
		n.add(owner, fmt.Sprintf("key%d", k))
	}
	for _, v := range g.Values {
		n.add(of, fmt.Sprintf("value%d", v))
	}
	for _, w := range g.Words {
		n.add(of, fmt.Sprintf("word%d", w))
	}
	if len(of.Wheres) > 0 {
		n.add(of, "marks")
	}
	if g.Space != EveryRow && !g.Own {
		asking := b.plan.source(g.AskOf)
		n.add(asking, "known", "claim", asking.clockCell(g.AskClock), fmt.Sprintf("key%d", g.Ask))
	}
	return n
}

// clockCell is the cell of a stage's clock; see [derived.clock].
func (s *Source) clockCell(stage datasets.Stage) string {
	if stage <= datasets.Report {
		return "known"
	}
	return fmt.Sprintf("stage%d", slices.Index(s.Stages, stage))
}

func (b *batch) graphNeeds() needs {
	n, claims := needs{}, b.plan.claims()
	n.add(claims, "known", "claim")
	for _, r := range b.plan.runs() {
		s := b.plan.source(r.table)
		n.add(s, "known", "claim", s.clockCell(s.ownClock(r.clock)))
		n.add(claims, claims.clockCell(s.claimClock(r.clock)))
		for _, e := range r.edges {
			n.add(s, fmt.Sprintf("key%d", e.Key))
		}
	}
	if s := b.plan.Sources[datasets.OutcomesTable]; s != nil {
		n.add(s, "known", "claim", "labels")
	}
	return n
}

func (b *batch) storyNeeds(s *Stories) needs {
	n, claims := needs{}, b.plan.claims()
	n.add(claims, "known", claims.clockCell(s.Clock))
	if s.Owner >= 0 {
		n.add(claims, fmt.Sprintf("key%d", s.Owner))
	}
	return n
}

func (b *batch) joinNeeds(j Join) needs {
	n, s := needs{}, b.plan.source(j.Table)
	n.add(s, "known", s.clockCell(j.Clock), fmt.Sprintf("key%d", j.Key))
	n.add(b.plan.claims(), fmt.Sprintf("key%d", j.Ask))
	return n
}
