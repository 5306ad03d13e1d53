package serve

import (
	"encoding/json"
	"net/http"
	"strconv"

	"claimsieve/datasets"
)

// failure is the answer to a request that got no other: the shape of every
// error of the API.
type failure struct {
	Message   string `json:"error"` // for people
	Code      string `json:"code"`  // for programs
	Field     string `json:"field"` // the member or parameter at fault, "" for none
	RequestID string `json:"request_id"`
	status    int
}

// The codes of failures besides those of [datasets.FieldError].
const (
	codeBadParameter  = "bad_parameter"
	codeMediaType     = "unsupported_media_type"
	codeTooLarge      = "body_too_large"
	codeTooSlow       = "body_too_slow"
	codeBroken        = "body_incomplete"
	codeNotFound      = "not_found"
	codeWrongMethod   = "method_not_allowed"
	codeOverloaded    = "overloaded"
	codeNotReady      = "not_ready"
	codeInternal      = "internal"
	retryAfterSeconds = 1
)

// fieldFailure is the one place where a fault of a row becomes a status.
func fieldFailure(f *datasets.FieldError) *failure {
	return &failure{status: http.StatusBadRequest, Message: f.Reason, Code: f.Code, Field: f.Field}
}

// fail answers with a failure.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, f *failure) {
	f.RequestID = requestID(r)
	if f.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfterSeconds))
	}
	if t := traceOf(r); t != nil {
		t.code = f.Code
	}
	s.answer(w, r, f.status, f)
}

// answer writes v as JSON. It is marshalled first, so that what cannot be is an
// error 500 and not half an answer.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		s.log.Error("cannot write answer", "request_id", requestID(r), "error", err)
		s.fail(w, r, &failure{status: http.StatusInternalServerError, Message: "internal error", Code: codeInternal})
		return
	}
	s.send(w, status, append(body, '\n'))
}

// send writes a JSON text. An error means that the client has gone.
func (s *Server) send(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
