package gbdt

import "context"

// leaf is a leaf of the tree that is being grown.
type leaf struct {
	begin, end int // its rows in the partition
	sum        cell
	hist       []cell // nil when it will not be split
	depth      int
	bounds     bounds
	output     float64 // before the learning rate
	best       split
	parent     int // node above it, -1 at the root
	isRight    bool
}

func (l *leaf) rows() int { return l.end - l.begin }

// grower grows trees on one dataset, one after the other.
type grower struct {
	cfg     Config
	threads int
	data    *dataset
	goal    *objective

	columns []*column // those drawn for this tree
	part    partition
	ordered []cell // cells of the rows of the leaf that is summed
	pool    pool
	leaves  []leaf
	found   []split // best split of the first and second leaf, per column
}

func newGrower(cfg Config, threads int, data *dataset, goal *objective) *grower {
	return &grower{
		cfg: cfg, threads: threads, data: data, goal: goal,
		ordered: make([]cell, data.rows),
		pool:    pool{cells: data.cells},
		found:   make([]split, 2*len(data.columns)),
	}
}

// grow returns a tree on the given rows (nil: all) and columns, split best
// first. The leaves stay in g until the next call. After ctx is done it returns
// ctx's error, and the tree is lost.
func (g *grower) grow(ctx context.Context, rows []int32, columns []*column) (*sprout, error) {
	for i := range g.leaves {
		g.pool.put(g.leaves[i].hist)
	}
	g.columns = columns
	g.part.begin(g.data.rows, rows)
	g.leaves = append(g.leaves[:0], g.root(rows))
	t := &sprout{}
	if g.worth(&g.leaves[0]) {
		g.leaves[0].hist = g.pool.get()
		g.scan(&g.leaves[0], nil, rows == nil)
	}
	for len(g.leaves) < g.cfg.NumLeaves {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		at := g.bestLeaf()
		if at < 0 {
			break
		}
		g.split(t, at)
	}
	return t, nil
}

// root returns the leaf of all rows of the tree.
func (g *grower) root(rows []int32) leaf {
	l := leaf{end: len(g.part.rows), bounds: unbounded, parent: -1}
	if rows == nil {
		for _, c := range g.goal.cells {
			l.sum = l.sum.plus(c)
		}
	} else {
		for _, r := range rows {
			l.sum = l.sum.plus(g.goal.cells[r])
		}
	}
	sc := &g.goal.scale
	h := max(leastHess, sc.hess(l.sum))
	l.output = loss{l1: g.cfg.LambdaL1, l2: g.cfg.LambdaL2}.output(sc.grad(l.sum), h, unbounded)
	return l
}

// worth says whether a leaf may be split at all, so that it is not summed in vain.
func (g *grower) worth(l *leaf) bool {
	if g.cfg.MaxDepth > 0 && l.depth >= g.cfg.MaxDepth {
		return false
	}
	return l.rows() >= 2*max(1, g.cfg.MinDataInLeaf) && g.goal.scale.hess(l.sum) >= 2*g.cfg.MinSumHessianInLeaf
}

// bestLeaf returns the leaf whose split gains most, the earliest of equals; -1 when none gains.
func (g *grower) bestLeaf() int {
	at, gain := -1, 0.0
	for i := range g.leaves {
		if b := &g.leaves[i].best; b.column != nil && b.gain > gain {
			at, gain = i, b.gain
		}
	}
	return at
}

// split parts leaf number at: its left child keeps the number, the right one
// becomes the last leaf.
func (g *grower) split(t *sprout, at int) {
	whole := g.leaves[at]
	s := whole.best
	middle := g.part.split(whole.begin, whole.end, &s, g.threads)
	node := t.add(whole, s, at, len(g.leaves))
	left := leaf{begin: whole.begin, end: middle, sum: s.leftSum, depth: whole.depth + 1, bounds: whole.bounds, output: s.left, parent: node}
	right := leaf{begin: middle, end: whole.end, sum: s.rightSum, depth: whole.depth + 1, bounds: whole.bounds, output: s.right, parent: node, isRight: true}
	if n := g.goal.scale.count(s.leftSum); n != left.rows() {
		panic("BUG: the histogram and the rows disagree about a split")
	}
	if between := (s.left + s.right) / 2; s.column.monotone > 0 {
		left.bounds.upper, right.bounds.lower = between, between
	} else if s.column.monotone < 0 {
		left.bounds.lower, right.bounds.upper = between, between
	}
	g.leaves[at].hist = nil
	g.leaves[at] = left
	g.leaves = append(g.leaves, right)
	g.findBest(&g.leaves[at], &g.leaves[len(g.leaves)-1], whole.hist)
}

// findBest looks for the best splits of two new leaves. hist is their parent's.
func (g *grower) findBest(left, right *leaf, hist []cell) {
	small, large := left, right
	if right.rows() < left.rows() {
		small, large = right, left
	}
	last := len(g.leaves) == g.cfg.NumLeaves
	splitSmall, splitLarge := !last && g.worth(small), !last && g.worth(large)
	switch {
	case splitLarge:
		small.hist, large.hist = g.pool.get(), hist
		g.scan(small, large, false)
	case splitSmall:
		small.hist = hist
		g.scan(small, nil, false)
	default:
		g.pool.put(hist)
	}
	for _, l := range []*leaf{left, right} {
		if l.best.column == nil {
			g.pool.put(l.hist)
			l.hist = nil
		}
	}
}
