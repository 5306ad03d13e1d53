package identifier

import (
	"fmt"
	"strings"
)

// creditAlphabet are the 31 characters of a credit code in the order of their
// values from 0.
const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// creditCode checks a unified social credit code, GB 32100-2015: a character
// for the registering office, one for the sort of institution, 6 digits of
// region, 9 characters of the organisation and a check character modulo 31. The
// check finds every substitution of one character, and every exchange of two
// except of the first and the last. The organisation's own check character
// (GB 11714) is not checked beside it.
func creditCode(text string) error {
	if err := spelled(text, creditAlphabet, "the digits and capital letters without I, O, S, V and Z"); err != nil {
		return err
	}
	if len(text) != 18 {
		return fmt.Errorf("it has %d characters: want 18", len(text))
	}
	for i := 2; i < 8; i++ {
		if text[i] > '9' {
			return fmt.Errorf("character %d is a letter: characters 3 to 8 are the digits of a region", i+1)
		}
	}
	// The weights are the powers of 3; the check character makes the sum 0.
	sum, weight := strings.IndexByte(creditAlphabet, text[17]), 1
	for i := range 17 {
		sum += weight * strings.IndexByte(creditAlphabet, text[i])
		weight = weight * 3 % 31
	}
	if sum%31 != 0 {
		return wrongDigit("its check character is wrong: a character was mistyped or it was made up")
	}
	return nil
}
