package datasets

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// rowSpec has one column of every type.
func rowSpec() *TableSpec {
	return &TableSpec{Key: "claim_id", KnownAt: "reported_at", Columns: []ColumnSpec{
		{Name: "claim_id", Type: ID},
		{Name: "narrative", Type: Text},
		{Name: "cause", Type: Category},
		{Name: "photos", Type: Int},
		{Name: "amount", Type: Float},
		{Name: "police", Type: Bool},
		{Name: "reported_at", Type: Time},
		{Name: "policy_start", Type: Date},
	}}
}

// rowWith returns a row whose claim_id is there and whose one other member is given.
func rowWith(member, value string) []byte {
	return fmt.Appendf(nil, `{"claim_id":"c1",%q:%s}`, member, value)
}

func mustParse(t *testing.T, body []byte) *Row {
	t.Helper()
	row, err := ParseRow(rowSpec(), body)
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return row
}

// cellText shows the value of one column, for comparisons; "null" for null.
func cellText(t *testing.T, rec arrow.Record, column string) string {
	t.Helper()
	idx := rec.Schema().FieldIndices(column)
	if len(idx) != 1 {
		t.Fatalf("record has no column %q", column)
	}
	a := rec.Column(idx[0])
	if a.IsNull(0) {
		return "null"
	}
	switch a := a.(type) {
	case *array.Float64:
		return fmt.Sprintf("%x", math.Float64bits(a.Value(0)))
	case *array.Timestamp:
		return fmt.Sprint(int64(a.Value(0)))
	case *array.Date32:
		return fmt.Sprint(int32(a.Value(0)))
	case *array.Dictionary:
		return a.Dictionary().(*array.String).Value(a.GetValueIndex(0))
	case *array.String:
		return a.Value(0)
	}
	return a.ValueStr(0)
}

func TestParseRowHasTheSchemaOfTheTable(t *testing.T) {
	spec := rowSpec()
	row := mustParse(t, []byte(` { "amount" : 12.5 , "claim_id":"c\u0031" , "police":null } `))
	if row.Record.NumRows() != 1 || int(row.Record.NumCols()) != len(spec.Columns) {
		t.Fatalf("%d rows, %d columns", row.Record.NumRows(), row.Record.NumCols())
	}
	for i, c := range spec.Columns {
		f := row.Record.Schema().Field(i)
		if f.Name != c.Name || !arrow.TypeEqual(f.Type, c.Type.Arrow()) || !arrow.TypeEqual(row.Record.Column(i).DataType(), c.Type.Arrow()) {
			t.Errorf("column %d is %v of %s, want %s of %s", i, f, row.Record.Column(i).DataType(), c.Name, c.Type.Arrow())
		}
	}
	want := []string{"narrative", "cause", "photos", "reported_at", "policy_start"}
	if !slices.Equal(row.Absent, want) {
		t.Errorf("absent %v, want %v", row.Absent, want)
	}
	for _, c := range append(want, "police") {
		if got := cellText(t, row.Record, c); got != "null" {
			t.Errorf("%s is %q, want null", c, got)
		}
	}
	if got := cellText(t, row.Record, "claim_id"); got != "c1" {
		t.Errorf("claim_id is %q", got)
	}
	if _, err := NewTable("claims", row.Record.Schema(), []arrow.Record{row.Record}); err != nil {
		t.Error(err)
	}
}

