package network

import (
	"math/bits"
	"sort"
)

// link is one end of an edge: its place in the order in which edges became
// known, and the node at the other end.
type link struct{ at, to int32 }

// list is a sequence of links in a pool, by rising place. Its block has room
// for the next power of two, so that a length says its capacity.
type list struct{ off, n uint32 }

// pool holds the lists of all nodes in one piece of memory. Blocks that a list
// outgrew are used again; a node costs eight bytes and no allocation.
type pool struct {
	links []link
	free  [32][]uint32 // free blocks by the logarithm of their size
}

func (p *pool) view(l list) []link { return p.links[l.off : l.off+l.n : l.off+l.n] }

func (p *pool) append(l *list, v link) {
	if l.n&(l.n-1) == 0 { // empty or full
		class := bits.Len32(l.n)
		off := p.block(class)
		if l.n > 0 {
			copy(p.links[off:], p.view(*l))
			p.free[class-1] = append(p.free[class-1], l.off)
		}
		l.off = off
	}
	p.links[l.off+l.n] = v
	l.n++
}

// block returns the place of an unused block of 2^class links.
func (p *pool) block(class int) uint32 {
	if f := p.free[class]; len(f) > 0 {
		p.free[class] = f[:len(f)-1]
		return f[len(f)-1]
	}
	off, size := len(p.links), 1<<class
	if off+size <= cap(p.links) {
		p.links = p.links[:off+size]
	} else {
		p.links = append(p.links, make([]link, size)...)
	}
	return uint32(off)
}

// before returns the links of a list whose place is below cut.
func (p *pool) before(l list, cut int32) []link {
	v := p.view(l)
	n := len(v)
	if n == 0 || v[n-1].at < cut {
		return v
	}
	if n <= 8 {
		for n > 0 && v[n-1].at >= cut {
			n--
		}
		return v[:n]
	}
	return v[:sort.Search(n, func(i int) bool { return v[i].at >= cut })]
}
