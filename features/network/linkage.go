package network

import "slices"

// alone is the place of an entity that links no two claims.
const alone = -1

// linkage is the graph as of an instant without what leads nowhere: the claims
// that share an entity, and the entities that they share. It is read off the
// log, in which what was known before an instant is the front part.
type linkage struct {
	place  []int32 // of every entity among the shared ones, rising; or alone
	degree []int32 // claims that name a shared entity
	named  []int32 // entities that a claim names, shared or not; by claim number
	claims []int32 // those that share an entity, rising
	shared rows    // shared entities of each of claims, rising
}

func (g *Graph) linkage(cut int32) *linkage {
	l := &linkage{place: make([]int32, 0, g.entities.n), named: make([]int32, g.claims.n)}
	for _, page := range g.entities.dir {
		for i := range page {
			at := int32(alone)
			if page[i].len() > 1 {
				if n := int32(len(before(g.pool.view(&page[i]), cut))); n > 1 {
					at = int32(len(l.degree))
					l.degree = append(l.degree, n)
				}
			}
			l.place = append(l.place, at)
		}
	}
	sharing := make([]int32, g.claims.n)
	for r := range cut {
		c, names := g.log.runs.at(r).claim, g.log.names(r)
		l.named[c] += int32(len(names))
		for _, e := range names {
			if l.place[e] != alone {
				sharing[c]++
			}
		}
	}
	l.fill(g, cut, sharing)
	return l
}

// fill lays the rows out; sharing is the number of shared entities by claim, and
// becomes the place at which the claim's next one goes. Entities come in the
// order of time; sorted, the rows do not depend on the order of equal times.
func (l *linkage) fill(g *Graph, cut int32, sharing []int32) {
	l.shared = rows{start: []int32{0}}
	at := int32(0)
	for c, n := range sharing {
		if n > 0 {
			sharing[c] = at
			at += n
			l.claims, l.shared.start = append(l.claims, int32(c)), append(l.shared.start, at)
		}
	}
	l.shared.cols = make([]int32, at)
	for r := range cut {
		c := g.log.runs.at(r).claim
		for _, e := range g.log.names(r) {
			if p := l.place[e]; p != alone {
				l.shared.cols[sharing[c]] = p
				sharing[c]++
			}
		}
	}
	for i := range l.claims {
		slices.Sort(l.shared.row(int32(i)))
	}
}

// bundles joins shared entities that the same claims name, such as a driver with
// a telephone and a vehicle of his own, since to the claims they are one. It returns the
// bundle of every shared entity, the number of entities in each, and the
// bundles of each claim and the claims of each bundle, both rising.
func (l *linkage) bundles() (of []int32, size []float64, byClaim, byBundle rows) {
	claims := l.shared.transpose(len(l.degree))
	of = make([]int32, len(l.degree))
	byBundle = newRows(len(l.degree), len(l.shared.cols))
	for e := range of {
		naming := claims.row(int32(e))
		of[e] = alone
		for _, twin := range l.shared.row(naming[0]) {
			if twin >= int32(e) {
				break
			}
			if same := claims.row(twin); len(same) == len(naming) && same[len(same)-1] == naming[len(same)-1] && slices.Equal(same, naming) {
				of[e] = of[twin]
				size[of[e]]++
				break
			}
		}
		if of[e] == alone {
			of[e] = int32(len(size))
			size = append(size, 1)
			byBundle.push(naming...)
			byBundle.end()
		}
	}
	return of, size, byBundle.transpose(len(l.claims)), byBundle
}
