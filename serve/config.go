package serve

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"claimsieve/models/registry"
)

// Config is what a server needs to know. Registry and Model must be set; the
// zero value of everything else is the default that stands beside it.
type Config struct {
	Registry *registry.Registry
	Model    string // the model's name in the registry
	Alias    string // which of its aliases decides; "champion"
	// AuditKey is the secret key of the random audit arm. A policy with an audit
	// share is refused without it.
	AuditKey []byte
	// History is what the indicators of the history are answered from: the
	// folder of a dataset, or a stored state (claimsieve features state). ""
	// knows nothing: answers of models that look at the history are degraded.
	History string

	MaxBody       int64         // bytes of a claim; 1 MiB
	MaxScoring    int           // claims that are scored at the same time; 4 for every processor
	MaxReading    int           // score requests that are under way, slow senders included; 1024
	MaxHeader     int           // bytes of a request's head; 32 KiB
	DrainTimeout  time.Duration // for requests under way when the server stops; 20 s
	HeaderTimeout time.Duration // to send the head of a request; 5 s
	ReadTimeout   time.Duration // to send a whole request; 15 s
	WriteTimeout  time.Duration // from the end of the head to the end of the answer; 30 s
	IdleTimeout   time.Duration // between two requests of a connection; 2 min
	PollInterval  time.Duration // between two looks at the registry's aliases; 1 s
	RetryInterval time.Duration // before a champion that was refused is tried again; 30 s

	Log *slog.Logger // slog.Default()
}

// withDefaults returns cfg with every zero setting replaced.
func (cfg Config) withDefaults() Config {
	set(&cfg.Alias, registry.Champion)
	set(&cfg.MaxBody, 1<<20)
	set(&cfg.MaxScoring, 4*runtime.GOMAXPROCS(0))
	set(&cfg.MaxReading, 1024)
	set(&cfg.MaxHeader, 32<<10)
	set(&cfg.DrainTimeout, 20*time.Second)
	set(&cfg.HeaderTimeout, 5*time.Second)
	set(&cfg.ReadTimeout, 15*time.Second)
	set(&cfg.WriteTimeout, 30*time.Second)
	set(&cfg.IdleTimeout, 2*time.Minute)
	set(&cfg.PollInterval, time.Second)
	set(&cfg.RetryInterval, 30*time.Second)
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return cfg
}

// set gives a setting its default.
func set[T comparable](setting *T, standard T) {
	var zero T
	if *setting == zero {
		*setting = standard
	}
}

// validate lists every fault of a configuration with its defaults.
func (cfg Config) validate() error {
	var faults []error
	if cfg.Registry == nil {
		faults = append(faults, errors.New("registry: it is nil, want an open registry"))
	}
	faults = append(faults, registry.CheckName(cfg.Model), registry.CheckAlias(cfg.Alias))
	for _, s := range []struct {
		name  string
		value int64
	}{
		{"max body", cfg.MaxBody}, {"max scoring", int64(cfg.MaxScoring)}, {"max reading", int64(cfg.MaxReading)}, {"max header", int64(cfg.MaxHeader)},
		{"drain timeout", int64(cfg.DrainTimeout)}, {"header timeout", int64(cfg.HeaderTimeout)}, {"read timeout", int64(cfg.ReadTimeout)},
		{"write timeout", int64(cfg.WriteTimeout)}, {"idle timeout", int64(cfg.IdleTimeout)}, {"poll interval", int64(cfg.PollInterval)}, {"retry interval", int64(cfg.RetryInterval)},
	} {
		if s.value < 0 {
			faults = append(faults, fmt.Errorf("%s: it is %d, want more than 0", s.name, s.value))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("cannot make server: %w", err)
	}
	return nil
}
