package gbdt

// partition is the rows of a tree, kept so that each leaf's are consecutive and
// in their first order.
type partition struct {
	rows    []int32
	scratch []int32
	table   [1 << 16]uint8
	left    []int // rows that went left, per chunk
}

// begin starts a tree on the given rows, which are copied; nil means all n.
func (p *partition) begin(n int, rows []int32) {
	if rows != nil {
		p.rows = append(p.rows[:0], rows...)
	} else {
		p.rows = p.rows[:0]
		for i := range n {
			p.rows = append(p.rows, int32(i))
		}
	}
	if len(p.scratch) < len(p.rows) {
		p.scratch = make([]int32, len(p.rows))
	}
}

// split parts the rows begin..end and returns where the right side begins.
func (p *partition) split(begin, end int, s *split, threads int) int {
	s.fill(p.table[:max(256, s.column.cells())])
	rows := p.rows[begin:end]
	scratch := p.scratch[begin:end]
	p.left = append(p.left[:0], make([]int, chunks(len(rows)))...)
	// Each chunk is parted in its own place of scratch: left rows from its
	// begin upward, right rows from its end downward.
	eachChunk(threads, len(rows), func(c, from, to int) {
		p.left[c] = s.column.part(scratch[from:to], rows[from:to], &p.table)
	})
	middle := 0
	for _, n := range p.left {
		middle += n
	}
	toLeft, toRight := 0, middle
	for c, n := range p.left {
		from, to := c*chunkRows, min((c+1)*chunkRows, len(rows))
		copy(rows[toLeft:], scratch[from:from+n])
		toLeft += n
		for k := to - 1; k >= from+n; k-- {
			rows[toRight] = scratch[k]
			toRight++
		}
	}
	return begin + middle
}

// part writes the rows that go left to the front of out, in order, and the
// others to its back, in reverse order, and returns the number of the first.
// Both places are written for each row; only the counters depend on the side.
func (c *column) part(out, rows []int32, table *[1 << 16]uint8) int {
	left, right := 0, len(out)-1
	if c.narrow != nil {
		bins := c.narrow
		for _, r := range rows {
			goes := int(table[bins[r]])
			out[left], out[right] = r, r
			left += goes
			right -= 1 - goes
		}
		return left
	}
	for _, r := range rows {
		goes := int(table[c.wide[r]])
		out[left], out[right] = r, r
		left += goes
		right -= 1 - goes
	}
	return left
}
