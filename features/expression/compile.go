package expression

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"

	"claimsieve/datasets"
)

// Bounds of an expression, so that compiling foreign text takes little time
// and memory.
const (
	MaxSource = 16 << 10 // bytes of source
	MaxDepth  = 256      // operations inside one another, and brackets
	MaxNodes  = 4096     // names, values and operations
	MaxFaults = 100      // after which the rest of the source is not looked at
)

// Compile parses source, checks its types against the table's columns and
// makes a program of it. The function columns gives the type of a column by
// name; names are the columns to suggest where a name is unknown, in the order
// of preference. The error is a [Faults] with everything that is wrong.
func Compile(source string, columns func(name string) (datasets.Type, bool), names []string) (*Program, error) {
	faults := &faultList{source: source}
	tree := parse(source, faults)
	if tree == nil {
		return nil, faults.err()
	}
	c := &checker{
		columns: columns, names: names, faults: faults,
		done: map[ast.Node]operand{}, loads: map[string]int{}, build: &builder{known: map[string]int{}},
	}
	root := c.check(tree)
	if root.typ == null {
		c.fault(tree, "the expression is nothing but nil; write a value")
	}
	if err := faults.err(); err != nil {
		return nil, err
	}
	return assemble(c.build, root.id, c.inputs), nil
}

// parse returns the syntax tree, nil after faults that leave none.
func parse(source string, faults *faultList) ast.Node {
	switch {
	case len(source) > MaxSource:
		faults.add(0, "the expression has %d bytes; %d is the limit: divide it among several indicators", len(source), MaxSource)
		return nil
	case strings.TrimSpace(source) == "":
		faults.add(0, "the expression is empty; write one, for example amount / insured_value")
		return nil
	case !utf8.ValidString(source):
		faults.add(firstInvalid(source), "the text is not UTF-8; save it as UTF-8")
		return nil
	}
	if !vetTokens(source, faults) {
		return nil
	}
	tree, err := syntaxTree(source)
	if err != nil {
		var e *file.Error
		if errors.As(err, &e) {
			faults.add(e.From, "%s", grammar(e.Message))
		} else {
			faults.add(0, "%s", grammar(err.Error()))
		}
		return nil
	}
	return tree
}

// syntaxTree parses source. A server compiles foreign text: should the parser
// trip over some, that is a fault of the text to its author.
func syntaxTree(source string) (n ast.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the grammar has no place for it (%v)", r)
		}
	}()
	tree, err := parser.Parse(source)
	if err != nil {
		return nil, err
	}
	return tree.Node, nil
}

// grammar makes a message of expr-lang's parser speak about the expression and
// not about its implementation.
func grammar(message string) string {
	if rest, ok := strings.CutPrefix(message, "unexpected token "); ok {
		if rest == "EOF" {
			return "the expression ends too early; complete it"
		}
		return fmt.Sprintf("cannot read on at %s; an operator, bracket or quote is missing before it or it is one too many", rest)
	}
	return "cannot read on: " + message
}

func firstInvalid(source string) int {
	at := 0
	for i, r := range source {
		if _, size := utf8.DecodeRuneInString(source[i:]); r == utf8.RuneError && size == 1 {
			return at
		}
		at++
	}
	return at
}

// vetTokens finds what the syntax tree does not show any more: pipes, and
// brackets so deep that the parser should not follow them. Faults of spelling
// are left to the parser. It returns false when there is no use in parsing.
func vetTokens(source string, faults *faultList) bool {
	tokens, err := lexer.Lex(file.NewSource(source))
	if err != nil {
		return true
	}
	depth := 0
	for _, t := range tokens {
		switch {
		case t.Is(lexer.Operator, "|"):
			faults.add(t.From, "pipes (|) are not part of the language; write the function around its argument, or \"or\"")
		case t.Is(lexer.Bracket, "(") || t.Is(lexer.Bracket, "[") || t.Is(lexer.Bracket, "{"):
			if depth++; depth > MaxDepth {
				faults.add(t.From, "brackets stand %d deep; %d is the limit: divide the expression among several indicators", depth, MaxDepth)
				return false
			}
		case t.Kind == lexer.Bracket:
			depth--
		}
	}
	return true
}
