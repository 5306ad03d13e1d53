package expression

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"
)

// units is the distance of two numbers in units of the last place.
func units(x, want float64) float64 {
	if x == want || math.IsNaN(x) && math.IsNaN(want) {
		return 0
	}
	return math.Abs(x-want) / (math.Nextafter(math.Abs(want), math.Inf(1)) - math.Abs(want))
}

// TestLogarithmsAreAccurate compares with package math's, which is another
// algorithm, within the errors of both.
func TestLogarithmsAreAccurate(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	worst := map[string]float64{}
	for range 300_000 {
		tiny := math.Ldexp(r.Float64()*2-1, -r.IntN(80))
		huge := math.Ldexp(1+r.Float64(), r.IntN(2000)-1000)
		small := r.Float64()*1400 - 700
		for name, u := range map[string]float64{
			"log1p tiny": units(log1p(tiny*0.99), math.Log1p(tiny*0.99)),
			"log1p huge": units(log1p(huge), math.Log1p(huge)),
			"log":        units(logarithm(huge), math.Log(huge)),
			"exp":        units(exponential(small/2), math.Exp(small/2)),
		} {
			worst[name] = max(worst[name], u)
		}
	}
	for name, u := range worst {
		if u > 3 {
			t.Errorf("%s is off by %.1f units in the last place", name, u)
		}
	}
	t.Log(worst)
}

// TestPowersOfWholeNumbersAreExact where float64 holds the result, and close
// where it does not.
func TestPowersOfWholeNumbersAreExact(t *testing.T) {
	for x := -40.0; x <= 40; x++ {
		want := big.NewInt(1)
		for n := 0.0; n < 300; n++ {
			f, _ := new(big.Float).SetInt(want).Float64()
			if want.BitLen() <= 53 && power(x, n) != f {
				t.Fatalf("%v ** %v is %v, want %v", x, n, power(x, n), f)
			}
			if !math.IsInf(f, 0) && units(power(x, n), f) > 200 {
				t.Fatalf("%v ** %v is off by %v units", x, n, units(power(x, n), f))
			}
			if math.IsInf(f, 0) && !math.IsNaN(power(x, n)) {
				t.Fatalf("%v ** %v is %v, want missing", x, n, power(x, n))
			}
			want.Mul(want, big.NewInt(int64(x)))
		}
	}
}

// TestPowersAreAccurate compares with package math's, and extreme operands too:
// what is infinite there is missing here.
func TestPowersAreAccurate(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	special := []float64{0, 1, -1, 2, 0.5, -0.5, 3, 1 << 53, 1<<53 + 2, -(1 << 60), 1e300, -1e300, 5e-324, math.MaxFloat64, 1.5, -2.5, math.Nextafter(1, 2), math.Nextafter(1, 0), math.Nextafter(-1, 0)}
	compare := func(x, y float64) {
		got, want := power(x, y), finite(math.Pow(x, y))
		if math.IsNaN(got) != math.IsNaN(want) || math.Abs(got-want) > 1e-12*math.Abs(want)+1e-320 {
			t.Errorf("%v ** %v is %v, want %v", x, y, got, want)
		}
	}
	for _, x := range special {
		for _, y := range special {
			if math.Abs(x) > 1-1e-9 && math.Abs(x) < 1+1e-9 && math.Abs(y) > 1e6 {
				continue // errors grow with the exponent, in package math as well
			}
			compare(x, y)
		}
	}
	for range 200_000 {
		compare(math.Exp(r.NormFloat64()*20), r.NormFloat64()*20)
		compare(r.NormFloat64()*5, float64(r.IntN(400)-200))
	}
}

func TestRemaindersAreExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	for range 200_000 {
		x, y := r.NormFloat64()*1e4, r.NormFloat64()*30
		if r.IntN(2) == 0 {
			x, y = math.Trunc(x), math.Trunc(y)
		}
		if got, want := remainder(x, y), math.Mod(x, y); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
			t.Fatalf("%v %% %v is %v, want %v", x, y, got, want)
		}
	}
}

// TestCalendarIsPackageTimes goes through every day of the years 0000 to 9999,
// with hours before and after midnight.
func TestCalendarIsPackageTimes(t *testing.T) {
	for day := int64(firstInstant / microsPerDay); day <= lastInstant/microsPerDay; day++ {
		for _, rest := range []int64{0, microsPerDay - 1} {
			at := day*microsPerDay + rest
			w := time.UnixMicro(at).UTC()
			y, m, d := w.Date()
			if yearOf(at) != int64(y) || monthOf(at) != int64(m) || dayOfMonth(at) != int64(d) || hourOf(at) != int64(w.Hour()) || weekdayOf(at) != int64(w.Weekday()+6)%7 {
				t.Fatalf("%v: %d-%d-%d hour %d weekday %d", w, yearOf(at), monthOf(at), dayOfMonth(at), hourOf(at), weekdayOf(at))
			}
		}
	}
}
