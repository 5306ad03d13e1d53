package identifier

import (
	"errors"
	"fmt"
)

// mobile checks a mobile telephone number of the mainland, as the numbering
// plan of the Ministry of Industry and Information Technology (2017 edition)
// has it below country code 86 of ITU-T E.164: 11 digits, the first 1 and the
// second 3 to 9. There is no check digit, and which ranges are in use is not
// checked: new ones are given out every year.
func mobile(text string) error {
	if len(text) == 14 && text[:3] == "+86" {
		return errors.New("it has the country's prefix: write the 11 digits alone")
	}
	if err := spelled(text, digits, "the digits"); err != nil {
		return err
	}
	if len(text) != 11 {
		return fmt.Errorf("it has %d digits: want 11", len(text))
	}
	if text[0] != '1' || text[1] < '3' {
		return errors.New("it does not begin with 13 to 19")
	}
	return nil
}
