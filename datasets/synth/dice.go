package synth

import (
	"math"
	"math/bits"
	"math/rand/v2"
)

// The random streams. A stream is named by what it draws for and a number, so
// that no draw depends on how many draws something else needed.
const (
	holderStream uint64 = 1 + iota
	slotStream
	courseStream
	partyStream
	ringStream
	storyStream
	inquiryStream
	surveyStream
	assessmentStream
	settlementStream
	correctionStream
	findingStream
)

// dice is one random stream.
type dice struct{ pcg rand.PCG }

// roll starts the stream of that name and number.
func roll(seed, stream uint64, n int) dice {
	var d dice
	d.pcg.Seed(mix(seed^stream<<56), mix(uint64(n)+stream))
	return d
}

// mix spreads a number over 64 bits (the finaliser of SplitMix64, Steele, Lea
// and Flood, OOPSLA 2014), so that neighbouring numbers start unlike streams.
func mix(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// float returns a number in [0, 1).
func (d *dice) float() float64 { return float64(d.pcg.Uint64()>>11) / (1 << 53) }

// chance reports true with probability p.
func (d *dice) chance(p float64) bool { return d.float() < p }

// below returns a whole number in [0, n); n must be positive.
func (d *dice) below(n int) int {
	hi, _ := bits.Mul64(d.pcg.Uint64(), uint64(n))
	return int(hi)
}

// between returns a number in [low, high).
func (d *dice) between(low, high float64) float64 { return low + times(high-low, d.float()) }

// normal returns a nearly standard normal number: twelve uniforms of 16 bits
// less their mean, which needs no transcendental function and so has the same
// bits everywhere. It never leaves (-6, 6).
func (d *dice) normal() float64 {
	sum := int64(0)
	for range 3 {
		u := d.pcg.Uint64()
		sum += int64(u&0xffff) + int64(u>>16&0xffff) + int64(u>>32&0xffff) + int64(u>>48)
	}
	return float64(sum-6*0xffff) / 0x10000
}

// logNormal returns a number whose logarithm is normal around median's.
func (d *dice) logNormal(median, sigma float64) float64 {
	return times(median, exp(times(sigma, d.normal())))
}

// pick returns an index with a probability in proportion to its weight.
// Weights are not negative and not all zero.
func (d *dice) pick(weights []float64) int {
	sum := 0.0
	for _, w := range weights {
		sum += w
	}
	x := times(sum, d.float())
	for i, w := range weights {
		if x < w {
			return i
		}
		x -= w
	}
	// Rounding used the last weight up: the last index that can be.
	for i := len(weights) - 1; i > 0; i-- {
		if weights[i] > 0 {
			return i
		}
	}
	return 0
}

// times is a product rounded by itself, never fused with an addition.
func times(a, b float64) float64 { return float64(a * b) }

// exp is e to the power x with the same bits on every machine, which math.Exp
// does not promise. Its relative error is below 1e-13 for |x| < 50; x outside
// that is taken as the bound.
func exp(x float64) float64 {
	const (
		ln2High = 6.93147180369123816490e-01
		ln2Low  = 1.90821492927058770002e-10
	)
	x = max(-50, min(50, x))
	k := math.Floor(times(x, 1/math.Ln2) + 0.5)
	r := x - times(k, ln2High) - times(k, ln2Low)
	sum := 0.0
	for i := len(expSeries) - 1; i >= 0; i-- {
		sum = expSeries[i] + times(sum, r)
	}
	return math.Ldexp(sum, int(k))
}

// expSeries are the coefficients 1/n! of the exponential series, exact to the
// last bit as constants.
var expSeries = [...]float64{1, 1, 1. / 2, 1. / 6, 1. / 24, 1. / 120, 1. / 720, 1. / 5040, 1. / 40320, 1. / 362880,
	1. / 3628800, 1. / 39916800, 1. / 479001600, 1. / 6227020800, 1. / 87178291200}

// logistic turns log-odds into a probability.
func logistic(x float64) float64 { return 1 / (1 + exp(-x)) }
