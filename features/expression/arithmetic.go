package expression

import "math"

// The kernels of numbers. Each result goes through finite, so that registers
// never hold an infinity or a negative zero; a missing operand is NaN and makes
// every result NaN by itself. Products are converted explicitly, which forbids
// the compiler to fuse them with the addition.

func (m *machine) number1(s *step, n int) (x, out []float64) {
	out = m.numbers[s.out][:n]
	return m.numbers[s.in[0]][:len(out)], out
}

func (m *machine) number2(s *step, n int) (x, y, out []float64) {
	out = m.numbers[s.out][:n]
	return m.numbers[s.in[0]][:len(out)], m.numbers[s.in[1]][:len(out)], out
}

func addNumbers(m *machine, s *step, n int) {
	x, y, out := m.number2(s, n)
	for i := range out {
		out[i] = finite(x[i] + y[i])
	}
}

func subtractNumbers(m *machine, s *step, n int) {
	x, y, out := m.number2(s, n)
	for i := range out {
		out[i] = finite(x[i] - y[i])
	}
}

func multiplyNumbers(m *machine, s *step, n int) {
	x, y, out := m.number2(s, n)
	for i := range out {
		out[i] = finite(float64(x[i] * y[i]))
	}
}

func divideNumbers(m *machine, s *step, n int) {
	x, y, out := m.number2(s, n)
	for i := range out {
		out[i] = finite(x[i] / y[i])
	}
}

func remainders(m *machine, s *step, n int) {
	x, y, out := m.number2(s, n)
	for i := range out {
		out[i] = remainder(x[i], y[i])
	}
}

// remainder is exact, with the sign of x. Whole numbers, the usual case, go
// the quick way.
func remainder(x, y float64) float64 {
	if math.Abs(x) <= exactWhole && math.Abs(y) <= exactWhole {
		if a, b := int64(x), int64(y); b != 0 && float64(a) == x && float64(b) == y {
			return float64(a % b)
		}
	}
	return finite(math.Mod(x, y))
}

func powers(m *machine, s *step, n int) {
	x, y, out := m.number2(s, n)
	for i := range out {
		out[i] = power(x[i], y[i])
	}
}

func negateNumbers(m *machine, s *step, n int) {
	x, out := m.number1(s, n)
	for i := range out {
		out[i] = 0 - x[i] // not -x, which has a negative zero
	}
}

func lesserNumbers(m *machine, s *step, n int) {
	x, y, out := m.number2(s, n)
	for i := range out {
		out[i] = min(x[i], y[i])
	}
}

func greaterNumbers(m *machine, s *step, n int) {
	x, y, out := m.number2(s, n)
	for i := range out {
		out[i] = max(x[i], y[i])
	}
}

// numberKernel returns the kernel of a function of one number.
func numberKernel(f func(float64) float64) kernel {
	return func(m *machine, s *step, n int) {
		x, out := m.number1(s, n)
		for i := range out {
			out[i] = finite(f(x[i]))
		}
	}
}

func absoluteNumbers(m *machine, s *step, n int) {
	x, out := m.number1(s, n)
	for i := range out {
		out[i] = math.Abs(x[i])
	}
}

func floors(m *machine, s *step, n int) {
	x, out := m.number1(s, n)
	for i := range out {
		out[i] = math.Floor(x[i])
	}
}

func ceilings(m *machine, s *step, n int) {
	x, out := m.number1(s, n)
	for i := range out {
		out[i] = math.Ceil(x[i]) + 0 // of -0.5 it is a negative zero, which this mends
	}
}

func roots(m *machine, s *step, n int) {
	x, out := m.number1(s, n)
	for i := range out {
		out[i] = math.Sqrt(x[i])
	}
}

// coalesceNumbers is x where it is there, else y.
func coalesceNumbers(m *machine, s *step, n int) {
	x, y, out := m.number2(s, n)
	for i := range out {
		// By bits, which lets the compiler do without a branch.
		v, other := math.Float64bits(x[i]), math.Float64bits(y[i])
		if x[i] != x[i] {
			v = other
		}
		out[i] = math.Float64frombits(v)
	}
}
