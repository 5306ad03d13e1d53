package network

import (
	"iter"
	"math"
)

// run is a stretch of the log: entities that one claim named at one instant,
// one after the other. The number of a run is its place in the order in which
// edges became known.
type run struct {
	claim int32
	start int32 // of its entities in the log; it ends where the next run starts
	prev  int32 // the claim's run before, plus one; 0 for none
}

// log is every edge in the order of folding. Times stand once for each instant
// and claims once for each run, so that an edge is one word here and one in
// the list of its entity.
type log struct {
	entities pages[int32]
	runs     pages[run]
	times    pages[int64] // of every instant, rising
	firsts   pages[int32] // the first run of every instant
}

// last returns the time of the last edge; false when there is none.
func (l *log) last() (int64, bool) {
	if l.times.n == 0 {
		return 0, false
	}
	return *l.times.at(int32(l.times.n - 1)), true
}

// begin opens a run; prev is the claim's run before, plus one.
func (l *log) begin(claim int32, known int64, prev int32) {
	if last, any := l.last(); !any || last != known {
		l.times.push(known)
		l.firsts.push(int32(l.runs.n))
	}
	l.runs.push(run{claim, int32(l.entities.n), prev})
}

// open reports whether the next edge of a claim goes into the last run. A run
// ends with the page, so that its entities lie in one piece.
func (l *log) open(claim int32, known int64) bool {
	last, any := l.last()
	return any && last == known && l.runs.at(int32(l.runs.n-1)).claim == claim && l.entities.n&pageMask != 0
}

// names returns the entities of a run.
func (l *log) names(r int32) []int32 {
	from, to := l.runs.at(r).start, int32(l.entities.n)
	if int(r)+1 < l.runs.n {
		to = l.runs.at(r + 1).start
	}
	return l.entities.span(from, to-from)
}

// cut returns the first run that is not known before t.
func (l *log) cut(t int64) int32 {
	return l.first(l.times.search(func(known int64) bool { return known >= t }))
}

// after returns the first run that is known after t.
func (l *log) after(t int64) int32 {
	if t == math.MaxInt64 {
		return int32(l.runs.n)
	}
	return l.cut(t + 1)
}

// first returns the first run of an instant, or of the one that is to come.
func (l *log) first(instant int32) int32 {
	if int(instant) == l.times.n {
		return int32(l.runs.n)
	}
	return *l.firsts.at(instant)
}

// known returns the time of a run.
func (l *log) known(r int32) int64 {
	return *l.times.at(l.firsts.search(func(first int32) bool { return first > r }) - 1)
}

// size returns the bytes held.
func (l *log) size() int {
	return l.entities.size() + l.runs.size() + l.times.size() + l.firsts.size()
}

// runsOf walks over the runs of a claim in front of cut, the newest first.
func (g *Graph) runsOf(claim, cut int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for r := g.claims.at(claim).run; r != 0; r = g.log.runs.at(r - 1).prev {
			if r <= cut && !yield(r-1) {
				return
			}
		}
	}
}

// appendNames appends the entities of a claim that are known from first on and
// in front of cut.
func (g *Graph) appendNames(dst []int32, claim, first, cut int32) []int32 {
	for r := range g.runsOf(claim, cut) {
		if r < first {
			break // the others are older
		}
		dst = append(dst, g.log.names(r)...)
	}
	return dst
}
