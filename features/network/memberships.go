package network

// Memberships says how large the gangs are that claims and entities belong to,
// as of an instant. It is read-only, and does not see what is folded later.
type Memberships struct {
	claims   []int32 // a place in gangs
	entities []int32
	gangs    [][2]int32 // claims and confirmed frauds; the first is of no gang
}

// Memberships finds the gangs that Gangs lists with the same arguments, without
// the lists of their claims, members and links: in time that grows with the
// number of edges, but for the components that have to be divided. Errors are
// those of Gangs.
func (g *Graph) Memberships(t int64, options GangOptions) (*Memberships, error) {
	f, err := g.grouping(t, options)
	if err != nil {
		return nil, err
	}
	m := &Memberships{claims: f.of, entities: f.home, gangs: make([][2]int32, 1)}
	place := make([]int32, len(f.groups))
	for i := range f.groups {
		if g := &f.groups[i]; g.listed {
			place[i] = int32(len(m.gangs))
			m.gangs = append(m.gangs, [2]int32{g.claims, g.confirmed})
		}
	}
	for c, of := range m.claims {
		m.claims[c] = 0
		if of != none {
			m.claims[c] = place[of]
		}
	}
	for e, of := range m.entities {
		switch of {
		case none:
			m.entities[e] = 0
		case several:
			m.entities[e] = m.largest(f.runsOf(g.entities.at(int32(e))), f)
		default:
			m.entities[e] = place[of]
		}
	}
	return m, nil
}

// largest returns the place of the largest gang among those of some runs.
func (m *Memberships) largest(runs []int32, f *grouping) (best int32) {
	for _, r := range runs {
		at := m.claims[f.claim(r)]
		a, b := m.gangs[at], m.gangs[best]
		if a[0] > b[0] || a[0] == b[0] && a[1] > b[1] {
			best = at
		}
	}
	return best
}

// Of returns the size of the largest gang that an entity is a member of, the
// one with the most confirmed frauds among several: its claims, and those of
// which fraud was confirmed; 0, 0 for an entity of none, or unknown then. An
// entity of more than GangOptions.LinkDegree claims or of a kind in Skip is a
// member of none.
func (m *Memberships) Of(entity int32) (claims, confirmed int32) { return m.of(m.entities, entity) }

// OfClaim returns the size of the gang that a claim belongs to, 0, 0 for none.
func (m *Memberships) OfClaim(claim int32) (claims, confirmed int32) { return m.of(m.claims, claim) }

func (m *Memberships) of(places []int32, node int32) (claims, confirmed int32) {
	if node < 0 || int(node) >= len(places) {
		return 0, 0
	}
	g := m.gangs[places[node]]
	return g[0], g[1]
}

// Size returns the bytes of memory that the memberships hold.
func (m *Memberships) Size() int { return 4*(cap(m.claims)+cap(m.entities)) + 8*cap(m.gangs) }
