package history

import (
	"cmp"
	"container/heap"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"sync"

	"claimsieve/datasets"
	"claimsieve/features/network"
)

// answerGraph folds all edges and outcomes, and asks for every claim as of its
// instant.
func (b *batch) answerGraph() error {
	if b.plan.Graph == nil {
		return nil
	}
	var answers []int
	for _, a := range b.plan.Graph.Asks {
		answers = append(answers, a.Answer)
	}
	if done, err := b.answered(answerNames(answers)...); done || err != nil {
		return err
	}
	b.begin("the claims graph")
	g, err := b.foldGraph()
	if err != nil {
		return err
	}
	if b.spilled != nil { // the graph has what it needs, numbers for words included
		clear(b.tables)
		g.codes = nil
	}
	p, err := b.patches(answers)
	if err != nil {
		return err
	}
	return p.close(b.askGraph(g, p))
}

// feed is rows that come in the order in which they became known.
type feed struct {
	rank  int
	order []int32
	known func(i int) int64
	fold  func(i int32, known int64) error
}

// feeds is a heap of feeds by their next row's instant.
type feeds []*feed

func (f feeds) Len() int { return len(f) }
func (f feeds) Less(i, j int) bool {
	x, y := f[i].known(int(f[i].order[0])), f[j].known(int(f[j].order[0]))
	return x < y || x == y && f[i].rank < f[j].rank
}
func (f feeds) Swap(i, j int) { f[i], f[j] = f[j], f[i] }

// Push appends a feed, for package heap.
func (f *feeds) Push(x any) { *f = append(*f, x.(*feed)) }

// Pop removes the last feed, for package heap.
func (f *feeds) Pop() any {
	last := (*f)[len(*f)-1]
	*f = (*f)[:len(*f)-1]
	return last
}

func (b *batch) foldGraph() (*graph, error) {
	if err := b.use(b.graphNeeds()); err != nil {
		return nil, err
	}
	g, err := b.plan.newGraph(b.codes)
	if err != nil {
		return nil, err
	}
	var sources feeds
	for _, r := range b.plan.runs() {
		sources = append(sources, b.edgeFeed(g, r))
	}
	if s := b.plan.Sources[datasets.OutcomesTable]; s != nil && s.Labels {
		sources = append(sources, b.verdictFeed(g))
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
			return nil, err
		}
		if f.order = f.order[1:]; len(f.order) == 0 {
			heap.Pop(&sources)
		} else {
			heap.Fix(&sources, 0)
		}
	}
	return g, g.advance(math.MaxInt64)
}

// newFeed sorts the rows that ever become known; rows of one instant stay in
// their order.
func newFeed(n int, known func(i int) int64, fold func(i int32, known int64) error) *feed {
	f := &feed{known: known, fold: fold}
	var order []stamped
	sorted := true
	for i := range n {
		if at := known(i); at != datasets.NoTime {
			sorted = sorted && (len(order) == 0 || order[len(order)-1].at <= at)
			order = append(order, stamped{at, int32(i)})
		}
	}
	if !sorted {
		order = sortStamped(order)
	}
	f.order = make([]int32, len(order))
	for i, s := range order {
		f.order[i] = s.row
	}
	return f
}

// stamped is a row and its instant.
type stamped struct {
	at  int64
	row int32
}

// sortStamped sorts by instant, keeping the order of equals, in time linear in
// the rows: a radix sort over the bits in which instants differ.
func sortStamped(rows []stamped) []stamped {
	const digit = 11
	least, most := rows[0].at, rows[0].at
	for _, r := range rows {
		least, most = min(least, r.at), max(most, r.at)
	}
	other := make([]stamped, len(rows))
	for shift := 0; shift < bits.Len64(uint64(most-least)); shift += digit {
		var at [1 << digit]int
		for _, r := range rows {
			at[uint64(r.at-least)>>shift&(1<<digit-1)]++
		}
		sum := 0
		for d, n := range at {
			at[d] = sum
			sum += n
		}
		for _, r := range rows {
			d := uint64(r.at-least) >> shift & (1<<digit - 1)
			other[at[d]] = r
			at[d]++
		}
		rows, other = other, rows
	}
	return rows
}

