package expression

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"

	"claimsieve/datasets"
	"claimsieve/datasets/strictyaml"
)

// operand is what a part of the source became: a step and its type. NoType
// marks a part with a fault, about which nothing more is said; null has no step.
type operand struct {
	id  int
	typ Type
}

var faulty = operand{typ: NoType}

// checker turns a syntax tree into steps. The parser lets parts of the tree
// stand in two places (a < b < c has b in two comparisons), so each part is
// checked once.
type checker struct {
	columns func(name string) (datasets.Type, bool)
	names   []string
	faults  *faultList
	build   *builder
	done    map[ast.Node]operand
	inputs  []input
	loads   map[string]int // column to input
	depth   int
	full    bool // a bound was passed: there is no use in going on
}

// fault reports a fault at a part of the source.
func (c *checker) fault(n ast.Node, format string, args ...any) operand {
	c.faults.add(start(n), format, args...)
	c.full = c.full || len(c.faults.list) >= MaxFaults
	return faulty
}

// start returns where a part of the source is: its own first character for
// names, values and calls, the operator for operations.
func start(n ast.Node) int {
	if cond, ok := n.(*ast.ConditionalNode); ok {
		return start(cond.Cond) // the parser places it elsewhere
	}
	return n.Location().From
}

func (c *checker) check(n ast.Node) operand {
	if o, seen := c.done[n]; seen {
		return o
	}
	if c.full {
		return faulty
	}
	if len(c.done) >= MaxNodes {
		c.full = true
		return c.fault(n, "the expression has more than %d parts; divide it among several indicators", MaxNodes)
	}
	if c.depth++; c.depth > MaxDepth {
		c.full = true
		return c.fault(n, "operations stand more than %d deep; divide the expression among several indicators", MaxDepth)
	}
	o := c.node(n)
	c.depth--
	c.done[n] = o
	return o
}

func (c *checker) node(n ast.Node) operand {
	switch n := n.(type) {
	case *ast.NilNode:
		return operand{typ: null}
	case *ast.IdentifierNode:
		return c.column(n, n.Value)
	case *ast.IntegerNode:
		return c.whole(n)
	case *ast.FloatNode:
		return c.constant(Number, constant{number: finite(n.Value)})
	case *ast.BoolNode:
		return c.constant(Bool, constant{truth: truth(n.Value)})
	case *ast.StringNode:
		return c.constant(Word, constant{word: word{n.Value, true}})
	case *ast.UnaryNode:
		return c.unary(n)
	case *ast.BinaryNode:
		return c.binary(n)
	case *ast.ConditionalNode:
		return c.conditional(n)
	case *ast.CallNode:
		if name, ok := n.Callee.(*ast.IdentifierNode); ok {
			return c.call(n, name.Value, n.Arguments)
		}
		return c.fault(n, "method calls are not part of the language; %s", c.offer())
	case *ast.BuiltinNode:
		return c.call(n, n.Name, n.Arguments)
	case *ast.MemberNode:
		if name, ok := dotted(n); ok {
			return c.column(n, name)
		}
	}
	return c.refuse(n)
}

// dotted returns the name of a column of another table, table.column.
func dotted(n *ast.MemberNode) (string, bool) {
	table, ok := n.Node.(*ast.IdentifierNode)
	column, named := n.Property.(*ast.StringNode)
	if !ok || !named || n.Optional || n.Method || strings.HasPrefix(table.Value, "$") {
		return "", false
	}
	return table.Value + "." + column.Value, true
}

// refuse names what expr-lang has and this language has not.
func (c *checker) refuse(n ast.Node) operand {
	what, mend := "this", "leave it out"
	switch n.(type) {
	case *ast.MemberNode, *ast.ChainNode:
		what, mend = "member access (?. [] and more than one dot)", `name the column alone, as table.column, or write column("its name")`
	case *ast.SliceNode:
		what = "slices"
	case *ast.ArrayNode:
		what, mend = "lists outside of in", "write x in [1, 2]"
	case *ast.MapNode:
		what = "maps"
	case *ast.PredicateNode:
		what = "lambdas"
	case *ast.PointerNode:
		what = "pointers (#)"
	case *ast.VariableDeclaratorNode:
		what, mend = "variables (let)", "declare the value as an indicator of its own"
	case *ast.SequenceNode:
		what, mend = "sequences (;)", "write one expression"
	case *ast.BytesNode:
		what, mend = "byte literals", "write the text in quotes without b"
	}
	return c.fault(n, "%s: not part of the language; %s", what, mend)
}

