package datasets

import (
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
)

// jsonKind is what a JSON value is.
type jsonKind uint8

const (
	jsonNull jsonKind = iota
	jsonTrue
	jsonFalse
	jsonNumber
	jsonString
	jsonObject
	jsonArray
)

var jsonKindNames = [...]string{"null", "true", "false", "a number", "a string", "an object", "an array"}

func (k jsonKind) String() string { return jsonKindNames[k] }

// jsonValue is a JSON value; text is a number as it was written or a string's
// content. Of objects and arrays only the kind is known.
type jsonValue struct {
	kind jsonKind
	text string
}

// rowScanner walks through one flat JSON object (RFC 8259). It is strict: no
// comments, no commas too many, no lone surrogates.
type rowScanner struct {
	body  []byte
	pos   int
	first bool // no member has been read
}

// startScan goes to the first member of the object.
func startScan(body []byte) (*rowScanner, *FieldError) {
	s := &rowScanner{body: body, first: true}
	if !utf8.Valid(body) {
		return nil, &FieldError{Code: CodeNotJSON, Reason: "the text is not UTF-8"}
	}
	s.space()
	switch c := s.peek(); {
	case c == '{':
		s.pos++
		return s, nil
	case s.pos == len(body):
		return nil, &FieldError{Code: CodeNotJSON, Reason: "it is empty, want one JSON object"}
	}
	v, fault := s.value()
	if fault != nil {
		return nil, fault
	}
	return nil, &FieldError{Code: CodeWrongType, Reason: fmt.Sprintf("want one JSON object, got %s", v.kind)}
}

// peek returns the next byte, 0 at the end.
func (s *rowScanner) peek() byte {
	if s.pos < len(s.body) {
		return s.body[s.pos]
	}
	return 0
}

func (s *rowScanner) space() {
	for s.pos < len(s.body) {
		switch s.body[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return
		}
	}
}

// broken is the fault of text that is not JSON at the present place.
func (s *rowScanner) broken(format string, args ...any) *FieldError {
	return &FieldError{Code: CodeNotJSON, Reason: fmt.Sprintf("at byte %d: ", s.pos+1) + fmt.Sprintf(format, args...)}
}

// more reports whether the object goes on. What stands there instead of a
// member or the end is for member to find.
func (s *rowScanner) more() bool {
	s.space()
	return s.peek() != '}'
}

// member reads the comma before a member that is not the first, its name, and the colon.
func (s *rowScanner) member() (string, *FieldError) {
	if !s.first {
		if s.peek() != ',' {
			return "", s.broken("want a comma or the end of the object")
		}
		s.pos++
		s.space()
	}
	s.first = false
	if s.peek() != '"' {
		return "", s.broken("want the name of a field in double quotes")
	}
	name, fault := s.text()
	if fault != nil {
		return "", fault
	}
	s.space()
	if s.peek() != ':' {
		return "", s.broken("want a colon after the name of a field")
	}
	s.pos++
	s.space()
	return name, nil
}

// end reads the object's end and finds anything after it.
func (s *rowScanner) end() *FieldError {
	s.pos++ // the brace that more saw
	s.space()
	if s.pos < len(s.body) {
		return s.broken("the text goes on after the object")
	}
	return nil
}

// value reads a value, of an object or an array only the first byte.
func (s *rowScanner) value() (jsonValue, *FieldError) {
	switch c := s.peek(); {
	case c == '"':
		text, fault := s.text()
		return jsonValue{jsonString, text}, fault
	case c == '-' || c >= '0' && c <= '9':
		return s.number()
	case c == '{':
		return jsonValue{kind: jsonObject}, nil
	case c == '[':
		return jsonValue{kind: jsonArray}, nil
	}
	for kind, word := range []string{"null", "true", "false"} {
		if rest := s.body[s.pos:]; len(rest) >= len(word) && string(rest[:len(word)]) == word {
			s.pos += len(word)
			return jsonValue{kind: jsonKind(kind)}, nil
		}
	}
	return jsonValue{}, s.broken("want a value: a string, a number, true, false or null (JSON has no NaN and no infinity)")
}

// number reads a number by the grammar of RFC 8259.
func (s *rowScanner) number() (jsonValue, *FieldError) {
	start := s.pos
	if s.peek() == '-' {
		s.pos++
	}
	if s.peek() == '0' {
		s.pos++
	} else if s.digits() == 0 {
		return jsonValue{}, s.broken("want a digit")
	}
	if c := s.peek(); c >= '0' && c <= '9' {
		return jsonValue{}, s.broken("a number must not begin with 0")
	}
	if s.peek() == '.' {
		s.pos++
		if s.digits() == 0 {
			return jsonValue{}, s.broken("want a digit after the decimal point")
		}
	}
	if c := s.peek(); c == 'e' || c == 'E' {
		s.pos++
		if c := s.peek(); c == '+' || c == '-' {
			s.pos++
		}
		if s.digits() == 0 {
			return jsonValue{}, s.broken("want a digit in the exponent")
		}
	}
	return jsonValue{jsonNumber, string(s.body[start:s.pos])}, nil
}

// digits skips digits and returns how many there were.
func (s *rowScanner) digits() int {
	start := s.pos
	for s.pos < len(s.body) && s.body[s.pos] >= '0' && s.body[s.pos] <= '9' {
		s.pos++
	}
	return s.pos - start
}

// text reads a string, from its opening to behind its closing quote.
func (s *rowScanner) text() (string, *FieldError) {
	s.pos++
	start := s.pos
	var out []byte // what stands before start, once there was an escape
	for s.pos < len(s.body) {
		switch c := s.body[s.pos]; {
		case c == '"':
			whole := s.body[start:s.pos]
			s.pos++
			if out != nil {
				whole = append(out, whole...)
			}
			return string(whole), nil
		case c < ' ':
			return "", s.broken("a control character in a string must be escaped")
		case c == '\\':
			out = append(out, s.body[start:s.pos]...)
			r, fault := s.escape()
			if fault != nil {
				return "", fault
			}
			out = utf8.AppendRune(out, r)
			start = s.pos
		default:
			s.pos++
		}
	}
	return "", s.broken("the text ends within a string")
}

// escape reads one escape sequence, or two that make a surrogate pair.
func (s *rowScanner) escape() (rune, *FieldError) {
	s.pos++
	c := s.peek()
	s.pos++
	switch c {
	case '"', '\\', '/':
		return rune(c), nil
	case 'b':
		return '\b', nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'u':
	default:
		s.pos--
		return 0, s.broken("there is no such escape sequence")
	}
	r, fault := s.hex()
	if fault != nil || !utf16.IsSurrogate(r) {
		return r, fault
	}
	if s.pos+1 < len(s.body) && s.body[s.pos] == '\\' && s.body[s.pos+1] == 'u' {
		s.pos += 2
		low, fault := s.hex()
		if fault != nil {
			return 0, fault
		}
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, nil
		}
	}
	return 0, s.broken("half of a surrogate pair is no character")
}

// hex reads the four digits of \u.
func (s *rowScanner) hex() (rune, *FieldError) {
	var r rune
	for range 4 {
		c := s.peek()
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, s.broken("want four hexadecimal digits after \\u")
		}
		r = r<<4 | rune(c)
		s.pos++
	}
	return r, nil
}
