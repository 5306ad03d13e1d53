package identifier

import (
	"errors"
	"strings"
)

// Characters of number plates.
const (
	provinces    = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
	plateLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	plateMarks   = "警学挂港澳领使试超应急"
	newEnergy    = "ABCDEFGHJK" // A to E electric only, F to K others
)

// plateForms are the forms of plates. P is a province, L a letter for the
// issuing office, S a digit or letter of the sequence, E a letter of
// new-energy vehicles, 9 a digit; anything else is itself.
var plateForms = [...][]rune{
	[]rune("PLSSSSS"),  // ordinary vehicles, small and large
	[]rune("PLES9999"), // new-energy, small
	[]rune("PL99999E"), // new-energy, large
	[]rune("PLSSSS警"),  // police
	[]rune("PLSSSS学"),  // driving schools
	[]rune("PLSSSS挂"),  // trailers
	[]rune("粤ZSSSS港"),  // Hong Kong vehicles entering the mainland
	[]rune("粤ZSSSS澳"),  // Macao vehicles entering the mainland
	[]rune("PLSSSS领"),  // consulates
	[]rune("999999使"),  // embassies
	[]rune("使999999"),  // embassies, the order of before 2017
	[]rune("PLSSSS试"),  // vehicles under test
	[]rune("PLSSSS超"),  // oversized vehicles
	[]rune("PLSSSS应急"), // fire and rescue
}

// plate checks the number of a motor vehicle's plate, GA 36-2018: the
// province's abbreviation, the letter of the issuing office and 5 characters,
// or 6 of which one is a letter A to K for new-energy vehicles; and the special
// forms with 警, 学, 挂, 港, 澳, 领, 使, 试, 超 and 应急. The letters I and O
// stand nowhere. Plates have no check character. How many letters a sequence
// may hold and which offices exist is not checked; plates of the armed forces
// and temporary plates are other schemes and do not pass.
func plate(text string) error {
	const alphabet = digits + plateLetters + provinces + plateMarks
	if err := spelled(text, alphabet, "the digits, capital letters without I and O, provinces and marks of plates"); err != nil {
		return err
	}
	runes := []rune(text)
	for _, form := range plateForms {
		if matches(runes, form) {
			return nil
		}
	}
	if !strings.ContainsRune(provinces+"使"+digits, runes[0]) {
		return errors.New("it does not begin with the abbreviation of a province")
	}
	return errors.New("it has the form of no plate: want a province, a letter and 5 characters (6 for new-energy vehicles), or a special form")
}

// matches says whether every character of a number has its place's sort.
func matches(number, form []rune) bool {
	if len(number) != len(form) {
		return false
	}
	for i, r := range number {
		if !fits(r, form[i]) {
			return false
		}
	}
	return true
}

func fits(r, sort rune) bool {
	switch sort {
	case 'P':
		return strings.ContainsRune(provinces, r)
	case 'L':
		return strings.ContainsRune(plateLetters, r)
	case 'S':
		return strings.ContainsRune(digits+plateLetters, r)
	case 'E':
		return strings.ContainsRune(newEnergy, r)
	case '9':
		return strings.ContainsRune(digits, r)
	}
	return r == sort
}
