package expression

import (
	"github.com/expr-lang/expr/ast"
)

// operation is what an operator does to operands of certain types.
type operation struct {
	name        string
	left, right Type
	result      Type
	run         kernel
}

// arithmetics are the operations of + - * / % **.
var arithmetics = map[string][]operation{
	"+": {
		{"add", Number, Number, Number, addNumbers},
		{"add times", Duration, Duration, Duration, spans(sum, duration)},
		{"later", Instant, Duration, Instant, spans(sum, instant)},
		{"later", Duration, Instant, Instant, spans(sum, instant)},
	},
	"-": {
		{"subtract", Number, Number, Number, subtractNumbers},
		{"between", Instant, Instant, Duration, spans(difference, duration)},
		{"subtract times", Duration, Duration, Duration, spans(difference, duration)},
		{"earlier", Instant, Duration, Instant, spans(difference, instant)},
	},
	"*":  {{"multiply", Number, Number, Number, multiplyNumbers}},
	"/":  {{"divide", Number, Number, Number, divideNumbers}},
	"%":  {{"remainder", Number, Number, Number, remainders}},
	"**": {{"power", Number, Number, Number, powers}},
}

// arithmeticTakes says what an operator can be applied to.
var arithmeticTakes = map[string]string{
	"+": "two numbers, two durations, or an instant and a duration",
	"-": "two numbers, two instants, two durations, or an instant less a duration",
}

func (c *checker) unary(n *ast.UnaryNode) operand {
	x := c.check(n.Node)
	if x.typ == NoType {
		return faulty
	}
	switch n.Operator {
	case "not", "!":
		if x.typ != Bool {
			return c.fault(n, "cannot apply %s to %s; it needs a bool", n.Operator, x.typ.article())
		}
		return c.emit("not", Bool, negation, x)
	case "-":
		switch x.typ {
		case Number:
			return c.emit("negate", Number, negateNumbers, x)
		case Duration:
			return c.emit("negate", Duration, negateDurations, x)
		}
	case "+":
		if x.typ == Number || x.typ == Duration {
			return x
		}
	default:
		return c.fault(n, "operator %s: not part of the language", n.Operator)
	}
	return c.fault(n, "cannot apply %s to %s; it needs a number or a duration", n.Operator, x.typ.article())
}

func (c *checker) binary(n *ast.BinaryNode) operand {
	switch n.Operator {
	case "in":
		return c.membership(n)
	case "..":
		return c.fault(n, "ranges stand only behind in: write x in 1..5")
	case "matches":
		return c.fault(n, "regular expressions (matches) are not part of the language; use contains, startsWith, endsWith or in")
	case "^":
		return c.fault(n, "operator ^ is not part of the language; a power is written **")
	}
	x, y := c.check(n.Left), c.check(n.Right)
	if x.typ == NoType || y.typ == NoType {
		return faulty
	}
	if x.typ == null || y.typ == null {
		return c.withNil(n)
	}
	switch n.Operator {
	case "and", "&&":
		return c.logical(n, "and", both, x, y)
	case "or", "||":
		return c.logical(n, "or", either, x, y)
	case "==", "!=", "<", "<=", ">", ">=":
		return c.comparison(n, x, y)
	case "contains", "startsWith", "endsWith":
		return c.textTest(n, x, y)
	case "??":
		if x.typ != y.typ {
			return c.fault(n, "the sides of ?? are %s and %s; they need one type", x.typ.article(), y.typ.article())
		}
		return c.emit("coalesce", x.typ, coalesceKernel(x.typ), x, y)
	}
	return c.arithmetic(n, x, y)
}

// withNil says what to write instead of an operation on nil.
func (c *checker) withNil(n *ast.BinaryNode) operand {
	switch n.Operator {
	case "==":
		return c.fault(n, "a comparison with nil is never true; write isnull(x)")
	case "!=":
		return c.fault(n, "a comparison with nil is never true; write not isnull(x)")
	case "??":
		return c.fault(n, "?? with nil changes nothing; leave it out")
	}
	return c.fault(n, "cannot apply %s to nil: the result would always be missing", n.Operator)
}

func (c *checker) logical(n *ast.BinaryNode, name string, run kernel, x, y operand) operand {
	if x.typ != Bool || y.typ != Bool {
		return c.fault(n, "cannot apply %s to %s and %s; it needs two bools", n.Operator, x.typ.article(), y.typ.article())
	}
	return c.emit(name, Bool, run, x, y)
}

func (c *checker) arithmetic(n *ast.BinaryNode, x, y operand) operand {
	for _, o := range arithmetics[n.Operator] {
		if o.left == x.typ && o.right == y.typ {
			return c.emit(o.name, o.result, o.run, x, y)
		}
	}
	takes := arithmeticTakes[n.Operator]
	switch {
	case len(arithmetics[n.Operator]) == 0:
		return c.fault(n, "operator %s: not part of the language", n.Operator)
	case x.typ == Duration || y.typ == Duration:
		takes = orNumbers(takes) + " (days(x) makes a number of a duration)"
	}
	return c.fault(n, "cannot apply %s to %s and %s; it needs %s", n.Operator, x.typ.article(), y.typ.article(), orNumbers(takes))
}

func orNumbers(takes string) string {
	if takes == "" {
		return "two numbers"
	}
	return takes
}

func (c *checker) comparison(n *ast.BinaryNode, x, y operand) operand {
	op := n.Operator
	ordered := op != "==" && op != "!="
	if x.typ != y.typ {
		return c.fault(n, "cannot compare %s with %s by %s; both sides need one type", x.typ.article(), y.typ.article(), op)
	}
	if ordered && (x.typ == Word || x.typ == Bool) {
		return c.fault(n, "%ss have no order: %s needs numbers, instants or durations", x.typ, op)
	}
	if op == ">" || op == ">=" {
		x, y = y, x
	}
	switch op {
	case "==":
		return c.same(x, y)
	case "!=":
		return c.emit("not", Bool, negation, c.same(x, y))
	case "<", ">":
		if x.typ == Number {
			return c.emit("less", Bool, lessNumbers, x, y)
		}
		return c.emit("less times", Bool, microsKernel(func(a, b int64) bool { return a < b }), x, y)
	}
	if x.typ == Number {
		return c.emit("at most", Bool, atMostNumbers, x, y)
	}
	return c.emit("at most times", Bool, microsKernel(func(a, b int64) bool { return a <= b }), x, y)
}

func (c *checker) same(x, y operand) operand {
	switch x.typ {
	case Number:
		return c.emit("same", Bool, sameNumbers, x, y)
	case Bool:
		return c.emit("same truth", Bool, sameTruth, x, y)
	case Word:
		if text, ok := c.constantWord(y); ok {
			return c.wordTest(x, func(s string) bool { return s == text }, "== "+text)
		}
		if text, ok := c.constantWord(x); ok {
			return c.wordTest(y, func(s string) bool { return s == text }, "== "+text)
		}
		return c.emit("same word", Bool, wordsKernel(func(a, b string) bool { return a == b }), x, y)
	}
	return c.emit("same time", Bool, microsKernel(func(a, b int64) bool { return a == b }), x, y)
}
