package text

import "math/bits"

// table maps well mixed 64-bit keys to 32-bit values in 12 bytes a slot. Keys
// stand in ascending order with gaps, each at or after the slot that its high
// bits name, so the layout depends on the set of keys and the size alone, not
// on the order of insertion, and a walk over the slots is a walk over sorted
// keys. A slot is free when its value is 0; values are never 0.
type table struct {
	keys   []uint64
	values []uint32
	home   uint64 // slots that keys name; the rest takes the overflow of the last ones
	used   int
	// crowded is true after a key had to stand more than crowd slots from home:
	// the keys are not mixed, and a reader of foreign bytes gives up.
	crowded bool
}

// overflow is the room behind the named slots; it is enlarged when needed.
const overflow = 16

// crowd is a distance from home that well mixed keys never need: the chance is
// far below 1e-100 at a load of 5/6.
const crowd = 8192

// slot returns where the key is or would be inserted.
func (t *table) slot(key uint64) int {
	hi, _ := bits.Mul64(key, t.home)
	i := int(hi)
	for i < len(t.keys) && t.values[i] != 0 && t.keys[i] < key {
		i++
	}
	return i
}

// get returns the value of a key, 0 when there is none.
func (t *table) get(key uint64) uint32 {
	if t.used == 0 {
		return 0
	}
	if i := t.slot(key); i < len(t.keys) && t.keys[i] == key {
		return t.values[i] // 0 in a free slot whose stale key is this one
	}
	return 0
}

// set stores a value other than 0.
func (t *table) set(key uint64, value uint32) {
	if value == 0 {
		panic("BUG: text: a table holds no zeros")
	}
	if uint64(t.used) >= t.home-t.home/6 {
		t.grow(uint64(t.used + 1))
	}
	i := t.slot(key)
	if i < len(t.keys) && t.values[i] != 0 && t.keys[i] == key {
		t.values[i] = value
		return
	}
	end := t.free(i)
	copy(t.keys[i+1:end+1], t.keys[i:end])
	copy(t.values[i+1:end+1], t.values[i:end])
	t.keys[i], t.values[i] = key, value
	t.used++
}

// add changes the value of a key by so much; an entry of 0 is none.
func (t *table) add(key uint64, by int32) {
	value := t.get(key) + uint32(by)
	if value != 0 {
		t.set(key, value)
		return
	}
	i := t.slot(key)
	for next := i + 1; next < len(t.keys) && t.values[next] != 0; next++ {
		if hi, _ := bits.Mul64(t.keys[next], t.home); int(hi) >= next {
			break // it and what follows stand as near to home as they may
		}
		t.keys[i], t.values[i] = t.keys[next], t.values[next]
		i = next
	}
	t.values[i] = 0
	t.used--
}

// free returns the first free slot from i on, and makes one when there is none.
func (t *table) free(i int) int {
	end := i
	for end < len(t.keys) && t.values[end] != 0 {
		end++
	}
	if end == len(t.keys) {
		t.keys, t.values = append(t.keys, 0), append(t.values, 0)
	}
	t.crowded = t.crowded || end-i > crowd
	return end
}

// reserve makes room for n entries, so that they may come in the order of keys.
func (t *table) reserve(n int) {
	if n > 0 {
		t.grow(uint64(n))
	}
}

// grow makes room for half as many entries again as n.
func (t *table) grow(n uint64) {
	home := max(64, n+n/2)
	bigger := table{keys: make([]uint64, home+overflow), values: make([]uint32, home+overflow), home: home, used: t.used, crowded: t.crowded}
	t.each(func(key uint64, value uint32) bool {
		hi, _ := bits.Mul64(key, home)
		i := bigger.free(int(hi)) // keys rise, so this one stands behind all others
		bigger.keys[i], bigger.values[i] = key, value
		return true
	})
	*t = bigger
}

// each calls f with the entries in ascending order of keys until f returns
// false, and says whether it came to the end.
func (t *table) each(f func(key uint64, value uint32) bool) bool {
	for i, v := range t.values {
		if v != 0 && !f(t.keys[i], v) {
			return false
		}
	}
	return true
}

// size returns the bytes that the table holds.
func (t *table) size() int { return 8*cap(t.keys) + 4*cap(t.values) }
