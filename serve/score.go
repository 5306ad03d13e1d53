package serve

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"claimsieve/datasets"
	"claimsieve/features"
	"claimsieve/models"
)

// The bounds of the query parameter reasons.
const (
	standardReasons = 4
	mostReasons     = 20
)

// decided is the answer to a claim.
type decided struct {
	RequestID string `json:"request_id"`
	*models.Decision
}

// score answers POST /v1/score.
func (s *Server) score(w http.ResponseWriter, r *http.Request) {
	if !enter(s.reading) {
		s.fail(w, r, overloaded())
		return
	}
	defer leave(s.reading)
	reasons, fault := readReasons(r)
	if fault != nil {
		s.fail(w, r, fault)
		return
	}
	body, fault := s.readClaim(w, r)
	if fault != nil {
		s.fail(w, r, fault)
		return
	}
	decision, fault := s.decide(r, body, reasons)
	if fault != nil {
		s.fail(w, r, fault)
		return
	}
	s.answer(w, r, http.StatusOK, decided{RequestID: requestID(r), Decision: decision})
}

// decide scores a claim that has been read. Its limit is apart from that of the
// reading, so that slow senders cannot keep the quick ones from being scored.
func (s *Server) decide(r *http.Request, body []byte, reasons int) (*models.Decision, *failure) {
	if !enter(s.scoring) {
		return nil, overloaded()
	}
	defer leave(s.scoring)
	c := s.champion.Load()
	if c == nil {
		return nil, &failure{status: http.StatusServiceUnavailable, Code: codeNotReady, Message: "no model has been loaded yet: see /readyz"}
	}
	row, err := c.parser.Parse(body)
	if err == nil {
		err = c.notAhead(row)
	}
	if err == nil {
		var past *features.Past
		if past, err = c.model.Bundle().Pipeline.Ask(c.past, row.Record); err == nil {
			var decision *models.Decision
			if decision, err = c.model.Decide(row, past, reasons); err == nil {
				return decision, nil
			}
		}
	}
	var field *datasets.FieldError
	if errors.As(err, &field) {
		return nil, fieldFailure(field)
	}
	s.log.Error("cannot decide", "request_id", requestID(r), "model", c.info.Name, "version", c.target.Version, "error", err)
	return nil, &failure{status: http.StatusInternalServerError, Code: codeInternal, Message: "internal error"}
}

// aheadOfTime is how far a claim's instant may lie in the future: clocks differ.
const aheadOfTime = 24 * time.Hour

// notAhead refuses a claim of the future. Nothing is known of that, and asking
// the history as of then would have it worked out for a time that may never be.
func (c *champion) notAhead(row *datasets.Row) error {
	plan := c.model.Bundle().Pipeline.Plan()
	if plan == nil {
		return nil
	}
	at, err := plan.InstantOf(row.Record)
	if err != nil || at == datasets.NoTime || time.UnixMicro(at).Before(time.Now().Add(aheadOfTime)) {
		return nil // what is wrong with the column is said elsewhere
	}
	return &datasets.FieldError{Field: plan.Instant, Code: datasets.CodeOutOfRange, Reason: "lies in the future: want the time at which the claim reached this stage"}
}

// enter takes a place, unless all are taken.
func enter(places chan struct{}) bool {
	select {
	case places <- struct{}{}:
		return true
	default:
		return false
	}
}

func leave(places chan struct{}) { <-places }

func overloaded() *failure {
	return &failure{status: http.StatusServiceUnavailable, Code: codeOverloaded, Message: "too many requests are under way: try again a little later"}
}

// readReasons reads how many reasons are wanted.
func readReasons(r *http.Request) (int, *failure) {
	bad := &failure{
		status: http.StatusBadRequest, Code: codeBadParameter, Field: "reasons",
		Message: fmt.Sprintf("want one whole number from 0 to %d", mostReasons),
	}
	query := strings.TrimSpace(r.URL.RawQuery)
	values := r.URL.Query()["reasons"]
	switch {
	case query == "" || len(values) == 0:
		return standardReasons, nil
	case len(values) > 1:
		return 0, bad
	}
	n, err := strconv.Atoi(values[0])
	if err != nil || n < 0 || n > mostReasons || strconv.Itoa(n) != values[0] {
		return 0, bad
	}
	return n, nil
}

// readClaim reads the body, if it is JSON by its own account and not too long.
func (s *Server) readClaim(w http.ResponseWriter, r *http.Request) ([]byte, *failure) {
	if !isJSON(r.Header) {
		return nil, &failure{status: http.StatusUnsupportedMediaType, Code: codeMediaType, Message: "want Content-Type application/json in UTF-8, without Content-Encoding"}
	}
	if r.ContentLength > s.cfg.MaxBody {
		w.Header().Set("Connection", "close") // nobody is going to read the rest
		return nil, s.tooLarge()
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.cfg.MaxBody))
	var long *http.MaxBytesError
	switch {
	case err == nil:
		return body, nil
	case errors.As(err, &long):
		return nil, s.tooLarge()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, &failure{status: http.StatusRequestTimeout, Code: codeTooSlow, Message: fmt.Sprintf("the body did not arrive within %s", s.cfg.ReadTimeout)}
	}
	return nil, &failure{status: http.StatusBadRequest, Code: codeBroken, Message: "the body ended before it was complete"}
}

func (s *Server) tooLarge() *failure {
	return &failure{status: http.StatusRequestEntityTooLarge, Code: codeTooLarge, Message: fmt.Sprintf("want at most %d bytes", s.cfg.MaxBody)}
}

// isJSON reports whether a request says that it carries plain JSON in UTF-8.
func isJSON(h http.Header) bool {
	if h.Get("Content-Encoding") != "" {
		return false
	}
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return false
	}
	charset, ok := params["charset"]
	return !ok || strings.EqualFold(charset, "utf-8")
}
