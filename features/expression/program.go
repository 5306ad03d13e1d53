package expression

import (
	"slices"
	"sync"

	"github.com/apache/arrow/go/v17/arrow"
)

// Program is a compiled expression. It is immutable and safe for concurrent use.
type Program struct {
	typ      Type
	inputs   []input
	steps    []step
	root     int // the step that gives the result
	counts   [5]int
	answers  int
	pinned   []bool // registers of words that hold constants
	machines sync.Pool
}

// input is a column that an expression reads.
type input struct {
	name string
	typ  Type
}

// Type returns the type of the expression's values.
func (p *Program) Type() Type { return p.typ }

// Bare returns the column that the expression is, when it is a column and
// nothing else: its values are then those of the column as they stand there,
// but for numbers and instants that an expression cannot hold.
func (p *Program) Bare() (column string, bare bool) {
	if len(p.steps) != 1 || p.steps[0].name != columnLoad {
		return "", false
	}
	return p.inputs[p.steps[0].column].name, true
}

// Inputs returns the names of the columns that the expression reads, in the
// order of the source, each once. The caller owns the slice.
func (p *Program) Inputs() []string {
	out := make([]string, len(p.inputs))
	for i, in := range p.inputs {
		out[i] = in.name
	}
	return out
}

// Eval returns the expression's value for every row of rec, which must hold each
// input once, in the arrow type of the column type it was compiled with
// ([datasets.Type.Arrow]); int and float may stand for each other, and so may
// text and category, time and date. The result keeps nothing of rec. The value
// of a row depends on that row alone: a record of one row gives the same bits.
func (p *Program) Eval(rec arrow.Record) (*Column, error) {
	c := new(Column)
	if err := p.EvalInto(c, rec); err != nil {
		return nil, err
	}
	return c, nil
}

// EvalInto is Eval into a column whose memory is used again. It allocates
// nothing once the column and the program's scratch have grown to the size of
// the records, except for new words. After an error the column is unspecified.
func (p *Program) EvalInto(c *Column, rec arrow.Record) error {
	m, _ := p.machines.Get().(*machine)
	if m == nil {
		m = newMachine(p.counts)
		m.sources = make([]source, len(p.inputs))
		m.answers = make([][]Truth, p.answers)
	}
	defer p.machines.Put(m)
	defer m.forget(p)
	for i, in := range p.inputs {
		s, err := bind(rec, in)
		if err != nil {
			return err
		}
		m.sources[i] = s
	}
	m.rows = int(rec.NumRows())
	m.grow(min(m.rows, blockRows))
	p.prepare(m)
	c.reset(p.typ, m.rows)
	for m.low = 0; m.low < m.rows; m.low += blockRows {
		n := min(blockRows, m.rows-m.low)
		for i := range p.steps {
			if s := &p.steps[i]; s.run != nil {
				s.run(m, s, n)
			}
		}
		c.take(m, p.steps[p.root].out, m.low, n)
	}
	return nil
}

// prepare fills the constants into a machine that grew.
func (p *Program) prepare(m *machine) {
	if m.constants {
		return
	}
	for i := range p.steps {
		if s := &p.steps[i]; s.constant() {
			m.fill(s.typ, s.out, s.value)
		}
	}
	m.constants = true
}

// assemble makes a program of the steps that the root needs and gives each a
// register. A register is free again after the last step that reads it;
// constants keep theirs.
func assemble(b *builder, root int, inputs []input) *Program {
	p := &Program{typ: b.steps[root].typ, inputs: inputs}
	last := make([]int, len(b.steps)) // the last reader, -1 for what nobody reads
	fill(last, -1)
	last[root] = len(b.steps)
	for i := len(b.steps) - 1; i >= 0; i-- {
		if last[i] < 0 {
			continue
		}
		for _, a := range b.steps[i].args {
			last[a] = max(last[a], i)
		}
	}
	var free [5][]int
	for i := range b.steps {
		s := b.steps[i]
		if last[i] < 0 {
			continue
		}
		for k, a := range s.args {
			s.in[k] = b.steps[a].out
			if last[a] == i && !b.steps[a].constant() && !slices.Contains(s.args[:k], a) {
				k := bank(b.steps[a].typ)
				free[k] = append(free[k], b.steps[a].out)
			}
		}
		s.out = p.register(&free, &s)
		if s.name == columnTest {
			s.memo, p.answers = p.answers, p.answers+1
		}
		b.steps[i].out = s.out
		if i == root {
			p.root = len(p.steps)
		}
		p.steps = append(p.steps, s)
	}
	p.pinned = make([]bool, p.counts[Word])
	for i := range p.steps {
		if s := &p.steps[i]; s.constant() && s.typ == Word {
			p.pinned[s.out] = true
		}
	}
	return p
}

// register takes a free register of a step's bank or a new one.
func (p *Program) register(free *[5][]int, s *step) int {
	k := bank(s.typ)
	if n := len(free[k]); n > 0 && !s.constant() {
		r := free[k][n-1]
		free[k] = free[k][:n-1]
		return r
	}
	p.counts[k]++
	return p.counts[k] - 1
}
