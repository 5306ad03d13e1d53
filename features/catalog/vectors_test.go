package catalog

import (
	"math"
	"slices"
	"testing"
	"time"

	"claimsieve/datasets"
	"claimsieve/features"
)

var missing = math.NaN()

// vectors are a pipeline's answers on a dataset, a row for each claim in the
// order of its file.
type vectors struct {
	pipeline string
	*features.Matrix
}

// compute compiles a pipeline of the catalogue against a dataset and runs it.
// Each indicator must be able to run by itself, too.
func compute(t testing.TB, name string, d *datasets.Dataset) vectors {
	t.Helper()
	spec := open(t, name)
	for _, a := range features.Available(spec, d.Spec) {
		if len(a.Missing)+len(a.Faults) > 0 {
			t.Errorf("%s: indicator %s cannot run on the dataset: %v %v", name, a.Indicator, a.Missing, a.Faults)
		}
	}
	protects(t, spec, d.Spec.Tables[datasets.ClaimsTable])
	p, err := features.Compile(spec, d.Spec)
	if err != nil {
		t.Fatal(err)
	}
	in, err := p.Read(d, features.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]int, in.Rows())
	for i := range rows {
		rows[i] = i
	}
	f, err := p.Fit(in, rows)
	if err != nil {
		t.Fatal(err)
	}
	m, err := f.Run(in)
	if err != nil {
		t.Fatal(err)
	}
	return vectors{name, m}
}

// protects reports the indicators that are a column of the claim, or its words,
// under a lower data class than the column's.
func protects(t testing.TB, spec *features.Spec, claims *datasets.TableSpec) {
	t.Helper()
	for _, ind := range spec.Indicators {
		columns := []string{ind.Column, ind.Category}
		if ind.Text != nil {
			columns = append(columns, ind.Text.Of)
		}
		if ind.Days != nil {
			columns = append(columns, ind.Days.From, ind.Days.To)
		}
		for _, column := range columns {
			if c := claims.Column(column); c != nil && ind.Class < c.Class {
				t.Errorf("%s: indicator %s is %s, and its column %s is %s", spec.Name, ind.Name, ind.Class, column, c.Class)
			}
		}
	}
}

// saySomething reports the indicators, but for those named, that are missing
// for every claim or have one value for all.
func (v vectors) saySomething(t testing.TB, but ...string) {
	t.Helper()
	for j, name := range v.Names {
		if slices.Contains(but, name) {
			continue
		}
		seen := map[float64]bool{}
		for _, x := range v.Columns[j] {
			if !math.IsNaN(x) {
				seen[x] = true
			}
		}
		switch len(seen) {
		case 0:
			t.Errorf("%s: indicator %s is missing for every claim", v.pipeline, name)
		case 1:
			t.Errorf("%s: indicator %s has one value for all claims: %v", v.pipeline, name, seen)
		}
	}
}

// equals holds an indicator to an answer counted one by one.
func (v vectors) equals(t testing.TB, name string, want func(i int) float64) {
	t.Helper()
	v.equalsEvery(t, 1, name, want)
}

// equalsEvery is [vectors.equals] for every step-th claim.
func (v vectors) equalsEvery(t testing.TB, step int, name string, want func(i int) float64) {
	t.Helper()
	j := slices.Index(v.Names, name)
	if j < 0 {
		t.Fatalf("%s has no indicator %s", v.pipeline, name)
	}
	wrong := 0
	for i := 0; i < len(v.Columns[j]); i += step {
		got, w := v.Columns[j][i], want(i)
		if same := got == w || math.IsNaN(got) && math.IsNaN(w) || math.Abs(got-w) < 1e-9; !same {
			if wrong++; wrong <= 3 {
				t.Errorf("%s: %s of row %d is %v, want %v", v.pipeline, name, i+1, got, w)
			}
		}
	}
	if wrong > 3 {
		t.Errorf("%s: %s differs in %d rows", v.pipeline, name, wrong)
	}
}

// instant is a time in microseconds since 1970.
func instant(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

// happenedOf is when a claim of a test portfolio happened.
func happenedOf(c row) time.Time {
	if at, ok := c["happened_at"].(time.Time); ok {
		return at
	}
	return c["discharged_at"].(time.Time)
}

// knownOf is when a claim became known.
func knownOf(c row) time.Time { return c["reported_at"].(time.Time) }

// earlier returns the claims that were known before claim i and happened in the
// days before its report.
func earlier(claims []row, i int, days float64, same func(row) bool) []row {
	var out []row
	at := knownOf(claims[i])
	for j, c := range claims {
		known, age := knownOf(c), at.Sub(happenedOf(c)).Hours()/24
		if j != i && known.Before(at) && age > 0 && age <= days && same(c) {
			out = append(out, c)
		}
	}
	return out
}

func count(claims []row, i int, days float64, same func(row) bool) float64 {
	return float64(len(earlier(claims, i, days, same)))
}

// distinct counts the values of a column among earlier claims.
func distinct(claims []row, i int, days float64, column string, same func(row) bool) float64 {
	seen := map[any]bool{}
	for _, c := range earlier(claims, i, days, same) {
		if v := c[column]; v != nil {
			seen[v] = true
		}
	}
	return float64(len(seen))
}
