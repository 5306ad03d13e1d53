package quality

import (
	"errors"
	"math"
	"runtime"
	"sync"

	"claimsieve/datasets"
	"claimsieve/datasets/fingerprint"
	"claimsieve/datasets/identifier"
)

// Build profiles a dataset: what it looks like by table, column and month. The
// columns that like has are counted in its bins, so that the two can be
// compared; nil gives every column bins of its own. report, which may be nil, is
// that of [datasets.Check], for the delays. What cannot be read is left out:
// Check says why. The profile does not depend on the number of processors.
func Build(d *datasets.Dataset, report *datasets.CheckReport, like *Profile) (*Profile, error) {
	if d == nil || d.Spec == nil {
		return nil, errors.New("cannot profile dataset: it is not open")
	}
	out := &Profile{Format: ProfileFormat, Dataset: d.Spec.Name, Tables: []TableProfile{}}
	for _, name := range d.Spec.TableNames() {
		b, err := newBuilder(d, name)
		if err != nil {
			continue
		}
		if like != nil {
			b.like = like.table(name)
		}
		b.columns()
		if report != nil {
			b.delays(report)
		}
		out.Tables = append(out.Tables, *b.out)
	}
	return out, nil
}

// builder profiles one table.
type builder struct {
	data  *datasets.Dataset
	spec  *datasets.TableSpec
	like  *TableProfile
	out   *TableProfile
	month []uint16 // by row
	keys  []uint64 // fingerprints by row; nil without a key
}

func newBuilder(d *datasets.Dataset, name string) (*builder, error) {
	ts := d.Spec.Tables[name]
	t, err := d.Raw(name, ts.KnownAt)
	if err != nil {
		return nil, err
	}
	known, err := t.Micros(ts.KnownAt)
	if err != nil {
		return nil, err
	}
	b := &builder{data: d, spec: ts, out: &TableProfile{Name: name, Rows: len(known)}}
	b.out.Months, b.month = datasets.MonthsOf(known)
	b.out.MonthRows = make([]int, len(b.out.Months))
	for _, m := range b.month {
		b.out.MonthRows[m]++
	}
	if ts.Key == "" {
		return b, nil
	}
	if b.keys, err = prints(d, name, ts.Key); err != nil || len(b.keys) != len(known) {
		b.keys = nil
		return b, nil
	}
	b.sketchKeys()
	return b, nil
}

// prints returns the fingerprints of a column's values.
func prints(d *datasets.Dataset, table, column string) ([]uint64, error) {
	t, err := d.Raw(table, column)
	if err != nil {
		return nil, err
	}
	return printsOf(t)
}

// printsOf returns the fingerprints of the first column of a table.
func printsOf(t *datasets.Table) ([]uint64, error) {
	out := make([]uint64, 0, t.Rows())
	for _, chunk := range t.Chunks() {
		var err error
		if out, err = fingerprint.Append(out, chunk.Column(0)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// sketchKeys sums up the keys by month.
func (b *builder) sketchKeys() {
	months := len(b.out.Months)
	sums, sketches := make([]uint64, months), make([]sketch, months)
	for i := range sketches {
		sketches[i].limit = sketchKeys
	}
	for i, k := range b.keys {
		sums[b.month[i]] += k
		if k != fingerprint.Null {
			sketches[b.month[i]].add(k)
		}
	}
	b.out.Keyed = true
	open := general(b.spec.Column(b.spec.Key))
	for m := range months {
		b.out.KeyDigests = append(b.out.KeyDigests, b.digest(sums[m], m, open))
		if open {
			b.out.KeySketches = append(b.out.KeySketches, sketches[m].digests())
		}
	}
}

// fewPersons is how many rows of a month keep its digest from giving away the
// value of one.
const fewPersons = 20

// digest returns a month's sum, withheld when too few rows hide in it and the
// values are not open to everybody.
func (b *builder) digest(sum uint64, month int, open bool) Digest {
	if !open && b.out.MonthRows[month] < fewPersons {
		return ""
	}
	return digestOf(sum)
}

// general says whether values of a column may stand in a profile.
func general(col *datasets.ColumnSpec) bool {
	_, identifies := identifier.ByRole(col.Role)
	return col.Class == datasets.General && !identifies
}

// columns profiles the columns, as many at once as there are processors.
func (b *builder) columns() {
	found := make([]*ColumnProfile, len(b.spec.Columns))
	next := make(chan int)
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := range next {
				found[i] = b.column(&b.spec.Columns[i])
			}
		}()
	}
	for i := range b.spec.Columns {
		next <- i
	}
	close(next)
	wait.Wait()
	b.out.Columns = []ColumnProfile{}
	for _, c := range found {
		if c != nil {
			b.out.Columns = append(b.out.Columns, *c)
		}
	}
}

// delays takes the delays by month that were measured already.
func (b *builder) delays(report *datasets.CheckReport) {
	for _, m := range report.Measures {
		if m.Table != b.out.Name || m.Delays == nil || len(m.Months) != len(b.out.Months) {
			continue
		}
		b.out.TimelyDays = m.TimelyDays
		for _, d := range m.Delays {
			b.out.MedianDays = append(b.out.MedianDays, finite(d.MedianDays))
			b.out.P95Days = append(b.out.P95Days, finite(d.P95Days))
		}
		for i := range m.Overall {
			if m.Overall[i].Dimension == datasets.Timeliness {
				b.out.Timely, b.out.Delayed = m.Overall[i].Passed, m.Overall[i].Of
			}
		}
	}
}

// finite returns nil for what JSON cannot say.
func finite(x *float64) *float64 {
	if x == nil || math.IsNaN(*x) || math.IsInf(*x, 0) {
		return nil
	}
	return x
}
