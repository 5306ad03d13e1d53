package window

// coarseTime is a time in steps of 2^30 microseconds, some 18 minutes, which is
// near enough to find an event by and takes half the memory.
type coarseTime uint32

func coarse(t int64) coarseTime { return coarseTime((t + maxTime) >> 30) }

// span is the times that it may stand for, both included.
func (c coarseTime) span() (from, to int64) {
	from = int64(c)<<30 - maxTime
	return from, from + 1<<30 - 1
}

// codeTimes maps codes to times in 8 bytes a place: open addressing with linear
// probing, at most four fifths full.
type codeTimes struct {
	codes []int32 // one more than the code, 0 where free
	times []coarseTime
	n     int
}

// slot is where a code is or would be put.
func (m *codeTimes) slot(code int32) int {
	i := int(uint64(uint32(code)*0x9E3779B1) * uint64(len(m.codes)) >> 32)
	for m.codes[i] != 0 && m.codes[i] != code+1 {
		if i++; i == len(m.codes) {
			i = 0
		}
	}
	return i
}

func (m *codeTimes) get(code int32) (coarseTime, bool) {
	if m.n == 0 {
		return 0, false
	}
	i := m.slot(code)
	return m.times[i], m.codes[i] != 0
}

func (m *codeTimes) set(code int32, t coarseTime) {
	if m.full() {
		m.resize(16 + len(m.codes)*4/3)
	}
	i := m.slot(code)
	if m.codes[i] == 0 {
		m.codes[i] = code + 1
		m.n++
	}
	m.times[i] = t
}

// full reports whether there is no room for another code.
func (m *codeTimes) full() bool { return 5*(m.n+1) > 4*len(m.codes) }

// resize gives the table size places, more than it has codes.
func (m *codeTimes) resize(size int) {
	old := *m
	m.codes, m.times = make([]int32, size), make([]coarseTime, size)
	for i, c := range old.codes {
		if c != 0 {
			to := m.slot(c - 1)
			m.codes[to], m.times[to] = c, old.times[i]
		}
	}
}

// add sets the time of a code that has none, and reports whether it did. It is
// for many codes at once: the table grows fast and is to be resized afterwards.
func (m *codeTimes) add(code int32, t coarseTime) bool {
	if m.full() {
		m.resize(256 + 2*len(m.codes))
	}
	i := m.slot(code)
	if m.codes[i] != 0 {
		return false
	}
	m.codes[i], m.times[i] = code+1, t
	m.n++
	return true
}

func (m *codeTimes) size() int { return 4*cap(m.codes) + 4*cap(m.times) }
