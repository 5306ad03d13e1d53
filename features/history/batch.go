package history

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"claimsieve/datasets"
)

// BatchOptions are the settings of a run over a dataset. The zero value is the
// usual one.
type BatchOptions struct {
	Threads int // 0: one per processor; answers do not depend on it
	// OutcomesBefore leaves out the outcomes concluded at this instant
	// (microseconds) or later, as if labels had been frozen then; 0 leaves out
	// none.
	OutcomesBefore int64
	// Progress, when not nil, is called with what begins now.
	Progress func(what string)
	// Memory is about how many bytes the run may hold, beside a few records of
	// a table; 0 is no bound. A run that would need more appends what it derives
	// to files in Dir and reads back what a step needs. The claims graph and an
	// index of narratives without `keep` are always in memory: where they alone
	// pass the bound that is an error that says how much they need.
	Memory int64
	// Dir is a folder for such files, needed where Memory is set. Answers that
	// an earlier run with the same plan, dataset and options has completed there
	// are taken over; the caller makes sure that they are the same.
	Dir string
}

func (o BatchOptions) threads() int {
	if o.Threads > 0 {
		return o.Threads
	}
	return runtime.GOMAXPROCS(0)
}

// Answers are the answers for every claim of a dataset.
type Answers struct {
	At      []int64            // per claim, the instant of its vector; datasets.NoTime without one
	Columns [][]float64        // Columns[a][i] is answer a of claim i; NaN where it is missing; nil when they were spilled
	Joined  map[string][]int32 // per joined table, each claim's row in it; -1 for none
	spill   spillFolder
}

// Range returns the answers of n claims from first on, one slice per answer,
// which the caller must not change. dst is memory to use again, and may be nil.
func (a *Answers) Range(dst [][]float64, answers, first, n int) ([][]float64, error) {
	if dst = slices.Grow(dst[:0], answers)[:answers]; a.Columns != nil {
		for i := range dst {
			dst[i] = a.Columns[i][first : first+n]
		}
		return dst, nil
	}
	for i := range dst {
		dst[i] = slices.Grow(dst[i][:0], n)[:n]
		if err := a.spill.read(answerName(i), bytesOf(dst[i]), 8*int64(first)); err != nil {
			return nil, err
		}
	}
	return dst, nil
}

// batch is a run under way.
type batch struct {
	plan    *Plan
	data    *datasets.Dataset
	opt     BatchOptions
	codes   *codes
	rows    map[string]int64 // per table, from the footers of its files
	tables  map[string]*derived
	spilled map[string]*spilled // nil when the tables are held in memory
	byClaim map[string]*owned
	claims  *derived
	out     *Answers
	raw     map[rawColumn][]float64 // aggregates that rates read, per claim
	telling sync.Mutex              // of progress
}

type rawColumn struct{ group, aggregate int }

// Batch answers the plan for every claim of a dataset, in row order. What is
// held in memory at a time keeps to BatchOptions.Memory; the answers do not
// depend on it.
func (p *Plan) Batch(d *datasets.Dataset, opt BatchOptions) (*Answers, error) {
	b, err := p.newBatch(d, opt)
	if err != nil {
		return nil, err
	}
	if b.spilled != nil {
		if err := b.mayFit(); err != nil {
			return nil, err
		}
		if whole, err := b.finished(); whole || err != nil {
			return b.out, err
		}
	}
	if err := b.readTables(); err != nil {
		return nil, err
	}
	if err := b.answer(); err != nil {
		return nil, err
	}
	return b.out, b.finish()
}

// answer answers the parts of the plan. The claims graph is folded by one
// thread and shares nothing with the others: while the tables are in memory it
// is folded beside them.
func (b *batch) answer() error {
	var graph error
	var beside sync.WaitGroup
	if b.spilled == nil && b.opt.threads() > 1 {
		beside.Go(func() { graph = b.answerGraph() })
	} else if err := b.answerGraph(); err != nil {
		return err
	}
	var failed error
	for _, step := range []func() error{b.answerGroups, b.answerRates, b.answerStories, b.answerJoins} {
		if failed = step(); failed != nil {
			break
		}
	}
	beside.Wait()
	if failed == nil {
		failed = graph
	}
	return failed
}

// newBatch prepares a run and decides whether it spills.
func (p *Plan) newBatch(d *datasets.Dataset, opt BatchOptions) (*batch, error) {
	b := &batch{plan: p, data: d, opt: opt, codes: p.newCodes(), rows: map[string]int64{}, tables: map[string]*derived{}, byClaim: map[string]*owned{},
		out: &Answers{Joined: map[string][]int32{}}, raw: map[rawColumn][]float64{}}
	for name := range p.Sources {
		n, err := tableRows(d, name)
		if err != nil {
			return nil, err
		}
		if n > math.MaxInt32 {
			return nil, fmt.Errorf("cannot read table %q: its %d rows are more than one machine's %d; split the history", name, n, math.MaxInt32)
		}
		b.rows[name] = n
	}
	if opt.Memory > 0 && b.inMemory() > opt.Memory {
		if opt.Dir == "" {
			panic("history: BUG: memory is bounded and there is no folder to spill to")
		}
		b.spilled, b.out.spill = map[string]*spilled{}, spillFolder{opt.Dir}
		return b, nil
	}
	b.out.Columns = make([][]float64, p.Answers)
	return b, nil
}

