package conformance

import (
	"fmt"
	"testing"

	"claimsieve/datasets"
	"claimsieve/features"
)

// dataset is a history in its files.
type dataset = datasets.Dataset

// compiled makes a pipeline of its text.
func compiled(t testing.TB, d *dataset, text string) *features.Pipeline {
	t.Helper()
	spec, err := features.ParseSpec("random.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	p, err := features.Compile(spec, d.Spec)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return p
}

// fitted is a pipeline that has nothing to learn.
func fitted(t testing.TB, d *dataset, text string) *features.Fitted {
	t.Helper()
	f, err := compiled(t, d, text).With(nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return f
}

// run computes a pipeline over a dataset in batch.
func run(t testing.TB, d *dataset, text string, threads int) *features.Matrix {
	t.Helper()
	f := fitted(t, d, text)
	in, err := f.Read(d, features.ReadOptions{Threads: threads})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	m, err := f.Run(in)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return m
}

// TestBatchIsTheOracle holds random pipelines over random histories to the
// brute force, bit for bit, for one thread and two.
func TestBatchIsTheOracle(t *testing.T) {
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			d := newDice(seed)
			w := d.world(3 + d.IntN(40))
			data := w.create(t)
			for range 6 {
				p := d.pipeline(w, 12)
				for threads := 1; threads <= 2; threads++ {
					p.holds(t, w, run(t, data, p.text(), threads))
				}
			}
		})
	}
}

// holds compares a matrix with what each indicator has to be.
func (p *pipeline) holds(t *testing.T, w *world, m *features.Matrix) {
	t.Helper()
	for j, x := range p.indicators {
		for i, c := range w.rows["claims"] {
			if want := x.want(c); !sameNumber(m.Columns[j][i], want) {
				t.Errorf("claim %v at the %s: %s gives %v, want %v (network: %s)", c["claim_id"], p.stage, x.words, m.Columns[j][i], want, p.network)
				break
			}
		}
	}
}
