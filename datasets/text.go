package datasets

import (
	"fmt"
	"strings"
)

// MarshalText writes the name used in files.
func (t Type) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads the name used in files.
func (t *Type) UnmarshalText(text []byte) (err error) {
	*t, err = ParseType(string(text))
	return err
}

// MarshalText writes the name used in files.
func (s Stage) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the name used in files; "" is NoStage.
func (s *Stage) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*s = NoStage
		return nil
	}
	*s, err = ParseStage(string(text))
	return err
}

var classNames = [...]string{"general", "personal", "sensitive"}

// String returns the class's name in files.
func (c DataClass) String() string {
	if int(c) < len(classNames) {
		return classNames[c]
	}
	return fmt.Sprintf("DataClass(%d)", uint8(c))
}

// MarshalText writes the name used in files.
func (c DataClass) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the name used in files; "" is General.
func (c *DataClass) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*c = General
		return nil
	}
	for i, n := range classNames {
		if n == string(text) {
			*c = DataClass(i)
			return nil
		}
	}
	return fmt.Errorf("cannot use data class %q: want one of %s", text, strings.Join(classNames[:], ", "))
}

// MarshalText writes the label's name.
func (l Label) MarshalText() ([]byte, error) { return []byte(l.String()), nil }
