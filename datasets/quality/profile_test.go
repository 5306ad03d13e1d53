package quality

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"claimsieve/datasets"
	"claimsieve/datasets/fingerprint"
)

func written(t testing.TB, p *Profile) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestProfileCounts holds a profile against counts made in other words.
func TestProfileCounts(t *testing.T) {
	rows := sampleRows(600)
	for i := range rows {
		if i%6 == 0 {
			rows[i].city = ""
		}
	}
	p := profile(t, deliver(t, rows, nil), nil)
	claims := p.table("claims")
	if claims.Rows != 600 || !slices.Equal(claims.Months, []string{"2024-01", "2024-02", "2024-03"}) || !slices.Equal(claims.MonthRows, []int{300, 290, 10}) {
		t.Fatalf("%+v", claims)
	}
	city := claims.column("city")
	if !slices.Equal(city.Missing, []int{50, 49, 1}) || !slices.Equal(city.Distinct, []int{3, 3, 3}) || len(city.Words) != 3 {
		t.Errorf("%+v", city)
	}
	amount := claims.column("amount")
	var january []float64
	for _, r := range rows[:300] {
		january = append(january, r.amount)
	}
	slices.Sort(january)
	if q := amount.Quantiles[0]; q[0] != january[0] || q[4] != january[299] || q[2] != january[149] {
		t.Errorf("quantiles %v", q)
	}
	for m, bins := range amount.Bins {
		if sum(bins) != claims.MonthRows[m] {
			t.Errorf("bins %v for %d rows", bins, claims.MonthRows[m])
		}
	}
	if claims.TimelyDays != 30 || *claims.MedianDays[0] != 1 || claims.Timely[0] != 300 {
		t.Errorf("delays %+v", claims)
	}
}

// TestProfileShowsNoProtectedValue looks for them in the written file.
func TestProfileShowsNoProtectedValue(t *testing.T) {
	text := string(written(t, profile(t, deliver(t, sampleRows(310), nil), nil)))
	for _, secret := range []string{"fracture", "bruise", "P00007", "C00001"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q stands in the profile", secret)
		}
	}
	if !strings.Contains(text, "北京") {
		t.Error("a word of general class is missing")
	}
	p := profile(t, deliver(t, sampleRows(310), nil), nil) // 300 rows in January, 10 in February
	if d := p.table("claims").column("diagnosis").Digests; d[0] == "" || d[1] != "" {
		t.Errorf("digests of sensitive values %q: want that of 10 rows withheld", d)
	}
}

func TestProfileSurvivesItsFile(t *testing.T) {
	p := profile(t, deliver(t, sampleRows(400), nil), nil)
	data := written(t, p)
	again, err := ReadProfile("p.json", data)
	if err != nil || !bytes.Equal(written(t, again), data) {
		t.Errorf("%v", err)
	}
	old := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(old)
	if one := profile(t, deliver(t, sampleRows(400), nil), nil); !reflect.DeepEqual(one, p) {
		t.Error("the profile depends on the number of processors")
	}
}

// TestProfileDoesNotDependOnTheOrderOfRows turns the rows round.
func TestProfileDoesNotDependOnTheOrderOfRows(t *testing.T) {
	rows := sampleRows(400)
	want := written(t, profile(t, deliver(t, rows, nil), nil))
	slices.Reverse(rows)
	if got := written(t, profile(t, deliver(t, rows, nil), nil)); !bytes.Equal(got, want) {
		t.Error("it does")
	}
}

func TestSketchEstimatesDistinct(t *testing.T) {
	for _, n := range []int{0, 1, 255, 1000, 100_000} {
		s := sketch{limit: sketchDistinct}
		for range 2 { // each twice
			for i := range n {
				s.add(fingerprint.Mix(uint64(i)))
			}
		}
		if got := float64(s.distinct()); math.Abs(got-float64(n)) > 0.2*float64(n) || n < sketchDistinct && got != float64(n) {
			t.Errorf("%d: %v", n, got)
		}
	}
}

