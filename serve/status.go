package serve

import (
	"net/http"
	"time"

	"claimsieve/datasets"
	"claimsieve/models"
	"claimsieve/screen/policy"
)

// health is the answer of /healthz and of /readyz when all is well.
type health struct {
	Status    string `json:"status"`
	RequestID string `json:"request_id"`
}

// healthz says that the process is alive and answers.
func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	s.answer(w, r, http.StatusOK, health{Status: "alive", RequestID: requestID(r)})
}

// readyz says whether claims can be scored: a champion has passed its digests
// and its self-test, and the server is not stopping. A later champion that is
// refused changes nothing, for the old one goes on.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	switch {
	case s.stopping.Load():
		s.fail(w, r, &failure{status: http.StatusServiceUnavailable, Code: codeNotReady, Message: "the server is stopping"})
	case s.champion.Load() == nil:
		s.fail(w, r, &failure{status: http.StatusServiceUnavailable, Code: codeNotReady, Message: *s.unready.Load()})
	default:
		s.answer(w, r, http.StatusOK, health{Status: "ready", RequestID: requestID(r)})
	}
}

// openapi sends the contract.
func (s *Server) openapi(w http.ResponseWriter, _ *http.Request) {
	s.send(w, http.StatusOK, openAPI)
}

// served is the answer of /v1/models.
type served struct {
	Models    []servedModel `json:"models"`
	RequestID string        `json:"request_id"`
}

// servedModel is the model that answers, with its policy and the claims it takes.
type servedModel struct {
	Name     string         `json:"name"`
	Alias    string         `json:"alias"`
	Version  int            `json:"version"`
	Digest   string         `json:"digest"` // the bundle's identity
	Stage    datasets.Stage `json:"stage"`
	Learner  string         `json:"learner"`
	LoadedAt time.Time      `json:"loaded_at"`
	Policy   servedPolicy   `json:"policy"`
	Key      string         `json:"key"` // the column that a claim must have
	Columns  []servedColumn `json:"columns"`
}

// servedPolicy is the policy in force.
type servedPolicy struct {
	Version    int               `json:"version"`
	Digest     string            `json:"digest"` // hex SHA-256 of the policy's file
	Method     policy.Method     `json:"method"`
	Thresholds policy.Thresholds `json:"thresholds"`
	AuditShare float64           `json:"audit_share"`
	ValidTo    time.Time         `json:"valid_to,omitzero"` // exclusive; left out when it has no end
}

// servedColumn is one column that a claim may carry.
type servedColumn struct {
	Name  string         `json:"name"`
	Type  datasets.Type  `json:"type"`
	Title datasets.Title `json:"title"`
}

// describe makes the entry of a model in /v1/models.
func describe(m *models.Model, alias, policyDigest string) servedModel {
	pol, version := m.Policy()
	ref, manifest := m.Ref(), m.Bundle().Manifest
	out := servedModel{
		Name: ref.Name, Alias: alias, Version: ref.Version, Digest: ref.Digest,
		Stage: manifest.Stage, Learner: manifest.Learner, LoadedAt: time.Now().UTC().Truncate(time.Millisecond),
		Policy: servedPolicy{Version: version, Digest: policyDigest, Method: pol.Method, Thresholds: pol.Thresholds, AuditShare: pol.Audit.Share, ValidTo: pol.ValidTo},
		Key:    m.Claims().Key, Columns: []servedColumn{},
	}
	for _, c := range m.Claims().Columns {
		out.Columns = append(out.Columns, servedColumn{Name: c.Name, Type: c.Type, Title: c.Title})
	}
	return out
}

// models lists what is served: nothing before a champion has been loaded.
func (s *Server) models(w http.ResponseWriter, r *http.Request) {
	out := served{Models: []servedModel{}, RequestID: requestID(r)}
	if c := s.champion.Load(); c != nil {
		out.Models = append(out.Models, c.info)
	}
	s.answer(w, r, http.StatusOK, out)
}
