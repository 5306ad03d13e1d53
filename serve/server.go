package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Server answers HTTP requests with the decisions of a model's champion.
type Server struct {
	cfg      Config
	log      *slog.Logger
	handler  http.Handler
	champion atomic.Pointer[champion] // nil until one has been loaded
	unready  atomic.Pointer[string]   // why there is no champion, for /readyz
	stopping atomic.Bool
	reading  chan struct{} // one element for each score request under way
	scoring  chan struct{} // one element for each claim that is being scored

	reload  sync.Mutex // guards what follows, and loads one champion at a time
	refused refusal
}

// New returns a server that has no champion yet: [Server.Reload] or
// [Server.Run] loads it. The error lists every fault of cfg.
func New(cfg Config) (*Server, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	s := &Server{
		cfg: cfg, log: cfg.Log,
		reading: make(chan struct{}, cfg.MaxReading),
		scoring: make(chan struct{}, cfg.MaxScoring),
	}
	s.unready.Store(new("the champion has not been loaded yet"))
	s.handler = s.chain(s.router())
	return s, nil
}

// Handler returns the whole API, with its middleware. It is safe for
// concurrent use.
func (s *Server) Handler() http.Handler { return s.handler }

// Run answers requests on listener, which it closes, and follows the registry's
// aliases until ctx is done. Then it takes no more connections, lets the
// requests under way end, and returns nil; when they take longer than
// Config.DrainTimeout it cuts them off and returns an error. A champion that
// cannot be loaded does not end it: /readyz says why, and it tries again.
func (s *Server) Run(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           s.handler,
		MaxHeaderBytes:    s.cfg.MaxHeader,
		ReadHeaderTimeout: s.cfg.HeaderTimeout,
		ReadTimeout:       s.cfg.ReadTimeout,
		WriteTimeout:      s.cfg.WriteTimeout,
		IdleTimeout:       s.cfg.IdleTimeout,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var following sync.WaitGroup
	following.Go(func() { s.follow(ctx) })
	defer following.Wait()
	defer stop() // before the wait

	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("cannot serve on %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	s.stopping.Store(true)
	s.log.Info("stopping", "drain_timeout", s.cfg.DrainTimeout)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.DrainTimeout)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		return errors.Join(fmt.Errorf("cannot end all requests within %s, the rest were cut off: %w", s.cfg.DrainTimeout, err), server.Close())
	}
	<-ended
	s.log.Info("stopped")
	return nil
}

// follow looks at the aliases until ctx is done, at once and then at every interval.
func (s *Server) follow(ctx context.Context) {
	tick := time.NewTicker(s.cfg.PollInterval)
	defer tick.Stop()
	for {
		s.poll()
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
