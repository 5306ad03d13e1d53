package explain

// table holds the constants of one edge at the points of one block. What an
// edge multiplies by includes the leaf's value where it ends in a leaf.
type table struct {
	// move[0] multiplies when o stays 1, move[1] when o becomes 0 at the edge.
	move [2][blockPoints]float64
	// part is the weight times c in the same two cases.
	part [2][blockPoints]float64
	// dead multiplies when o was 0 already; c is 0 then.
	dead float64
}

// fill computes the tables of the tree's edges for block b of the rule r into
// dst, which has one element per edge, edge 0 included.
func (p *path) fill(dst []table, r rule, b int) {
	for k := range p.nodes {
		n := &p.nodes[k]
		before := 1.0
		if n.same > 0 {
			before = p.edge(n.same).z
		}
		for side, e := range [2]*edge{&n.left, &n.right} {
			value := 1.0
			if e.leaf >= 0 {
				value = p.tree.LeafValue[e.leaf]
			}
			t := &dst[2*k+1+side]
			t.dead = e.share * value
			for q, x := range r.points[b] {
				w := r.weights[b][q]
				old, now := factor(before, x), factor(e.z, x)
				t.move[0][q] = now / old * value
				t.move[1][q] = e.z * (1 - x) / old * value
				t.part[0][q] = w * (before - e.z) / (now * old)
				t.part[1][q] = -w / ((1 - x) * old)
			}
		}
	}
}

// factor is g(z) = z + t(1-z).
func factor(z, t float64) float64 { return z + float64(t*(1-z)) }
