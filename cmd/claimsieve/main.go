// Command claimsieve trains, calibrates and serves fraud scoring models for
// insurance claims. Every verb is a file of this package; run it with --help.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit codes of every command.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}, os.Environ()))
}

// graceful makes a command end its work in order at the first Ctrl-C or
// SIGTERM and at once at the second. Other commands end at once at the first:
// whatever they write appears whole or not at all.
func graceful(c *cobra.Command) *cobra.Command {
	work := c.RunE
	c.RunE = func(c *cobra.Command, args []string) error {
		ctx, stop := signal.NotifyContext(c.Context(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		context.AfterFunc(ctx, stop) // gives the second signal back to the system
		c.SetContext(ctx)
		return work(c, args)
	}
	return c
}

// streams are what a command reads and writes; a test gives its own.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}

// usageError is a wrong use of a command: exit code 2.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// run executes one command line and returns its exit code. Nothing of the
// process's own is touched, so that tests can run the whole program in process.
func run(ctx context.Context, args []string, s streams, environ []string) int {
	a := &app{streams: s, environ: environ}
	root := newRoot(a)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	code := exitFailed
	switch {
	case errors.As(err, new(usageError)):
		code = exitUsage
	case errors.Is(err, context.Canceled):
		err = fmt.Errorf("interrupted: %w", err)
	}
	fmt.Fprintf(s.err, "claimsieve: %v\n", err)
	if a.json {
		_ = a.print(map[string]any{"error": err.Error(), "exit_code": code}, nil) // stderr has it already
	}
	return code
}

// newRoot builds the command tree.
func newRoot(a *app) *cobra.Command {
	s := a.streams
	root := &cobra.Command{
		Use:           "claimsieve",
		Short:         "fraud scoring models for insurance claims: trained, calibrated, served",
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArgs,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	flags := root.PersistentFlags()
	flags.BoolVar(&a.json, "json", false, "one JSON object on stdout instead of text")
	flags.StringVar(&a.configFile, "config", "", "YAML file with settings, by command and flag name")
	flags.BoolVar(&a.printConfig, "print-config", false, "print the settings that hold, with their sources, and stop")
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see %s --help", err, c.CommandPath())}
	})
	root.PersistentPreRunE = a.configure
	root.AddCommand(
		graceful(newDemo(a)), newData(a), newFeatures(a), graceful(newTrain(a)), newPolicy(a),
		newBacktest(a), newScore(a), newModel(a), graceful(newServe(a)),
	)
	return root
}

// noArgs refuses arguments, with the nearest sub-command where there is one.
func noArgs(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		return usageError{fmt.Errorf("unknown command %q for %q, did you mean %q?", args[0], c.CommandPath(), near[0])}
	}
	return usageError{fmt.Errorf("unknown argument %q for %q; see %s --help", args[0], c.CommandPath(), c.CommandPath())}
}

// group is a command that only has sub-commands.
func group(use, short string, children ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: noArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(children...)
	return c
}
