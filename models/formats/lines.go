package formats

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// Limits of a text that is read. They bound memory before anything is known
// about the sender; real models are far below.
const (
	maxTextBytes = 1 << 30  // of a whole model
	maxLineBytes = 64 << 20 // of one line: about 3 million leaves
)

// lines gives the lines of a text one by one and counts them.
type lines struct {
	scan   *bufio.Scanner
	input  *io.LimitedReader
	number int // of the line last given, from 1
	again  bool
}

func newLines(r io.Reader) *lines {
	l := &lines{input: &io.LimitedReader{R: r, N: maxTextBytes}}
	l.scan = bufio.NewScanner(l.input)
	l.scan.Buffer(make([]byte, 0, 64<<10), maxLineBytes)
	return l
}

// next returns the next line without its end, and false at the end of the
// text. The bytes hold until the following call.
func (l *lines) next() ([]byte, bool) {
	if l.again {
		l.again = false
		return l.scan.Bytes(), true
	}
	if !l.scan.Scan() {
		return nil, false
	}
	l.number++
	return l.scan.Bytes(), true
}

// back makes next give the same line once more.
func (l *lines) back() { l.again = true }

// fault returns an error about the line last given.
func (l *lines) fault(format string, args ...any) error {
	return fmt.Errorf("line %d: %w", l.number, fmt.Errorf(format, args...))
}

// err returns why the text ended: what ended it too early, or that it was not
// to end yet.
func (l *lines) err() error {
	err := l.scan.Err()
	switch {
	case errors.Is(err, bufio.ErrTooLong):
		return fmt.Errorf("line %d: longer than %d bytes", l.number+1, maxLineBytes)
	case err != nil:
		return fmt.Errorf("after line %d: %w", l.number, err)
	case l.input.N <= 0:
		return fmt.Errorf("after line %d: text is longer than %d bytes", l.number, maxTextBytes)
	}
	return fmt.Errorf("after line %d: %w: the file is cut short", l.number, io.ErrUnexpectedEOF)
}