func TestParseRowTakesGoodValues(t *testing.T) {
	hexFloat := func(f float64) string { return fmt.Sprintf("%x", math.Float64bits(f)) }
	cases := []struct{ column, json, want string }{
		{"narrative", `"\ud83d\ude97 追尾\n\"\\\/\b\f\r\t\u0000"`, "🚗 追尾\n\"\\/\b\f\r\t\x00"},
		{"narrative", `""`, ""},
		{"cause", `"collision"`, "collision"},
		{"photos", `9223372036854775807`, "9223372036854775807"},
		{"photos", `-9223372036854775808`, "-9223372036854775808"},
		{"photos", `9007199254740993`, "9007199254740993"}, // 2^53+1: a float64 would lose it
		{"photos", `9007199254740993.000`, "9007199254740993"},
		{"photos", `3.0`, "3"},
		{"photos", `-0`, "0"},
		{"photos", `-0.0e5`, "0"},
		{"photos", `0e999999999999999999999`, "0"},
		{"photos", `12.50e1`, "125"},
		{"photos", `9.223372036854775807E+18`, "9223372036854775807"},
		{"photos", `5000e-3`, "5"},
		{"amount", `-0.0`, hexFloat(math.Copysign(0, -1))},
		{"amount", `5e-324`, hexFloat(math.SmallestNonzeroFloat64)},
		{"amount", `1e-400`, hexFloat(0)},
		{"amount", `1.7976931348623157e308`, hexFloat(math.MaxFloat64)},
		{"amount", `7`, hexFloat(7)},
		{"police", `true`, "true"},
		{"police", `false`, "false"},
		{"policy_start", `"1970-01-01"`, "0"},
		{"policy_start", `"1969-12-31"`, "-1"},
		{"policy_start", `"2024-02-29"`, "19782"},
		{"reported_at", `"1970-01-01"`, "0"},
		{"reported_at", `"1970-01-02T00:00:00"`, "86400000000"},
		{"reported_at", `"1970-01-01T08:00:00+08:00"`, "0"},
		{"reported_at", `"1969-12-31T23:59:59.9999999Z"`, "-1"}, // cut off, not rounded into 1970
		{"reported_at", `"1970-01-01t00:00:00.000001-00:00"`, "1"},
	}
	for _, c := range cases {
		if got := cellText(t, mustParse(t, rowWith(c.column, c.json)).Record, c.column); got != c.want {
			t.Errorf("%s %s is %q, want %q", c.column, c.json, got, c.want)
		}
	}
}

