package serve

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"runtime/debug"
	"time"
)

// trace is what is known of a request, for its log line. The handlers fill it in.
type trace struct {
	id     string
	route  string // template, never the path itself, which a caller may have put anything into
	code   string // of the failure, "" for none
	status int
	bytes  int
}

type traceKey struct{}

// traceOf returns the request's trace, nil outside of the middleware.
func traceOf(r *http.Request) *trace {
	t, _ := r.Context().Value(traceKey{}).(*trace)
	return t
}

func requestID(r *http.Request) string {
	if t := traceOf(r); t != nil {
		return t.id
	}
	return ""
}

// chain puts around the routes what holds for every request: an identity,
// headers, a log line, and an answer even after a panic.
func (s *Server) chain(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		t := &trace{id: chooseID(r.Header.Get("X-Request-Id"))}
		r = r.WithContext(context.WithValue(r.Context(), traceKey{}, t))
		seen := &recorder{ResponseWriter: w, trace: t}
		defer s.logRequest(r, t, began)
		defer s.recoverPanic(seen, r)
		h := w.Header()
		h.Set("X-Request-Id", t.id)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		next.ServeHTTP(seen, r)
	})
}

// chooseID returns the caller's identity for a request if it is 1 to 128
// printable ASCII characters, else a new one.
func chooseID(given string) string {
	if printable(given) {
		return given
	}
	var raw [16]byte
	_, _ = rand.Read(raw[:]) // it never fails: see its documentation
	return hex.EncodeToString(raw[:])
}

func printable(id string) bool {
	if id == "" || len(id) > 128 {
		return false
	}
	for i := range len(id) {
		if id[i] < ' ' || id[i] > '~' {
			return false
		}
	}
	return true
}

// recoverPanic answers 500 without a word about why, and logs why. When the
// answer had begun, the connection is cut, so that half is not taken for all.
func (s *Server) recoverPanic(w *recorder, r *http.Request) {
	v := recover()
	if v == nil {
		return
	}
	if v == http.ErrAbortHandler { // a handler's own wish to cut the connection
		panic(v)
	}
	s.log.Error("panic", "request_id", w.trace.id, "route", w.trace.route, "panic", v, "stack", string(debug.Stack()))
	if w.trace.status != 0 {
		panic(http.ErrAbortHandler)
	}
	s.fail(w, r, &failure{status: http.StatusInternalServerError, Message: "internal error", Code: codeInternal})
}

// logRequest writes the access log. It has no path, no query, no body and no
// score: nothing of a claim.
func (s *Server) logRequest(r *http.Request, t *trace, began time.Time) {
	s.log.Info("request", "method", clipMethod(r.Method), "route", t.route, "status", t.status, "code", t.code,
		"bytes", t.bytes, "took", time.Since(began), "request_id", t.id, "remote", r.RemoteAddr)
}

// clipMethod keeps a method that nobody knows from filling the log.
func clipMethod(m string) string {
	if len(m) > 16 {
		return m[:16] + "..."
	}
	return m
}

// recorder notes the status and the size of an answer.
type recorder struct {
	http.ResponseWriter
	trace *trace
}

// WriteHeader notes and passes on the status.
func (w *recorder) WriteHeader(status int) {
	if w.trace.status == 0 {
		w.trace.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write notes and passes on the bytes.
func (w *recorder) Write(p []byte) (int, error) {
	if w.trace.status == 0 {
		w.trace.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.trace.bytes += n
	return n, err
}

// Unwrap lets http.MaxBytesReader and http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }
