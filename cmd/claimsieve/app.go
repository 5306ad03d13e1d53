package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// app is what all commands share: the streams, the environment and the global
// flags.
type app struct {
	streams
	environ     []string
	json        bool
	configFile  string
	printConfig bool
}

// print writes a result: v as one JSON object with --json, else what text writes.
func (a *app) print(v any, text func() error) error {
	if !a.json {
		return text()
	}
	enc := json.NewEncoder(a.out)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("cannot write result: %w", err)
	}
	return nil
}

// note writes one line for people on stderr.
func (a *app) note(format string, args ...any) {
	fmt.Fprintf(a.err, format+"\n", args...)
}

// terminal tells whether stderr is a terminal, where progress may be drawn.
func (a *app) terminal() bool {
	f, ok := a.err.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// progress returns a function that draws how much of total is done, and one
// that clears the drawing. Off a terminal both do nothing.
func (a *app) progress(what string, total int) (advance func(done int, note string), finish func()) {
	if !a.terminal() {
		return func(int, string) {}, func() {}
	}
	bar := progressbar.NewOptions(total,
		progressbar.OptionSetWriter(a.err),
		progressbar.OptionSetDescription(what),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionShowCount(),
	)
	advance = func(done int, note string) {
		if note != "" {
			bar.Describe(what + " " + note)
		}
		_ = bar.Set(done) // a drawing that fails must not stop the work
	}
	return advance, func() { _ = bar.Clear() }
}

// version is the program's version. It stands in every bundle and so in its
// digest; it is set here by hand and not taken from the checkout, because a
// changed comment must not change a model.
const version = "0.1.0"

// parseDay reads a flag of the form 2006-01-02 or RFC 3339 as microseconds
// since 1970 UTC; "" is 0.
func parseDay(flag, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UnixMicro(), nil
		}
	}
	return 0, usageError{fmt.Errorf("cannot read --%s %q: want a day such as 1996-01-01 or an instant such as 1996-01-01T00:00:00Z", flag, text)}
}

// require makes flags needed: without a value from flag, environment or file
// the command is used wrongly.
func require(c *cobra.Command, names ...string) {
	work := c.RunE
	c.RunE = func(c *cobra.Command, args []string) error {
		for _, name := range names {
			if f := c.Flags().Lookup(name); f.Value.String() == "" {
				return usageError{fmt.Errorf("%s needs --%s (%s)", c.CommandPath(), name, f.Usage)}
			}
		}
		return work(c, args)
	}
}
