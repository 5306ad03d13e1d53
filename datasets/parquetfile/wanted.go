package parquetfile

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
)

// wanted is an arrow type that this package reads into and writes from.
type wanted uint8

const (
	wantNothing wanted = iota
	wantText
	wantDictionary
	wantInt
	wantFloat
	wantBool
	wantTime
	wantDate
)

// wantedOf returns the kind of an arrow type, or an error that lists the types
// on offer.
func wantedOf(t arrow.DataType) (wanted, error) {
	switch t := t.(type) {
	case *arrow.StringType:
		return wantText, nil
	case *arrow.DictionaryType:
		if t.IndexType.ID() == arrow.INT32 && t.ValueType.ID() == arrow.STRING && !t.Ordered {
			return wantDictionary, nil
		}
	case *arrow.Int64Type:
		return wantInt, nil
	case *arrow.Float64Type:
		return wantFloat, nil
	case *arrow.BooleanType:
		return wantBool, nil
	case *arrow.TimestampType:
		if t.Unit == arrow.Microsecond && t.TimeZone == "UTC" {
			return wantTime, nil
		}
	case *arrow.Date32Type:
		return wantDate, nil
	}
	return wantNothing, fmt.Errorf("arrow type %v is not supported: want utf8, dictionary<int32, utf8>, int64, float64, bool, timestamp[us, UTC] or date32", t)
}

var wantedNames = [...]string{"", "text (utf8)", "category (dictionary<int32, utf8>)", "int (int64)", "float (float64)", "bool", "time (timestamp[us, UTC])", "date (date32)"}

// String returns the type's name for people.
func (w wanted) String() string { return wantedNames[w] }
