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
	values, valid, err := t.words(s.column.Name)
	if err != nil {
		s.fault(0, "", 1, err.Error(), "declare the column as id")
		return
	}
	var wrong, old tally
	var reason error
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
		default:
			if wrong.count == 0 {
				reason = errors.Unwrap(err)
			}
			wrong.add(i, identifier.Mask(v))
		}
	}
	if wrong.count > 0 {
		s.note(wrong.row, wrong.value, wrong.count,
			fmt.Sprintf("the value is no %s (%s): %v; %d of %d values are wrong", kind.Title(), kind.Standard(), reason, wrong.count, filled),
			"correct the values at their source, or write null; where the column holds something else, take role: "+s.column.Role+" out of "+SpecFile)
	}
	s.note(old.row, old.value, old.count,
		fmt.Sprintf("the %s is in the old form of 15 digits; so are %d of the %d values", kind.Title(), old.count, filled),
		"write the form of 18 characters, so that the rows of one person meet")
}

// masked hides most of a value when the column's role says that it is an
// identifier in the sense of package identifier.
func (s *scan) masked(value string) string {
	if _, ok := identifier.ByRole(s.column.Role); ok {
		return identifier.Mask(value)
	}
	return value
}
