package window

import "unsafe"

// poolRows is how many rows a pack of the pool holds.
const poolRows = 1 << 10

// smallKey is how many events a key keeps in the pool; with more it gets a
// history of its own. Every answer walks through all of them.
const smallKey = 32

// pool holds the events of the keys with few of them, one after another as they
// were folded. The last column of a row leads to the key's row before it: how
// many rows back it is, 0 for none.
type pool struct {
	stride int // numbers a row, with the link
	packs  []packed
	rows   int // rows ever added
	dead   int // rows that moved to a history
}

// add appends a row after the key's row before it, or -1, and returns its id.
func (p *pool) add(row []int64, before int, scratch []int64) (id int, _ []int64) {
	if p.rows%poolRows == 0 {
		p.packs = append(p.packs, packed{frames: make([]frame, p.stride)})
	}
	row[p.stride-1] = 0
	if before >= 0 {
		row[p.stride-1] = int64(p.rows - before)
	}
	last := &p.packs[len(p.packs)-1]
	scratch = last.insert(int(last.n), row, scratch, poolRows-int(last.n)-1)
	if last.n == poolRows {
		last.clip()
	}
	p.rows++
	return p.rows - 1, scratch
}

// at returns the pack of a row and its position there.
func (p *pool) at(id int) (*packed, int) { return &p.packs[id/poolRows], id % poolRows }

// events appends the rows of a key in order, without their links.
func (p *pool) events(dst []int64, l *lookout, at place) []int64 {
	l.walk(p, at)
	for _, e := range l.steps {
		pk, i := p.at(int(e.id))
		dst = pk.rows(dst, i, i+1)
		dst = dst[:len(dst)-1]
	}
	return dst
}

// wasteful reports whether rows that moved away take too much memory.
func (p *pool) wasteful() bool { return p.dead > 4*poolRows && p.dead > p.rows/4 }

func (p *pool) size() int {
	n := cap(p.packs) * int(unsafe.Sizeof(packed{}))
	for i := range p.packs {
		n += p.packs[i].size()
	}
	return n
}
