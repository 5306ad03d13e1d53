package expression

// Kernels that give or take truth values. The order False < Missing < True
// makes Kleene's logic arithmetic.

func (m *machine) truth2(s *step, n int) (x, y, out []Truth) {
	out = m.truths[s.out][:n]
	return m.truths[s.in[0]][:len(out)], m.truths[s.in[1]][:len(out)], out
}

func both(m *machine, s *step, n int) {
	x, y, out := m.truth2(s, n)
	for i := range out {
		out[i] = min(x[i], y[i])
	}
}

func either(m *machine, s *step, n int) {
	x, y, out := m.truth2(s, n)
	for i := range out {
		out[i] = max(x[i], y[i])
	}
}

// sameTruth is missing where one of the two is: the product of signs.
func sameTruth(m *machine, s *step, n int) {
	x, y, out := m.truth2(s, n)
	for i := range out {
		out[i] = x[i] * y[i]
	}
}

func negation(m *machine, s *step, n int) {
	out := m.truths[s.out][:n]
	x := m.truths[s.in[0]][:len(out)]
	for i := range out {
		out[i] = -x[i]
	}
}

func coalesceTruths(m *machine, s *step, n int) {
	x, y, out := m.truth2(s, n)
	for i := range out {
		v := x[i]
		if v == Missing {
			v = y[i]
		}
		out[i] = v
	}
}

// one is 1 for true; the compiler makes it a flag and no branch.
func one(b bool) Truth {
	if b {
		return 1
	}
	return 0
}

func truth(b bool) Truth { return one(b)<<1 - 1 }

func (m *machine) compared(s *step, n int) (x, y []float64, out []Truth) {
	out = m.truths[s.out][:n]
	return m.numbers[s.in[0]][:len(out)], m.numbers[s.in[1]][:len(out)], out
}

// Every comparison with NaN is false in Go: the two sides cancel to Missing.

func lessNumbers(m *machine, s *step, n int) {
	x, y, out := m.compared(s, n)
	for i := range out {
		a, b := x[i], y[i]
		out[i] = one(a < b) - one(a >= b)
	}
}

func atMostNumbers(m *machine, s *step, n int) {
	x, y, out := m.compared(s, n)
	for i := range out {
		a, b := x[i], y[i]
		out[i] = one(a <= b) - one(a > b)
	}
}

func sameNumbers(m *machine, s *step, n int) {
	x, y, out := m.compared(s, n)
	for i := range out {
		a, b := x[i], y[i]
		out[i] = one(a == b) - one(a < b) - one(a > b)
	}
}

// microsKernel returns the kernel of a comparison of instants or durations.
func microsKernel(holds func(a, b int64) bool) kernel {
	return func(m *machine, s *step, n int) {
		out := m.truths[s.out][:n]
		x, y := m.micros[s.in[0]][:len(out)], m.micros[s.in[1]][:len(out)]
		for i := range out {
			a, b := x[i], y[i]
			if a == noTime || b == noTime {
				out[i] = Missing
				continue
			}
			out[i] = truth(holds(a, b))
		}
	}
}

// wordsKernel returns the kernel of a test of two words.
func wordsKernel(holds func(a, b string) bool) kernel {
	return func(m *machine, s *step, n int) {
		out := m.truths[s.out][:n]
		x, y := m.words[s.in[0]][:len(out)], m.words[s.in[1]][:len(out)]
		for i := range out {
			out[i] = Missing
			if x[i].there && y[i].there {
				out[i] = truth(holds(x[i].text, y[i].text))
			}
		}
	}
}

// numbersIn tests membership in a short list one by one and in a long one by halving.
func numbersIn(m *machine, s *step, n int) {
	out := m.truths[s.out][:n]
	x := m.numbers[s.in[0]][:len(out)]
	for i := range out {
		out[i] = Missing
		if v := x[i]; v == v {
			out[i] = truth(holdsSorted(s.numbers, v))
		}
	}
}

func microsIn(m *machine, s *step, n int) {
	out := m.truths[s.out][:n]
	x := m.micros[s.in[0]][:len(out)]
	for i := range out {
		out[i] = Missing
		if v := x[i]; v != noTime {
			out[i] = truth(holdsSorted(s.micros, v))
		}
	}
}

// holdsSorted reports whether an ascending list has v.
func holdsSorted[T float64 | int64](list []T, v T) bool {
	for len(list) > 8 {
		half := len(list) / 2
		if v < list[half] {
			list = list[:half]
		} else {
			list = list[half:]
		}
	}
	for _, w := range list {
		if v == w {
			return true
		}
	}
	return false
}

// wordsMatch tests words against a constant.
func wordsMatch(m *machine, s *step, n int) {
	out := m.truths[s.out][:n]
	x := m.words[s.in[0]][:len(out)]
	for i := range out {
		out[i] = Missing
		if x[i].there {
			out[i] = truth(s.match(x[i].text))
		}
	}
}

// missingKernel returns the kernel of isnull for values of type t.
func missingKernel(t Type) kernel {
	return func(m *machine, s *step, n int) {
		out := m.truths[s.out][:n]
		in := s.in[0]
		for i := range out {
			var gone bool
			switch t {
			case Number:
				gone = m.numbers[in][i] != m.numbers[in][i]
			case Bool:
				gone = m.truths[in][i] == Missing
			case Word:
				gone = !m.words[in][i].there
			default:
				gone = m.micros[in][i] == noTime
			}
			out[i] = truth(gone)
		}
	}
}
