package text

import "math/bits"

// lists holds growing lists of numbers in blocks of 2, 3, 4, 6, 8, 12, 16 and
// so on. The length of a list says the size of its block; blocks that a list
// outgrew are used again.
type lists struct {
	blocks arena
	heads  []listHead
	free   [64][]uint32 // places of unused blocks by class
}

// listHead is where a list lies.
type listHead struct{ at, n uint32 }

// listClass numbers the sizes of blocks.
func listClass(n uint32) int {
	k := bits.Len32(n - 1)
	if k >= 2 && n <= 3<<(k-2) {
		return 2*k - 1
	}
	return 2 * k
}

// listRoom returns the size of the blocks of a class.
func listRoom(class int) uint32 {
	if class%2 == 1 {
		return 3 << (class/2 - 1)
	}
	return 1 << (class / 2)
}

// open makes a list of two numbers and returns its number.
func (l *lists) open(a, b uint32) uint32 {
	at := l.block(listClass(2))
	copy(l.blocks.get(at, 2), []uint32{a, b})
	l.heads = append(l.heads, listHead{at, 2})
	return uint32(len(l.heads) - 1)
}

// get returns a list.
func (l *lists) get(list uint32) []uint32 {
	h := l.heads[list]
	return l.blocks.get(h.at, h.n)
}

// append adds a number to a list.
func (l *lists) append(list, v uint32) {
	h := &l.heads[list]
	class := listClass(h.n)
	if h.n == listRoom(class) {
		next := listClass(h.n + 1)
		at := l.block(next)
		copy(l.blocks.get(at, h.n), l.blocks.get(h.at, h.n))
		l.free[class] = append(l.free[class], h.at)
		h.at = at
	}
	h.n++
	l.blocks.get(h.at, h.n)[h.n-1] = v
}

// block returns the place of an unused block of a class.
func (l *lists) block(class int) uint32 {
	if f := l.free[class]; len(f) > 0 {
		l.free[class] = f[:len(f)-1]
		return f[len(f)-1]
	}
	return l.blocks.take(listRoom(class))
}

// size returns the bytes held.
func (l *lists) size() int {
	size := l.blocks.size() + 8*cap(l.heads)
	for _, f := range l.free {
		size += 4 * cap(f)
	}
	return size
}
