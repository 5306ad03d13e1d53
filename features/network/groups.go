package network

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// none is the group of a claim that no entity links, and of an entity of no
// group that counts; several is the group of an entity that a division put into
// more than one.
const (
	none    = -1
	several = -2
)

// grouping is the graph as of an instant in groups of claims: components, and
// the parts of those that were divided.
type grouping struct {
	g          *Graph
	options    GangOptions
	cut, concl int32

	of     []int32 // the group of every claim, or none
	whole  int32   // groups below this number are components, divided ones without claims; others are parts
	groups []group
	home   []int32 // the group of every entity that links or would, none, or several

	pairs []placed // scratch of spread
	runs  []int32
}

// group is what is counted of a group of claims.
type group struct {
	claims, confirmed int32
	people, namings   int32 // entities of GangOptions.People that link two or more of the claims, and how often these name them
	listed            bool
}

// placed is a run with the group of its claim.
type placed struct{ group, run int32 }

func (g *Graph) grouping(t int64, options GangOptions) (*grouping, error) {
	f := &grouping{g: g, options: options.withDefaults(), cut: g.log.cut(t), concl: g.verdicts.cut(t)}
	if err := f.options.validate(); err != nil {
		return nil, err
	}
	f.join()
	if err := f.divideLarge(); err != nil {
		return nil, err
	}
	f.count()
	for i := range f.groups {
		f.groups[i].listed = f.options.lists(&f.groups[i])
	}
	return f, nil
}

// lists reports whether a group is large, mixed and suspect enough.
func (o *GangOptions) lists(g *group) bool {
	return int(g.claims) >= o.MinClaims && int(g.people) >= o.MinPeople && int(g.confirmed) >= o.MinConfirmed &&
		float64(g.namings) >= o.MinTurns*float64(g.claims)
}

// runsOf returns the runs that name an entity; each is of another claim.
func (f *grouping) runsOf(e *node) []int32 { return before(f.g.pool.view(e), f.cut) }

// links reports whether an entity that so many runs name links their claims.
func (f *grouping) links(e *node, runs int) bool {
	return runs > 0 && runs <= f.options.LinkDegree && f.options.Skip>>e.kind()&1 == 0
}

// linking walks over the entities that link, or would if a second claim named
// them, by rising number.
func (f *grouping) linking(yield func(entity int32, e *node, runs []int32)) {
	for d, page := range f.g.entities.dir {
		for i := range page {
			if runs := f.runsOf(&page[i]); f.links(&page[i], len(runs)) {
				yield(int32(d<<pageBits+i), &page[i], runs)
			}
		}
	}
}

func (f *grouping) claim(run int32) int32 { return f.g.log.runs.at(run).claim }

// join finds the components of two claims or more, numbered by their lowest
// claim. Here nothing is ever taken back, and a union-find does it.
func (f *grouping) join() {
	parent := make([]int32, f.g.claims.n)
	for c := range parent {
		parent[c] = int32(c)
	}
	find := func(c int32) int32 {
		for parent[c] != c {
			parent[c] = parent[parent[c]]
			c = parent[c]
		}
		return c
	}
	single := make([]bool, len(parent))
	for c := range single {
		single[c] = true
	}
	f.linking(func(_ int32, _ *node, runs []int32) {
		if len(runs) == 1 {
			return
		}
		first := f.claim(runs[0])
		single[first] = false
		root := find(first)
		for _, r := range runs[1:] {
			c := f.claim(r)
			single[c] = false
			other := find(c)
			parent[max(root, other)] = min(root, other) // the root is the lowest claim
			root = min(root, other)
		}
	})
	for c, up := range parent { // up is lower, and has its group
		switch {
		case single[c]:
			parent[c] = none
			continue
		case up == int32(c):
			parent[c] = int32(len(f.groups))
			f.groups = append(f.groups, group{})
		default:
			parent[c] = parent[up]
		}
		f.groups[parent[c]].claims++
	}
	f.of, f.whole = parent, int32(len(f.groups))
}

// divideLarge divides the components that are too large, several at once.
func (f *grouping) divideLarge() error {
	var large [][]int32 // claims, rising
	place := map[int32]int{}
	for i, g := range f.groups {
		if int(g.claims) > f.options.MaxClaims {
			place[int32(i)] = len(large)
			large = append(large, make([]int32, 0, g.claims))
		}
	}
	if len(large) == 0 {
		return nil
	}
	for c, of := range f.of {
		if of == none {
			continue
		}
		if at, ok := place[of]; ok {
			large[at] = append(large[at], int32(c))
		}
	}
	parts, faults := make([][][]int32, len(large)), make([]error, len(large))
	var next atomic.Int32
	var wait sync.WaitGroup
	for range min(len(large), runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(large); i = int(next.Add(1)) - 1 {
				parts[i], faults[i] = f.divide(large[i])
			}
		})
	}
	wait.Wait()
	for i, claims := range large {
		if faults[i] != nil {
			return faults[i]
		}
		f.groups[f.of[claims[0]]].claims = 0
		for _, part := range parts[i] {
			for _, c := range part {
				f.of[c] = int32(len(f.groups))
			}
			f.groups = append(f.groups, group{claims: int32(len(part))})
		}
	}
	return nil
}

// count counts confirmed frauds and people, and finds the homes of entities.
func (f *grouping) count() {
	for c, of := range f.of {
		if of != none && f.g.confirmed(int32(c), f.concl) {
			f.groups[of].confirmed++
		}
	}
	f.home = make([]int32, f.g.entities.n)
	for e := range f.home {
		f.home[e] = none
	}
	f.linking(func(entity int32, e *node, runs []int32) {
		people := e.kind() == f.options.People
		f.spread(runs, func(of int32, runs []int32) {
			if people && len(runs) > 1 {
				f.groups[of].people++
				f.groups[of].namings += int32(len(runs))
			}
			if f.home[entity] == none {
				f.home[entity] = of
			} else {
				f.home[entity] = several
			}
		})
	})
}

// spread yields the groups of the claims of an entity's runs, each once with
// its runs in their order.
func (f *grouping) spread(runs []int32, yield func(of int32, runs []int32)) {
	first := f.of[f.claim(runs[0])]
	if first < f.whole || len(runs) == 1 {
		if first != none {
			yield(first, runs)
		}
		return
	}
	f.pairs = f.pairs[:0]
	for _, r := range runs {
		f.pairs = append(f.pairs, placed{f.of[f.claim(r)], r})
	}
	slices.SortFunc(f.pairs, func(a, b placed) int { return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.run, b.run)) })
	for i := 0; i < len(f.pairs); {
		of := f.pairs[i].group
		f.runs = f.runs[:0]
		for ; i < len(f.pairs) && f.pairs[i].group == of; i++ {
			f.runs = append(f.runs, f.pairs[i].run)
		}
		yield(of, f.runs)
	}
}
