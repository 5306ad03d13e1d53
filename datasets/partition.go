package datasets

import (
	"fmt"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// hiveNull is how Hive and Spark name the partition of null.
const hiveNull = "__HIVE_DEFAULT_PARTITION__"

// partitionValue is the value of a column that a folder such as "year=2024"
// gives to all rows below it.
type partitionValue struct{ text string }

// partition returns the values that the file's folders give, by column name in
// the file.
func (f dataFile) partition() (map[string]partitionValue, error) {
	var out map[string]partitionValue
	for _, folder := range strings.Split(path.Dir(string(f)), "/") {
		name, value, ok := strings.Cut(folder, "=")
		if !ok || name == "" {
			continue
		}
		text, err := url.PathUnescape(value)
		if err != nil {
			return nil, fmt.Errorf("cannot read %s: folder %q is not escaped as Hive partitions are: %w", string(f), folder, err)
		}
		if out == nil {
			out = map[string]partitionValue{}
		}
		out[name] = partitionValue{text}
	}
	return out, nil
}

// array returns n rows of the value as a column of c's type.
func (v partitionValue) array(c *ColumnSpec, n int) (arrow.Array, error) {
	b := array.NewBuilder(memory.DefaultAllocator, c.Type.Arrow())
	defer b.Release()
	if v.text == hiveNull {
		b.AppendNulls(n)
		return b.NewArray(), nil
	}
	appendOne, err := v.appender(c.Type, b)
	if err != nil {
		return nil, fmt.Errorf("cannot read %q as %s: %w", v.text, c.Type, err)
	}
	for range n {
		if err := appendOne(); err != nil {
			return nil, err
		}
	}
	return b.NewArray(), nil
}

// appender returns a function that appends the value to b once.
func (v partitionValue) appender(t Type, b array.Builder) (func() error, error) {
	switch b := b.(type) {
	case *array.StringBuilder:
		return func() error { b.Append(v.text); return nil }, nil
	case *array.BinaryDictionaryBuilder:
		return func() error { return b.AppendString(v.text) }, nil
	case *array.Int64Builder:
		x, err := strconv.ParseInt(v.text, 10, 64)
		return func() error { b.Append(x); return nil }, err
	case *array.Float64Builder:
		x, err := strconv.ParseFloat(v.text, 64)
		return func() error { b.Append(x); return nil }, err
	case *array.BooleanBuilder:
		x, err := strconv.ParseBool(v.text)
		return func() error { b.Append(x); return nil }, err
	case *array.Date32Builder:
		day, err := time.Parse(time.DateOnly, v.text)
		return func() error { b.Append(arrow.Date32FromTime(day)); return nil }, err
	case *array.TimestampBuilder:
		instant, err := parseInstant(v.text)
		return func() error { b.Append(arrow.Timestamp(instant.UnixMicro())); return nil }, err
	}
	return nil, fmt.Errorf("folders give no values of type %s", t)
}

// parseInstant reads the forms in which Spark and others write instants into
// folder names; without a zone they are UTC.
func parseInstant(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("want an instant such as 2024-05-01T09:30:00Z")
}
