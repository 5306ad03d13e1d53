package gbdt

import "math"

// midpoint returns a finite number t with a <= t < b for a < b, half way where
// the floats allow. a must be above -Inf; b may be +Inf.
func midpoint(a, b float64) float64 {
	high := min(b, math.MaxFloat64)
	t := float64(a/2) + float64(high/2)
	if !(t >= a && t < b) {
		t = a
	}
	return t + 0 // no negative zero
}
