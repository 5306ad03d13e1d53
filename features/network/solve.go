package network

import "math"

// cycles is what is left of a system when everything with one neighbour is
// eliminated. Here the claims are eliminated, since there are fewer bundles:
//
//	t / pull - sum over its claims of (sum of the claim's t) / own = right
type cycles struct {
	claims, bundles rows      // the bundles of each claim, and the reverse
	claim, bundle   []int32   // numbers in the system
	flow            []float64 // by claim: 1 / own
	brake           []float64 // by bundle: 1 / pull
	right           []float64 // by bundle: the right side, then the residual
	part            []float64 // by bundle: of a squared residual in that of e = S' c
	t               []float64
	sums            []float64 // by claim
}

func (s *system) cycles() *cycles {
	k := &cycles{}
	var claims, bundles []int32 // places by number
	k.claim, claims = left(s.claimLeft)
	k.bundle, bundles = left(s.bundleLeft)
	k.claims = s.claims.among(k.claim, bundles)
	k.bundles = s.bundles.among(k.bundle, claims)
	k.fill(s)
	return k
}

// left lists what is not gone, with the places in the list by number.
func left(neighbours []int32) (list, place []int32) {
	place = make([]int32, len(neighbours))
	for i, n := range neighbours {
		place[i] = gone
		if n != gone {
			place[i] = int32(len(list))
			list = append(list, int32(i))
		}
	}
	return list, place
}

func (k *cycles) fill(s *system) {
	k.flow, k.sums = make([]float64, len(k.claim)), make([]float64, len(k.claim))
	for i, c := range k.claim {
		k.flow[i] = 1 / s.own[c]
		k.sums[i] = s.given[c] / s.own[c]
	}
	n := len(k.bundle)
	k.brake, k.right, k.part, k.t = make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i, b := range k.bundle {
		k.brake[i] = 1 / s.pull[b]
		k.part[i] = s.part[b]
		k.right[i] = s.fixed[b] + k.sumOf(i)
	}
}

// sumOf adds up the sums of a bundle's claims.
func (k *cycles) sumOf(bundle int) (sum float64) {
	for _, c := range k.bundles.row(int32(bundle)) {
		sum += k.sums[c]
	}
	return sum
}

// solve finds t by conjugate gradients, preconditioned by the diagonal, so that
// the Euclidean norm of the residual of e = S' c is at most enough. All other
// equations hold exactly; the error of c is then at most alpha / (1-alpha)
// times that, the eigenvalues of I - alpha S S' being 1-alpha or more.
func (k *cycles) solve(enough float64) (steps int) {
	inverse := k.inverseDiagonal()
	d, ad := make([]float64, len(k.t)), make([]float64, len(k.t))
	rz, norm := 0.0, 0.0
	for b, r := range k.right {
		d[b] = inverse[b] * r
		rz += float64(r * d[b])
		norm += float64(float64(r*r) * k.part[b])
	}
	const bound = 10_000 // rounding may keep a hard tolerance out of reach
	for ; math.Sqrt(norm) > enough && steps < bound; steps++ {
		step := rz / k.apply(ad, d)
		next := 0.0
		norm = 0
		for b, a := range ad {
			k.t[b] += float64(step * d[b])
			r := k.right[b] - float64(step*a)
			k.right[b] = r
			rr := float64(r * r)
			next += float64(rr * inverse[b])
			norm += float64(rr * k.part[b])
		}
		ratio := next / rz
		for b, r := range k.right {
			d[b] = float64(inverse[b]*r) + float64(ratio*d[b])
		}
		rz = next
	}
	return steps
}

// inverseDiagonal returns 1 over the diagonal of the matrix.
func (k *cycles) inverseDiagonal() []float64 {
	out := make([]float64, len(k.t))
	for b := range out {
		sum := 0.0
		for _, c := range k.bundles.row(int32(b)) {
			sum += k.flow[c]
		}
		out[b] = 1 / (k.brake[b] - sum)
	}
	return out
}

// apply sets to = A x and returns the product of x and A x. The conversions
// forbid fused multiply-add, which would give other bits on other machines.
func (k *cycles) apply(to, x []float64) (product float64) {
	for c := range k.sums {
		sum := 0.0
		for _, b := range k.claims.row(int32(c)) {
			sum += x[b]
		}
		k.sums[c] = k.flow[c] * sum
	}
	for b := range to {
		a := float64(k.brake[b]*x[b]) - k.sumOf(b)
		to[b] = a
		product += float64(a * x[b])
	}
	return product
}

// put writes v and t into the system's.
func (k *cycles) put(s *system) {
	for i, b := range k.bundle {
		s.t[b] = k.t[i]
	}
	for i, c := range k.claim {
		sum := s.given[c]
		for _, b := range k.claims.row(int32(i)) {
			sum += k.t[b]
		}
		s.v[c] = sum / s.own[c]
	}
}