// TestStabilityIsThePublishedOne is the example of the package psi-inference:
// index 0.067693, critical value at 5 % 0.025183.
func TestStabilityIsThePublishedOne(t *testing.T) {
	s, ok := stabilityOf([]int{253, 302, 204, 134, 72, 26, 8}, []int{177, 262, 285, 158, 88, 25, 6}, 0.05)
	if !ok || math.Abs(s.psi-0.067693) > 5e-7 || math.Abs(s.critical-0.025183) > 5e-7 {
		t.Errorf("%+v", s)
	}
	if _, ok := stabilityOf([]int{0, 0}, []int{1, 2}, 0.05); ok {
		t.Error("an empty month was compared")
	}
	if s, ok := stabilityOf([]int{5, 0}, []int{9, 0}, 0.05); !ok || s.psi != 0 || s.critical != 0 {
		t.Errorf("one bin: %+v", s)
	}
}

func TestReadProfileRefusesWhatDoesNotFit(t *testing.T) {
	good := written(t, profile(t, deliver(t, sampleRows(60), nil), nil))
	for name, change := range map[string]func(p *Profile){
		"format 7":        func(p *Profile) { p.Format = 7 },
		"twice":           func(p *Profile) { p.Tables = append(p.Tables, p.Tables[0]) },
		"not in order":    func(p *Profile) { p.Tables[0].Months = []string{"b"}; p.Tables[0].Months = []string{"b", "a"} },
		"month_rows":      func(p *Profile) { p.Tables[0].MonthRows = nil },
		"key_digests":     func(p *Profile) { p.Tables[0].KeyDigests = nil },
		"count -1":        func(p *Profile) { p.Tables[0].Columns[0].Missing[0] = -1 },
		"counts in a":     func(p *Profile) { p.Tables[0].Columns[1].Bins[0] = []int{1} },
		"does not have":   func(p *Profile) { p.Tables[0].Columns[1].Digests = nil },
		"stands there tw": func(p *Profile) { p.Tables[0].Columns[1].Name = "claim_id" },
		"bins that":       func(p *Profile) { p.Tables[0].Columns[4].Edges[0] = 1e9 },
		"quantiles":       func(p *Profile) { p.Tables[0].Columns[4].Quantiles[0] = []float64{1} },
	} {
		p, err := ReadProfile("p.json", good)
		if err != nil {
			t.Fatal(err)
		}
		change(p)
		if _, err := ReadProfile("p.json", written(t, p)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, text := range []string{"", "{", "[]", `{"format":1} x`, `{"format":1,"more":2}`} {
		if _, err := ReadProfile("p.json", []byte(text)); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

// FuzzReadProfile reads arbitrary bytes; what is accepted can be compared with
// anything, in both directions.
func FuzzReadProfile(f *testing.F) {
	good, err := ReadProfile("good", written(f, profile(f, deliver(f, sampleRows(5), nil), nil)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(written(f, good))
	f.Add([]byte(`{"format":1,"dataset":"x","tables":[{"name":"claims","rows":1,"months":["2024-01"],"month_rows":[1],"keyed":true,"key_digests":["x"],"key_sketches":[["",null]],"timely":[1],"delayed":[1],"columns":[{"name":"city","type":"category","class":"general","missing":[0],"distinct":[1],"digests":[""],"bins":[[1,0]]}]}]}`))
	spec := sampleSpec()
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ReadProfile("fuzz", data)
		if err != nil {
			return
		}
		for _, c := range []*Comparison{Compare(p, good, spec), Compare(good, p, spec), Compare(p, p, spec)} {
			if _, err := json.Marshal(c); err != nil {
				t.Errorf("the comparison cannot be written: %v", err)
			}
		}
	})
}

func TestTypesOfProfileColumns(t *testing.T) {
	d := deliver(t, sampleRows(60), nil)
	if _, err := Build(nil, nil, nil); err == nil {
		t.Error("no dataset was profiled")
	}
	p, err := Build(d, nil, nil)
	if err != nil || p.Tables[0].Timely != nil || p.Tables[0].column("city").Type != datasets.Category {
		t.Errorf("%v %+v", err, p)
	}
	if fmt.Sprint(p.table("nothing").column("x")) != "<nil>" {
		t.Error("a table that is not there has a column")
	}
}