func (b *batch) folder() spillFolder { return b.out.spill }

func (b *batch) begin(what string) {
	if b.opt.Progress != nil {
		b.telling.Lock()
		defer b.telling.Unlock()
		b.opt.Progress(what)
	}
}

// tableOrder is the order in which tables come at one instant: the claims
// table, then the others by name.
func (p *Plan) tableOrder() []string {
	var names []string
	for name := range p.Sources {
		if name != datasets.ClaimsTable {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return append([]string{datasets.ClaimsTable}, names...)
}

// readTables derives what every source reads, one pass a table. The code of a
// claim's id is its row, since the claims table comes first.
func (b *batch) readTables() error {
	order := b.plan.tableOrder()
	for i, name := range order {
		b.begin("reading " + name)
		if err := b.readTable(b.plan.Sources[name]); err != nil {
			return err
		}
		if name == datasets.ClaimsTable {
			if err := b.takeClaims(); err != nil {
				return err
			}
		}
		delete(b.codes.words, name) // nobody reads a word's letters again
		for space := range b.codes.spaces {
			if !b.plan.linked(space) && !slices.ContainsFunc(order[i+1:], func(t string) bool { return b.plan.Sources[t].hasKeyOf(space) }) {
				b.codes.spaces[space].forget()
			}
		}
	}
	if b.plan.Graph == nil {
		b.codes.claims.forget()
	}
	return nil
}

// takeClaims checks the claims that were read and takes their instants.
func (b *batch) takeClaims() error {
	claims, n := b.plan.claims(), needs{}
	n.add(claims, "known", "claim", claims.clockCell(b.plan.Stage))
	if err := b.use(n); err != nil {
		return err
	}
	b.claims = b.tables[datasets.ClaimsTable]
	return b.uniqueClaims()
}

// uniqueClaims makes sure that the code of a claim's id is its row, and takes
// the instants.
func (b *batch) uniqueClaims() error {
	for row, code := range b.claims.claim {
		if int(code) != row {
			if code < 0 {
				return fmt.Errorf("cannot read table %q: key %q is null in row %d; remove the row or give it a key", datasets.ClaimsTable, b.plan.claims().Claim, row+1)
			}
			return fmt.Errorf("cannot read table %q: claim %q stands in rows %d and %d; keep one of them", datasets.ClaimsTable, b.codes.claims.word(code), code+1, row+1)
		}
	}
	b.out.At = b.claims.clock(b.plan.claims(), b.plan.Stage)
	return nil
}

// linked says whether the claims graph has entities of a space, whose words it
// orders by.
func (p *Plan) linked(space int) bool {
	return p.Graph != nil && slices.ContainsFunc(p.Graph.Edges, func(e EdgeSource) bool { return p.source(e.Of).Keys[e.Key].Space == space })
}

func (s *Source) hasKeyOf(space int) bool {
	return slices.ContainsFunc(s.Keys, func(k Key) bool { return k.Space == space })
}

// clock returns the instants at which the rows reached a stage.
func (d *derived) clock(s *Source, stage datasets.Stage) []int64 {
	if stage <= datasets.Report {
		return d.known
	}
	return d.stages[slices.Index(s.Stages, stage)]
}

// runTasks runs tasks on so many threads. The error is that of the first task,
// in their order, that has one.
func runTasks(tasks []task, threads int) error {
	faults := make([]error, len(tasks))
	if threads = min(threads, len(tasks)); threads <= 1 {
		for i, t := range tasks {
			faults[i] = t()
		}
	} else {
		var next atomic.Int64
		var wg sync.WaitGroup
		for range threads {
			wg.Go(func() {
				for i := next.Add(1) - 1; i < int64(len(tasks)); i = next.Add(1) - 1 {
					faults[i] = tasks[i]()
				}
			})
		}
		wg.Wait()
	}
	for _, err := range faults {
		if err != nil {
			return err
		}
	}
	return nil
}

// owned are the rows of a table by claim: those of claim i are
// rows[start[i]:start[i+1]], in row order.
type owned struct{ start, rows []int32 }

// ownRows returns the rows of a table by claim.
func (b *batch) ownRows(table string) *owned {
	if o := b.byClaim[table]; o != nil {
		return o
	}
	d := b.tables[table]
	o := &owned{start: make([]int32, b.claims.n+1)}
	for _, c := range d.claim {
		if b.isClaim(c) {
			o.start[c+1]++
		}
	}
	for i := range b.claims.n {
		o.start[i+1] += o.start[i]
	}
	o.rows = make([]int32, o.start[b.claims.n])
	next := slices.Clone(o.start)
	for i, c := range d.claim {
		if b.isClaim(c) {
			o.rows[next[c]] = int32(i)
			next[c]++
		}
	}
	b.byClaim[table] = o
	return o
}

// isClaim says whether a claim number is that of a row of the claims table:
// other tables may name claims that it has not.
func (b *batch) isClaim(number int32) bool { return number >= 0 && int(number) < b.claims.n }

// missing returns a column of n missing values.
func missing(n int) []float64 {
	column := make([]float64, n)
	for i := range column {
		column[i] = math.NaN()
	}
	return column
}
