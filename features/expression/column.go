package expression

import (
	"fmt"
	"math"
)

// Column is the result of an expression, one element per row, in the slice
// that its type asks for; the other slices are empty.
type Column struct {
	Type   Type
	Floats []float64 // of Number: math.NaN where missing, always of the same bits
	Truths []Truth   // of Bool
	Codes  []int32   // of Word: index into Words, -1 where missing
	Words  []string  // of Word: each word once, in the order in which rows have them first
	Micros []int64   // of Instant and Duration: datasets.NoTime where missing

	codeOf map[string]int32
}

// Rows returns the number of rows.
func (c *Column) Rows() int {
	return len(c.Floats) + len(c.Truths) + len(c.Codes) + len(c.Micros)
}

// Numbers fills dst, which has one element per row, with the values as numbers:
// a Number as it is, a Bool as 0 and 1; NaN where missing. Words, instants and
// durations have no number: measure a duration by days or hours.
func (c *Column) Numbers(dst []float64) error {
	if len(dst) != c.Rows() {
		return fmt.Errorf("cannot give column as numbers: it has %d rows, the destination %d", c.Rows(), len(dst))
	}
	switch c.Type {
	case Number:
		copy(dst, c.Floats)
	case Bool:
		for i, t := range c.Truths {
			switch {
			case t > 0:
				dst[i] = 1
			case t < 0:
				dst[i] = 0
			default:
				dst[i] = missingNumber
			}
		}
	case Duration:
		return fmt.Errorf("cannot give column as numbers: it holds durations; use days(...) or hours(...) in the expression")
	default:
		return fmt.Errorf("cannot give column as numbers: it holds %ss", c.Type)
	}
	return nil
}

// reset empties a column and gives it room for rows of type t.
func (c *Column) reset(t Type, rows int) {
	c.Type = t
	c.Floats, c.Truths, c.Codes, c.Micros = c.Floats[:0], c.Truths[:0], c.Codes[:0], c.Micros[:0]
	clear(c.Words)
	c.Words = c.Words[:0]
	clear(c.codeOf)
	switch bank(t) {
	case int(Number):
		c.Floats = sized(c.Floats, rows)
	case int(Bool):
		c.Truths = sized(c.Truths, rows)
	case int(Word):
		c.Codes = sized(c.Codes, rows)
		if c.codeOf == nil {
			c.codeOf = map[string]int32{}
		}
	default:
		c.Micros = sized(c.Micros, rows)
	}
}

func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// take copies n rows of a register to the rows from low on.
func (c *Column) take(m *machine, register, low, n int) {
	switch bank(c.Type) {
	case int(Number):
		nan := math.NaN()
		out := c.Floats[low : low+n]
		for i, v := range m.numbers[register][:n] {
			if v != v {
				v = nan // processors differ in the bits of a NaN that they make
			}
			out[i] = v
		}
	case int(Bool):
		copy(c.Truths[low:low+n], m.truths[register])
	case int(Word):
		for i, w := range m.words[register][:n] {
			c.Codes[low+i] = c.code(w)
		}
	default:
		copy(c.Micros[low:low+n], m.micros[register])
	}
}

func (c *Column) code(w word) int32 {
	if !w.there {
		return -1
	}
	code, seen := c.codeOf[w.text]
	if !seen {
		code = int32(len(c.Words))
		// The word outlives the record that it lies in.
		text := string([]byte(w.text))
		c.Words = append(c.Words, text)
		c.codeOf[text] = code
	}
	return code
}
