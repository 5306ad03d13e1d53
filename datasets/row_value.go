package datasets

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// wrong is the fault of a value of the wrong kind.
func wrong(want string, v jsonValue) *FieldError {
	got := v.kind.String()
	if v.kind == jsonString || v.kind == jsonNumber {
		got = fmt.Sprintf("%s %s", got, strconv.Quote(clip(v.text)))
		if v.kind == jsonNumber {
			got = "the number " + clip(v.text)
		}
	}
	return &FieldError{Code: CodeWrongType, Reason: fmt.Sprintf("want %s, got %s", want, got)}
}

func outOfRange(format string, args ...any) *FieldError {
	return &FieldError{Code: CodeOutOfRange, Reason: fmt.Sprintf(format, args...)}
}

// wholeNumber reads a JSON number as an int64, exactly.
func wholeNumber(v jsonValue) (int64, *FieldError) {
	if v.kind != jsonNumber {
		return 0, wrong("a whole number", v)
	}
	plain, ok := integerDigits(v.text)
	if !ok {
		return 0, wrong("a whole number", v)
	}
	n, err := strconv.ParseInt(plain, 10, 64)
	if err != nil { // the digits are digits, so there are too many
		return 0, outOfRange("want a whole number from %d to %d, got %s", int64(math.MinInt64), int64(math.MaxInt64), clip(v.text))
	}
	return n, nil
}

// integerDigits rewrites a JSON number without point and exponent, or reports
// that it is not whole. A number far beyond int64 comes out as some number
// beyond int64, so that a huge exponent costs nothing.
func integerDigits(number string) (string, bool) {
	if !strings.ContainsAny(number, ".eE") {
		return number, true
	}
	sign := ""
	if number[0] == '-' {
		sign, number = "-", number[1:]
	}
	mantissa, exponent, _ := strings.Cut(strings.ToLower(number), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	shift := saturatedInt(exponent) - len(fraction)
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return "0", true
	}
	trimmed := strings.TrimRight(digits, "0")
	shift += len(digits) - len(trimmed)
	if shift < 0 {
		return "", false
	}
	const beyond = 20 // digits; int64 has at most 19
	return sign + trimmed + strings.Repeat("0", min(shift, beyond)), true
}

// saturatedInt reads an exponent, "" as 0, and stops growing far beyond any body's length.
func saturatedInt(text string) int {
	const most = 1 << 40
	n, negative := 0, strings.HasPrefix(text, "-")
	for _, c := range strings.TrimLeft(text, "+-") {
		n = min(10*n+int(c-'0'), most)
	}
	if negative {
		return -n
	}
	return n
}

// number reads a JSON number as the nearest float64. What is too small for one
// is 0; what is too large is a fault.
func number(v jsonValue) (float64, *FieldError) {
	if v.kind != jsonNumber {
		return 0, wrong("a number", v)
	}
	f, err := strconv.ParseFloat(v.text, 64)
	if errors.Is(err, strconv.ErrRange) {
		return 0, outOfRange("want a number up to 1.8e308 in size, got %s", clip(v.text))
	}
	if err != nil {
		panic(fmt.Sprintf("BUG: %q passed as a JSON number: %v", v.text, err))
	}
	return f, nil
}
