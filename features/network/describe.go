package network

import (
	"cmp"
	"slices"
)

// listing gathers the members and the evidence of the gangs that are listed.
type listing struct {
	*grouping
	gangs  []Gang
	place  []int32 // of a group in gangs; none for one that is not listed
	known  []int64 // by run
	sorted []int32 // scratch of add
}

// gangs describes what is listed, in the order of Gangs.
func (f *grouping) gangs() []Gang {
	l := &listing{grouping: f, place: make([]int32, len(f.groups))}
	for i := range f.groups {
		l.place[i] = none
		if f.groups[i].listed {
			l.place[i] = int32(len(l.gangs))
			l.gangs = append(l.gangs, Gang{Claims: make([]int32, 0, f.groups[i].claims), Confirmed: int(f.groups[i].confirmed)})
		}
	}
	if len(l.gangs) == 0 {
		return nil
	}
	for c, of := range f.of {
		if of != none && l.place[of] != none {
			gang := &l.gangs[l.place[of]]
			gang.Claims = append(gang.Claims, int32(c))
		}
	}
	l.dateRuns()
	l.describe()
	slices.SortFunc(l.gangs, func(a, b Gang) int {
		return cmp.Or(cmp.Compare(b.Confirmed, a.Confirmed), cmp.Compare(len(b.Claims), len(a.Claims)), cmp.Compare(a.Claims[0], b.Claims[0]))
	})
	return l.gangs
}

// dateRuns notes the time of every run.
func (l *listing) dateRuns() {
	log := &l.g.log
	l.known = make([]int64, l.cut)
	for i := range int32(log.times.n) {
		for r := log.first(i); r < min(l.cut, log.first(i+1)); r++ {
			l.known[r] = *log.times.at(i)
		}
	}
}

// describe adds the entities to the gangs that name them, by kind and number.
func (l *listing) describe() {
	var entities [MaxKinds][]int32
	for e, of := range l.home {
		if of == several || of != none && l.place[of] != none {
			kind := l.g.entities.at(int32(e)).kind()
			entities[kind] = append(entities[kind], int32(e))
		}
	}
	for kind, some := range entities {
		for _, e := range some {
			l.spread(l.runsOf(l.g.entities.at(e)), func(of int32, runs []int32) {
				if l.place[of] != none {
					l.add(&l.gangs[l.place[of]], Own{e, uint8(kind)}, runs)
				}
			})
		}
	}
}

// add adds a member, and with two runs or more the evidence.
func (l *listing) add(gang *Gang, who Own, runs []int32) {
	gang.Members = append(gang.Members, who)
	if len(runs) < 2 {
		return
	}
	l.sorted = append(l.sorted[:0], runs...)
	slices.SortFunc(l.sorted, func(a, b int32) int { return cmp.Compare(l.claim(a), l.claim(b)) })
	e := Evidence{Own: who, Claims: make([]int32, len(runs)), Known: make([]int64, len(runs))}
	for i, r := range l.sorted {
		e.Claims[i], e.Known[i] = l.claim(r), l.known[r]
	}
	gang.Links = append(gang.Links, e)
}
