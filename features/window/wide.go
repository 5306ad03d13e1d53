package window

import (
	"math"
	"math/bits"
)

// wide is an unsigned 128-bit integer: sums of squares without rounding.
type wide struct{ hi, lo uint64 }

func (a wide) add(b wide) wide {
	lo, c := bits.Add64(a.lo, b.lo, 0)
	hi, _ := bits.Add64(a.hi, b.hi, c)
	return wide{hi, lo}
}

func (a wide) sub(b wide) wide {
	lo, c := bits.Sub64(a.lo, b.lo, 0)
	hi, _ := bits.Sub64(a.hi, b.hi, c)
	return wide{hi, lo}
}

func square(v int64) wide {
	if v < 0 {
		v = -v
	}
	hi, lo := bits.Mul64(uint64(v), uint64(v))
	return wide{hi, lo}
}

// spread returns sqrt(n*q - s*s)/n. The integer under the root is exact in 192
// bits and rounded to the nearest float64 once.
func spread(n, s int64, q wide) float64 {
	h1, lo := bits.Mul64(uint64(n), q.lo)
	hi, mid := bits.Mul64(uint64(n), q.hi)
	mid, c := bits.Add64(mid, h1, 0)
	hi += c
	ss := square(s)
	lo, c = bits.Sub64(lo, ss.lo, 0)
	mid, c = bits.Sub64(mid, ss.hi, c)
	hi -= c
	return math.Sqrt(nearest(hi, mid, lo)) / float64(n)
}

// nearest returns the float64 nearest to a 192-bit integer, ties to even: the 64
// leading bits, with every lost bit gathered in the last of them, round as the
// whole does.
func nearest(hi, mid, lo uint64) float64 {
	shift := 0
	for hi != 0 || mid != 0 {
		step := 64
		if hi == 0 {
			step = bits.Len64(mid)
		}
		var lost uint64
		if step == 64 {
			lost = lo
			lo, mid, hi = mid, hi, 0
		} else {
			lost = lo << (64 - step)
			lo = lo>>step | mid<<(64-step)
			mid = 0
		}
		if lost != 0 {
			lo |= 1
		}
		shift += step
	}
	return math.Ldexp(float64(lo), shift)
}
