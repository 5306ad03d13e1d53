package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Digits says what becomes of the digits of a text.
type Digits uint8

const (
	// MaskCodes turns every run of ASCII letters and digits that has a digit
	// ("b12x", "2024") into one 0, and two such runs with a single . , : / - or
	// middle dot between them ("1,234.50", "12:30") into one 0 together. A Chinese plate loses
	// its province as well: 京A12345 and 沪B·67890 are both 0.
	MaskCodes Digits = iota
	// MaskDigits does so for runs of digits only; letters beside them stay.
	MaskDigits
	// KeepDigits leaves the digits.
	KeepDigits
)

// provinces are the first characters of Chinese plates.
const provinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

// class is what a rune is for the normal form.
type class uint8

const (
	separator class = iota
	digit
	latin    // a to z
	unspaced // a letter of a script written without spaces
	letter   // any other letter, mark or number
	ignored
)

// Normalise returns the normal form of a text (see the package's doc): never
// longer than 8192 runes, valid UTF-8, and its own normal form.
func Normalise(s string, d Digits) string {
	n := normaliser{mode: d, limit: Options{}.withDefaults().MaxRunes}
	n.read(s)
	return string(n.out)
}

// normaliser writes the normal form of one text.
type normaliser struct {
	mode  Digits
	limit int // runes of out

	out           []rune
	runes, digits int // letters, marks and numbers before masking; digits among them
	cut, repaired bool

	prev      class // of the last rune that was not a separator
	gap       int   // separators since
	gapRune   rune  // the last of them
	masked    bool  // out ends in a mask
	run       int   // where the open run of a possible code begins, -1 for none
	runDigit  bool  // it has a digit
	runJoin   bool  // it follows a mask, with one joiner between
	runJoiner rune  // the single separator before the run, 0 for none
}

// read replaces what the normaliser holds by the normal form of s.
func (n *normaliser) read(s string) {
	*n = normaliser{mode: n.mode, limit: n.limit, out: n.out[:0], run: -1}
	if most := 8 * n.limit; len(s) > most {
		for most > 8*n.limit-utf8.UTFMax && !utf8.RuneStart(s[most]) {
			most--
		}
		s, n.cut = s[:most], true
	}
	if !simple(s) {
		s = n.fold(s)
	}
	for _, r := range s {
		r = narrow(r)
		c := classify(r)
		switch c {
		case ignored:
			continue
		case separator:
			n.gap++
			n.gapRune = r
			continue
		}
		if c != digit && c != latin && (n.gap > 0 || len(n.out) == 0) && unicode.Is(unicode.M, r) {
			continue // it would join a letter that it does not belong to
		}
		if !n.put(r, c) {
			n.cut = true
			break
		}
	}
	n.close()
}

// fold brings a text to lower-case NFKC without invisible characters.
func (n *normaliser) fold(s string) string {
	if !utf8.ValidString(s) {
		s, n.repaired = strings.ToValidUTF8(s, "\uFFFD"), true
	}
	marks := false
	lower := func(r rune) rune {
		if invisible(r) {
			return -1
		}
		marks = marks || unicode.Is(unicode.M, r)
		return unicode.ToLower(r)
	}
	s = strings.Map(lower, norm.NFKC.String(strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, s)))
	if marks { // a lower-case letter may compose with a mark where the upper-case one did not
		s = strings.Map(lower, norm.NFKC.String(s))
	}
	return s
}

// simple says that NFKC of a text is narrow of each of its runes.
func simple(s string) bool {
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf, r >= 0x4E00 && r <= 0x9FFF, r >= 0xFF01 && r <= 0xFF5E:
		case r == 0x3001, r == 0x3002, r >= 0x3008 && r <= 0x3011, r >= 0x2018 && r <= 0x2019, r >= 0x201C && r <= 0x201D, r == 0xB7, r == 0x2014:
		default:
			return false
		}
	}
	return true
}

// narrow folds full-width ASCII and upper-case ASCII.
func narrow(r rune) rune {
	if r >= 0xFF01 && r <= 0xFF5E {
		r -= 0xFEE0
	}
	if r >= 'A' && r <= 'Z' {
		r += 'a' - 'A'
	}
	return r
}

// invisible characters are no part of a story.
func invisible(r rune) bool {
	return r >= utf8.RuneSelf && (unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) ||
		unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r))
}

func classify(r rune) class {
	switch {
	case r >= 'a' && r <= 'z':
		return latin
	case r >= '0' && r <= '9':
		return digit
	case r < utf8.RuneSelf:
		return separator
	case r >= 0x4E00 && r <= 0x9FFF:
		return unspaced
	case invisible(r):
		return ignored
	case unicode.IsDigit(r):
		return digit
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) && unicode.In(r, unicode.L, unicode.M, unicode.N):
		return unspaced
	case unicode.In(r, unicode.L, unicode.M, unicode.N):
		return letter
	}
	return separator
}

// put appends one rune and the space before it, if any; false when there is no
// room for them.
func (n *normaliser) put(r rune, c class) bool {
	inRun := c == digit && n.mode != KeepDigits || c == latin && n.mode == MaskCodes
	gap, joiner := n.gap, rune(0)
	if gap == 1 {
		joiner = n.gapRune
	}
	n.gap = 0
	if n.run >= 0 && (gap > 0 || !inRun) {
		n.close()
	}
	space := gap > 0 && len(n.out) > 0 && n.prev != unspaced && c != unspaced
	if len(n.out) == n.limit || space && len(n.out)+1 == n.limit {
		return false
	}
	if space {
		n.out = append(n.out, ' ')
	}
	if inRun && n.run < 0 {
		n.run, n.runDigit, n.runJoiner = len(n.out), false, joiner
		n.runJoin = n.masked && joiner != 0 && strings.ContainsRune(".,:/-·・", joiner)
	}
	n.runDigit = n.runDigit || inRun && c == digit
	n.masked = false
	n.out = append(n.out, r)
	n.prev = c
	n.runes++
	if c == digit {
		n.digits++
	}
	return true
}

// close ends the open run and masks it when it is a code.
func (n *normaliser) close() {
	from := n.run
	n.run = -1
	if from < 0 || !n.runDigit {
		return
	}
	switch {
	case n.runJoin:
		n.out = n.out[:from-1] // the mask before and this run are one code
	case n.mode == MaskCodes:
		at := n.plate(from)
		touches := at < from && at > 0 && (classify(n.out[at-1]) == latin || classify(n.out[at-1]) == digit)
		n.out = n.out[:at]
		if touches { // two codes that only the province kept apart
			n.out = append(n.out, ' ')
		}
		n.out = append(n.out, '0')
	default:
		n.out = append(n.out[:from], '0')
	}
	n.masked = true
}

// plate returns where the plate begins that ends in the run at from, else from.
func (n *normaliser) plate(from int) int {
	isProvince := func(at int) bool { return at >= 0 && strings.ContainsRune(provinces, n.out[at]) }
	if isProvince(from-1) && classify(n.out[from]) == latin && len(n.out)-from >= 6 {
		return from - 1
	}
	dot := n.runJoiner == '·' || n.runJoiner == '・' || n.runJoiner == '•'
	if dot && from >= 3 && isProvince(from-3) && classify(n.out[from-2]) == latin && len(n.out)-from >= 5 {
		return from - 3
	}
	return from
}
