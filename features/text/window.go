package text

import "math"

// told is one story that became visible, for an index that forgets.
type told struct {
	time  int64
	body  uint32
	owner uint32
}

// window is the stories of the last Options.Keep, in the order in which they
// became visible; those in front of first are forgotten.
type window struct {
	keep  int64 // 0 keeps for ever, and nothing is noted
	limit int64 // stories before it are forgotten
	first int
	log   column[told]
}

func newWindow(keep int64) window {
	return window{keep: keep, limit: math.MinInt64, log: column[told]{width: 1}}
}

// alive reports whether a story of that number is still kept.
func (w *window) alive(number uint32) bool { return int(number) >= w.first }

// note appends a story and returns its number.
func (w *window) note(t told) uint32 {
	if w.keep == 0 {
		return 0
	}
	w.log.push(t)
	return uint32(w.log.n - 1)
}

// forget takes what is older than Options.Keep at an instant out of the counts,
// and gives memory back when half of the index is forgotten.
func (x *Index) forget(at int64) {
	w := &x.window
	if w.keep == 0 || at < math.MinInt64+w.keep {
		return
	}
	w.limit = at - w.keep
	for w.first < w.log.n && w.log.at(w.first).time < w.limit {
		t := w.log.at(w.first)
		w.first++
		b := x.bodies.all.at(int(t.body))
		if b.again == 0 {
			continue // its only telling, which is seen to be old by its time
		}
		x.bodies.again.at(int(b.again-1)).count--
		if t.owner != 0 {
			x.told.add(tellKey(int(t.body), t.owner), -1)
		}
	}
	const few = 64 // not worth the work
	if w.first >= max(few, w.log.n-w.first) {
		x.compact()
	}
}

// compact builds the index anew from what is kept. It changes no answer: bodies
// stay in their order, and owners are numbered by their first story.
func (x *Index) compact() {
	y, err := New(x.opt)
	if err != nil {
		panic("BUG: text: the options of an index are refused: " + err.Error())
	}
	y.window.limit = x.window.limit
	owners, n := make([]uint32, x.owners.used+1), 0 // new numbers by old ones
	for i := x.window.first; i < x.window.log.n; i++ {
		if o := x.window.log.at(i).owner; o != 0 && owners[o] == 0 {
			n++
			owners[o] = uint32(n)
		}
	}
	y.owners.reserve(n)
	x.owners.each(func(code uint64, number uint32) bool {
		if owners[number] != 0 {
			y.owners.set(code, owners[number])
		}
		return true
	})
	numbers := y.takeBodies(x, owners)
	for i := x.window.first; i < x.window.log.n; i++ {
		t := *x.window.log.at(i)
		y.note(told{t.time, numbers[t.body] - 1, owners[t.owner]})
	}
	y.recent.take(&x.recent, x.window.first)
	x.owners, x.bodies, x.digests, x.told, x.bands, x.recent, x.window = y.owners, y.bodies, y.digests, y.told, y.bands, y.recent, y.window
}

// takeBodies copies the bodies that are kept, and returns for every old number
// the new one plus one, or 0.
func (x *Index) takeBodies(from *Index, owners []uint32) []uint32 {
	numbers := make([]uint32, from.bodies.all.n)
	for i := range numbers {
		b := from.bodies.all.at(i)
		if b.time < from.window.limit {
			continue
		}
		x.bands.insert(from.bands.signatures.row(i))
		x.bodies.begin(from.bodies.set(b), place{b.time, b.id, owners[b.owner]})
		numbers[i] = uint32(x.bodies.all.n)
		several := from.bodies.tellings(b)
		if several.count == 1 {
			continue
		}
		if several.before.time < from.window.limit {
			several.before = place{time: noTime}
		}
		several.before.owner = owners[several.before.owner]
		x.bodies.again.push(several)
		x.bodies.all.at(int(numbers[i] - 1)).again = uint32(x.bodies.again.n)
	}
	x.digests.reserve(x.bodies.all.n)
	from.digests.each(func(digest uint64, number uint32) bool {
		if n := numbers[number-1]; n != 0 {
			x.digests.set(digest, n)
		}
		return true
	})
	return numbers
}

// note appends a story to the window and to the counts of its body.
func (x *Index) note(t told) {
	x.window.note(t)
	if t.owner != 0 && x.bodies.all.at(int(t.body)).again != 0 {
		x.told.add(tellKey(int(t.body), t.owner), 1)
	}
}
