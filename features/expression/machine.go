package expression

// blockRows is how many rows go through all steps before the next ones do: a
// handful of registers of this size stays in the processor's first cache.
const blockRows = 1024

// machine is the scratch memory of one evaluation: registers by type, and the
// arrays that the inputs are bound to. Programs reuse machines.
type machine struct {
	size      int // rows that a register holds
	numbers   [][]float64
	truths    [][]Truth
	words     [][]word
	micros    [][]int64 // instants and durations
	sources   []source  // by input
	answers   [][]Truth // by test of a column's words: for each word of its dictionary
	low, rows int       // first row of the block; rows of the record
	constants bool      // whether the constants are filled in
}

// bank is where registers of a type lie: instants and durations share one.
func bank(t Type) int {
	if t == Duration {
		t = Instant
	}
	return int(t)
}

// newMachine returns a machine with as many registers as counts says by bank.
func newMachine(counts [5]int) *machine {
	return &machine{
		numbers: make([][]float64, counts[Number]),
		truths:  make([][]Truth, counts[Bool]),
		words:   make([][]word, counts[Word]),
		micros:  make([][]int64, counts[Instant]),
	}
}

// grow makes room for n rows in every register.
func (m *machine) grow(n int) {
	if n <= m.size {
		return
	}
	m.size, m.constants = n, false
	for i := range m.numbers {
		m.numbers[i] = make([]float64, n)
	}
	for i := range m.truths {
		m.truths[i] = make([]Truth, n)
	}
	for i := range m.words {
		m.words[i] = make([]word, n)
	}
	for i := range m.micros {
		m.micros[i] = make([]int64, n)
	}
}

// fill writes one value into all rows of a register.
func (m *machine) fill(t Type, register int, v constant) {
	switch bank(t) {
	case int(Number):
		fill(m.numbers[register], v.number)
	case int(Bool):
		fill(m.truths[register], v.truth)
	case int(Word):
		fill(m.words[register], v.word)
	default:
		fill(m.micros[register], v.micros)
	}
}

func fill[T any](dst []T, v T) {
	for i := range dst {
		dst[i] = v
	}
}

// first returns the first row of a register.
func (m *machine) first(t Type, register int) constant {
	v := missingConstant()
	switch bank(t) {
	case int(Number):
		v.number = m.numbers[register][0]
	case int(Bool):
		v.truth = m.truths[register][0]
	case int(Word):
		v.word = m.words[register][0]
	default:
		v.micros = m.micros[register][0]
	}
	return v
}

// forget drops what belongs to the caller: arrays, and words that lie in them.
func (m *machine) forget(p *Program) {
	clear(m.sources)
	for i := range m.words {
		if !p.pinned[i] {
			clear(m.words[i][:min(m.rows, m.size)])
		}
	}
}
