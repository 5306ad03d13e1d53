package serve

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"claimsieve/datasets"
	"claimsieve/features"
	"claimsieve/features/history"
	"claimsieve/models"
	"claimsieve/models/registry"
)

// champion is everything that answers a claim, made of one version and one
// policy. It is immutable: a request takes the pointer once and sees one whole.
type champion struct {
	target registry.Target
	model  *models.Model
	parser *datasets.RowParser
	past   *history.State // nil when the model asks nothing of the history, or the server has none
	info   servedModel
}

// refusal is the last target that could not be used, and why. A refused target
// is tried again after a while: the disk may have been at fault.
type refusal struct {
	target registry.Target
	reason string
	again  time.Time
}

// Reload looks at the registry and loads what the alias stands for, unless that
// is in use already. On an error the champion in use stays; the error says why
// the new one was refused.
func (s *Server) Reload() error {
	s.reload.Lock()
	defer s.reload.Unlock()
	target, err := s.wanted()
	if err != nil {
		return s.refuse(registry.Target{}, err)
	}
	return s.take(target)
}

// poll is Reload that leaves a target alone for a while after it was refused,
// and logs.
func (s *Server) poll() {
	s.reload.Lock()
	defer s.reload.Unlock()
	target, err := s.wanted()
	if err != nil {
		s.logRefusal(registry.Target{}, err)
		return
	}
	if target == s.refused.target && time.Now().Before(s.refused.again) {
		return
	}
	if err := s.take(target); err != nil {
		s.log.Error("champion refused", "model", s.cfg.Model, "version", target.Version, "policy", target.Policy, "error", err, "in_use", s.inUse())
	}
}

// logRefusal logs what hinders reading the aliases once, not at every poll.
func (s *Server) logRefusal(target registry.Target, err error) {
	known := s.refused.reason == err.Error()
	_ = s.refuse(target, err) // it returns err
	if !known {
		s.log.Error("aliases refused", "model", s.cfg.Model, "error", err, "in_use", s.inUse())
	}
}

// wanted returns what the alias stands for now.
func (s *Server) wanted() (registry.Target, error) {
	aliases, err := s.cfg.Registry.Aliases(s.cfg.Model)
	if err != nil {
		return registry.Target{}, err
	}
	target, ok := aliases[s.cfg.Alias]
	if !ok {
		return registry.Target{}, fmt.Errorf("cannot find %s of model %q: %w", s.cfg.Alias, s.cfg.Model, errNoAlias)
	}
	return target, nil
}

// take loads a target and swaps it in. The caller holds the reload lock.
func (s *Server) take(target registry.Target) error {
	old := s.champion.Load()
	if old != nil && old.target == target {
		s.refused = refusal{}
		return nil
	}
	began := time.Now()
	next, err := s.load(target)
	if err != nil {
		return s.refuse(target, err)
	}
	s.champion.Store(next)
	s.refused = refusal{}
	s.log.Info("champion loaded", "model", s.cfg.Model, "version", target.Version, "policy", target.Policy, "digest", next.info.Digest, "took", time.Since(began))
	return nil
}

// errNoAlias means that nobody has promoted a version yet.
var errNoAlias = errors.New("the alias is not set: promote a version")

// ErrHistory marks what is wrong with [Config.History], for whoever starts the
// server: no other champion would mend it.
var ErrHistory = errors.New("cannot use the history")

// refuse remembers why target is not in use and returns err. What /readyz tells
// the world is less than what the log says.
func (s *Server) refuse(target registry.Target, err error) error {
	public := "the model was refused: the log says why"
	if errors.Is(err, errNoAlias) {
		public = fmt.Sprintf("the alias %s of the model is not set", s.cfg.Alias)
	}
	s.unready.Store(&public)
	s.refused = refusal{target: target, reason: err.Error(), again: time.Now().Add(s.cfg.RetryInterval)}
	return err
}

// inUse names the version that goes on, 0 for none.
func (s *Server) inUse() int {
	if c := s.champion.Load(); c != nil {
		return c.target.Version
	}
	return 0
}

// load makes a champion: [models.OpenTarget] checks digests, self-test and the
// policy's term.
func (s *Server) load(target registry.Target) (*champion, error) {
	model, err := models.OpenTarget(s.cfg.Registry, s.cfg.Model, target, s.cfg.AuditKey, time.Now())
	if err != nil {
		return nil, err
	}
	parser, err := datasets.NewRowParser(model.Claims())
	if err != nil {
		return nil, err
	}
	raw, err := s.cfg.Registry.Policy(s.cfg.Model, target.Policy)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(raw)
	past, err := s.history(model)
	if err != nil {
		return nil, err
	}
	c := &champion{target: target, model: model, parser: parser, past: past}
	c.info = describe(model, s.cfg.Alias, hex.EncodeToString(sum[:]))
	return c, nil
}

// history returns the history that a model asks: that of the champion in use
// where both ask the same, else one opened for it.
func (s *Server) history(model *models.Model) (*history.State, error) {
	pipeline := model.Bundle().Pipeline
	if s.cfg.History == "" || pipeline.Plan() == nil {
		return nil, nil
	}
	if old := s.champion.Load(); old != nil && old.past != nil && old.model.Bundle().Pipeline.Plan().Digest == pipeline.Plan().Digest {
		return old.past, nil
	}
	began := time.Now()
	past, err := pipeline.OpenState(s.cfg.History, features.ReadOptions{})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrHistory, err)
	}
	if err := past.Refresh(time.Now().UnixMicro()); err != nil { // so that no claim waits for it
		return nil, fmt.Errorf("%w: %w", ErrHistory, err)
	}
	s.log.Info("history loaded", "model", model.Ref().Name, "claims", past.Claims(), "bytes", past.Size(), "took", time.Since(began))
	return past, nil
}