func TestParseRowRefusesWithFieldAndCode(t *testing.T) {
	cases := []struct{ body, field, code string }{
		{``, "", CodeNotJSON}, {` `, "", CodeNotJSON}, {`{`, "", CodeNotJSON}, {`{"claim_id"`, "", CodeNotJSON},
		{`{"claim_id":"c1"`, "", CodeNotJSON}, {`{"claim_id":"c1",}`, "", CodeNotJSON}, {`{,}`, "", CodeNotJSON},
		{`{"claim_id":"c1"} x`, "", CodeNotJSON}, {`{"claim_id":"c1"}{}`, "", CodeNotJSON}, {`{'claim_id':"c1"}`, "", CodeNotJSON},
		{`{"claim_id":"c1"/**/}`, "", CodeNotJSON}, {"\ufeff{\"claim_id\":\"c1\"}", "", CodeNotJSON},
		{"{\"claim_id\":\"c\xff\"}", "", CodeNotJSON}, {"{\"claim_id\":\"c\n\"}", "", CodeNotJSON},
		{`{"claim_id":"\ud800"}`, "", CodeNotJSON}, {`{"claim_id":"\ud800\u0041"}`, "", CodeNotJSON}, {`{"claim_id":"\udc00\ud800"}`, "", CodeNotJSON},
		{`{"claim_id":"\x"}`, "", CodeNotJSON}, {`{"claim_id":"\u12g4"}`, "", CodeNotJSON}, {`{"claim_id":"\`, "", CodeNotJSON},
		{`{"claim_id":"c1","amount":NaN}`, "", CodeNotJSON}, {`{"claim_id":"c1","amount":Infinity}`, "", CodeNotJSON},
		{`{"claim_id":"c1","amount":01}`, "", CodeNotJSON}, {`{"claim_id":"c1","amount":+1}`, "", CodeNotJSON}, {`{"claim_id":"c1","amount":.5}`, "", CodeNotJSON},
		{`{"claim_id":"c1","amount":1.}`, "", CodeNotJSON}, {`{"claim_id":"c1","amount":1e}`, "", CodeNotJSON}, {`{"claim_id":"c1","amount":-}`, "", CodeNotJSON},
		{`{"claim_id":"c1","police":nul}`, "", CodeNotJSON}, {`{"claim_id":"c1","police":trueish}`, "", CodeNotJSON}, {`{"claim_id":"c1","police":TRUE}`, "", CodeNotJSON},
		{`[]`, "", CodeWrongType}, {`[{"claim_id":"c1"}]`, "", CodeWrongType}, {`"c1"`, "", CodeWrongType}, {`null`, "", CodeWrongType}, {`1`, "", CodeWrongType},
		{`{}`, "claim_id", CodeMissingKey}, {`{"amount":1}`, "claim_id", CodeMissingKey}, {`{"claim_id":null}`, "claim_id", CodeMissingKey}, {`{"claim_id":""}`, "claim_id", CodeMissingKey},
		{`{"claim_id":1}`, "claim_id", CodeWrongType},
		{`{"claim_id":"c1","amout":1}`, "amout", CodeUnknownField}, {`{"claim_id":"c1","Amount":1}`, "Amount", CodeUnknownField}, {`{"":1}`, "", CodeUnknownField},
		{`{"claim_id":"c1","claim_id":"c1"}`, "claim_id", CodeDuplicateField}, {`{"claim_id":"c1","amount":null,"amount":1}`, "amount", CodeDuplicateField},
		{`{"claim_id":"c1","\u0061mount":1,"amount":1}`, "amount", CodeDuplicateField},
		{`{"claim_id":"c1","amount":{"value":1}}`, "amount", CodeWrongType}, {`{"claim_id":"c1","amount":[1]}`, "amount", CodeWrongType},
		{`{"claim_id":"c1","amount":"1"}`, "amount", CodeWrongType}, {`{"claim_id":"c1","amount":"NaN"}`, "amount", CodeWrongType}, {`{"claim_id":"c1","amount":true}`, "amount", CodeWrongType},
		{`{"claim_id":"c1","amount":1e400}`, "amount", CodeOutOfRange}, {`{"claim_id":"c1","amount":-1e309}`, "amount", CodeOutOfRange},
		{`{"claim_id":"c1","photos":1.5}`, "photos", CodeWrongType}, {`{"claim_id":"c1","photos":1e-400}`, "photos", CodeWrongType}, {`{"claim_id":"c1","photos":"3"}`, "photos", CodeWrongType},
		{`{"claim_id":"c1","photos":9223372036854775808}`, "photos", CodeOutOfRange}, {`{"claim_id":"c1","photos":-9223372036854775809}`, "photos", CodeOutOfRange},
		{`{"claim_id":"c1","photos":1e999999999999999}`, "photos", CodeOutOfRange}, {`{"claim_id":"c1","photos":1e19}`, "photos", CodeOutOfRange},
		{`{"claim_id":"c1","police":1}`, "police", CodeWrongType}, {`{"claim_id":"c1","police":"true"}`, "police", CodeWrongType},
		{`{"claim_id":"c1","cause":3}`, "cause", CodeWrongType}, {`{"claim_id":"c1","narrative":false}`, "narrative", CodeWrongType},
		{`{"claim_id":"c1","policy_start":"2023-02-29"}`, "policy_start", CodeOutOfRange}, {`{"claim_id":"c1","policy_start":"2023-13-01"}`, "policy_start", CodeOutOfRange},
		{`{"claim_id":"c1","policy_start":"2023-2-9"}`, "policy_start", CodeWrongType}, {`{"claim_id":"c1","policy_start":"2023-02-09T00:00:00Z"}`, "policy_start", CodeWrongType},
		{`{"claim_id":"c1","policy_start":19782}`, "policy_start", CodeWrongType}, {`{"claim_id":"c1","policy_start":""}`, "policy_start", CodeWrongType},
		{`{"claim_id":"c1","reported_at":"2023-02-09 10:00:00"}`, "reported_at", CodeWrongType}, {`{"claim_id":"c1","reported_at":"2023-02-09T10:00"}`, "reported_at", CodeWrongType},
		{`{"claim_id":"c1","reported_at":"2023-02-09T24:00:00Z"}`, "reported_at", CodeOutOfRange}, {`{"claim_id":"c1","reported_at":"2016-12-31T23:59:60Z"}`, "reported_at", CodeOutOfRange},
		{`{"claim_id":"c1","reported_at":"2023-02-09T10:00:00.Z"}`, "reported_at", CodeWrongType}, {`{"claim_id":"c1","reported_at":"2023-02-09T10:00:00+0800"}`, "reported_at", CodeWrongType},
		{`{"claim_id":"c1","reported_at":"2023-02-09T10:00:00+24:00"}`, "reported_at", CodeOutOfRange}, {`{"claim_id":"c1","reported_at":"2023-02-09T10:00:00,5Z"}`, "reported_at", CodeWrongType},
		{`{"claim_id":"c1","reported_at":"0000-01-01T00:00:00+08:00"}`, "reported_at", CodeOutOfRange}, {`{"claim_id":"c1","reported_at":1675929600}`, "reported_at", CodeWrongType},
	}
	for _, c := range cases {
		_, err := ParseRow(rowSpec(), []byte(c.body))
		var f *FieldError
		if !errors.As(err, &f) || f.Field != c.field || f.Code != c.code {
			t.Errorf("%s: got %v (%+v), want field %q, code %s", c.body, err, f, c.field, c.code)
		}
	}
}

func TestFieldErrorsHelp(t *testing.T) {
	_, err := ParseRow(rowSpec(), []byte(`{"claim_id":"c1","amout":1}`))
	if err == nil || !strings.Contains(err.Error(), `did you mean "amount"?`) {
		t.Errorf("got %v", err)
	}
	long := strings.Repeat("长", 100_000)
	for _, body := range [][]byte{rowWith(long, "1"), rowWith("amount", `"`+long+`"`), rowWith("photos", "1."+strings.Repeat("3", 100_000))} {
		if _, err := ParseRow(rowSpec(), body); err == nil || len(err.Error()) > 1000 {
			t.Errorf("the message has %d bytes", len(fmt.Sprint(err)))
		}
	}
}

func TestRowParserRefusesBadTables(t *testing.T) {
	for _, spec := range []*TableSpec{
		{Columns: []ColumnSpec{{Name: "a"}}},
		{Columns: []ColumnSpec{{Name: "a", Type: Int}, {Name: "a", Type: Int}}},
		{Key: "b", Columns: []ColumnSpec{{Name: "a", Type: Int}}},
	} {
		if _, err := NewRowParser(spec); err == nil {
			t.Errorf("took %+v", spec)
		}
	}
	row, err := ParseRow(&TableSpec{Columns: []ColumnSpec{{Name: "a", Type: Int}}}, []byte(`{}`))
	if err != nil || !slices.Equal(row.Absent, []string{"a"}) {
		t.Errorf("a table without a key: %+v, %v", row, err)
	}
}

// randomRecord makes n rows by arrow's own builders, with extreme values and nulls.
func randomRecord(rng *rand.Rand, n int) arrow.Record {
	p, err := NewRowParser(rowSpec())
	if err != nil {
		panic(err)
	}
	b := array.NewRecordBuilder(memory.NewGoAllocator(), p.Schema())
	texts := []string{"", "a", "三者", "\x00\"\\\x1f\u2028🚗", "null", "1e5"}
	span := int64(lastMicros) - int64(firstMicros)
	for i := range n {
		b.Field(0).(*array.StringBuilder).Append(fmt.Sprintf("c%d", i))
		for j := 1; j < len(b.Fields()); j++ {
			if rng.IntN(6) == 0 {
				b.Field(j).AppendNull()
				continue
			}
			switch f := b.Field(j).(type) {
			case *array.StringBuilder:
				f.Append(texts[rng.IntN(len(texts))])
			case *array.BinaryDictionaryBuilder:
				if err := f.AppendString(texts[rng.IntN(len(texts))]); err != nil {
					panic(err)
				}
			case *array.Int64Builder:
				f.Append(int64(rng.Uint64()) >> rng.IntN(64))
			case *array.Float64Builder:
				v := math.Float64frombits(rng.Uint64())
				if math.IsNaN(v) || math.IsInf(v, 0) || rng.IntN(2) == 0 {
					v = float64(rng.IntN(2_000_000)-1_000_000) / 100
				}
				f.Append(v)
			case *array.BooleanBuilder:
				f.Append(rng.IntN(2) == 0)
			case *array.TimestampBuilder:
				unit := []int64{1, 1000, 1_000_000, microsPerDay}[rng.IntN(4)]
				f.Append(arrow.Timestamp((int64(firstMicros) + rng.Int64N(span)) / unit * unit))
			case *array.Date32Builder:
				f.Append(arrow.Date32((int64(firstMicros) + rng.Int64N(span)) / microsPerDay))
			}
		}
	}
	return b.NewRecord()
}

func TestRowJSONRoundTrip(t *testing.T) {
	rec := randomRecord(rand.New(rand.NewPCG(1, 2)), 3000)
	p, err := NewRowParser(rowSpec())
	if err != nil {
		t.Fatal(err)
	}
	for i := range int(rec.NumRows()) {
		raw, err := RowJSON(rec, i)
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(raw) {
			t.Fatalf("row %d is not JSON: %s", i, raw)
		}
		row, err := p.Parse(raw)
		if err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		if len(row.Absent) != 0 {
			t.Fatalf("absent %v", row.Absent)
		}
		one := rec.NewSlice(int64(i), int64(i+1))
		for _, c := range rowSpec().Columns {
			if want, got := cellText(t, one, c.Name), cellText(t, row.Record, c.Name); want != got {
				t.Fatalf("row %d column %s: %q became %q by way of %s", i, c.Name, want, got, raw)
			}
		}
		if again, err := RowJSON(row.Record, 0); err != nil || !bytes.Equal(raw, again) {
			t.Fatalf("%s became %s, %v", raw, again, err)
		}
	}
}

func TestRowJSONForm(t *testing.T) {
	body := `{"claim_id":"c1","narrative":"追尾","cause":null,"photos":3,"amount":1000000.5,"police":true,"reported_at":"2026-01-31T00:30:00.25Z","policy_start":"2025-07-01"}`
	raw, err := RowJSON(mustParse(t, []byte(body)).Record, 0)
	if err != nil || string(raw) != body {
		t.Errorf("got %s, %v, want %s", raw, err, body)
	}
}

func TestRowJSONRefusesWhatJSONCannotSay(t *testing.T) {
	schema := arrow.NewSchema([]arrow.Field{{Name: "a", Type: arrow.PrimitiveTypes.Float64}, {Name: "s", Type: arrow.BinaryTypes.String}, {Name: "d", Type: arrow.FixedWidthTypes.Date32}}, nil)
	b := array.NewRecordBuilder(memory.NewGoAllocator(), schema)
	b.Field(0).(*array.Float64Builder).AppendValues([]float64{math.NaN(), math.Inf(1), 0, 0}, nil)
	b.Field(1).(*array.StringBuilder).AppendValues([]string{"", "", "\xff", ""}, nil)
	b.Field(2).(*array.Date32Builder).AppendValues([]arrow.Date32{0, 0, 0, math.MaxInt32}, nil)
	rec := b.NewRecord()
	if raw, err := RowJSON(rec, 0); err != nil || string(raw) != `{"a":null,"s":"","d":"1970-01-01"}` {
		t.Errorf("NaN: %s, %v", raw, err)
	}
	for i, column := range []string{"a", "s", "d"} {
		if raw, err := RowJSON(rec, i+1); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("row %d as JSON: column %q", i+1, column)) {
			t.Errorf("row %d: %s, %v", i+1, raw, err)
		}
	}
}

func TestRowDoesNotAliasTheBody(t *testing.T) {
	body := []byte(`{"claim_id":"c1","narrative":"one","cause":"two"}`)
	row := mustParse(t, body)
	for i := range body {
		body[i] = 'x'
	}
	for column, want := range map[string]string{"claim_id": "c1", "narrative": "one", "cause": "two"} {
		if got := cellText(t, row.Record, column); got != want {
			t.Errorf("%s became %q", column, got)
		}
	}
}

// FuzzParseRow compares with encoding/json, math/big and time.
func FuzzParseRow(f *testing.F) {
	for _, s := range []string{
		`{"claim_id":"c1","narrative":"\ud83d\ude97","cause":"x","photos":3.0,"amount":-1.5e-7,"police":false,"reported_at":"2026-01-31T08:30:00.123456789+08:00","policy_start":"2024-02-29"}`,
		`{"claim_id":"c1","photos":9223372036854775808}`, `{"claim_id":"c1","amount":1e400}`, `{"claim_id":"\udc00"}`, `[]`, `{"claim_id":"c1"}}`, ` { } `, `{"claim_id":"c1","photos":12e-1}`,
	} {
		f.Add([]byte(s))
	}
	p, err := NewRowParser(rowSpec())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		row, err := p.Parse(body)
		if err != nil {
			var fault *FieldError
			if !errors.As(err, &fault) {
				t.Fatalf("not a FieldError: %v", err)
			}
			if fault.Code == CodeNotJSON && json.Valid(body) && utf8.Valid(body) && !bytes.Contains(bytes.ToLower(body), []byte(`\ud`)) {
				t.Fatalf("JSON was refused as such: %v", err)
			}
			return
		}
		compareWithJSON(t, body, row)
		raw, err := RowJSON(row.Record, 0)
		if err != nil {
			t.Fatal(err)
		}
		again, err := p.Parse(raw)
		if err != nil {
			t.Fatalf("%s became %s: %v", body, raw, err)
		}
		if twice, err := RowJSON(again.Record, 0); err != nil || !bytes.Equal(raw, twice) {
			t.Fatalf("%s became %s, %v", raw, twice, err)
		}
	})
}

// compareWithJSON checks that a row that was taken holds what encoding/json reads.
func compareWithJSON(t *testing.T, body []byte, row *Row) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var members map[string]any
	if err := dec.Decode(&members); err != nil || !json.Valid(body) {
		t.Fatalf("%q was taken: %v", body, err)
	}
	for _, c := range rowSpec().Columns {
		v, named := members[c.Name]
		got := cellText(t, row.Record, c.Name)
		if !named != slices.Contains(row.Absent, c.Name) {
			t.Fatalf("%s: named %v, absent %v", c.Name, named, row.Absent)
		}
		if want := expectedCell(t, c.Type, v); got != want {
			t.Fatalf("%s of %q is %q, want %q", c.Name, body, got, want)
		}
	}
}

func expectedCell(t *testing.T, typ Type, v any) string {
	t.Helper()
	if v == nil {
		return "null"
	}
	switch typ {
	case Int:
		// big.Rat would expand a huge exponent; only zero can have one here.
		if mantissa, _, _ := strings.Cut(strings.ToLower(v.(json.Number).String()), "e"); strings.Trim(mantissa, "-0.") == "" {
			return "0"
		}
		r, ok := new(big.Rat).SetString(v.(json.Number).String())
		if !ok || !r.IsInt() {
			t.Fatalf("%v is not whole", v)
		}
		return r.Num().String()
	case Float:
		x, err := v.(json.Number).Float64()
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%x", math.Float64bits(x))
	case Bool:
		return fmt.Sprint(v.(bool))
	case Date:
		at, err := time.Parse(time.DateOnly, v.(string))
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(at.Unix() / 86400)
	case Time:
		text := strings.ToUpper(v.(string))
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", time.DateOnly} {
			if at, err := time.Parse(layout, text); err == nil {
				return fmt.Sprint(at.UnixMicro())
			}
		}
		t.Fatalf("time %q was taken", v)
	}
	return v.(string)
}

func BenchmarkParseRow(b *testing.B) {
	p, err := NewRowParser(rowSpec())
	if err != nil {
		b.Fatal(err)
	}
	body := []byte(`{"claim_id":"c1","narrative":"追尾","cause":"collision","photos":3,"amount":1000000.5,"police":true,"reported_at":"2026-01-31T00:30:00.25Z","policy_start":"2025-07-01"}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Parse(body); err != nil {
			b.Fatal(err)
		}
	}
}
