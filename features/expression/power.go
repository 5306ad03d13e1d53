package expression

import "math"

// The functions below use only additions, multiplications and divisions whose
// result IEEE 754 fixes, so that they give the same bits on every processor;
// those of package math are written in assembly or fused on some. They are
// good to about one unit in the last place (power: a few), not correctly rounded.

const (
	ln2High = 0x1.62e42feep-1            // the first 32 bits of ln 2: its product with an exponent is exact
	ln2Low  = 0x1.a39ef35793c7673p-33    // the rest
	log2E   = 0x1.71547652b82fe1777d0p+0 // 1 / ln 2
)

// atanhTail returns 2(z/3 + z²/5 + z³/7 + ...) for z = s², |s| <= 0.172: what
// the series of 2 atanh(s) = ln((1+s)/(1-s)) has beyond 2s, divided by s.
func atanhTail(z float64) float64 {
	sum := 0.0
	for k := 25; k >= 3; k -= 2 {
		sum = float64(z * (2/float64(k) + sum))
	}
	return sum
}

// logNear returns ln(1+f) for 1+f between the roots of 1/2 and of 2. With
// s = f/(2+f), 2s is f - s f, and f itself is exact.
func logNear(f float64) float64 {
	s := f / (2 + f)
	return f - float64(s*(f-atanhTail(float64(s*s))))
}

// logarithm returns ln x for a finite x > 0.
func logarithm(x float64) float64 {
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
	}
	k := float64(e)
	return float64(k*ln2High) + (logNear(m-1) + float64(k*ln2Low))
}

// log1p returns ln(1+x), NaN for x <= -1.
func log1p(x float64) float64 {
	switch {
	case !(x > -1):
		return missingNumber
	case x > -0.29 && x < 0.41:
		return logNear(x)
	}
	// What rounding 1+x lost is given back to first order.
	u := 1 + x
	lost := x - (u - 1)
	if x >= 1 {
		lost = 1 - (u - x)
	}
	return logarithm(u) + lost/u
}

// exponential returns e^x for |x| < 700.
func exponential(x float64) float64 {
	k := math.Floor(float64(x*log2E) + 0.5)
	high, low := x-float64(k*ln2High), float64(k*ln2Low)
	r := high - low
	sum := 1.0
	for n := 15; n >= 2; n-- {
		sum = 1 + float64(r*sum)/float64(n)
	}
	// e^r = 1 + r(1 + r/2(1 + ...)); the error of r is added once more.
	tail := float64(r*sum) + ((high - r) - low)
	return math.Ldexp(1+tail, int(k))
}

// power returns x^y, NaN where it is not a finite real number.
func power(x, y float64) float64 {
	switch {
	case x != x || y != y:
		return missingNumber
	case y == 0 || x == 1:
		return 1
	case x == 0:
		if y < 0 {
			return missingNumber
		}
		return 0
	case y == 2:
		return finite(float64(x * x))
	case y == 0.5:
		return finite(math.Sqrt(x))
	}
	whole := math.Trunc(y)
	part := y - whole
	if part != 0 && x < 0 {
		return missingNumber
	}
	if part > 0.5 {
		part, whole = part-1, whole+1
	} else if part < -0.5 {
		part, whole = part+1, whole-1
	}
	factor := 1.0
	if part != 0 {
		factor = exponential(float64(part * logarithm(x)))
	}
	m, e := wholePower(x, math.Abs(whole))
	fm, fe := math.Frexp(factor)
	if whole < 0 {
		return finite(math.Ldexp(fm/m, fe-e))
	}
	return finite(math.Ldexp(float64(fm*m), fe+e))
}

// farExponent is beyond what any product with a float64 can bring back.
const farExponent = 1 << 13

// wholePower returns x^n as m 2^e for a whole n >= 0 and x other than 0, by
// squaring. Mantissas are brought back to [1/2, 1) at every step, so that
// nothing overflows or underflows on the way.
func wholePower(x, n float64) (m float64, e int) {
	bm, be := math.Frexp(x)
	if n > exactWhole { // an even number, which takes every base but ±1 to an end
		bm = math.Abs(bm)
		switch {
		case bm == 0.5 && be == 1:
			return 1, 0
		case be >= 1:
			return 1, farExponent
		}
		return 1, -farExponent
	}
	m = 1
	for k := uint64(n); k != 0; k >>= 1 {
		if be > farExponent || be < -farExponent {
			// The highest bit is still to come: the result lies at least as far out.
			// The base is a square here, and positive.
			return math.Copysign(1, m), be
		}
		if k&1 == 1 {
			var by int
			m, by = math.Frexp(float64(m * bm))
			e += be + by
		}
		var by int
		bm, by = math.Frexp(float64(bm * bm))
		be = 2*be + by
	}
	return m, e
}
