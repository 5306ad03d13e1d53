package identifier

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Years of birth outside of these are slips. The first one lets the standard's
// own example of 1880 pass.
const (
	firstBirthYear = 1850
	lastBirthYear  = 2099
)

// idWeights are the weights W(i) of GB 11643-1999, 2 to the power of 17-i
// modulo 11 for i from 0.
var idWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// idCheckCharacters are the check characters by the weighted sum modulo 11.
const idCheckCharacters = "10X98765432"

// idNumber checks a resident identity number, GB 11643-1999: 6 digits of
// region, 8 of the date of birth, 3 of sequence and a check character of
// ISO 7064 MOD 11-2, which finds every substitution of one character and every
// exchange of two neighbours. The permanent residence cards for foreigners of
// 2023, which begin with 9, and the residence permits for Hong Kong, Macao and
// Taiwan (81, 82, 83) follow the same scheme and pass.
func idNumber(text string) error {
	if err := spelled(text, digits+"X", "the digits and, at the end, X"); err != nil {
		return err
	}
	switch len(text) {
	case 18:
	case 15:
		return oldIDNumber(text)
	default:
		return fmt.Errorf("it has %d characters: want 18", len(text))
	}
	if i := strings.IndexByte(text, 'X'); i >= 0 && i < 17 {
		return fmt.Errorf("character %d is X, which can only be the last", i+1)
	}
	if err := region(text); err != nil {
		return err
	}
	if err := birth(text[6:14]); err != nil {
		return err
	}
	sum := 0
	for i, w := range idWeights {
		sum += w * digit(text[i])
	}
	if idCheckCharacters[sum%11] != text[17] {
		return wrongDigit("its check character is wrong: a character was mistyped or it was made up")
	}
	return nil
}

// oldIDNumber tells a number of the form of before 1999 (region, year of two
// digits, month, day, sequence) from a number that is too short.
func oldIDNumber(text string) error {
	if strings.Contains(text, "X") {
		return errors.New("it has 15 characters with an X: want 18")
	}
	if err := region(text); err != nil {
		return err
	}
	if err := birth("19" + text[6:12]); err != nil {
		return err
	}
	return ErrOldForm
}

// region checks the province of GB/T 2260 in the first two digits, or in the
// second and third after a 9, which marks a foreigner. Prefectures and counties
// are not checked: their codes change, and a number keeps the code of its day.
func region(text string) error {
	province := text[:2]
	if text[0] == '9' {
		province = text[1:3]
	}
	n, err := strconv.Atoi(province)
	if err != nil || !isProvince(n) {
		return errors.New("its first digits are the code of no province")
	}
	return nil
}

// isProvince knows the codes of provinces of GB/T 2260, 71 Taiwan, 81 Hong Kong
// and 82 Macao included, and 83, which the residence permits for Taiwan have.
func isProvince(n int) bool {
	for _, r := range [...][2]int{{11, 15}, {21, 23}, {31, 37}, {41, 46}, {50, 54}, {61, 65}, {71, 71}, {81, 83}} {
		if r[0] <= n && n <= r[1] {
			return true
		}
	}
	return false
}

// birth checks a date of birth of 8 digits. It has no clock: the answer about a
// number never changes, so that a birth to come passes before 2100.
func birth(text string) error {
	day, err := time.Parse("20060102", text)
	if err != nil {
		return errors.New("its date of birth is no day of the calendar")
	}
	if y := day.Year(); y < firstBirthYear || y > lastBirthYear {
		return fmt.Errorf("its year of birth is not from %d to %d", firstBirthYear, lastBirthYear)
	}
	return nil
}
