package expression

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
)

// environment gives row i of a record to expr-lang's own machine.
func environment(rec arrow.Record, i int) map[string]any {
	env := map[string]any{}
	for k, name := range sampleNames {
		switch a := rec.Column(k).(type) {
		case *array.Float64:
			env[name] = a.Value(i)
		case *array.Int64:
			env[name] = float64(a.Value(i))
		case *array.Boolean:
			env[name] = a.Value(i)
		case *array.String:
			env[name] = a.Value(i)
		case *array.Dictionary:
			env[name] = a.Dictionary().(*array.String).Value(a.GetValueIndex(i))
		case *array.Timestamp:
			env[name] = time.UnixMicro(int64(a.Value(i))).UTC()
		case *array.Date32:
			env[name] = a.Value(i).ToTime()
		}
	}
	return env
}

// peer compiles an expression with expr-lang, with package time for the calendar.
func peer(t testing.TB, source string, env map[string]any) *vm.Program {
	t.Helper()
	part := func(name string, f func(time.Time) int) expr.Option {
		return expr.Function(name, func(a ...any) (any, error) { return float64(f(a[0].(time.Time))), nil }, new(func(time.Time) float64))
	}
	p, err := expr.Compile(source, expr.Env(env),
		part("hour", time.Time.Hour), part("day", time.Time.Day), part("year", time.Time.Year),
		part("month", func(t time.Time) int { return int(t.Month()) }),
		part("weekday", func(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }),
		expr.Function("days", func(a ...any) (any, error) { return float64(a[0].(time.Duration).Microseconds()) / 86400e6, nil }, new(func(time.Duration) float64)),
		expr.Function("hours", func(a ...any) (any, error) { return float64(a[0].(time.Duration).Microseconds()) / 3600e6, nil }, new(func(time.Duration) float64)),
		expr.Function("sqrt", func(a ...any) (any, error) {
			switch x := a[0].(type) {
			case int:
				return math.Sqrt(float64(x)), nil
			case float64:
				return math.Sqrt(x), nil
			}
			return nil, fmt.Errorf("sqrt of %T", a[0])
		}, new(func(any) float64)))
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return p
}

func sameAsPeer(c *Column, i int, v any) bool {
	switch v := v.(type) {
	case int:
		return c.Type == Number && c.Floats[i] == float64(v)
	case float64:
		return c.Type == Number && (c.Floats[i] == v || math.IsNaN(c.Floats[i]) && (math.IsInf(v, 0) || math.IsNaN(v)))
	case bool:
		return c.Type == Bool && c.Truths[i] == truth(v)
	case string:
		return c.Type == Word && c.Words[c.Codes[i]] == v
	case time.Time:
		return c.Type == Instant && c.Micros[i] == v.UnixMicro()
	case time.Duration:
		return c.Type == Duration && c.Micros[i] == v.Microseconds()
	}
	return false
}

// TestAgreesWithExprLang runs random expressions over rows without nulls and
// compares with expr-lang's own compiler and machine, row by row. Divisions
// are kept from zero: there the rules differ.
func TestAgreesWithExprLang(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 1))
	g := &generator{r: r, tame: true}
	rec := sampleRecord(r, 30, wild{})
	envs := make([]map[string]any, rec.NumRows())
	for i := range envs {
		envs[i] = environment(rec, i)
	}
	for k := range 1500 {
		source := g.of(Type(1+k%5), 1+k%4)
		c := eval(t, compile(t, source), rec)
		theirs := peer(t, source, envs[0])
		for i, env := range envs {
			v, err := expr.Run(theirs, env)
			if err != nil {
				t.Fatalf("%s: row %d: %v", source, i, err)
			}
			if !sameAsPeer(c, i, v) {
				t.Fatalf("%s: row %d %v is %s, expr-lang has %v", source, i, env, c.show(i), v)
			}
		}
	}
}

// TestPrecedenceIsExprLangs compares what the grammar makes of operators
// without brackets.
func TestPrecedenceIsExprLangs(t *testing.T) {
	rec := sampleRecord(rand.New(rand.NewPCG(2, 1)), 20, wild{})
	for _, source := range []string{
		"a + b * n - a / 4", "-a ** 2", "2 ** 3 ** 2", "a - b - n", "a < b and b < n or p", "not p and q", "not (p and q)",
		"a < b < n", "a > b ? n : p ? 1 : 2", "n in [1,2] and p", "w not in [\"fire\"] or q", "-a ?? b", "not p == q", "a < b == p",
		"w contains \"e\" == p", "p ?: q", "!p || q && p", "1_000 + 0x10 + 1e3", "a /* note */ + b // end",
	} {
		c := eval(t, compile(t, source), rec)
		theirs := peer(t, source, environment(rec, 0))
		for i := range c.Rows() {
			v, err := expr.Run(theirs, environment(rec, i))
			if err != nil || !sameAsPeer(c, i, v) {
				t.Errorf("%s: row %d is %s, expr-lang has %v (%v)", source, i, c.show(i), v, err)
				break
			}
		}
	}
}
