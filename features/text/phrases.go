package text

// phrases knows of every phrase whether enough owners told it. The question is
// only whether at least m stories of others than the asking owner have it, so a
// phrase keeps at most 2m-1 tellers: an owner is kept at most m times, and as
// soon as every owner would be answered yes, nothing but the yes is kept. The
// answers are exact for any m and do not depend on the order of the stories.
type phrases struct {
	tellers int      // m
	table   table    // phrase hash -> one of the values below
	lists   []uint32 // 2m-1 owners each, ended by noOwner
	free    []uint32 // lists to be used again
}

// Values of phrases.table: 1+owner for a single teller, listMark+number of a
// list for several, everybody when no more needs to be known.
const (
	listMark  = 1 << 31
	everybody = ^uint32(0)
	noOwner   = ^uint32(0)
)

// width is the room of one list.
func (p *phrases) width() int { return 2*p.tellers - 1 }

// list returns the owners of a value that is not everybody; scratch has room
// for one.
func (p *phrases) list(value uint32, scratch *[1]uint32) []uint32 {
	switch {
	case value == 0:
		return nil
	case value < listMark:
		scratch[0] = value - 1
		return scratch[:]
	}
	w := p.width()
	from := int(value-listMark) * w
	all := p.lists[from : from+w]
	for i, o := range all {
		if o == noOwner {
			return all[:i]
		}
	}
	return all
}

// others counts the tellers that are not the owner; owner 0 is nobody.
func others(tellers []uint32, owner uint32) int {
	n := len(tellers)
	if owner == 0 {
		return n
	}
	for _, o := range tellers {
		if o == owner {
			n--
		}
	}
	return n
}

// repeated says whether at least m stories of others have the phrase.
func (p *phrases) repeated(hash uint64, owner uint32) bool {
	v := p.table.get(hash)
	if v == everybody {
		return true
	}
	var one [1]uint32
	return others(p.list(v, &one), owner) >= p.tellers
}

// tell notes that one more story of an owner has the phrase.
func (p *phrases) tell(hash uint64, owner uint32) {
	v := p.table.get(hash)
	if v == everybody {
		return
	}
	var one [1]uint32
	now := p.list(v, &one)
	if owner != 0 && len(now)-others(now, owner) >= p.tellers {
		return // the owner is kept m times, more say nothing
	}
	if p.settled(now, owner) {
		if v >= listMark {
			p.free = append(p.free, v-listMark)
		}
		p.table.set(hash, everybody)
		return
	}
	switch {
	case v == 0:
		p.table.set(hash, 1+owner)
	case v < listMark:
		p.table.set(hash, listMark+p.open(now[0], owner))
	default:
		p.lists[int(v-listMark)*p.width()+len(now)] = owner
	}
}

// settled says whether the tellers and one more are m stories of others for
// every owner that could ask.
func (p *phrases) settled(now []uint32, owner uint32) bool {
	if len(now)+1 < p.tellers {
		return false
	}
	with := func(asking uint32) int { // stories of others when that owner asks
		n := others(now, asking)
		if owner == 0 || owner != asking {
			n++
		}
		return n
	}
	least := with(owner)
	for _, o := range now {
		least = min(least, with(o))
	}
	return least >= p.tellers
}

// open returns the number of a list of two owners.
func (p *phrases) open(a, b uint32) uint32 {
	w := p.width()
	var list uint32
	if n := len(p.free); n > 0 {
		list, p.free = p.free[n-1], p.free[:n-1]
	} else {
		list = uint32(len(p.lists) / w)
		for range w {
			p.lists = append(p.lists, noOwner)
		}
	}
	room := p.lists[int(list)*w : int(list)*w+w]
	for i := range room {
		room[i] = noOwner
	}
	room[0], room[1] = a, b
	return list
}

// size returns the bytes held.
func (p *phrases) size() int { return p.table.size() + 4*(cap(p.lists)+cap(p.free)) }