func (c *checker) constant(t Type, v constant) operand {
	return operand{c.build.constant(t, v), t}
}

// missing returns the missing value of a type.
func (c *checker) missing(t Type) operand { return c.constant(t, missingConstant()) }

// emit adds a step over operands.
func (c *checker) emit(name string, t Type, run kernel, args ...operand) operand {
	return c.emitStep(step{name: name, typ: t, run: run}, "", args...)
}

func (c *checker) emitStep(s step, detail string, args ...operand) operand {
	for _, a := range args {
		s.args = append(s.args, a.id)
	}
	return operand{c.build.emit(s, detail), s.typ}
}

func (c *checker) whole(n *ast.IntegerNode) operand {
	v := float64(n.Value)
	if v >= 1<<63 || int(v) != n.Value {
		return c.fault(n, "the number %d has more digits than float64 can hold; write it with an exponent to have it rounded, or in quotes when it is an identifier", n.Value)
	}
	return c.constant(Number, constant{number: v})
}

// column loads a column; one that is named twice is loaded once.
func (c *checker) column(n ast.Node, name string) operand {
	at, t, ok := c.input(n, name)
	if !ok {
		return faulty
	}
	run := map[Type]kernel{Number: loadNumbers, Bool: loadTruths, Word: loadWords, Instant: loadInstants}[t]
	return c.emitStep(step{name: columnLoad, typ: t, run: run, column: at}, fmt.Sprint(at))
}

const (
	columnLoad = "load"
	columnTest = "test column"
)

func (c *checker) input(n ast.Node, name string) (at int, t Type, ok bool) {
	if at, seen := c.loads[name]; seen {
		return at, c.inputs[at].typ, true
	}
	kind, there := c.columns(name)
	if !there {
		hint := suggest(name, c.names)
		switch strings.ToLower(name) {
		case "null", "none", "na", "nan":
			hint = ": the missing value is written nil, and isnull(x) asks for it"
		}
		if _, isFunction := functions[name]; isFunction && hint == "" {
			hint = fmt.Sprintf(": the function is written %s(...)", name)
		}
		if hint == "" {
			hint = "; name one that dataset.yaml declares, and put texts in quotes"
		}
		c.fault(n, "there is no column %q%s", clip(name), hint)
		return 0, NoType, false
	}
	if t = typeOf(kind); t == NoType {
		c.fault(n, "column %q has no type; declare it in dataset.yaml", clip(name))
		return 0, NoType, false
	}
	c.inputs = append(c.inputs, input{name, t})
	c.loads[name] = len(c.inputs) - 1
	return len(c.inputs) - 1, t, true
}

func (c *checker) conditional(n *ast.ConditionalNode) operand {
	cond, a, b := c.check(n.Cond), c.check(n.Exp1), c.check(n.Exp2)
	switch {
	case !n.Ternary:
		return c.fault(n, "if { } else { }: not part of the language; write condition ? a : b")
	case cond.typ != Bool && cond.typ != NoType:
		return c.fault(n.Cond, "the condition of ? : is %s; it needs a bool, for example x > 0", cond.typ.article())
	case cond.typ == NoType || a.typ == NoType || b.typ == NoType:
		return faulty
	case a.typ == null && b.typ == null:
		return c.fault(n, "both branches of ? : are nil; one needs a value")
	case a.typ == null:
		a = c.missing(b.typ)
	case b.typ == null:
		b = c.missing(a.typ)
	case a.typ != b.typ:
		return c.fault(n.Exp2, "the branches of ? : are %s and %s; they need one type", a.typ.article(), b.typ.article())
	}
	return c.emit("choose", a.typ, chooseKernel(a.typ), cond, a, b)
}

// suggest is strictyaml.DidYouMean for names that a person would write.
func suggest(name string, names []string) string {
	if len(name) > 256 {
		return ""
	}
	return strictyaml.DidYouMean(name, names)
}
