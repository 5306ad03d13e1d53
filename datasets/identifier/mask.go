package identifier

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// shown is how many characters of an identifier [Mask] leaves readable.
const shown = 4

// Mask returns text for reports: an asterisk for every character but the last
// 4. When text has fewer than 7 characters nothing of it stays readable, since
// the rest would be easy to guess. At most 32 asterisks are written, and what
// cannot be printed becomes a question mark.
func Mask(text string) string {
	const most = 32
	tail := make([]rune, 0, shown)
	rest := text
	for len(tail) < shown && rest != "" {
		r, size := utf8.DecodeLastRuneInString(rest)
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			r = '?'
		}
		tail = append(tail, r)
		rest = rest[:len(rest)-size]
	}
	hidden := 0
	for range rest {
		if hidden++; hidden == most {
			break
		}
	}
	if hidden+len(tail) < 7 {
		return strings.Repeat("*", hidden+len(tail))
	}
	var b strings.Builder
	b.WriteString(strings.Repeat("*", hidden))
	for i := len(tail) - 1; i >= 0; i-- {
		b.WriteRune(tail[i])
	}
	return b.String()
}
