package network

import "unsafe"

const (
	pageBits = 12
	pageSize = 1 << pageBits
	pageMask = pageSize - 1
)

// pages is an array that grows without moving: in pages of 4096 elements, of
// which the first one grows like a slice, so that a small graph stays small.
type pages[T any] struct {
	dir [][]T
	n   int
}

func (p *pages[T]) at(i int32) *T { return &p.dir[uint32(i)>>pageBits][i&pageMask] }

// span returns n elements from i on, which lie in one page.
func (p *pages[T]) span(i, n int32) []T {
	from := i & pageMask
	return p.dir[uint32(i)>>pageBits][from : from+n : from+n]
}

func (p *pages[T]) push(v T) {
	last := p.n >> pageBits
	if last == len(p.dir) {
		p.dir = append(p.dir, make([]T, 0, p.room(last)))
	}
	p.dir[last] = append(p.dir[last], v)
	p.n++
}

// room is the first capacity of a page.
func (p *pages[T]) room(page int) int {
	if page == 0 {
		return 4
	}
	return pageSize
}

// grow appends zeros until there are n elements.
func (p *pages[T]) grow(n int) {
	for p.n < n {
		last := p.n >> pageBits
		if last == len(p.dir) {
			p.dir = append(p.dir, make([]T, 0, min(pageSize, max(n-p.n, p.room(last)))))
		}
		more := min(n-p.n, pageSize-len(p.dir[last]))
		p.dir[last] = append(p.dir[last], make([]T, more)...)
		p.n += more
	}
}

// append appends elements that fit into the last page.
func (p *pages[T]) append(v []T) {
	p.push(v[0])
	last := p.dir[len(p.dir)-1]
	p.dir[len(p.dir)-1] = append(last, v[1:]...)
	p.n += len(v) - 1
}

// size returns the bytes held.
func (p *pages[T]) size() int {
	var one T
	size := cap(p.dir) * int(unsafe.Sizeof(p.dir))
	for _, page := range p.dir {
		size += cap(page) * int(unsafe.Sizeof(one))
	}
	return size
}

// search returns the first element of a rising array that f holds for.
func (p *pages[T]) search(f func(v T) bool) int32 {
	low, high := int32(0), int32(p.n)
	for low < high {
		mid := int32(uint32(low+high) / 2)
		if f(*p.at(mid)) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}
