package expression

// chooseKernel returns the kernel of c ? a : b for branches of type t.
func chooseKernel(t Type) kernel {
	switch t {
	case Number:
		return func(m *machine, s *step, n int) { choose(m, s, m.numbers, n, missingNumber) }
	case Bool:
		return func(m *machine, s *step, n int) { choose(m, s, m.truths, n, Missing) }
	case Word:
		return func(m *machine, s *step, n int) { choose(m, s, m.words, n, word{}) }
	}
	return func(m *machine, s *step, n int) { choose(m, s, m.micros, n, noTime) }
}

func choose[T any](m *machine, s *step, bank [][]T, n int, missing T) {
	cond := m.truths[s.in[0]][:n]
	x, y, out := bank[s.in[1]][:n], bank[s.in[2]][:n], bank[s.out][:n]
	for i, c := range cond {
		switch {
		case c > 0:
			out[i] = x[i]
		case c < 0:
			out[i] = y[i]
		default:
			out[i] = missing
		}
	}
}

// coalesceKernel returns the kernel of a ?? b for values of type t.
func coalesceKernel(t Type) kernel {
	switch t {
	case Number:
		return coalesceNumbers
	case Bool:
		return coalesceTruths
	case Word:
		return func(m *machine, s *step, n int) {
			x, y, out := m.words[s.in[0]], m.words[s.in[1]], m.words[s.out][:n]
			for i := range out {
				v := x[i]
				if !v.there {
					v = y[i]
				}
				out[i] = v
			}
		}
	}
	return func(m *machine, s *step, n int) {
		x, y, out := m.micros[s.in[0]], m.micros[s.in[1]], m.micros[s.out][:n]
		for i := range out {
			v := x[i]
			if v == noTime {
				v = y[i]
			}
			out[i] = v
		}
	}
}
