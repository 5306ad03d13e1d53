package datasets

import (
	"fmt"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
)

// Type is what the values of a column are. The zero value is no type.
type Type uint8

// The column types of dataset.yaml, with their arrow representation.
const (
	NoType   Type = iota
	ID            // an identifier: arrow utf8, never a number to learn from
	Text          // free text such as a narrative: arrow utf8
	Category      // one of a limited set of names: arrow dictionary<int32, utf8>
	Int           // whole number: arrow int64
	Float         // arrow float64; NaN is read as given and means missing downstream
	Bool          // arrow bool
	Time          // an instant: arrow timestamp in microseconds, UTC
	Date          // a calendar day without a zone: arrow date32; as an instant, its midnight UTC
)

var typeNames = [...]string{"", "id", "text", "category", "int", "float", "bool", "time", "date"}

// String returns the name used in dataset.yaml, or "" for NoType.
func (t Type) String() string {
	if int(t) < len(typeNames) {
		return typeNames[t]
	}
	return fmt.Sprintf("Type(%d)", uint8(t))
}

// ParseType returns the type of that name in dataset.yaml.
func ParseType(name string) (Type, error) {
	for i, n := range typeNames {
		if i > 0 && n == name {
			return Type(i), nil
		}
	}
	return NoType, fmt.Errorf("cannot use column type %q: want one of %s", name, strings.Join(typeNames[1:], ", "))
}

// CategoryType is the arrow type of Category columns.
var CategoryType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}

// TimeType is the arrow type of Time columns.
var TimeType = &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}

// Arrow returns the arrow type in which columns of type t are held, or nil for NoType.
func (t Type) Arrow() arrow.DataType {
	switch t {
	case ID, Text:
		return arrow.BinaryTypes.String
	case Category:
		return CategoryType
	case Int:
		return arrow.PrimitiveTypes.Int64
	case Float:
		return arrow.PrimitiveTypes.Float64
	case Bool:
		return arrow.FixedWidthTypes.Boolean
	case Time:
		return TimeType
	case Date:
		return arrow.FixedWidthTypes.Date32
	}
	return nil
}
