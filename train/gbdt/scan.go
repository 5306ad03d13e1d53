package gbdt

// columnsPerTask columns are summed together: enough to share the reading of
// rows, few enough to be spread over threads.
const columnsPerTask = 4

// scan sums small's rows into its histogram and finds its best split. A large
// leaf comes with its parent's histogram, from which small's is subtracted, and
// its best split is found too; large may be nil. all says that small is the
// root of a tree on all rows.
func (g *grower) scan(small, large *leaf, all bool) {
	rows, ordered := g.order(small, all)
	threads := g.threads
	if small.rows()*len(g.columns) < 1<<14 && large == nil {
		threads = 1 // starting goroutines would take longer
	}
	sc := &g.goal.scale
	ofSmall := newScanner(&g.cfg, sc, small)
	var ofLarge scanner
	if large != nil {
		ofLarge = newScanner(&g.cfg, sc, large)
	}
	scanSmall := g.worth(small)
	n := len(g.columns)
	each(threads, (n+columnsPerTask-1)/columnsPerTask, func(task int) {
		from, to := task*columnsPerTask, min((task+1)*columnsPerTask, n)
		columns := g.columns[from:to]
		build(small.hist, columns, rows, ordered)
		if large != nil {
			subtract(large.hist, small.hist, columns)
		}
		for k, c := range columns {
			g.found[2*(from+k)], g.found[2*(from+k)+1] = split{}, split{}
			if scanSmall {
				g.found[2*(from+k)] = ofSmall.best(c)
			}
			if large != nil {
				g.found[2*(from+k)+1] = ofLarge.best(c)
			}
		}
	})
	small.best = g.bestFound(0)
	if large != nil {
		large.best = g.bestFound(1)
	}
}

// bestFound returns the best of the columns' splits, that of the lowest column among equals.
func (g *grower) bestFound(side int) split {
	var best split
	for k := range g.columns {
		if s := &g.found[2*k+side]; s.column != nil && s.gain > best.gain {
			best = *s
		}
	}
	return best
}

// order returns the rows of the leaf, nil for all in order, and their cells.
func (g *grower) order(l *leaf, all bool) ([]int32, []cell) {
	if all {
		return nil, g.goal.cells
	}
	rows, ordered := g.part.rows[l.begin:l.end], g.ordered[:l.rows()]
	eachChunk(g.threads, len(rows), func(_, begin, end int) {
		cells := g.goal.cells
		for k := begin; k < end; k++ {
			ordered[k] = cells[rows[k]]
		}
	})
	return rows, ordered
}
