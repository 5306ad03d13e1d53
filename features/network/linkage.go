package network

import (
	"math"
	"slices"
)

// linkage is the graph as of an instant without what leads nowhere: the claims
// that share an entity, and the entities that they share. Shared entities that
// the same claims name, such as a driver with a telephone and a vehicle of his
// own, are one bundle, since to the claims they are one.
type linkage struct {
	place  []int32 // by entity: its bundle; ^c where claim c alone names it; unnamed
	named  []int32 // by claim number: entities that it names, shared or not
	claims []int32 // those that share an entity, rising
	only   []int32 // of each of claims: entities that no other claim names
	shared rows    // of each of claims: places of shared entities, then bundles, rising
	degree []int32 // of every bundle: claims that name it
	size   []int32 // of every bundle: its entities
}

const (
	unnamed = math.MinInt32
	alone   = -1 // the bundle of an entity that has none
)

// linkage is the graph in front of a cut in the order of time.
func (r *Refresher) linkage(cut int32) *linkage {
	l := &linkage{named: make([]int32, r.g.claims.n), shared: newRows(0, len(r.names.cols))}
	for run := range cut {
		l.named[r.g.log.runs.at(run).claim] += int32(len(r.g.log.names(run)))
	}
	degree, marks := make([]int32, len(r.owner)), make([]uint64, len(r.owner))
	for c := range int32(r.names.n()) {
		mark := scatter(c)
		for i := r.names.start[c]; i < r.names.start[c+1]; i++ {
			if r.runs[i] < cut {
				p := r.names.cols[i]
				degree[p]++
				marks[p] += mark
			}
		}
	}
	for c := range int32(r.names.n()) {
		from := len(l.shared.cols)
		for i := r.names.start[c]; i < r.names.start[c+1]; i++ {
			if p := r.names.cols[i]; r.runs[i] < cut && degree[p] > 1 {
				l.shared.push(p)
			}
		}
		if n := int32(len(l.shared.cols) - from); n > 0 {
			l.claims, l.only = append(l.claims, c), append(l.only, l.named[c]-n)
			l.shared.end()
		}
	}
	l.locate(r, cut, l.bundle(marks))
	return l
}

// locate finds the places of entities; of is the bundle of a shared one.
func (l *linkage) locate(r *Refresher, cut int32, of []int32) {
	l.place = make([]int32, len(r.place))
	for e, p := range r.place {
		switch {
		case r.first[e] >= cut:
			p = unnamed
		case p >= 0 && of[p] == alone:
			p = ^r.owner[p]
		case p >= 0:
			p = of[p]
		}
		l.place[e] = p
	}
}

// scatter spreads a claim's number over 64 bits (the finaliser of Steele, Lea
// and Flood's SplitMix64), so that sums of a few tell sets of claims apart.
func scatter(c int32) uint64 {
	x := (uint64(c) + 1) * 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// bundle replaces shared entities by bundles. marks are the sums of what
// scatter gives for their claims. That two of equal sums have the same claims
// is not taken for granted: should a claim name but a part of a bundle, every
// entity becomes a bundle of its own.
func (l *linkage) bundle(marks []uint64) (of []int32) {
	of, whole := l.gather(marks)
	if !whole {
		for p := range marks {
			marks[p] = uint64(p)
		}
		of, _ = l.gather(marks)
	}
	at, from := int32(0), int32(0)
	for i := range l.claims {
		row := l.shared.cols[from:l.shared.start[i+1]]
		from = l.shared.start[i+1]
		for j, p := range row {
			row[j] = of[p]
		}
		slices.Sort(row)
		at += int32(copy(l.shared.cols[at:], slices.Compact(row)))
		l.shared.start[i+1] = at
	}
	l.shared.cols = l.shared.cols[:at]
	return of
}

// gather numbers bundles in the order of their first claims, and counts them.
// It reports whether every claim names bundles as a whole.
func (l *linkage) gather(marks []uint64) (of []int32, whole bool) {
	of = make([]int32, len(marks))
	for p := range of {
		of[p] = alone
	}
	l.degree, l.size = nil, nil
	var seen []int32
	for i := range l.claims {
		row := l.shared.row(int32(i))
		for j, p := range row {
			if of[p] != alone {
				continue
			}
			of[p] = int32(len(l.size))
			for _, twin := range row[:j] {
				if marks[twin] == marks[p] {
					of[p] = of[twin]
					break
				}
			}
			if of[p] == int32(len(l.size)) {
				l.size, l.degree, seen = append(l.size, 0), append(l.degree, 0), append(seen, 0)
			}
			l.size[of[p]]++
		}
		for _, p := range row {
			if seen[of[p]]++; seen[of[p]] == l.size[of[p]] {
				seen[of[p]] = 0
				l.degree[of[p]]++
			}
		}
		for _, p := range row {
			if seen[of[p]] != 0 {
				return of, false
			}
		}
	}
	return of, true
}
