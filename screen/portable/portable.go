// Package portable has exponentials and logarithms that give the same bits on
// every processor, for numbers that go into a bundle's digest. Products are
// converted before they are added, which keeps compilers from fusing the two,
// and nothing of package math is used that has an assembly version.
package portable

import "math"

const (
	expSteps = 32 // exp is tabulated at this many steps of a doubling
	ln2      = math.Ln2
	// ln(2)/32 in two parts: the first has 32 bits, so that a multiple of it is exact.
	ln2StepHigh = 2977044471.0 / (1 << 37)
	ln2StepLow  = ln2/expSteps - ln2StepHigh
)

// powers holds 2^(i/32). Roots are exact to half a unit by IEEE 754.
var powers = func() (p [expSteps]float64) {
	root := 2.0
	var roots [5]float64 // 2^(1/2), 2^(1/4), ..., 2^(1/32)
	for k := range roots {
		root = math.Sqrt(root)
		roots[k] = root
	}
	for i := range p {
		p[i] = 1
		for k := range roots {
			if i>>(4-k)&1 == 1 {
				p[i] *= roots[k]
			}
		}
	}
	return p
}()

// Exp returns e^x within a few units in the last place. x is limited to
// -700..700, where neither overflow nor subnormal numbers occur. NaN is not allowed.
func Exp(x float64) float64 {
	x = min(max(x, -700), 700)
	half := 0.5
	if x < 0 {
		half = -0.5
	}
	k := int64(float64(x*(expSteps/ln2)) + half)
	r := x - float64(float64(k)*ln2StepHigh) - float64(float64(k)*ln2StepLow)
	// |r| <= ln(2)/64: the seventh power over 7! is below 1e-17.
	r2 := r * r
	a := 1 + r
	b := 0.5 + float64(r*(1.0/6))
	c := 1.0/24 + float64(r*(1.0/120)) + float64(r2*(1.0/720))
	sum := a + float64(r2*(b+float64(r2*c)))
	scale := math.Float64frombits(uint64(k>>5+1023) << 52)
	return powers[k&(expSteps-1)] * sum * scale
}

// Log returns the natural logarithm of a positive, finite, normal x within a
// few units in the last place (absolutely near 1, where it is small).
func Log(x float64) float64 {
	bits := math.Float64bits(x)
	e := int64(bits>>52) - 1023
	m := math.Float64frombits(bits&(1<<52-1) | 1023<<52)
	if m > math.Sqrt2 {
		m *= 0.5
		e++
	}
	return float64(float64(e)*ln2) + artanhTwice((m-1)/(m+1))
}

// Log1p returns ln(1+x) for x > -1 within a few units in the last place, also
// where x is tiny.
func Log1p(x float64) float64 {
	if x > -0.25 && x < 0.4 {
		return artanhTwice(x / (2 + x))
	}
	return Log(1 + x)
}

// artanhTwice returns 2 artanh(s) = ln((1+s)/(1-s)) for |s| < 0.172.
func artanhTwice(s float64) float64 {
	s2 := s * s
	series := 0.0 // s^2k / (2k+1)
	for k := 23; k >= 1; k -= 2 {
		series = float64(series*s2) + 1/float64(k)
	}
	return float64(2 * s * series)
}

// Sigmoid returns 1 / (1 + e^-x), a number above 0 and at most 1.
func Sigmoid(x float64) float64 { return 1 / (1 + Exp(-x)) }
