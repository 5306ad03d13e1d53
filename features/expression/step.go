package expression

import (
	"fmt"
	"math"
)

// kernel computes the first n rows of a step's output register from its input
// registers. Input and output may be the same register.
type kernel func(m *machine, s *step, n int)

// step is one operation of a program. Its arguments are earlier steps; where
// their values lie in a machine is known after registers were assigned.
type step struct {
	name string
	typ  Type
	run  kernel // nil for a constant
	args []int  // numbers of earlier steps

	in  [3]int // registers of the arguments
	out int    // register of the result, among those of its type

	column  int               // of loads: index into the program's inputs
	memo    int               // of tests of a column's words: index into the machine's answers
	match   func(string) bool // of tests of words
	numbers []float64         // of membership: ascending
	micros  []int64           // of membership: ascending
	value   constant          // of constants
}

// constant is one value, in the field that its type asks for.
type constant struct {
	number float64
	truth  Truth
	micros int64
	word   word
}

// word is a text or nothing.
type word struct {
	text  string
	there bool
}

// missing reports whether the constant, of type t, is missing.
func (v constant) missing(t Type) bool {
	switch bank(t) {
	case int(Number):
		return v.number != v.number
	case int(Bool):
		return v.truth == Missing
	case int(Word):
		return !v.word.there
	}
	return v.micros == noTime
}

// missingConstant returns the missing value of every type.
func missingConstant() constant { return constant{number: missingNumber, micros: noTime} }

func (s *step) constant() bool { return s.run == nil }

// builder collects the steps of a program. Equal steps are emitted once, and a
// step over constants becomes a constant.
type builder struct {
	steps []step
	known map[string]int
}

// emit adds a step and returns its number. Detail tells apart steps that agree
// in name, type and arguments.
func (b *builder) emit(s step, detail string) int {
	key := fmt.Sprintf("%s %d %v %s", s.name, s.typ, s.args, detail)
	if id, seen := b.known[key]; seen {
		return id
	}
	id := len(b.steps)
	if b.foldable(&s) {
		id = b.constant(s.typ, b.fold(&s))
	} else {
		b.steps = append(b.steps, s)
	}
	b.known[key] = id
	return id
}

func (b *builder) constant(t Type, v constant) int {
	key := fmt.Sprintf("constant %d %x %d %d %q %t", t, math.Float64bits(v.number), v.truth, v.micros, v.word.text, v.word.there)
	if id, seen := b.known[key]; seen {
		return id
	}
	b.steps = append(b.steps, step{name: "constant", typ: t, value: v})
	b.known[key] = len(b.steps) - 1
	return len(b.steps) - 1
}

func (b *builder) foldable(s *step) bool {
	for _, a := range s.args {
		if !b.steps[a].constant() {
			return false
		}
	}
	return s.run != nil && len(s.args) > 0
}

// fold runs one step over constants by its own kernel.
func (b *builder) fold(s *step) constant {
	const registers = len(s.in) + 1
	m := newMachine([5]int{registers, registers, registers, registers, registers})
	m.grow(1)
	one := *s
	for i, a := range s.args {
		one.in[i] = i
		m.fill(b.steps[a].typ, i, b.steps[a].value)
	}
	one.out = registers - 1
	one.run(m, &one, 1)
	return m.first(one.typ, one.out)
}
