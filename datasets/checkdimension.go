package datasets

import (
	"fmt"
	"strings"
)

// Dimension is one of the five dimensions of data quality of Application
// Guideline No. 1, Articles 14 and 25. The zero value is none.
type Dimension uint8

// The dimensions.
const (
	NoDimension  Dimension = iota
	Truth                  // 真实性: no rule against made-up data caught the value
	Completeness           // 完整性: there is a value
	Accuracy               // 准确性: no rule across columns or on ranges caught the value
	Timeliness             // 及时性: the row was known soon after it happened
	StandardForm           // 规范性: the value has the form of its code table, identifier or type
)

// Dimensions are the dimensions, in the order in which they are shown.
var Dimensions = [...]Dimension{Truth, Completeness, Accuracy, Timeliness, StandardForm}

var dimensionNames = [...]string{"", "truth", "completeness", "accuracy", "timeliness", "standard_form"}
var dimensionTitlesZH = [...]string{"", "真实性", "完整性", "准确性", "及时性", "规范性"}
var dimensionTitlesEN = [...]string{"", "Truth", "Completeness", "Accuracy", "Timeliness", "Standard form"}

// String returns the name used in files, "" for NoDimension.
func (d Dimension) String() string {
	if int(d) < len(dimensionNames) {
		return dimensionNames[d]
	}
	return fmt.Sprintf("Dimension(%d)", uint8(d))
}

// Title returns the dimension's name for people, empty for NoDimension.
func (d Dimension) Title() Title {
	if int(d) < len(dimensionNames) {
		return Title{EN: dimensionTitlesEN[d], ZH: dimensionTitlesZH[d]}
	}
	return Title{}
}

// MarshalText writes the name used in files.
func (d Dimension) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the name used in files.
func (d *Dimension) UnmarshalText(text []byte) error {
	for i, n := range dimensionNames {
		if n == string(text) {
			*d = Dimension(i)
			return nil
		}
	}
	return fmt.Errorf("cannot use dimension %q: want one of %s", text, strings.Join(dimensionNames[1:], ", "))
}
