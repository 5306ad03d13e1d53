package expression

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
)

// function is a function of the language: one variant per type of argument.
type function struct {
	variants []variant
	takes    string // what it needs, for messages
	pairwise bool   // of two or more arguments of one type, joined from the left
}

type variant struct {
	arg, result Type
	run         kernel
}

// functions has the functions whose arguments are evaluated; date, column and
// isnull look at the source and are named here without variants.
var functions = map[string]function{
	"abs":     {takes: "a number or a duration", variants: []variant{{Number, Number, absoluteNumbers}, {Duration, Duration, absoluteDurations}}},
	"floor":   {takes: "a number", variants: []variant{{Number, Number, floors}}},
	"ceil":    {takes: "a number", variants: []variant{{Number, Number, ceilings}}},
	"round":   {takes: "a number", variants: []variant{{Number, Number, numberKernel(math.Round)}}},
	"sqrt":    {takes: "a number", variants: []variant{{Number, Number, roots}}},
	"log1p":   {takes: "a number", variants: []variant{{Number, Number, numberKernel(log1p)}}},
	"min":     {takes: "numbers, instants or durations", pairwise: true, variants: leasts},
	"max":     {takes: "numbers, instants or durations", pairwise: true, variants: greatests},
	"len":     {takes: "a word", variants: []variant{{Word, Number, lengths}}},
	"lower":   {takes: "a word", variants: []variant{{Word, Word, lowers}}},
	"days":    {takes: "a duration, which is the difference of two instants", variants: []variant{{Duration, Number, unitsKernel(microsPerDay)}}},
	"hours":   {takes: "a duration, which is the difference of two instants", variants: []variant{{Duration, Number, unitsKernel(microsPerDay / 24)}}},
	"hour":    {takes: "an instant", variants: []variant{{Instant, Number, calendarKernel(hourOf)}}},
	"weekday": {takes: "an instant", variants: []variant{{Instant, Number, calendarKernel(weekdayOf)}}},
	"day":     {takes: "an instant", variants: []variant{{Instant, Number, calendarKernel(dayOfMonth)}}},
	"month":   {takes: "an instant", variants: []variant{{Instant, Number, calendarKernel(monthOf)}}},
	"year":    {takes: "an instant", variants: []variant{{Instant, Number, calendarKernel(yearOf)}}},
	"date":    {}, "column": {}, "isnull": {},
}

var (
	leasts    = []variant{{Number, Number, lesserNumbers}, {Instant, Instant, spans(lesser, asItIs)}, {Duration, Duration, spans(lesser, asItIs)}}
	greatests = []variant{{Number, Number, greaterNumbers}, {Instant, Instant, spans(greater, asItIs)}, {Duration, Duration, spans(greater, asItIs)}}
)

// functionNames is in alphabetical order.
var functionNames = slices.Sorted(maps.Keys(functions))

// offer lists the functions for a message.
func (c *checker) offer() string { return "the functions are " + strings.Join(functionNames, ", ") }

func (c *checker) call(n ast.Node, name string, args []ast.Node) operand {
	f, known := functions[name]
	if !known {
		hint := suggest(name, functionNames)
		if hint == "" {
			hint = "; " + c.offer()
		}
		c.fault(n, "there is no function %q%s", clip(name), hint)
		c.arguments(args)
		return faulty
	}
	switch name {
	case "date":
		return c.date(n, args)
	case "column":
		if len(args) == 1 {
			if s, ok := args[0].(*ast.StringNode); ok {
				return c.column(s, s.Value)
			}
		}
		return c.fault(n, `column needs one name in quotes: column("claim amount")`)
	case "isnull":
		return c.isNull(n, args)
	}
	operands, ok := c.arguments(args)
	switch {
	case f.pairwise && len(args) < 2:
		return c.fault(n, "%s needs at least two arguments, here is %d", name, len(args))
	case !f.pairwise && len(args) != 1:
		return c.fault(n, "%s needs one argument, here are %d", name, len(args))
	case !ok:
		return faulty
	}
	return c.apply(n, name, f, args, operands)
}

// arguments checks all arguments, so that each fault is found, and reports
// whether none had any.
func (c *checker) arguments(args []ast.Node) ([]operand, bool) {
	out, ok := make([]operand, len(args)), true
	for i, a := range args {
		out[i] = c.check(a)
		ok = ok && out[i].typ != NoType
	}
	return out, ok
}

func (c *checker) apply(n ast.Node, name string, f function, args []ast.Node, operands []operand) operand {
	at := slices.IndexFunc(f.variants, func(v variant) bool { return v.arg == operands[0].typ })
	if at < 0 {
		return c.fault(args[0], "cannot apply %s to %s; it needs %s", name, operands[0].typ.article(), f.takes)
	}
	v := f.variants[at]
	if !f.pairwise {
		return c.emit(name, v.result, v.run, operands[0])
	}
	for i, o := range operands[1:] {
		if o.typ != v.arg {
			return c.fault(args[i+1], "the arguments of %s are %s and %s; they need one type", name, v.arg.article(), o.typ.article())
		}
	}
	out := operands[0]
	for _, o := range operands[1:] {
		out = c.emit(name, v.result, v.run, out, o)
	}
	return out
}

func (c *checker) date(n ast.Node, args []ast.Node) operand {
	if len(args) == 1 {
		if s, ok := args[0].(*ast.StringNode); ok {
			micros, ok := parseDate(s.Value)
			if !ok {
				return c.fault(s, `there is no day %q; write it as "2024-01-31"`, clip(s.Value))
			}
			return c.constant(Instant, constant{micros: micros})
		}
	}
	return c.fault(n, `date needs one day in quotes: date("2024-01-31")`)
}

func (c *checker) isNull(n ast.Node, args []ast.Node) operand {
	operands, ok := c.arguments(args)
	switch {
	case len(args) != 1:
		return c.fault(n, "isnull needs one argument, here are %d", len(args))
	case !ok:
		return faulty
	case operands[0].typ == null:
		return c.fault(n, "isnull(nil) is always true; name a column")
	}
	return c.emit(fmt.Sprintf("isnull %d", operands[0].typ), Bool, missingKernel(operands[0].typ), operands[0])
}

// lengths counts characters, not bytes: a Chinese character is one.
func lengths(m *machine, s *step, n int) {
	x, out := m.words[s.in[0]], m.numbers[s.out][:n]
	for i := range out {
		out[i] = missingNumber
		if x[i].there {
			out[i] = float64(utf8.RuneCountInString(x[i].text))
		}
	}
}

func lowers(m *machine, s *step, n int) {
	x, out := m.words[s.in[0]], m.words[s.out][:n]
	for i := range out {
		out[i] = word{strings.ToLower(x[i].text), x[i].there}
	}
}
