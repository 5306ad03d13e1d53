package serve

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// lockedBuffer is a buffer that handlers may log into at once.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// logging makes a server log into the returned buffer.
func logging(cfg *Config) *lockedBuffer {
	out := &lockedBuffer{}
	cfg.Log = slog.New(slog.NewJSONHandler(out, nil))
	return out
}

func TestRequestIdentity(t *testing.T) {
	s := unready(t, emptyRegistry(t), nil)
	for _, id := range []string{"a", "req 42 / ~", strings.Repeat("x", 128)} {
		if w := call(t, s, http.MethodGet, "/healthz", "", "X-Request-Id", id); w.Header().Get("X-Request-Id") != id {
			t.Errorf("%q became %q", id, w.Header().Get("X-Request-Id"))
		}
	}
	made := map[string]bool{}
	for _, id := range []string{"", strings.Repeat("x", 129), "a\tb", "赔案", "a\x7f"} {
		got := call(t, s, http.MethodGet, "/healthz", "", "X-Request-Id", id).Header().Get("X-Request-Id")
		if len(got) != 32 || got == id || made[got] {
			t.Errorf("%q became %q", id, got)
		}
		made[got] = true
	}
}

func TestPanicAnswers500WithoutInternals(t *testing.T) {
	var out *lockedBuffer
	s := unready(t, emptyRegistry(t), func(cfg *Config) { out = logging(cfg) })
	h := s.chain(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("secret detail") }))
	req := httptest.NewRequest(http.MethodPost, "/v1/score", nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	checkAnswer(t, req, w.Code, w.Header(), w.Body.Bytes())
	f := decode[failure](t, w.Body.Bytes())
	if w.Code != http.StatusInternalServerError || f.Code != codeInternal || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if log := out.String(); !strings.Contains(log, "secret detail") || !strings.Contains(log, "middleware_test.go") || !strings.Contains(log, f.RequestID) {
		t.Errorf("the log does not say why: %s", log)
	}
}

// When an answer has begun, a panic must not look like its end.
func TestPanicAfterTheAnswerBeganCutsTheConnection(t *testing.T) {
	s := unready(t, emptyRegistry(t), nil)
	srv := httptest.NewServer(s.chain(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write([]byte(`{"half`)) // the test is about what follows
		panic("late")
	})))
	defer srv.Close()
	resp, err := http.Get(srv.URL)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	if _, err := new(bytes.Buffer).ReadFrom(resp.Body); err == nil {
		t.Error("half an answer was taken for a whole one")
	}
}

func TestLogHasNothingOfAClaim(t *testing.T) {
	var out *lockedBuffer
	s := ready(t, func(cfg *Config) { out = logging(cfg) })
	call(t, s, http.MethodPost, "/v1/score?reasons=3", goodClaim)
	call(t, s, http.MethodPost, "/v1/score", `{"claim_id":"secret-id","secretfield":"secret value"}`)
	call(t, s, http.MethodGet, "/v1/claims/secret-id?x=secret", "")
	log := out.String()
	for _, secret := range []string{"secret", "18250.5", "staged", `"c1"`, "reasons=3"} {
		if strings.Contains(log, secret) {
			t.Errorf("the log has %q: %s", secret, log)
		}
	}
	for _, want := range []string{`"route":"/v1/score"`, `"status":200`, `"status":400`, `"code":"unknown_field"`, `"status":404`, `"took":`, `"request_id":`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s: %s", want, log)
		}
	}
}
