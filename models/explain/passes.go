package explain

// The states of an edge: what the vector makes of o, the product over the
// edges of one feature.
const (
	stays = 0 // o is still 1 after the edge
	falls = 1 // o was 1 before and is 0 after the edge
	dead  = 2 // o was 0 before
)

// scratch is the working memory of one call, an element per edge.
type scratch struct {
	state  []uint8
	values [][blockPoints]float64 // first the product, on the way up G
	tables []table                // for trees whose tables are not kept
}

// decide sets the state of every edge for the vector x.
func (p *path) decide(state []uint8, x []float64) {
	state = state[:2*len(p.nodes)+1]
	state[0] = stays
	for k := range p.nodes {
		n := &p.nodes[k]
		v, left := x[n.feature], false
		switch {
		case !n.plain:
			left = p.tree.GoesLeft(n.split, v)
		case v != v:
			left = n.nanLeft
		default:
			left = v <= n.threshold
		}
		if state[n.same] != stays {
			state[2*k+1], state[2*k+2] = dead, dead
			continue
		}
		var right uint8 // as a number, so that the processor need not guess
		if left {
			right = 1
		}
		state[2*k+1], state[2*k+2] = 1-right, right
	}
}

// down carries the products from the root, to arrive on the edges that end in
// leaves at v times the whole product.
func (p *path) down(s *scratch, tables []table) {
	edges := 2*len(p.nodes) + 1
	values, state, tables := s.values[:edges], s.state[:edges], tables[:edges]
	values[0] = [blockPoints]float64{1, 1, 1, 1}
	for k := range p.nodes {
		above := values[p.nodes[k].above]
		l, r := &tables[2*k+1], &tables[2*k+2]
		if state[2*k+1] == dead {
			for q, v := range above {
				values[2*k+1][q] = v * l.dead
				values[2*k+2][q] = v * r.dead
			}
			continue
		}
		multiply(&values[2*k+1], &above, &l.move[state[2*k+1]&1])
		multiply(&values[2*k+2], &above, &r.move[state[2*k+2]&1])
	}
}

// multiply is written out because the compiler does not unroll loops.
func multiply(dst, a, b *[blockPoints]float64) {
	dst[0] = a[0] * b[0]
	dst[1] = a[1] * b[1]
	dst[2] = a[2] * b[2]
	dst[3] = a[3] * b[3]
}

// up sums the leaves' values toward the root and adds each edge's part to phi.
func (p *path) up(phi []float64, s *scratch, tables []table) {
	edges := 2*len(p.nodes) + 1
	values, state, tables := s.values[:edges], s.state[:edges], tables[:edges]
	for k := len(p.nodes) - 1; k >= 0; k-- {
		n := &p.nodes[k]
		l, r := &values[2*k+1], &values[2*k+2]
		if state[2*k+1] != dead {
			sum := inner(l, &tables[2*k+1].part[state[2*k+1]&1])
			phi[n.feature] += sum + inner(r, &tables[2*k+2].part[state[2*k+2]&1])
		}
		above := &values[n.above]
		above[0] = l[0] + r[0]
		above[1] = l[1] + r[1]
		above[2] = l[2] + r[2]
		above[3] = l[3] + r[3]
	}
}

// inner returns the inner product. The conversions keep its products from
// being fused with the sums, which some processors would do and others not.
func inner(a, b *[blockPoints]float64) float64 {
	return (float64(a[0]*b[0]) + float64(a[1]*b[1])) + (float64(a[2]*b[2]) + float64(a[3]*b[3]))
}
