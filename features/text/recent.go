package text

// recent knows the newest stories that have a phrase, for an index that
// forgets. To say at any later instant whether at least m stories of others
// than the asking owner are left, the 2m newest are enough when every owner has
// at most m among them: what was dropped is older than m others of anybody.
type recent struct {
	tellers int      // m
	table   table    // phrase hash -> 1+story for a single one, listMark+number of a list
	lists   []uint32 // 2m stories each, the oldest first, ended by noOwner
}

func (p *recent) width() int { return 2 * p.tellers }

// stories returns what a value stands for; scratch has room for one.
func (p *recent) stories(value uint32, scratch *[1]uint32) []uint32 {
	switch {
	case value == 0:
		return nil
	case value < listMark:
		scratch[0] = value - 1
		return scratch[:]
	}
	w := p.width()
	all := p.lists[int(value-listMark)*w:][:w]
	for i, s := range all {
		if s == noOwner {
			return all[:i]
		}
	}
	return all
}

// repeated says whether at least m kept stories of others have the phrase.
func (p *recent) repeated(hash uint64, owner uint32, w *window) bool {
	var one [1]uint32
	n := 0
	for _, s := range p.stories(p.table.get(hash), &one) {
		if w.alive(s) && (owner == 0 || w.log.at(int(s)).owner != owner) {
			n++
		}
	}
	return n >= p.tellers
}

// tell notes that the newest story has the phrase.
func (p *recent) tell(hash uint64, story uint32, w *window) {
	v := p.table.get(hash)
	var one [1]uint32
	kept := make([]uint32, 0, 16)
	own, owner := 0, w.log.at(int(story)).owner
	for _, s := range p.stories(v, &one) {
		if w.alive(s) {
			kept = append(kept, s)
			if owner != 0 && w.log.at(int(s)).owner == owner {
				own++
			}
		}
	}
	drop := -1
	switch {
	case own >= p.tellers:
		for drop = 0; w.log.at(int(kept[drop])).owner != owner; drop++ {
		}
	case len(kept) == p.width():
		drop = 0
	}
	if drop >= 0 {
		kept = append(kept[:drop], kept[drop+1:]...)
	}
	p.put(hash, v, append(kept, story))
}

// put stores the stories of a phrase that has a value now.
func (p *recent) put(hash uint64, value uint32, stories []uint32) {
	if value < listMark && len(stories) == 1 {
		p.table.set(hash, 1+stories[0])
		return
	}
	w := p.width()
	if value < listMark {
		value = listMark + uint32(len(p.lists)/w)
		for range w {
			p.lists = append(p.lists, noOwner)
		}
		p.table.set(hash, value)
	}
	room := p.lists[int(value-listMark)*w:][:w]
	for i := copy(room, stories); i < w; i++ {
		room[i] = noOwner
	}
}

// take copies what is kept of another one, whose stories from first on get the
// numbers from 0 on.
func (p *recent) take(from *recent, first int) {
	var one [1]uint32
	kept := func(v uint32) (out []uint32) {
		for _, s := range from.stories(v, &one) {
			if int(s) >= first {
				out = append(out, s-uint32(first))
			}
		}
		return out
	}
	n := 0
	from.table.each(func(_ uint64, v uint32) bool {
		if len(kept(v)) > 0 {
			n++
		}
		return true
	})
	p.table.reserve(n)
	from.table.each(func(hash uint64, v uint32) bool {
		if s := kept(v); len(s) > 0 {
			p.put(hash, 0, s)
		}
		return true
	})
}

// size returns the bytes held.
func (p *recent) size() int { return p.table.size() + 4*cap(p.lists) }
