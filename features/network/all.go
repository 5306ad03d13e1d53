package network

// All calls edge with every edge and then outcome with every outcome, both in
// the order of folding, of several outcomes of a claim at one instant the one
// that holds.
func (g *Graph) All(edge func(Edge), outcome func(Outcome)) {
	for r := range int32(g.log.runs.n) {
		claim, known := g.log.runs.at(r).claim, g.log.known(r)
		for _, e := range g.log.names(r) {
			edge(Edge{Claim: claim, Entity: e, Kind: g.entities.at(e).kind(), Known: known})
		}
	}
	v := &g.verdicts
	claims := make([]int32, v.known.n)
	for c := range int32(g.claims.n) {
		for at := g.claims.at(c).outcome; at > 0; at = *v.links.at(at - 1) >> 1 {
			claims[at-1] = c
		}
	}
	for i, c := range claims {
		outcome(Outcome{Claim: c, Confirmed: *v.links.at(int32(i))&1 == 1, Known: *v.known.at(int32(i))})
	}
}
