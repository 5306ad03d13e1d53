package expression

import (
	"math/rand/v2"
	"testing"

	"github.com/expr-lang/expr"
)

var benchExpressions = map[string]string{
	"ratio":     "a / b + n > 3",
	"null":      "(a ?? 0) - (b ?? 0)",
	"category":  `w in ["hail", "theft"] and v != "fire"`,
	"narrative": `s contains "起火"`,
	"date":      "days(t - d) < 30 or hour(t) in 0..5",
	"power":     "a ** 1.5 + log1p(abs(b))",
}

// BenchmarkColumns is ns per row over a million rows, a fifth of them null in
// each column, by the program on one thread.
func BenchmarkColumns(b *testing.B) {
	rec := sampleRecord(rand.New(rand.NewPCG(1, 1)), 1_000_000, wild{nulls: true})
	for name, source := range benchExpressions {
		b.Run(name, func(b *testing.B) {
			p, c := compile(b, source), new(Column)
			b.ReportAllocs()
			for b.Loop() {
				if err := p.EvalInto(c, rec); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(c.Rows()), "ns/row")
		})
	}
}

// BenchmarkOneRow is a record of one row, as in a request.
func BenchmarkOneRow(b *testing.B) {
	rec := sampleRecord(rand.New(rand.NewPCG(1, 1)), 1, wild{})
	p, c := compile(b, benchExpressions["ratio"]), new(Column)
	b.ReportAllocs()
	for b.Loop() {
		if err := p.EvalInto(c, rec); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPeer is expr-lang's own machine, row by row, over environments that
// are made beforehand (not counted) and have no nulls, which it cannot compute with.
func BenchmarkPeer(b *testing.B) {
	rec := sampleRecord(rand.New(rand.NewPCG(1, 1)), 1000, wild{})
	envs := make([]map[string]any, rec.NumRows())
	for i := range envs {
		envs[i] = environment(rec, i)
	}
	for name, source := range benchExpressions {
		if name == "power" || name == "date" {
			continue // log1p and ranges of numbers with fractions are ours
		}
		b.Run(name, func(b *testing.B) {
			p := peer(b, source, envs[0])
			for b.Loop() {
				for _, env := range envs {
					if _, err := expr.Run(p, env); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(envs)), "ns/row")
		})
	}
}
