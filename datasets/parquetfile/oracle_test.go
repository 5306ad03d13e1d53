package parquetfile

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"claimsieve/internal/testenv"
)

var (
	dictionaryType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	instantType    = &arrow.TimestampType{Unit: arrow.Microsecond, TimeZone: "UTC"}
)

// testing data of other projects, which is not part of this one.
func parquetTesting(t testing.TB, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(testenv.Data(t, "parquet-testing/"+folder), "*.parquet"))
	if err != nil || len(files) == 0 {
		t.Fatalf("found %d files of parquet-testing/%s (%v)", len(files), folder, err)
	}
	return files
}

// oracle runs testdata/oracle.py with a Python that has pyarrow.
func oracle(t testing.TB, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), testenv.Python(t), append([]string{filepath.Join("testdata", "oracle.py")}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("oracle %v: %v\n%s", args[0], err, stderr.Bytes())
	}
	return out
}

// expectation is what pyarrow reads from one column.
type expectation struct {
	File, Column, Kind, Error string
	Values                    []*string
}

func expectations(t testing.TB, files []string) []expectation {
	t.Helper()
	var out []expectation
	lines := bufio.NewScanner(bytes.NewReader(oracle(t, append([]string{"read"}, files...)...)))
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e expectation
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

// wantedTypes are the arrow types in which a column of pyarrow's kind is read here.
func wantedTypes(kind string) []arrow.DataType {
	switch kind {
	case "int":
		return []arrow.DataType{arrow.PrimitiveTypes.Int64, arrow.BinaryTypes.String, dictionaryType}
	case "float":
		return []arrow.DataType{arrow.PrimitiveTypes.Float64}
	case "bool":
		return []arrow.DataType{arrow.FixedWidthTypes.Boolean}
	case "time":
		return []arrow.DataType{instantType}
	case "date":
		return []arrow.DataType{arrow.FixedWidthTypes.Date32}
	}
	return []arrow.DataType{arrow.BinaryTypes.String, dictionaryType}
}

// textOf returns element i in the oracle's notation.
func textOf(t testing.TB, a arrow.Array, i int) string {
	switch a := a.(type) {
	case *array.String:
		return a.Value(i)
	case *array.Dictionary:
		return a.Dictionary().(*array.String).Value(a.GetValueIndex(i))
	case *array.Int64:
		return strconv.FormatInt(a.Value(i), 10)
	case *array.Float64:
		return strconv.FormatUint(math.Float64bits(a.Value(i)), 16)
	case *array.Boolean:
		if a.Value(i) {
			return "1"
		}
		return "0"
	case *array.Timestamp:
		return strconv.FormatInt(int64(a.Value(i)), 10)
	case *array.Date32:
		return strconv.FormatInt(int64(a.Value(i)), 10)
	}
	t.Fatalf("no text of %s", a.DataType())
	return ""
}

// sameAs holds a column read here against the oracle's values.
func (e *expectation) sameAs(t testing.TB, records []arrow.Record) error {
	t.Helper()
	row := 0
	for _, r := range records {
		a := r.Column(0)
		for i := range a.Len() {
			if row >= len(e.Values) {
				return fmt.Errorf("more than %d rows", len(e.Values))
			}
			want := e.Values[row]
			row++
			if a.IsNull(i) != (want == nil) {
				return fmt.Errorf("row %d: null is %v, want %v", row, a.IsNull(i), want == nil)
			}
			if want == nil {
				continue
			}
			if got := textOf(t, a, i); !e.equal(got, *want) {
				return fmt.Errorf("row %d: got %q, want %q", row, got, *want)
			}
		}
	}
	if row != len(e.Values) {
		return fmt.Errorf("%d rows, want %d", row, len(e.Values))
	}
	return nil
}

func (e *expectation) equal(got, want string) bool {
	if e.Kind != "float" {
		return got == want
	}
	bits, err := strconv.ParseUint(got, 16, 64)
	if err != nil {
		return false
	}
	x, err := strconv.ParseFloat(want, 64)
	if err != nil {
		return false
	}
	y := math.Float64frombits(bits)
	return math.Float64bits(x) == bits || math.IsNaN(x) && math.IsNaN(y)
}

// read1 reads one column of a file.
func read1(path, column string, as arrow.DataType) ([]arrow.Record, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadAll([]Column{{File: column, Type: as}})
}

func TestReadsWhatPyarrowWrites(t *testing.T) {
	dir := t.TempDir()
	oracle(t, "write", dir)
	files, _ := filepath.Glob(filepath.Join(dir, "*.parquet"))
	if len(files) < 20 {
		t.Fatalf("the oracle wrote %d files", len(files))
	}
	columns := 0
	for _, e := range expectations(t, files) {
		if e.Error != "" {
			t.Errorf("%s %s: the oracle failed: %s", e.File, e.Column, e.Error)
			continue
		}
		for _, as := range wantedTypes(e.Kind) {
			records, err := read1(e.File, e.Column, as)
			if err == nil {
				err = e.sameAs(t, records)
			}
			if err != nil {
				t.Errorf("%s %s as %s: %v", filepath.Base(e.File), e.Column, as, err)
			}
			columns++
		}
	}
	if columns < 800 {
		t.Errorf("only %d columns compared", columns)
	}
}

// TestReadsParquetTesting holds every flat column of the format's own test
// files against pyarrow.
func TestReadsParquetTesting(t *testing.T) {
	// What pyarrow cannot judge, and why.
	odd := map[string]string{
		"datapage_v1-corrupt-checksum.parquet a":           "its checksum is wrong on purpose; pyarrow does not look",
		"datapage_v1-corrupt-checksum.parquet b":           "its checksum is wrong on purpose; pyarrow does not look",
		"rle-dict-uncompressed-corrupt-checksum.parquet *": "its checksums are wrong on purpose; pyarrow does not look",
		"int96_from_spark.parquet a":                       "its last instant is beyond 64 bits of microseconds; pyarrow wraps round",
		"hadoop_lz4_compressed.parquet *":                  "LZ4 is refused",
		"hadoop_lz4_compressed_larger.parquet *":           "LZ4 is refused",
		"non_hadoop_lz4_compressed.parquet *":              "LZ4 is refused",
		"lz4_raw_compressed.parquet *":                     "LZ4_RAW is refused",
		"lz4_raw_compressed_larger.parquet *":              "LZ4_RAW is refused",
	}
	compared, met := 0, map[string]bool{}
	for _, e := range expectations(t, parquetTesting(t, "data")) {
		base := filepath.Base(e.File)
		if e.Error != "" {
			t.Logf("%s %s: not judged, pyarrow fails: %s", base, e.Column, e.Error)
			continue
		}
		for _, as := range wantedTypes(e.Kind) {
			records, err := read1(e.File, e.Column, as)
			if key := base + " " + e.Column; odd[key] != "" || odd[base+" *"] != "" {
				met[key], met[base+" *"] = true, true
				if err == nil {
					t.Errorf("%s was read, but %s%s", key, odd[key], odd[base+" *"])
				}
				continue
			}
			if err == nil {
				err = e.sameAs(t, records)
			}
			if err != nil {
				t.Errorf("%s %s as %s: %v", base, e.Column, as, err)
			}
			compared++
		}
	}
	for key := range odd {
		if !met[key] {
			t.Errorf("%s was not met", key)
		}
	}
	if compared < 150 {
		t.Errorf("only %d columns compared", compared)
	}
}
