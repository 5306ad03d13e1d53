package expression

import (
	"math"

	"claimsieve/datasets"
)

// Type is what the values of an expression are. The zero value is no type.
type Type uint8

// The types of expressions.
const (
	NoType   Type = iota
	Number        // float64, NaN where missing; never infinite, never negative zero
	Bool          // Truth
	Word          // text
	Instant       // microseconds since 1970 UTC, datasets.NoTime where missing
	Duration      // microseconds, datasets.NoTime where missing
)

// null is the type of nil before its context has given it one.
const null Type = 255

var typeNames = [...]string{"", "number", "bool", "word", "instant", "duration"}

// String returns the name of the type in messages, or "" for NoType.
func (t Type) String() string {
	if t == null {
		return "nil"
	}
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return "BUG: no type"
}

// article returns the name with its article.
func (t Type) article() string {
	switch t {
	case Instant:
		return "an instant"
	case null:
		return "nil"
	}
	return "a " + t.String()
}

// typeOf returns the type that a column's values have in expressions.
func typeOf(t datasets.Type) Type {
	switch t {
	case datasets.Int, datasets.Float:
		return Number
	case datasets.Bool:
		return Bool
	case datasets.ID, datasets.Text, datasets.Category:
		return Word
	case datasets.Time, datasets.Date:
		return Instant
	}
	return NoType
}

// Truth is a value of three-valued logic. The zero value is missing.
type Truth int8

// The truth values, in the order that makes "and" the lesser and "or" the
// greater of two, and "not" the opposite number.
const (
	False   Truth = -1
	Missing Truth = 0
	True    Truth = 1
)

// String returns "false", "missing" or "true".
func (t Truth) String() string {
	switch {
	case t < 0:
		return "false"
	case t > 0:
		return "true"
	}
	return "missing"
}

const (
	noTime       = datasets.NoTime
	microsPerDay = 24 * 60 * 60 * 1_000_000
	firstInstant = -62167219200 * 1_000_000   // 0000-01-01T00:00:00Z
	lastInstant  = 253402300800*1_000_000 - 1 // the last microsecond of 9999
	longest      = lastInstant - firstInstant // of a duration
	exactWhole   = 1 << 53                    // up to here float64 holds every whole number
)

// finite returns x, or NaN for an infinity, and +0 for -0. It costs two
// additions and no branch.
func finite(x float64) float64 { return x + (x - x) }

// instant returns micros, or noTime when it lies outside the calendar.
func instant(micros int64) int64 {
	if micros < firstInstant || micros > lastInstant {
		return noTime
	}
	return micros
}

// duration returns micros, or noTime when it is longer than the calendar.
func duration(micros int64) int64 {
	if micros < -longest || micros > longest {
		return noTime
	}
	return micros
}

var missingNumber = math.NaN()
