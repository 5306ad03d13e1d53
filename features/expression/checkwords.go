package expression

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// constantWord returns the text of an operand that is a word in quotes.
func (c *checker) constantWord(o operand) (string, bool) {
	s := &c.build.steps[o.id]
	return s.value.word.text, s.constant() && o.typ == Word && s.value.word.there
}

// wordTest tests a word against a constant: a column's words where they lie, so
// that each word of a dictionary is tested once, others as they come. Detail
// tells the test apart from others.
func (c *checker) wordTest(x operand, match func(string) bool, detail string) operand {
	if s := &c.build.steps[x.id]; s.name == columnLoad {
		t := step{name: columnTest, typ: Bool, run: columnMatches, match: match, column: s.column}
		return c.emitStep(t, fmt.Sprintf("%d %s", s.column, detail))
	}
	return c.emitStep(step{name: "test", typ: Bool, run: wordsMatch, match: match}, detail, x)
}

var textTests = map[string]func(s, part string) bool{
	"contains":   strings.Contains,
	"startsWith": strings.HasPrefix,
	"endsWith":   strings.HasSuffix,
}

func (c *checker) textTest(n *ast.BinaryNode, x, y operand) operand {
	if x.typ != Word || y.typ != Word {
		return c.fault(n, "cannot apply %s to %s and %s; it needs two words", n.Operator, x.typ.article(), y.typ.article())
	}
	test := textTests[n.Operator]
	if part, ok := c.constantWord(y); ok {
		return c.wordTest(x, func(s string) bool { return test(s, part) }, n.Operator+" "+part)
	}
	return c.emit(n.Operator, Bool, wordsKernel(test), x, y)
}

// membership checks x in [...] and x in a..b.
func (c *checker) membership(n *ast.BinaryNode) operand {
	x := c.check(n.Left)
	switch right := n.Right.(type) {
	case *ast.ArrayNode:
		return c.inList(n, x, right)
	case *ast.BinaryNode:
		if right.Operator == ".." {
			return c.inRange(right, x)
		}
	}
	if y := c.check(n.Right); y.typ == Word && x.typ == Word {
		return c.fault(n, "in needs a list behind it; whether a word is part of another asks y contains x")
	}
	return c.fault(n, "in needs a list of constants or a range behind it: x in [1, 2] or x in 1..5")
}

// inRange makes x in a..b of two comparisons.
func (c *checker) inRange(n *ast.BinaryNode, x operand) operand {
	low, high := c.check(n.Left), c.check(n.Right)
	if low.typ == NoType || high.typ == NoType || x.typ == NoType {
		return faulty
	}
	if x.typ != Number || low.typ != Number || high.typ != Number {
		return c.fault(n, "ranges are of numbers, here are %s in %s to %s; write two comparisons", x.typ.article(), low.typ.article(), high.typ.article())
	}
	a, b := &c.build.steps[low.id], &c.build.steps[high.id]
	if !a.constant() || !b.constant() {
		return c.fault(n, "both ends of a range must be constant; write two comparisons")
	}
	if !(a.value.number <= b.value.number) {
		return c.fault(n, "the range from %v to %v is empty; the lower end comes first", a.value.number, b.value.number)
	}
	above := c.emit("at most", Bool, atMostNumbers, low, x)
	return c.emit("and", Bool, both, above, c.emit("at most", Bool, atMostNumbers, x, high))
}

// inList checks the elements, all of which must be constants of x's type.
func (c *checker) inList(n *ast.BinaryNode, x operand, list *ast.ArrayNode) operand {
	if len(list.Nodes) == 0 {
		return c.fault(list, "the list behind in is empty; name at least one value")
	}
	values := make([]constant, 0, len(list.Nodes))
	good := true
	for _, e := range list.Nodes {
		v, ok := c.element(e, x.typ)
		values, good = append(values, v), good && ok
	}
	if !good || x.typ == NoType {
		return faulty
	}
	switch x.typ {
	case Number:
		return c.inNumbers(x, values)
	case Word:
		return c.inWords(x, values)
	case Instant:
		times := make([]int64, len(values))
		for i, v := range values {
			times[i] = v.micros
		}
		slices.Sort(times)
		return c.emitStep(step{name: "in times", typ: Bool, run: microsIn, micros: times}, fmt.Sprint(times), x)
	}
	return c.fault(n, "cannot apply in to %s; it needs a number, a word or an instant", x.typ.article())
}

func (c *checker) element(e ast.Node, want Type) (constant, bool) {
	o := c.check(e)
	if o.typ == NoType {
		return constant{}, false
	}
	if o.typ == null {
		c.fault(e, "nil is in no list; write isnull(x) or x in [...]")
		return constant{}, false
	}
	s := &c.build.steps[o.id]
	switch {
	case !s.constant():
		c.fault(e, "the elements of a list must be constants; compare with == and or")
		return constant{}, false
	case want != NoType && o.typ != want:
		c.fault(e, "the list holds %s, and what is looked for is %s", o.typ.article(), want.article())
		return constant{}, false
	case s.value.missing(o.typ):
		c.fault(e, "the element of the list is always missing; leave it out")
		return constant{}, false
	}
	return s.value, true
}

func (c *checker) inNumbers(x operand, values []constant) operand {
	numbers := make([]float64, len(values))
	for i, v := range values {
		numbers[i] = v.number
	}
	slices.Sort(numbers)
	return c.emitStep(step{name: "in numbers", typ: Bool, run: numbersIn, numbers: numbers}, fmt.Sprintf("%x", numbers), x)
}

// shortList is how many words are compared one by one before hashing pays.
const shortList = 6

func (c *checker) inWords(x operand, values []constant) operand {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = v.word.text
	}
	slices.Sort(words)
	words = slices.Compact(words)
	match := func(s string) bool { return slices.Contains(words, s) }
	if len(words) > shortList {
		set := make(map[string]bool, len(words))
		for _, w := range words {
			set[w] = true
		}
		match = func(s string) bool { return set[s] }
	}
	return c.wordTest(x, match, fmt.Sprintf("in %q", words))
}
