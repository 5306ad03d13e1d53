package identifier

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is the most bytes that any identifier is looked at for. The longest
// genuine one, a bank card number, has 19.
const longest = 64

// ErrOldForm is in the chain of an error about a resident identity number in
// the form of 15 digits of before 1999, which has no check character. Such a
// number was genuine once; the cards that bear it ended on 1 January 2013.
var ErrOldForm = errors.New("it is in the old form of 15 digits, without century and check character")

// ErrCheckDigit is in the chain of an error about an identifier whose form is
// right and whose check character is not: a character was mistyped, or it was
// made up.
var ErrCheckDigit = errors.New("its check character is wrong")

// wrongDigit is a reason of the kind of ErrCheckDigit.
type wrongDigit string

func (w wrongDigit) Error() string { return string(w) }

// Is makes the reason one of ErrCheckDigit.
func (w wrongDigit) Is(target error) bool { return target == ErrCheckDigit }

// Check returns nil when text can be an identifier of that kind, as its
// standard writes it: in capitals, without spaces, points, dashes or country
// prefix, which break the joining of rows by it. Otherwise the error says what
// is wrong and shows at most the last 4 characters, see [Mask];
// [errors.Unwrap] of it gives the reason alone, which shows no character of
// text and does not say what a right check character would be. The empty text
// and NoKind are errors. The time and memory that it takes are bounded,
// whatever text holds.
//
// A nil error is no proof: about one wrong number in eleven (one in ten of bank
// cards, one in 31 of credit codes) has a right check character by chance, and
// plates and telephone numbers have none.
func Check(kind Kind, text string) error {
	if kind == NoKind || int(kind) >= len(kinds) {
		return fmt.Errorf("cannot check an identifier of kind %d: want one of id_number, vin, plate, credit_code, bank_card, mobile", uint8(kind))
	}
	reason := bounded(text)
	if reason == nil {
		reason = kinds[kind].check(text)
	}
	if reason == nil {
		return nil
	}
	return fmt.Errorf("cannot accept %s %q: %w", kinds[kind].title, Mask(text), reason)
}

// bounded refuses what no kind can be, so that the checks of kinds see short
// valid UTF-8 only.
func bounded(text string) error {
	switch {
	case text == "":
		return errors.New("it is empty: write null where there is none")
	case len(text) > longest:
		return fmt.Errorf("it has more than %d bytes", longest)
	case !utf8.ValidString(text):
		return errors.New("it is no valid UTF-8: it was read in another encoding than it was written in")
	}
	return nil
}

// digits is the alphabet of most kinds.
const digits = "0123456789"

// spelled says which character of text is outside of an alphabet, which wants
// names for people. The commonest slips have reasons of their own.
func spelled(text, alphabet, wants string) error {
	at := 0
	for _, r := range text {
		at++
		if strings.ContainsRune(alphabet, r) {
			continue
		}
		switch {
		case unicode.IsSpace(r):
			return fmt.Errorf("character %d is a space: write it without", at)
		case r == '-' || r == '.' || r == '·' || r == '•' || r == '・':
			return fmt.Errorf("character %d is a separator: write it without", at)
		case r >= '！' && r <= '～':
			return fmt.Errorf("character %d is of full width: write it in ASCII", at)
		case 'a' <= r && r <= 'z' && strings.ContainsRune(alphabet, r-'a'+'A'):
			return fmt.Errorf("character %d is a small letter: write it in capitals", at)
		case r == '*':
			return fmt.Errorf("character %d is an asterisk: the number was masked", at)
		}
		return fmt.Errorf("character %d is none of %s", at, wants)
	}
	return nil
}

// digit returns the value of an ASCII digit that was checked before.
func digit(c byte) int { return int(c - '0') }
