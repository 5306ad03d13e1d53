// Package expression compiles typed row expressions over the columns of a
// claims table and evaluates them over whole columns. The grammar is that of
// expr-lang; types, meaning and evaluation are this package's own. The same
// code, in blocks of rows, answers for a table and for a record of one row, with
// the same bits, on every processor.
//
// # Types
//
// Columns of type int and float are numbers, bool is bool, id, text and category
// are words, time and date are instants (UTC; a date is the midnight that begins
// it). The difference of two instants is a duration. There are no implicit
// conversions.
//
// # Language
//
//	x + y, - * / % **  numbers; ** binds closest and to the right, % has the sign of the dividend
//	t - u, t + d, -d   the difference of instants, an instant and a duration, durations
//	== != < <= > >=    two values of one type (words and bools: == and != only); a < b < c is both
//	and or not         also && || !
//	x in [1, 2]        constants of x's type: numbers, words, instants
//	x in 1..5          numbers: 1 <= x and x <= 5, whole or not; both ends constant
//	c ? a : b          also c ?: b, which is c ? c : b
//	a ?? b             a where it is there, else b; binds closest of all
//	contains startsWith endsWith   words, byte for byte
//	nil                the missing value, as a branch of ? :
//
// Functions: abs (number, duration), min and max (two or more numbers, instants
// or durations), floor, ceil, round (halves away from zero), sqrt, log1p,
// len (characters of a word), lower, days and hours (of a duration, as numbers
// with fractions), year, month, day, weekday (Monday 0), hour (of an instant, in
// UTC), date("2024-01-31"), isnull(x), and column("any name") for a column whose
// name is no identifier. table.column names a column of another table, where
// there are such. Everything else of expr-lang's grammar is refused by name.
//
// # Missing values
//
// A null is missing, and so is a number that is NaN or infinite and an instant
// outside the years 0000 to 9999. Whatever is computed from a missing value is
// missing, with these exceptions: isnull is never missing; ?? replaces; ? :
// looks only at the branch that was chosen, and a missing condition gives a
// missing result; "and" and "or" follow Kleene's logic of three values:
//
//	and      false  missing  true       or       false    missing  true
//	false    false  false    false      false    false    missing  true
//	missing  false  missing  missing    missing  missing  missing  true
//	true     false  missing  true       true     true     true     true
//
// not missing is missing. An operation without a finite answer gives a missing
// one: division by zero, remainder by zero, overflow, the root of a negative
// number, log1p at or below -1, 0 ** -1, (-8) ** 0.5. There is no negative zero.
// An instant that leaves the years 0000 to 9999 is missing, and so is a
// duration of more than those years.
//
// Numbers are float64: whole numbers are exact up to 2^53, larger ones of an int
// column become the nearest float64 (ties to even), and a whole literal
// that float64 cannot hold is refused.
package expression
