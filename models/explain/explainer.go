package explain

import (
	"fmt"
	"sync"
	"unsafe"

	"claimsieve/models/forest"
)

// maxTables bounds the memory for tables that an Explainer keeps. Trees beyond
// it have their tables computed anew for every vector, with the same results.
const maxTables = 128 << 20 / int(unsafe.Sizeof(table{}))

// Explainer computes contributions for one forest. It keeps what does not
// depend on the vector and is safe for concurrent use. The forest must not be
// changed while the Explainer is in use.
type Explainer struct {
	forest   *forest.Forest
	paths    []path
	rules    []rule      // rules[k] has k blocks; nil where no tree needs it
	tables   [][][]table // of each tree and block; nil where they are not kept
	expected float64
	scratch  sync.Pool // of *scratch
}

// New prepares f, which is validated first. Shares of training rows are those
// of NodeCount and LeafCount, as in LightGBM's pred_contrib; a node none of
// whose children has counted rows counts as split in halves.
func New(f *forest.Forest) (*Explainer, error) {
	if err := f.Validate(); err != nil {
		return nil, fmt.Errorf("cannot explain: %w", err)
	}
	e := &Explainer{forest: f, paths: make([]path, len(f.Trees)), tables: make([][][]table, len(f.Trees))}
	edges, spare, blocks := 1, 0, 0
	room := maxTables
	for i := range f.Trees {
		p := prepare(&f.Trees[i])
		e.paths[i] = p
		e.expected += p.expected
		edges = max(edges, 1+2*len(p.nodes))
		blocks = max(blocks, p.blocks)
	}
	e.rules = make([]rule, blocks+1)
	for i := range e.paths {
		p := &e.paths[i]
		if p.blocks > 0 && e.rules[p.blocks].points == nil {
			e.rules[p.blocks] = gaussLegendre(p.blocks)
		}
		n := 1 + 2*len(p.nodes)
		if room -= n * p.blocks; room < 0 {
			spare = max(spare, n)
			continue
		}
		e.tables[i] = make([][]table, p.blocks)
		for b := range e.tables[i] {
			e.tables[i][b] = make([]table, n)
			p.fill(e.tables[i][b], e.rules[p.blocks], b)
		}
	}
	if f.Average {
		e.expected /= float64(len(f.Trees))
	}
	e.scratch.New = func() any {
		return &scratch{state: make([]uint8, edges), values: make([][blockPoints]float64, edges), tables: make([]table, spare)}
	}
	return e, nil
}

// Expected returns the raw output that contributions start from: the mean of
// the trees' outputs over the training rows, as their counts tell.
func (e *Explainer) Expected() float64 { return e.expected }

// Contributions writes to phi[j] how much element j of the vector x moved the
// raw output away from [Explainer.Expected], in the units of the raw output
// (log-odds for a model of probabilities): exact path-dependent Shapley values
// over the trees. Expected plus the sum of phi is forest.Raw(x), up to
// rounding. An element on which no tree splits gets 0.
//
// phi is grown where it is too short and returned; what it held is lost. x
// must have one element per feature, NaN for missing; another length panics.
func (e *Explainer) Contributions(phi, x []float64) []float64 {
	width := len(e.forest.Features)
	if len(x) != width {
		panic(fmt.Sprintf("BUG: vector of %d elements given to a forest of %d features", len(x), width))
	}
	if cap(phi) < width {
		phi = make([]float64, width)
	}
	phi = phi[:width]
	clear(phi)
	s := e.scratch.Get().(*scratch)
	for i := range e.paths {
		p := &e.paths[i]
		if p.blocks > 0 {
			p.decide(s.state, x)
		}
		for b := range p.blocks {
			tables := s.tables
			if e.tables[i] != nil {
				tables = e.tables[i][b]
			} else {
				p.fill(tables, e.rules[p.blocks], b)
			}
			p.down(s, tables)
			p.up(phi, s, tables)
		}
	}
	e.scratch.Put(s)
	if e.forest.Average {
		for j := range phi {
			phi[j] /= float64(len(e.paths))
		}
	}
	return phi
}
