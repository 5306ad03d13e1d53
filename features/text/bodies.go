package text

import "cmp"

// place is when and by whom a body was told. The greater (time, id) is later.
type place struct {
	time, id int64
	owner    uint32 // 0 when not known
}

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.time, q.time), cmp.Compare(p.id, q.id))
}

// body is a story that was told once or several times in the same words.
type body struct {
	set      listHead // its shingles
	time, id int64    // of the latest telling
	owner    uint32   // of the latest telling
	again    uint32   // number of what is known of several tellings, plus one; 0 for one telling
}

func (b *body) latest() place { return place{b.time, b.id, b.owner} }

// tellings is what an index knows of a body that was told more than once.
type tellings struct {
	count uint32
	// before is the latest telling by another owner than the latest one's;
	// its time is noTime when there is none or latest has no known owner.
	before place
}

// bodies are the distinct stories, in the order in which they came.
type bodies struct {
	all   column[body]
	sets  arena
	again column[tellings]
}

func newBodies() bodies {
	return bodies{all: column[body]{width: 1}, again: column[tellings]{width: 1}}
}

// begin appends a body that was told once.
func (b *bodies) begin(shingles []uint32, p place) {
	at := b.sets.take(uint32(len(shingles)))
	copy(b.sets.get(at, uint32(len(shingles))), shingles)
	b.all.push(body{set: listHead{at, uint32(len(shingles))}, time: p.time, id: p.id, owner: p.owner})
}

// set returns the shingles of a body.
func (b *bodies) set(of *body) []uint32 { return b.sets.get(of.set.at, of.set.n) }

// tellings returns how often a body was told, and the latest telling by another
// owner than the latest one's.
func (b *bodies) tellings(of *body) tellings {
	if of.again == 0 {
		return tellings{count: 1, before: place{time: noTime}}
	}
	return *b.again.at(int(of.again - 1))
}

// tell notes one more telling of a body.
func (b *bodies) tell(of *body, p place) {
	if of.again == 0 {
		b.again.push(b.tellings(of))
		of.again = uint32(b.again.n)
	}
	several := b.again.at(int(of.again - 1))
	several.count++
	last := of.latest()
	other := p.owner == 0 || p.owner != last.owner
	switch {
	case p.compare(last) >= 0:
		if other {
			several.before = last
		}
		of.time, of.id, of.owner = p.time, p.id, p.owner
	case other && p.compare(several.before) > 0:
		several.before = p
	}
}

// size returns the bytes held.
func (b *bodies) size() int { return b.all.size() + b.sets.size() + b.again.size() }
