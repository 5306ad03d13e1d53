package window

import "math"

// Smooth returns (confirmed + prior*strength)/(matured + strength), NaN when the
// denominator is 0: the share of confirmed outcomes among matured ones, drawn
// towards the share expected without evidence, which weighs as much as strength
// outcomes.
//
// Both counts are Sums over a column of +1 and -1: an outcome is an event known
// from its conclusion on with +1, and a correction takes it back with -1 at the
// same happened time, known from the correction on.
func Smooth(confirmed, matured int64, prior, strength float64) float64 {
	weight := float64(matured) + strength
	if weight == 0 {
		return math.NaN()
	}
	return (float64(confirmed) + float64(prior*strength)) / weight
}
