package history

import (
	"container/heap"
	"fmt"
	"slices"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"claimsieve/datasets"
	"claimsieve/features/text"
	"claimsieve/features/window"
)

// unfold makes the words of dictionary columns, which arrow makes at the first
// call of Dictionary and which several goroutines may not make at once.
func unfold(rec arrow.Record) {
	for _, column := range rec.Columns() {
		if a, ok := column.(*array.Dictionary); ok {
			a.Dictionary()
		}
	}
}

// foldGroups folds the events of every group, some groups at the same time.
func (b *building) foldGroups() error {
	b.batch.begin("aggregates")
	tasks := make([]task, len(b.groups))
	for g := range b.plan.Groups {
		group := &b.plan.Groups[g]
		if b.layout.tables[group.Of].owned {
			b.batch.ownRows(group.Of) // which is not for several at once
		}
		tasks[g] = func() error {
			if err := b.foldGroup(g); err != nil {
				return fmt.Errorf("aggregates over table %q: %w", group.Of, err)
			}
			return nil
		}
	}
	return runTasks(tasks, b.batch.opt.threads())
}

func (b *building) foldGroup(g int) error {
	group := &b.plan.Groups[g]
	if group.Outcomes != nil {
		return b.foldOutcomes(g)
	}
	t, d := b.layout.tables[group.Of], b.batch.tables[group.Of]
	u := t.streams[slices.IndexFunc(t.streams, func(u streamUnit) bool { return u.group == g })]
	known, owner, keys := b.batch.knownOf(group), b.batch.owners(group), b.batch.eventKeys(group)
	var e window.Event
	var codes []int32
	for _, i := range newFeed(d.n, known, nil).order {
		e.Happened, e.Known, e.Owner, e.Marks = d.happened[i], known(int(i)), owner(int(i)), 0
		if group.Own {
			e.Owner = -1
		}
		if len(d.marks) > 0 {
			e.Marks = d.marks[i] & u.marks
		}
		e.Values, e.Codes = e.Values[:0], e.Codes[:0]
		for _, v := range group.Values {
			e.Values = append(e.Values, d.values[v][i])
		}
		for _, w := range group.Words {
			e.Codes = append(e.Codes, d.words[w][i])
		}
		codes = keys(codes[:0], int(i))
		for _, e.Key = range codes {
			if err := b.groups[g].Fold(e); err != nil {
				return err
			}
			for v, x := range e.Values {
				b.totals[g][v] = addTotal(b.totals[g][v], x)
			}
		}
	}
	return nil
}

func (b *building) foldOutcomes(g int) error {
	events := b.batch.outcomeEvents(&b.plan.Groups[g])
	order := newFeed(len(events.Key), func(i int) int64 { return events.Known[i] }, nil).order
	for _, i := range order {
		e := window.Event{Key: events.Key[i], Happened: events.Happened[i], Known: events.Known[i], Owner: events.Owner[i]}
		if err := b.foldCounts(g, e, count{events.Values[0][i], events.Values[1][i]}); err != nil {
			return err
		}
	}
	return nil
}

// foldGraph gives the graph its edges and outcomes in the order of time.
func (b *building) foldGraph() error {
	if b.graph == nil {
		return nil
	}
	b.batch.begin("the claims graph")
	var sources feeds
	for _, r := range b.plan.runs() {
		f := b.batch.edgeFeed(b.graph, r)
		d, s := b.batch.tables[r.table], b.plan.source(r.table)
		f.fold = func(i int32, at int64) error {
			for _, e := range r.edges {
				if code := d.keys[e.Key][i]; code >= 0 {
					if err := b.planFor(planned{at: at, story: -1, edge: edge{claim: d.claim[i], space: s.Keys[e.Key].Space, code: code, kind: e.Kind}}); err != nil {
						return err
					}
				}
			}
			return nil
		}
		sources = append(sources, f)
	}
	if s := b.plan.Sources[datasets.OutcomesTable]; s != nil && s.Labels {
		sources = append(sources, b.batch.verdictFeed(b.graph))
	}
	for rank, f := range sources {
		f.rank = rank
	}
	sources = slices.DeleteFunc(sources, func(f *feed) bool { return len(f.order) == 0 })
	heap.Init(&sources)
	for len(sources) > 0 {
		f := sources[0]
		row := f.order[0]
		if err := f.fold(row, f.known(int(row))); err != nil {
			return err
		}
		if f.order = f.order[1:]; len(f.order) == 0 {
			heap.Pop(&sources)
		} else {
			heap.Fix(&sources, 0)
		}
	}
	return nil
}

// tellAll tells the narratives in the order of time.
func (b *building) tellAll() error {
	claims := b.plan.claims()
	for place, n := range b.stories {
		b.batch.begin("narratives")
		p := &b.plan.Stories[place]
		known, texts := later(b.batch.claims.known, b.batch.claims.clock(claims, p.Clock)), b.texts[p.Text]
		order := newFeed(b.batch.claims.n, func(i int) int64 {
			if texts[i] == "" {
				return datasets.NoTime
			}
			return known(i)
		}, nil).order
		prints := make([]*text.Fingerprint, storyBlock)
		for block := range slices.Chunk(order, storyBlock) {
			b.batch.readBlock(n.index, prints, texts, block)
			for j, i := range block {
				t := tale{claim: i, text: texts[i]}
				if p.Owner >= 0 {
					t.owner = uint64(b.batch.claims.keys[p.Owner][i] + 1)
				}
				var err error
				if at := known(int(i)); at > b.newest {
					err = b.planFor(planned{at: at, story: place, tale: t})
				} else {
					err = n.add(prints[j], at, &t)
				}
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// foldJoins keeps the versions of joined rows.
func (b *building) foldJoins() error {
	for place, v := range b.joins {
		j := v.join
		d, s := b.batch.tables[j.Table], b.plan.source(j.Table)
		known := later(d.known, d.clock(s, j.Clock))
		for _, i := range newFeed(d.n, known, nil).order {
			if err := v.add(d.keys[j.Key][i], known(int(i)), b.cells[place].row(int(i))); err != nil {
				return err
			}
		}
	}
	return nil
}
