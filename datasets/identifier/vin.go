package identifier

import (
	"fmt"
	"strings"
)

// vinAlphabet are the characters of a vehicle identification number, and
// vinValues their values in the check sum, place by place (ISO 3779 and
// GB 16735-2019, table of equivalents).
const (
	vinAlphabet = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
	vinValues   = "012345678912345678123457923456789"
)

// vinWeights are the weights of the 17 places; the check digit's own is 0.
var vinWeights = [17]int{8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2}

// vin checks a vehicle identification number, GB 16735-2019 and ISO 3779: 17
// digits and capital letters without I, O and Q, the last three of them digits.
//
// The check digit in place 9 (modulo 11, X for 10) is compulsory in China
// (GB 16735-2019) and in North America (49 CFR 565.15) only; elsewhere the
// place is the maker's to use. It is therefore checked when the first
// characters name a maker of these countries: L and H for China, 1 to 5 and 7F
// onwards for North America. There it finds every substitution of a character
// by one of another value after the first two (letters and digits share values:
// 1, A and J are equal), and every exchange of neighbours of different values,
// except that digits in places 8 and 9 can be exchanged, and that X in places 9
// and 10 has two values.
func vin(text string) error {
	if err := spelled(text, vinAlphabet, "the digits and capital letters without I, O and Q"); err != nil {
		return err
	}
	if len(text) != 17 {
		return fmt.Errorf("it has %d characters: want 17", len(text))
	}
	for i := 14; i < 17; i++ {
		if text[i] > '9' {
			return fmt.Errorf("character %d is a letter: the last three are digits", i+1)
		}
	}
	if hasCheckDigit(text) && vinCheckDigit(text) != text[8] {
		return wrongDigit("its check digit, character 9, is wrong: a character was mistyped or it was made up")
	}
	return nil
}

// hasCheckDigit says whether the world manufacturer identifier is of a country
// where the check digit is compulsory (GB 16737-2019, SAE J1044).
func hasCheckDigit(text string) bool {
	switch c := text[0]; {
	case c == 'L' || c == 'H':
		return true
	case c == '7':
		return text[1] < 'A' || text[1] > 'E' // 7A to 7E are New Zealand
	default:
		return '1' <= c && c <= '5'
	}
}

func vinCheckDigit(text string) byte {
	sum := 0
	for i, w := range vinWeights {
		sum += w * digit(vinValues[strings.IndexByte(vinAlphabet, text[i])])
	}
	return "0123456789X"[sum%11]
}
