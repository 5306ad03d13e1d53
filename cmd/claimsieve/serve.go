package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"github.com/spf13/cobra"

	"claimsieve/models/registry"
	"claimsieve/serve"
)

// serveOptions are the flags of serve.
type serveOptions struct {
	registry, model, alias, address string
	history                         string
	maxBody                         int64
	drain                           time.Duration
	level                           slog.Level   // least that is logged
	listener                        net.Listener // nil: made from the address
}

func newServe(a *app) *cobra.Command {
	o := &serveOptions{}
	c := &cobra.Command{
		Use:   "serve --model NAME",
		Short: "answer claims over HTTP with a model's champion",
		Long: `Answers POST /v1/score with the champion of --model; a promotion or a rollback is
taken up within a second, without a restart. The description of the API is at
/openapi.json. Ctrl-C or SIGTERM finishes the requests under way and stops.

Indicators of the history (aggregate, rate, network, text) are answered from
--history: the folder of a dataset, or a file that features state wrote. Without
it they are missing, and every answer that needs them says that it is degraded.

The server checks no identity yet. It listens on the loopback unless --address
says otherwise; put it behind something that does before you let others in.`,
		Example: "  claimsieve serve --model motor --address 127.0.0.1:8080\n  curl -s localhost:8080/v1/score -H 'Content-Type: application/json' -d @claim.json",
		Args:    noArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.serve(c.Context(), o, nil)
		},
	}
	f := c.Flags()
	f.StringVar(&o.registry, "registry", "registry", "folder of the models")
	f.StringVar(&o.model, "model", "", "the model's name")
	f.StringVar(&o.alias, "alias", registry.Champion, "which alias of the model answers")
	f.StringVar(&o.address, "address", "127.0.0.1:8080", "address to listen on")
	f.StringVar(&o.history, "history", "", "what indicators of the history are answered from: a dataset's folder, or a file of features state")
	f.Int64Var(&o.maxBody, "max-body", 1<<20, "most bytes of a request")
	f.DurationVar(&o.drain, "drain", 20*time.Second, "time for requests under way when the server stops")
	require(c, "model")
	return c
}

func listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w; choose another with --address", address, err)
	}
	return listener, nil
}

// serve runs the server until ctx is done. ready, where given, is told the
// address once the server answers.
func (a *app) serve(ctx context.Context, o *serveOptions, ready func(address string)) error {
	reg, err := registry.OpenExisting(o.registry)
	if err != nil {
		return err
	}
	if err := knownModel(reg, o.model); err != nil {
		return err
	}
	key, err := auditKey(o.registry)
	if err != nil {
		return err
	}
	server, err := serve.New(serve.Config{
		Registry: reg, Model: o.model, Alias: o.alias, MaxBody: o.maxBody, DrainTimeout: o.drain,
		AuditKey: key, History: o.history,
		Log: slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: o.level})),
	})
	if err != nil {
		return err
	}
	if err := server.Reload(); errors.Is(err, serve.ErrHistory) {
		return err
	} else if err != nil {
		a.note("claimsieve: %v; the server answers 503 until there is a champion that works", err)
	}
	listener := o.listener
	if listener == nil {
		if listener, err = listen(o.address); err != nil {
			return err
		}
	}
	a.note("claimsieve serves %s on http://%s (stop with Ctrl-C)", o.model, listener.Addr())
	if ready != nil {
		ready(listener.Addr().String())
	}
	if err := server.Run(ctx, listener); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	a.note("claimsieve stopped; no request was cut off")
	return nil
}
