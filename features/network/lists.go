package network

import (
	"math/bits"
	"sort"
)

// node is an entity's list of the runs that name it, by rising number. A single
// run stands in the node itself; up to pageSize of them in a block of the pool,
// whose place first holds; more of them are a slice of their own, whose number
// first holds. The number of runs and the entity's kind share a word.
type node struct {
	first [1]int32
	tally uint32
}

const kindBits = 4 // MaxKinds of them

func (e *node) len() int32  { return int32(e.tally >> kindBits) }
func (e *node) kind() uint8 { return uint8(e.tally & (MaxKinds - 1)) }

// pool holds the lists of all entities. Blocks that a list outgrew are used
// again; a list's length says the size of its block.
type pool struct {
	blocks pages[int32]
	free   [2*pageBits + 1][]int32 // unused blocks by class
	large  [][]int32
}

// class numbers the sizes of blocks: 2, 3, 4, 6, 8, 12, 16 and so on.
func class(n int32) int {
	k := bits.Len32(uint32(n - 1))
	if k >= 2 && n <= 3<<(k-2) {
		return 2*k - 1
	}
	return 2 * k
}

// classSize returns the size of the blocks of a class.
func classSize(class int) int32 {
	if class%2 == 1 {
		return 3 << (class/2 - 1)
	}
	return 1 << (class / 2)
}

// view returns the runs of an entity.
func (p *pool) view(e *node) []int32 {
	switch n := e.len(); {
	case n == 0:
		return nil
	case n == 1:
		return e.first[:]
	case n <= pageSize:
		return p.blocks.span(e.first[0], n)
	default:
		return p.large[e.first[0]]
	}
}

// append adds a run behind all others of the entity.
func (p *pool) append(e *node, run int32) {
	n := e.len()
	switch {
	case n == 0:
		e.first[0] = run
	case n < pageSize:
		if n == 1 || n == classSize(class(n)) {
			p.move(e, n)
		}
		*p.blocks.at(e.first[0] + n) = run
	case n == pageSize:
		all := append(make([]int32, 0, 2*pageSize), p.view(e)...)
		p.release(e.first[0], n)
		e.first[0] = int32(len(p.large))
		p.large = append(p.large, append(all, run))
	default:
		p.large[e.first[0]] = append(p.large[e.first[0]], run)
	}
	e.tally += 1 << kindBits
}

// move gives a list of n runs a block with room for one more.
func (p *pool) move(e *node, n int32) {
	block := p.block(class(n + 1))
	copy(p.blocks.span(block, n), p.view(e))
	if n > 1 {
		p.release(e.first[0], n)
	}
	e.first[0] = block
}

func (p *pool) release(block, n int32) {
	p.free[class(n)] = append(p.free[class(n)], block)
}

// block returns the place of an unused block of a class. It lies in one page;
// what a page has left at its end is not used.
func (p *pool) block(class int) int32 {
	if f := p.free[class]; len(f) > 0 {
		p.free[class] = f[:len(f)-1]
		return f[len(f)-1]
	}
	size := int(classSize(class))
	if p.blocks.n&pageMask+size > pageSize {
		p.blocks.grow((p.blocks.n + pageMask) &^ pageMask)
	}
	at := p.blocks.n
	p.blocks.grow(at + size)
	return int32(at)
}

// size returns the bytes held.
func (p *pool) size() int {
	size := p.blocks.size() + 24*cap(p.large)
	for _, f := range p.free {
		size += 4 * cap(f)
	}
	for _, l := range p.large {
		size += 4 * cap(l)
	}
	return size
}

// before returns the front part of a list of runs, those below cut.
func before(runs []int32, cut int32) []int32 {
	n := len(runs)
	if n == 0 || runs[n-1] < cut {
		return runs
	}
	if n <= 8 {
		for n > 0 && runs[n-1] >= cut {
			n--
		}
		return runs[:n]
	}
	return runs[:sort.Search(n, func(i int) bool { return runs[i] >= cut })]
}

// since returns the runs from first on.
func since(runs []int32, first int32) []int32 {
	if len(runs) == 0 || runs[0] >= first {
		return runs
	}
	return runs[sort.Search(len(runs), func(i int) bool { return runs[i] >= first }):]
}
