package expression

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/parser"
)

// interpreter is the definition of the language, written a second time: it
// walks the syntax tree for one row, with nil for missing, float64, bool,
// string, time.Time and time.Duration as values. It shares no code with the
// program but the powers.
type interpreter map[string]any

func (in interpreter) eval(n ast.Node) any {
	switch n := n.(type) {
	case *ast.NilNode:
		return nil
	case *ast.IdentifierNode:
		return in[n.Value]
	case *ast.IntegerNode:
		return float64(n.Value)
	case *ast.FloatNode:
		return n.Value
	case *ast.BoolNode:
		return n.Value
	case *ast.StringNode:
		return n.Value
	case *ast.UnaryNode:
		return negated(n.Operator, in.eval(n.Node))
	case *ast.ConditionalNode:
		switch in.eval(n.Cond) {
		case true:
			return in.eval(n.Exp1)
		case false:
			return in.eval(n.Exp2)
		}
		return nil
	case *ast.CallNode:
		return in.call(n.Callee.(*ast.IdentifierNode).Value, n.Arguments)
	case *ast.BuiltinNode:
		return in.call(n.Name, n.Arguments)
	case *ast.BinaryNode:
		return in.binary(n)
	}
	panic(fmt.Sprintf("no meaning for %T", n))
}

func negated(op string, x any) any {
	switch x := x.(type) {
	case bool:
		return !x
	case float64:
		return -x
	case time.Duration:
		return -x
	}
	return nil
}

func (in interpreter) binary(n *ast.BinaryNode) any {
	x := in.eval(n.Left)
	if n.Operator == "in" {
		return in.member(x, n.Right)
	}
	y := in.eval(n.Right)
	switch n.Operator {
	case "??":
		if x != nil {
			return x
		}
		return y
	case "and":
		switch {
		case x == false || y == false:
			return false
		case x == nil || y == nil:
			return nil
		}
		return true
	case "or":
		switch {
		case x == true || y == true:
			return true
		case x == nil || y == nil:
			return nil
		}
		return false
	}
	if x == nil || y == nil {
		return nil
	}
	return present(n.Operator, x, y)
}

func (in interpreter) member(x any, list ast.Node) any {
	if x == nil {
		return nil
	}
	if r, ok := list.(*ast.BinaryNode); ok {
		return in.eval(r.Left).(float64) <= x.(float64) && x.(float64) <= in.eval(r.Right).(float64)
	}
	return slices.ContainsFunc(list.(*ast.ArrayNode).Nodes, func(e ast.Node) bool { return in.eval(e) == x })
}

// present computes with two values that are there.
func present(op string, x, y any) any {
	switch x := x.(type) {
	case float64:
		return numeric(op, x, y.(float64))
	case bool:
		return (x == y) == (op == "==")
	case string:
		return textual(op, x, y.(string))
	case time.Time:
		if d, ok := y.(time.Duration); ok {
			if op == "-" {
				d = -d
			}
			return calendarTime(x.Add(d))
		}
		if op == "-" {
			return x.Sub(y.(time.Time))
		}
		return ordered(op, x.Compare(y.(time.Time)))
	case time.Duration:
		switch y := y.(time.Duration); op {
		case "+":
			return x + y
		case "-":
			return x - y
		default:
			return ordered(op, int(min(max(x-y, -1), 1)))
		}
	}
	panic("no meaning")
}

func numeric(op string, x, y float64) any {
	z := 0.0
	switch op {
	case "+":
		z = x + y
	case "-":
		z = x - y
	case "*":
		z = x * y
	case "/":
		z = x / y
	case "%":
		z = math.Mod(x, y)
	case "**":
		z = power(x, y)
	default:
		sign := 0
		if x < y {
			sign = -1
		} else if x > y {
			sign = 1
		}
		return ordered(op, sign)
	}
	return number(z)
}

