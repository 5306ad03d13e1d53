package datasets

import (
	"errors"
	"fmt"

	"claimsieve/datasets/identifier"
)

// identifiers notes values that cannot be what the column's role says, such as
// a vehicle.vin with a wrong check digit. It is a note, whatever their share:
// a wrong identifier does not spoil a vector, but it joins no rows, or joins
// those of different people. Numbers in the old form of 15 digits are genuine
// and are noted by themselves, since they do not meet those of 18.
func (s *scan) identifiers(t *Table) {
	kind, ok := identifier.ByRole(s.column.Role)
	if !ok {
		return
	}
	s.formed = true
	values, valid, err := t.words(s.column.Name)
	if err != nil {
		s.broken(err, "declare the column as id")
		return
	}
	var malformed, digit, old tally
	var form, check error // the first of each
	filled := 0
	for i, v := range values {
		if !valid[i] {
			continue
		}
		filled++
		err := identifier.Check(kind, v)
		switch {
		case err == nil:
		case errors.Is(err, identifier.ErrOldForm):
			old.add(i, identifier.Mask(v))
		case errors.Is(err, identifier.ErrCheckDigit):
			if digit.count == 0 {
				check = errors.Unwrap(err)
			}
			digit.add(i, identifier.Mask(v))
		default:
			if malformed.count == 0 {
				form = errors.Unwrap(err)
			}
			malformed.add(i, identifier.Mask(v))
		}
	}
	mend := "correct the values at their source, or write null; where the column holds something else, take role: " + s.column.Role + " out of " + SpecFile
	text := "the value is no %s (%s): %v; %d of %d values are wrong"
	s.find(MalformedIdentifier, malformed, fmt.Sprintf(text, kind.Title(), kind.Standard(), form, malformed.count, filled), mend)
	s.find(WrongCheckDigit, digit, fmt.Sprintf(text, kind.Title(), kind.Standard(), check, digit.count, filled), mend)
	s.find(OldIdentifier, old,
		fmt.Sprintf("the %s is in the old form of 15 digits; so are %d of the %d values", kind.Title(), old.count, filled),
		"write the form of 18 characters, so that the rows of one person meet")
}

// masked hides most of a value when the column's role says that it is an
// identifier in the sense of package identifier.
func (s *scan) masked(value string) string {
	return MaskedValue(s.column, value)
}
