package serve

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// live runs a server on a free port until the test ends.
type live struct {
	addr string
	stop func() error // ends Run and returns what it returned
}

func run(t *testing.T, s *Server) *live {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, listener) }()
	l := &live{addr: listener.Addr().String()}
	var result error
	stopped := false
	l.stop = func() error {
		if !stopped {
			cancel()
			result, stopped = <-ended, true
		}
		return result
	}
	t.Cleanup(func() { _ = l.stop() }) // tests that care look at it themselves
	return l
}

// eventually waits until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited too long until %s", what)
		}
	}
}

// slowClient has sent the head and half of the body of a score request.
type slowClient struct {
	t    *testing.T
	conn net.Conn
	rest string
}

func startSlowly(t *testing.T, addr, body string) *slowClient {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	half := len(body) / 2
	if _, err := fmt.Fprintf(conn, "POST /v1/score HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body[:half]); err != nil {
		t.Fatal(err)
	}
	return &slowClient{t: t, conn: conn, rest: body[half:]}
}

// finish sends the rest and returns the answer.
func (c *slowClient) finish() (int, string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, c.rest); err != nil {
		c.t.Fatal(err)
	}
	return c.answer()
}

// answer waits for the answer without sending the rest.
func (c *slowClient) answer() (int, string) {
	c.t.Helper()
	if err := c.conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		c.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, "http://x/v1/score", nil)
	if err != nil {
		c.t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(c.conn), req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	checkAnswer(c.t, req, resp.StatusCode, resp.Header, body)
	return resp.StatusCode, string(body)
}

func TestHugeBodies(t *testing.T) {
	s := ready(t, func(cfg *Config) { cfg.MaxBody = 1000 })
	fits := goodClaim + strings.Repeat(" ", 1000-len(goodClaim))
	if w := call(t, s, http.MethodPost, "/v1/score", fits); w.Code != http.StatusOK {
		t.Errorf("1000 bytes: %d", w.Code)
	}
	w := call(t, s, http.MethodPost, "/v1/score", fits+" ")
	if f := decode[failure](t, w.Body.Bytes()); w.Code != http.StatusRequestEntityTooLarge || f.Code != codeTooLarge {
		t.Errorf("1001 bytes: %d %+v", w.Code, f)
	}
	l := run(t, s)
	// Without a length in the head the limit shows only while reading.
	req, err := http.NewRequest(http.MethodPost, "http://"+l.addr+"/v1/score", io.MultiReader(strings.NewReader(goodClaim), strings.NewReader(strings.Repeat(" ", 1<<20))))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("chunked: %d %v", resp.StatusCode, err)
	}
	checkAnswer(t, req, resp.StatusCode, resp.Header, body)
}

func TestSlowClientIsToldAndOthersAreNotHeldUp(t *testing.T) {
	s := ready(t, func(cfg *Config) { cfg.ReadTimeout, cfg.MaxScoring = 300*time.Millisecond, 1 })
	l := run(t, s)
	slow := startSlowly(t, l.addr, goodClaim)
	eventually(t, "the slow request is under way", func() bool { return len(s.reading) == 1 })
	if w := call(t, s, http.MethodPost, "/v1/score", goodClaim); w.Code != http.StatusOK {
		t.Errorf("a quick client got %d beside a slow one", w.Code)
	}
	if status, body := slow.answer(); status != http.StatusRequestTimeout || !strings.Contains(body, codeTooSlow) {
		t.Errorf("%d %s", status, body)
	}
	eventually(t, "its place is free again", func() bool { return len(s.reading) == 0 })
}

func TestBrokenBodyIsToldApartFromBadJSON(t *testing.T) {
	l := run(t, ready(t, nil))
	slow := startSlowly(t, l.addr, goodClaim)
	if err := slow.conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if status, body := slow.answer(); status != http.StatusBadRequest || !strings.Contains(body, codeBroken) {
		t.Errorf("%d %s", status, body)
	}
}

func TestLimitsAnswerAtOnce(t *testing.T) {
	s := ready(t, func(cfg *Config) { cfg.MaxReading, cfg.MaxScoring = 2, 1 })
	l := run(t, s)
	first, second := startSlowly(t, l.addr, goodClaim), startSlowly(t, l.addr, goodClaim)
	eventually(t, "both places are taken", func() bool { return len(s.reading) == 2 })
	refused := func() {
		t.Helper()
		began := time.Now()
		w := call(t, s, http.MethodPost, "/v1/score", goodClaim)
		if f := decode[failure](t, w.Body.Bytes()); w.Code != http.StatusServiceUnavailable || f.Code != codeOverloaded || w.Header().Get("Retry-After") != "1" {
			t.Errorf("%d %+v", w.Code, f)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("the refusal took %s", took)
		}
	}
	refused()
	for _, path := range []string{"/healthz", "/readyz", "/v1/models"} {
		if w := call(t, s, http.MethodGet, path, ""); w.Code != http.StatusOK {
			t.Errorf("%s under load: %d", path, w.Code)
		}
	}
	for _, c := range []*slowClient{first, second} {
		if status, body := c.finish(); status != http.StatusOK {
			t.Errorf("%d %s", status, body)
		}
	}
	eventually(t, "the places are free", func() bool { return len(s.reading) == 0 })
	s.scoring <- struct{}{} // a claim that takes long to score
	refused()
	<-s.scoring
	if w := call(t, s, http.MethodPost, "/v1/score", goodClaim); w.Code != http.StatusOK {
		t.Errorf("afterwards: %d", w.Code)
	}
}

// closedListener returns a listener that takes no connections any more.
func closedListener(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l
}
