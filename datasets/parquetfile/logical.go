package parquetfile

import (
	"fmt"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// meaning is what a column's physical values stand for.
type meaning uint8

const (
	meansNothing meaning = iota // the physical type says all
	meansText                   // UTF-8: string, enum, JSON
	meansUUID
	meansInt
	meansDecimal
	meansDate
	meansTimestamp
	meansFloat16
	meansNull    // every value is null
	meansForeign // something this package does not read as values: time of day, interval, BSON, geometry
)

// logical is a column's annotation, from either generation of the format.
type logical struct {
	name     string // for people, "" when there is none
	means    meaning
	unsigned bool  // meansInt
	scale    int32 // meansDecimal
	perMicro int64 // meansTimestamp: units per microsecond, or
	micros   int64 // microseconds per unit
}

// logicalOf reads the annotation of a leaf.
func logicalOf(e *format.SchemaElement) logical {
	if v := e.LogicalType.Value; v != nil {
		return annotation(v)
	}
	if e.ConvertedType.Valid {
		return converted(e)
	}
	return logical{}
}

func annotation(v format.LogicalTypeValue) logical {
	l := logical{name: v.String(), means: meansForeign}
	switch v := v.(type) {
	case *format.StringType, *format.EnumType, *format.JsonType:
		l.means = meansText
	case *format.UUIDType:
		l.means = meansUUID
	case *format.IntType:
		l.means, l.unsigned = meansInt, !v.IsSigned
	case *format.DecimalType:
		l.means, l.scale = meansDecimal, v.Scale
	case *format.DateType:
		l.means = meansDate
	case *format.TimestampType:
		l.means = meansTimestamp
		switch v.Unit.Value.(type) {
		case *format.MilliSeconds:
			l.micros = 1000
		case *format.MicroSeconds:
			l.micros = 1
		case *format.NanoSeconds:
			l.perMicro = 1000
		default:
			l.means = meansForeign
		}
	case *format.Float16Type:
		l.means = meansFloat16
	case *format.NullType:
		l.means = meansNull
	}
	return l
}

// convertedNames are the names of the older annotations, by their numbers.
var convertedNames = [...]string{
	"UTF8", "MAP", "MAP_KEY_VALUE", "LIST", "ENUM", "DECIMAL", "DATE", "TIME_MILLIS", "TIME_MICROS", "TIMESTAMP_MILLIS", "TIMESTAMP_MICROS",
	"UINT_8", "UINT_16", "UINT_32", "UINT_64", "INT_8", "INT_16", "INT_32", "INT_64", "JSON", "BSON", "INTERVAL",
}

// converted reads the older annotation.
func converted(e *format.SchemaElement) logical {
	t := e.ConvertedType.V
	l := logical{name: fmt.Sprintf("converted type %d", t), means: meansForeign}
	if t >= 0 && int(t) < len(convertedNames) {
		l.name = convertedNames[t]
	}
	switch t {
	case deprecated.UTF8, deprecated.Enum, deprecated.Json:
		l.means = meansText
	case deprecated.Int8, deprecated.Int16, deprecated.Int32, deprecated.Int64:
		l.means = meansInt
	case deprecated.Uint8, deprecated.Uint16, deprecated.Uint32, deprecated.Uint64:
		l.means, l.unsigned = meansInt, true
	case deprecated.Decimal:
		l.means, l.scale = meansDecimal, e.Scale.V
		l.name = fmt.Sprintf("DECIMAL(%d,%d)", e.Precision.V, e.Scale.V)
	case deprecated.Date:
		l.means = meansDate
	case deprecated.TimestampMillis:
		l.means, l.micros = meansTimestamp, 1000
	case deprecated.TimestampMicros:
		l.means, l.micros = meansTimestamp, 1
	}
	return l
}

// fits says whether the annotation can stand on the physical type, with the
// reason when it cannot.
func (l *logical) fits(physical format.Type, length int32) error {
	ok := true
	switch l.means {
	case meansText:
		ok = physical == format.ByteArray
	case meansUUID:
		ok = physical == format.FixedLenByteArray && length == 16
	case meansInt:
		ok = physical == format.Int32 || physical == format.Int64
	case meansDecimal:
		ok = physical == format.Int32 || physical == format.Int64 || physical == format.ByteArray || physical == format.FixedLenByteArray
		if ok && (l.scale < 0 || l.scale > 4096) {
			return fmt.Errorf("its decimal scale is %d", l.scale)
		}
		ok = ok && (physical != format.FixedLenByteArray || length <= maxDecimalBytes)
	case meansDate:
		ok = physical == format.Int32
	case meansTimestamp:
		ok = physical == format.Int64
	case meansFloat16:
		ok = physical == format.FixedLenByteArray && length == 2
	}
	if !ok {
		return fmt.Errorf("it is annotated as %s, which cannot stand on %s", l.name, physicalName(physical, length))
	}
	return nil
}

// nestedType stands for the physical type of a group, which has none.
const nestedType format.Type = -1

// physicalName returns a physical type as people write it.
func physicalName(t format.Type, length int32) string {
	switch t {
	case nestedType:
		return "group"
	case format.FixedLenByteArray:
		return fmt.Sprintf("FIXED_LEN_BYTE_ARRAY(%d)", length)
	}
	return t.String()
}
