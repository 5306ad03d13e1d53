package gbdt

// A histogram is the cells of all columns, column c's at c.offset. It is
// followed by spareCells, so that a column of 8-bit bin numbers can always be
// seen as an array of 256, which needs no check of bounds.
const spareCells = 256

// blockRows rows are summed for one column after the other before the next
// rows are looked at: their cells and row numbers stay in the cache.
const blockRows = 1024

// addRows adds the cells of the given rows to the column's part of hist. ordered[k] is
// the cell of rows[k].
func (c *column) addRows(hist []cell, rows []int32, ordered []cell) {
	ordered = ordered[:len(rows)]
	if c.narrow != nil {
		h := (*[256]cell)(hist[c.offset:])
		bins := c.narrow
		for k, r := range rows {
			to, from := &h[bins[r]], &ordered[k]
			to.grad += from.grad
			to.packed += from.packed
		}
		return
	}
	h, bins := hist[c.offset:], c.wide
	for k, r := range rows {
		to, from := &h[bins[r]], &ordered[k]
		to.grad += from.grad
		to.packed += from.packed
	}
}

// addRange is addRows for the consecutive rows from..from+len(ordered).
func (c *column) addRange(hist []cell, from int, ordered []cell) {
	if c.narrow != nil {
		h := (*[256]cell)(hist[c.offset:])
		for k, b := range c.narrow[from : from+len(ordered)] {
			h[b].grad += ordered[k].grad
			h[b].packed += ordered[k].packed
		}
		return
	}
	h := hist[c.offset:]
	for k, b := range c.wide[from : from+len(ordered)] {
		h[b].grad += ordered[k].grad
		h[b].packed += ordered[k].packed
	}
}

// build fills the columns' parts of hist with the sums over rows; a nil rows
// means all of them, in order.
func build(hist []cell, columns []*column, rows []int32, ordered []cell) {
	for _, c := range columns {
		clear(hist[c.offset : c.offset+c.cells()])
	}
	for from := 0; from < len(ordered); from += blockRows {
		to := min(from+blockRows, len(ordered))
		for _, c := range columns {
			if rows == nil {
				c.addRange(hist, from, ordered[from:to])
			} else {
				c.addRows(hist, rows[from:to], ordered[from:to])
			}
		}
	}
}

// subtract makes the columns' parts of hist, a parent's, those of the other
// child of which one child's is given.
func subtract(hist, child []cell, columns []*column) {
	for _, c := range columns {
		h, s := hist[c.offset:c.offset+c.cells()], child[c.offset:c.offset+c.cells()]
		for k := range h {
			h[k].grad -= s[k].grad
			h[k].packed -= s[k].packed
		}
	}
}

// pool hands out histograms of one size and takes them back.
type pool struct {
	cells int
	free  [][]cell
}

func (p *pool) get() []cell {
	if n := len(p.free); n > 0 {
		h := p.free[n-1]
		p.free = p.free[:n-1]
		return h
	}
	return make([]cell, p.cells+spareCells)
}

// put takes back a histogram; nil is let pass.
func (p *pool) put(h []cell) {
	if h != nil {
		p.free = append(p.free, h)
	}
}
