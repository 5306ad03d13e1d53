package identifier

import (
	"fmt"
	"strings"
)

// bankCard checks a bank card number: 13 to 19 digits (JR/T 0008-2000) of which
// the last is the check digit of ISO/IEC 7812-1, annex B, the Luhn formula. It
// finds every substitution of one digit and every exchange of neighbours except
// of 0 and 9. One digit repeated throughout is refused as a filler. Numbers of
// accounts without a card follow each bank's own rules and do not pass.
func bankCard(text string) error {
	if err := spelled(text, digits, "the digits"); err != nil {
		return err
	}
	if len(text) < 13 || len(text) > 19 {
		return fmt.Errorf("it has %d digits: want 13 to 19", len(text))
	}
	if strings.Count(text, text[:1]) == len(text) {
		return wrongDigit("it is one digit repeated")
	}
	if !luhn(text) {
		return wrongDigit("its check digit is wrong: a digit was mistyped, it was made up, or it numbers an account that has no card")
	}
	return nil
}

// luhn says whether digits fulfil the Luhn formula: counted from the right,
// every second one doubled and its own digits summed.
func luhn(text string) bool {
	sum := 0
	for i := range len(text) {
		d := digit(text[len(text)-1-i])
		if i%2 == 1 {
			d *= 2
			if d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