// number is z, or nothing where z is no finite number.
func number(z float64) any {
	if math.IsNaN(z) || math.IsInf(z, 0) {
		return nil
	}
	return z
}

func calendarTime(t time.Time) any {
	if t.Year() < 0 || t.Year() > 9999 {
		return nil
	}
	return t
}

func textual(op, x, y string) any {
	switch op {
	case "contains":
		return strings.Contains(x, y)
	case "startsWith":
		return strings.HasPrefix(x, y)
	case "endsWith":
		return strings.HasSuffix(x, y)
	}
	return ordered(op, strings.Compare(x, y))
}

func ordered(op string, sign int) any {
	return map[string]bool{"==": sign == 0, "!=": sign != 0, "<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[op]
}

func (in interpreter) call(name string, nodes []ast.Node) any {
	args := make([]any, len(nodes))
	for i, n := range nodes {
		args[i] = in.eval(n)
	}
	if name == "isnull" {
		return args[0] == nil
	}
	if slices.Contains(args, nil) {
		return nil
	}
	switch x := args[0].(type) {
	case float64:
		if len(args) == 2 {
			return map[string]float64{"min": math.Min(x, args[1].(float64)), "max": math.Max(x, args[1].(float64))}[name]
		}
		return number(map[string]func(float64) float64{"abs": math.Abs, "floor": math.Floor, "ceil": math.Ceil, "round": math.Round, "sqrt": math.Sqrt}[name](x))
	case string:
		switch name {
		case "date":
			t, _ := time.Parse(time.DateOnly, x)
			return t
		case "len":
			return float64(utf8.RuneCountInString(x))
		}
		return strings.ToLower(x)
	case time.Duration:
		return map[string]any{"abs": x.Abs(), "days": float64(x.Microseconds()) / 86400e6, "hours": float64(x.Microseconds()) / 3600e6}[name]
	case time.Time:
		if len(args) == 2 {
			if y := args[1].(time.Time); (name == "min") == y.Before(x) {
				return y
			}
			return x
		}
		return float64(map[string]int{"hour": x.Hour(), "day": x.Day(), "month": int(x.Month()), "year": x.Year(), "weekday": int(x.Weekday()+6) % 7}[name])
	}
	panic("no meaning of " + name)
}

// rowOf gives row i to an interpreter.
func rowOf(rec arrow.Record, i int) interpreter {
	env := interpreter(environment(rec, i))
	for k, name := range sampleNames {
		if a := rec.Column(k); a.IsNull(i) {
			env[name] = nil
		} else if f, ok := a.(*array.Float64); ok {
			env[name] = number(f.Value(i))
		}
	}
	return env
}

// TestAgreesWithTheDefinition compares random expressions over random rows with
// nulls, infinities and NaN with the interpreter.
func TestAgreesWithTheDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 1))
	g := &generator{r: r}
	records := []arrow.Record{
		sampleRecord(r, 50, wild{nulls: true}),
		sampleRecord(r, 50, wild{nulls: true, extremes: true, tameTimes: true}), // time.Duration ends at 292 years
	}
	missing := 0
	for k := range 4000 {
		source := g.of(Type(1+k%5), 1+k%5)
		tree, err := parser.Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		plain := records[k/5%2]
		c := eval(t, compile(t, source), plain)
		for i := range c.Rows() {
			want := rowOf(plain, i).eval(tree.Node)
			if want == nil {
				missing++
				if got := c.show(i); got != "missing" && !strings.HasPrefix(got, "NaN") && got != fmt.Sprint(noTime) {
					t.Fatalf("%s: row %d is %s, want missing", source, i, got)
				}
			} else if !sameAsPeer(c, i, want) {
				t.Fatalf("%s: row %d is %s, want %v; %v", source, i, c.show(i), want, rowOf(plain, i))
			}
		}
	}
	if missing < 1000 || missing > 150_000 {
		t.Errorf("%d of 200000 values are missing: the test says little", missing)
	}
}
