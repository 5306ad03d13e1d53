package network

import "math"

// cycles is what is left of a system when all that has one neighbour is
// eliminated: every claim has two bundles or more, and every bundle two claims.
type cycles struct {
	claims, bundles rows    // places in the lists below
	claim, bundle   []int32 // places in the system
	own, pull       []float64
	right           []float64 // the right side, then the residual
	part            []float64 // 1 over the number of entities: of a squared residual in the error of c
	v, t            []float64
}

func (s *system) cycles(named []float64) *cycles {
	k := &cycles{}
	place := make([]int32, len(s.bundleLeft))
	for b, n := range s.bundleLeft {
		if n != gone {
			place[b] = int32(len(k.bundle))
			k.bundle, k.pull = append(k.bundle, int32(b)), append(k.pull, s.pull[b])
		}
	}
	k.claims = newRows(0, 0)
	for c, n := range s.claimLeft {
		if n == gone {
			continue
		}
		right := s.given[c]
		for _, b := range s.claims.row(int32(c)) {
			if s.bundleLeft[b] != gone {
				k.claims.push(place[b])
				right += float64(s.pull[b] * s.fixed[b])
			}
		}
		k.claims.end()
		k.claim = append(k.claim, int32(c))
		k.own, k.right, k.part = append(k.own, s.own[c]), append(k.right, right), append(k.part, 1/named[c])
	}
	k.bundles = k.claims.transpose(len(k.bundle))
	k.v, k.t = make([]float64, len(k.claim)), make([]float64, len(k.bundle))
	return k
}

// solve finds v by conjugate gradients, preconditioned by the diagonal, so that
// the Euclidean norm of the residual, in terms of c, is at most enough.
func (k *cycles) solve(enough float64) (steps int) {
	inverse := k.inverseDiagonal()
	d, ad := make([]float64, len(k.v)), make([]float64, len(k.v))
	rz, norm := 0.0, 0.0
	for c, r := range k.right {
		d[c] = inverse[c] * r
		rz += float64(r * d[c])
		norm += float64(float64(r*r) * k.part[c])
	}
	const bound = 10_000 // rounding may keep a hard tolerance out of reach
	for ; math.Sqrt(norm) > enough && steps < bound; steps++ {
		step := rz / k.apply(ad, d)
		next := 0.0
		norm = 0
		for c, a := range ad {
			k.v[c] += float64(step * d[c])
			r := k.right[c] - float64(step*a)
			k.right[c] = r
			rr := float64(r * r)
			next += float64(rr * inverse[c])
			norm += float64(rr * k.part[c])
		}
		ratio := next / rz
		for c, r := range k.right {
			d[c] = float64(inverse[c]*r) + float64(ratio*d[c])
		}
		rz = next
	}
	return steps
}

// inverseDiagonal returns 1 over the diagonal of the matrix.
func (k *cycles) inverseDiagonal() []float64 {
	out := make([]float64, len(k.v))
	for c := range out {
		sum := 0.0
		for _, b := range k.claims.row(int32(c)) {
			sum += k.pull[b]
		}
		out[c] = 1 / (k.own[c] - sum)
	}
	return out
}

// pulls sets t = pull * (sum of x) for every bundle.
func (k *cycles) pulls(x []float64) {
	for b := range k.t {
		sum := 0.0
		for _, c := range k.bundles.row(int32(b)) {
			sum += x[c]
		}
		k.t[b] = k.pull[b] * sum
	}
}

// apply sets to = A x and returns the product of x and A x. The conversions
// forbid fused multiply-add, which would give other bits on other machines.
func (k *cycles) apply(to, x []float64) (product float64) {
	k.pulls(x)
	for c := range to {
		sum := 0.0
		for _, b := range k.claims.row(int32(c)) {
			sum += k.t[b]
		}
		a := float64(k.own[c]*x[c]) - sum
		to[c] = a
		product += float64(a * x[c])
	}
	return product
}

// put writes v and t into the system's.
func (k *cycles) put(s *system) {
	k.pulls(k.v)
	for i, c := range k.claim {
		s.v[c] = k.v[i]
	}
	for i, b := range k.bundle {
		s.t[b] = k.t[i] + float64(s.pull[b]*s.fixed[b])
	}
}
