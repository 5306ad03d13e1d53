package metric

import (
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/gonum/mathext"
)

// Level is the coverage of intervals where nothing else is asked for.
const Level = 0.95

// MinCases is the number of concluded cases below which a rate is marked
// Insufficient: it may be shown, but nothing should be decided by it.
const MinCases = 10

// Rate is a share of counted cases with its interval. All of Value, Low and
// High are NaN when Denominator is 0. JSON writes null for NaN.
type Rate struct {
	Numerator    float64
	Denominator  float64
	Value        float64 // Numerator / Denominator
	Low, High    float64 // Clopper-Pearson interval of 95 %, or of the level asked for
	Insufficient bool    // Denominator is below MinCases
}

// NewRate returns numerator/denominator with its Clopper-Pearson interval of
// 95 %. Counts may be fractional (weights), they must be finite with
// 0 <= numerator <= denominator; anything else gives NaN and Insufficient.
func NewRate(numerator, denominator float64) Rate {
	return NewRateAt(numerator, denominator, Level)
}

// NewRateAt is [NewRate] with an interval of the given coverage in (0, 1).
func NewRateAt(numerator, denominator, level float64) Rate {
	r := Rate{Numerator: numerator, Denominator: denominator, Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Insufficient: true}
	// Sums of fractional weights may pass the total by a rounding error.
	if numerator > denominator && numerator <= denominator*(1+1e-9) {
		numerator = denominator
	}
	if !(denominator > 0) || math.IsInf(denominator, 0) || !(numerator >= 0) || numerator > denominator {
		return r
	}
	r.Value = numerator / denominator
	r.Low, r.High = ClopperPearson(numerator, denominator, level)
	r.Insufficient = denominator < MinCases
	return r
}

// ClopperPearson returns the exact interval of a binomial probability after k
// successes in n trials (Clopper and Pearson 1934). It never covers less than
// the level. k and n may be fractional; 0 <= k <= n and n > 0, otherwise NaN.
func ClopperPearson(k, n, level float64) (low, high float64) {
	if !(n > 0) || !(k >= 0) || !(k <= n) || !(level > 0 && level < 1) {
		return math.NaN(), math.NaN()
	}
	tail := (1 - level) / 2
	low, high = 0, 1
	if k > 0 {
		low = betaQuantile(tail, k, n-k+1)
	}
	if k < n {
		high = betaQuantile(1-tail, k+1, n-k)
	}
	return low, high
}

// betaQuantile inverts the regularised incomplete beta function. The library's
// inverse is taken where it can be confirmed and replaced by bisection where
// not, because it loses digits for some large shapes.
func betaQuantile(q, a, b float64) float64 {
	x := mathext.InvRegIncBeta(a, b, q)
	if x > 0 && x < 1 && math.Abs(mathext.RegIncBeta(a, b, x)-q) < 1e-10 {
		return x
	}
	low, high := 0.0, 1.0
	for range 200 {
		mid := (low + high) / 2
		if mid == low || mid == high {
			break
		}
		if mathext.RegIncBeta(a, b, mid) < q {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}

// PoissonInterval returns the exact interval of a Poisson mean after count
// events (Garwood 1936). NaN for a negative or not finite count.
func PoissonInterval(count, level float64) (low, high float64) {
	if !(count >= 0) || math.IsInf(count, 0) || !(level > 0 && level < 1) {
		return math.NaN(), math.NaN()
	}
	tail := (1 - level) / 2
	if count > 0 {
		low = mathext.GammaIncRegInv(count, tail)
	}
	return low, mathext.GammaIncRegInv(count+1, 1-tail)
}

// Estimate is a number with its interval. Low and High are NaN where no
// interval is known. JSON writes null for NaN and infinities.
type Estimate struct {
	Value        float64
	Low, High    float64
	Insufficient bool // too few cases to decide by it
}

// undefined is the estimate of something that does not exist, such as 0/0.
func undefined() Estimate {
	return Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Insufficient: true}
}

// normalDeviate is the two-sided standard normal quantile of the level, 1.96 for 0.95.
func normalDeviate(level float64) float64 {
	return mathext.NormalQuantile(1 - (1-level)/2)
}

// LogitInterval returns the interval of a share value in (0, 1) whose log-odds
// have the given standard error. NaN outside of (0, 1).
func LogitInterval(value, standardError, level float64) (low, high float64) {
	if !(value > 0 && value < 1) || !(standardError >= 0) {
		return math.NaN(), math.NaN()
	}
	eta := math.Log(value) - math.Log1p(-value)
	z := float64(normalDeviate(level) * standardError)
	return logistic(eta - z), logistic(eta + z)
}

func logistic(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	e := math.Exp(x)
	return e / (1 + e)
}

// String writes a rate for people, in percent.
func (r Rate) String() string {
	if math.IsNaN(r.Value) {
		return fmt.Sprintf("insufficient (%g of %g)", r.Numerator, r.Denominator)
	}
	mark := ""
	if r.Insufficient {
		mark = ", insufficient"
	}
	if math.IsNaN(r.Low) || math.IsNaN(r.High) {
		return fmt.Sprintf("%.2f%% (%.5g of %.5g%s)", 100*r.Value, r.Numerator, r.Denominator, mark)
	}
	return fmt.Sprintf("%.2f%% [%.2f, %.2f] (%.7g of %.7g%s)", 100*r.Value, 100*r.Low, 100*r.High, r.Numerator, r.Denominator, mark)
}

// String writes an estimate for people with its interval, or "insufficient"
// where there is no number.
func (e Estimate) String() string {
	switch {
	case math.IsNaN(e.Value):
		return "insufficient"
	case math.IsNaN(e.Low) || math.IsNaN(e.High):
		return number(e.Value)
	case e.Insufficient:
		return fmt.Sprintf("%s [%s, %s], insufficient", number(e.Value), number(e.Low), number(e.High))
	}
	return fmt.Sprintf("%s [%s, %s]", number(e.Value), number(e.Low), number(e.High))
}

// WithoutInterval returns the rate with NaN for its interval, for weighted
// counts, and with the given word on whether there are enough cases.
func (r Rate) WithoutInterval(insufficient bool) Rate {
	r.Low, r.High, r.Insufficient = math.NaN(), math.NaN(), insufficient
	return r
}

// WithoutInterval is that of [Rate.WithoutInterval].
func (e Estimate) WithoutInterval(insufficient bool) Estimate {
	return Estimate{Value: e.Value, Low: math.NaN(), High: math.NaN(), Insufficient: insufficient}
}

// number writes four significant digits, or whole numbers where they are large.
func number(x float64) string {
	if math.Abs(x) >= 1000 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 4, 64)
}