func (b *batch) edgeFeed(g *graph, r run) *feed {
	s, d := b.plan.source(r.table), b.tables[r.table]
	known := later(d.known, d.clock(s, s.ownClock(r.clock)))
	if s.belongs() {
		row := known
		claim := later(b.claims.known, b.claims.clock(b.plan.claims(), s.claimClock(r.clock)))
		known = func(i int) int64 {
			if !b.isClaim(d.claim[i]) {
				return datasets.NoTime
			}
			return laterOf(row(i), claim(int(d.claim[i])))
		}
	}
	return newFeed(d.n, known, func(i int32, at int64) error {
		for _, e := range r.edges {
			if code := d.keys[e.Key][i]; code >= 0 {
				if err := g.link(at, edge{claim: d.claim[i], space: s.Keys[e.Key].Space, code: code, kind: e.Kind}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (b *batch) verdictFeed(g *graph) *feed {
	d := b.tables[datasets.OutcomesTable]
	known := func(i int) int64 {
		if !b.isClaim(d.claim[i]) || b.opt.OutcomesBefore != 0 && d.known[i] >= b.opt.OutcomesBefore {
			return datasets.NoTime
		}
		return laterOf(d.known[i], b.claims.known[d.claim[i]])
	}
	f := newFeed(d.n, known, func(i int32, at int64) error {
		return g.judge(at, verdict{d.claim[i], d.labels[i] == datasets.Confirmed})
	})
	// Several outcomes of one instant: those of a claim that was not known yet
	// come in the order of their conclusions.
	slices.SortStableFunc(f.order, func(x, y int32) int {
		return cmp.Or(compare(known(int(x)), known(int(y))), compare(d.known[x], d.known[y]))
	})
	return f
}

// month is a run of claims, in the order of their instants, that one refresh
// serves.
type month struct {
	begin int64
	rows  []int32
	fresh *refreshed
	err   error
}

// askGraph asks month by month, because a month has one refresh. So many
// refreshes as there are threads are worked out at the same time.
func (b *batch) askGraph(g *graph, p *patches) error {
	order := newFeed(len(b.out.At), func(i int) int64 { return b.out.At[i] }, nil).order
	var months []*month
	for len(order) > 0 {
		begin, n := network.MonthBegin(b.out.At[order[0]]), 1
		for n < len(order) && network.MonthBegin(b.out.At[order[n]]) == begin {
			n++
		}
		months = append(months, &month{begin: begin, rows: order[:n], fresh: &refreshed{}})
		order = order[n:]
	}
	askers := make([]*network.Asker, b.opt.threads())
	for w := range askers {
		askers[w] = g.net.NewAsker()
	}
	if slices.ContainsFunc(b.plan.Graph.Asks, func(a NetworkAsk) bool { return a.Do == NetworkRank }) {
		g.ranks = g.net.NewRefresher()
	}
	for i, m := range months {
		if b.plan.Graph.refreshes() && i%len(askers) == 0 {
			b.begin(fmt.Sprintf("the claims graph, month %d of %d", i+1, len(months)))
			refreshMonths(g, months[i:min(i+len(askers), len(months))])
		}
		if m.err != nil {
			return m.err
		}
		if err := b.askMonth(g, askers, m, p); err != nil {
			return err
		}
		m.fresh = nil
	}
	return nil
}

func refreshMonths(g *graph, months []*month) {
	var wg sync.WaitGroup
	for _, m := range months {
		wg.Go(func() { m.fresh, m.err = g.refresh(m.begin) })
	}
	wg.Wait()
}

// askMonth asks about the claims of a month, in the order of their rows.
func (b *batch) askMonth(g *graph, askers []*network.Asker, m *month, p *patches) error {
	slices.Sort(m.rows)
	values := make([][]float64, b.plan.Answers)
	for _, a := range b.plan.Graph.Asks {
		values[a.Answer] = missing(len(m.rows))
	}
	tasks := make([]task, len(askers))
	for w := range tasks {
		tasks[w] = func() error {
			for i := w * len(m.rows) / len(tasks); i < (w+1)*len(m.rows)/len(tasks); i++ {
				set := func(a int, value float64) { values[a][i] = value }
				if err := b.askRow(g, askers[w], m.rows[i], m.fresh, set); err != nil {
					return err
				}
			}
			return nil
		}
	}
	if err := runTasks(tasks, len(tasks)); err != nil {
		return err
	}
	return p.put(m.rows, values)
}

func (b *batch) askRow(g *graph, asker *network.Asker, row int32, r *refreshed, set func(int, float64)) error {
	if int(row) >= len(g.claims) || g.claims[row] < 0 {
		return nil // it never names an entity
	}
	in, err := asker.Ask(b.plan.Graph.question(g.claims[row], b.out.At[row]), r.ranking)
	if err != nil {
		return err
	}
	b.plan.Graph.answer(set, &in, asker.Own(), r, g.net.Concluded(g.claims[row], r.at))
	return nil
}
