package text

import "unsafe"

const columnPage = 1024 // rows

// column is a table of rows of equal width that grows without moving: in pages,
// of which the first one grows like a slice.
type column[T any] struct {
	width int // elements of a row
	pages [][]T
	n     int // rows
}

// row returns the elements of a row.
func (c *column[T]) row(i int) []T {
	from := i % columnPage * c.width
	return c.pages[i/columnPage][from : from+c.width : from+c.width]
}

// at returns the only element of a row of width 1.
func (c *column[T]) at(i int) *T { return &c.pages[uint(i)/columnPage][uint(i)%columnPage] }

// push appends a row.
func (c *column[T]) push(row ...T) {
	last := c.n / columnPage
	if last == len(c.pages) {
		room := columnPage
		if last == 0 {
			room = 4
		}
		c.pages = append(c.pages, make([]T, 0, room*c.width))
	}
	c.pages[last] = append(c.pages[last], row...)
	c.n++
}

// size returns the bytes held.
func (c *column[T]) size() int {
	var one T
	size := 24 * cap(c.pages)
	for _, p := range c.pages {
		size += cap(p) * int(unsafe.Sizeof(one))
	}
	return size
}

// arena holds runs of numbers in pages; a run that is longer than a page has
// one of its own.
type arena struct {
	pages [][]uint32
	held  int
}

const (
	arenaPage  = 1 << 14
	arenaPages = 1 << 32 / arenaPage // that places can tell apart
)

// take makes room for a run of n numbers, 1 or more, and returns its place.
func (a *arena) take(n uint32) uint32 {
	last := len(a.pages) - 1
	if last < 0 || len(a.pages[last])+int(n) > cap(a.pages[last]) {
		room := arenaPage
		if last < 0 {
			room = 256 // small indexes stay small
		}
		page := make([]uint32, 0, max(room, int(n)))
		a.pages, a.held = append(a.pages, page), a.held+4*cap(page)
		last++
	}
	from := len(a.pages[last])
	a.pages[last] = a.pages[last][:from+int(n)]
	return uint32(last)*arenaPage + uint32(from)
}

// get returns the run of a place and length.
func (a *arena) get(at, n uint32) []uint32 {
	return a.pages[at/arenaPage][at%arenaPage:][:n:n]
}

// size returns the bytes held.
func (a *arena) size() int { return a.held + 24*cap(a.pages) }
