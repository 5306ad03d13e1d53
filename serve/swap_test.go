package serve

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"claimsieve/models"
	"claimsieve/models/registry"
	"claimsieve/screen/policy"
)

// post sends the good claim over a connection and returns the answer.
func post(client *http.Client, addr string) (*http.Request, *http.Response, []byte, error) {
	req, err := http.NewRequest(http.MethodPost, "http://"+addr+"/v1/score", strings.NewReader(goodClaim))
	if err != nil {
		return nil, nil, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return req, nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return req, resp, body, err
}

// targetOf returns what the server decides with, zero for nothing.
func targetOf(s *Server) registry.Target {
	if c := s.champion.Load(); c != nil {
		return c.target
	}
	return registry.Target{}
}

func TestHotSwapUnderLoad(t *testing.T) {
	r := emptyRegistry(t)
	one, two := publish(t, r, 0.5), publish(t, r, 0.5)
	strict := registry.Target{Version: 1, Policy: addPolicy(t, r, 1, policy.Policy{Thresholds: policy.Thresholds{Investigate: 0.99, Review: 0.98}})}
	tiers := map[registry.Target]string{one: "investigate", two: "investigate", strict: "clear"}
	promote(t, r, one)
	s := unready(t, r, nil)
	if err := s.Reload(); err != nil {
		t.Fatal(err)
	}
	l := run(t, s)
	var wg sync.WaitGroup
	var done atomic.Bool
	var answers sync.Map // target -> seen
	for range 4 {
		wg.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			for !done.Load() {
				_, resp, body, err := post(client, l.addr)
				if err != nil || resp.StatusCode != http.StatusOK {
					t.Errorf("a request failed during a swap: %v %s", err, body)
					return
				}
				d := decode[models.Decision](t, body)
				target := registry.Target{Version: d.Model.Version, Policy: d.Policy.Version}
				if want, known := tiers[target]; !known || d.Tier.String() != want || float64(d.Margin) != goodMargin(target.Version) {
					t.Errorf("a mixed answer: %+v", d)
				}
				answers.Store(target, true)
			}
		})
	}
	for range 4 {
		for _, next := range []registry.Target{two, strict, one} {
			promote(t, r, next)
			eventually(t, "the new champion decides", func() bool { return targetOf(s) == next })
			answers.Delete(next)
			eventually(t, "an answer of the new champion", func() bool { _, ok := answers.Load(next); return ok || t.Failed() })
		}
	}
	done.Store(true)
	wg.Wait()
	if err := l.stop(); err != nil {
		t.Error(err)
	}
}

// Swaps far faster than the registry can give: an answer that looked at the
// champion twice would show two of them.
func TestNoAnswerMixesTwoChampions(t *testing.T) {
	r := emptyRegistry(t)
	targets := []registry.Target{publish(t, r, 0.5), publish(t, r, 0.5)}
	s := unready(t, r, nil)
	var loaded []*champion
	for _, target := range targets {
		c, err := s.load(target)
		if err != nil {
			t.Fatal(err)
		}
		loaded = append(loaded, c)
	}
	s.champion.Store(loaded[0])
	var done atomic.Bool
	var swapping, asking sync.WaitGroup
	swapping.Go(func() {
		for i := 0; !done.Load(); i++ {
			s.champion.Store(loaded[i%2])
		}
	})
	for range 2 {
		asking.Go(func() {
			for range 500 {
				d := decode[models.Decision](t, call(t, s, http.MethodPost, "/v1/score", goodClaim).Body.Bytes())
				target := registry.Target{Version: d.Model.Version, Policy: d.Policy.Version}
				if (target != targets[0] && target != targets[1]) || float64(d.Margin) != goodMargin(target.Version) {
					t.Errorf("a mixed answer: %+v", d)
					return
				}
			}
		})
	}
	asking.Wait()
	done.Store(true)
	swapping.Wait()
}

func TestBadChampionIsRefusedAndTheOldOneGoesOn(t *testing.T) {
	var out *lockedBuffer
	r := emptyRegistry(t)
	one, two := publish(t, r, 0.5), publish(t, r, 0.5)
	promote(t, r, one)
	dir, err := r.Path("motor", two.Version)
	if err != nil {
		t.Fatal(err)
	}
	model := filepath.Join(dir, "model.txt")
	good, err := os.ReadFile(model)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(model, bytes.Replace(good, []byte("leaf_value=0.5"), []byte("leaf_value=0.6"), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	s := unready(t, r, func(cfg *Config) { out = logging(cfg); cfg.RetryInterval = 50 * time.Millisecond })
	l := run(t, s)
	eventually(t, "version 1 decides", func() bool { return targetOf(s) == one })
	promote(t, r, two)
	eventually(t, "the bad version is refused", func() bool { return strings.Contains(out.String(), "champion refused") })
	if w := call(t, s, http.MethodGet, "/readyz", ""); w.Code != http.StatusOK {
		t.Errorf("readyz %d", w.Code)
	}
	if d := decode[models.Decision](t, call(t, s, http.MethodPost, "/v1/score", goodClaim).Body.Bytes()); d.Model.Version != 1 {
		t.Errorf("version %d decides", d.Model.Version)
	}
	if err := os.WriteFile(model, good, 0o644); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the mended version is tried again", func() bool { return targetOf(s) == two })
	aliases := filepath.Join(r.Dir(), "models", "motor", "aliases.json")
	broken := filepath.Join(t.TempDir(), "aliases.json") // renamed, for a file half written is another fault
	if err := errors.Join(os.WriteFile(broken, []byte("{"), 0o644), os.Rename(broken, aliases)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "broken aliases are logged", func() bool { return strings.Contains(out.String(), "aliases refused") })
	time.Sleep(50 * time.Millisecond) // ten looks at the broken file
	if n := strings.Count(out.String(), "aliases refused"); n != 1 {
		t.Errorf("logged %d times", n)
	}
	if w := call(t, s, http.MethodPost, "/v1/score", goodClaim); w.Code != http.StatusOK {
		t.Errorf("%d with broken aliases", w.Code)
	}
	if err := l.stop(); err != nil {
		t.Error(err)
	}
}

func TestPolicyWithAuditShareNeedsAKey(t *testing.T) {
	r := emptyRegistry(t)
	target := publish(t, r, 0.999)
	target.Policy = addPolicy(t, r, target.Version, policy.Policy{Thresholds: policy.Thresholds{Investigate: 0.999, Review: 0.99}, Audit: policy.Audit{Share: 1, KeyID: "k1"}})
	promote(t, r, target)
	if err := unready(t, r, nil).Reload(); err == nil {
		t.Error("a policy with an audit share was taken without a key")
	}
	s := unready(t, r, func(cfg *Config) { cfg.AuditKey = bytes.Repeat([]byte("k"), 32) })
	if err := s.Reload(); err != nil {
		t.Fatal(err)
	}
	if d := decode[models.Decision](t, call(t, s, http.MethodPost, "/v1/score", goodClaim).Body.Bytes()); d.SelectedBy != models.SelectedByAudit || d.Propensity != 1 {
		t.Errorf("%+v", d)
	}
}

// counting counts the requests that reach the API.
func counting(s *Server) *atomic.Int64 {
	var n atomic.Int64
	next := s.handler
	s.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		next.ServeHTTP(w, r)
	})
	return &n
}

func TestGracefulStopLosesNoAcceptedRequest(t *testing.T) {
	for range 3 {
		s := ready(t, nil)
		started := counting(s)
		l := run(t, s)
		slow := []*slowClient{startSlowly(t, l.addr, goodClaim), startSlowly(t, l.addr, goodClaim)}
		var answered atomic.Int64
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				client := &http.Client{Transport: &http.Transport{}}
				defer client.CloseIdleConnections()
				for {
					req, resp, body, err := post(client, l.addr)
					if err != nil {
						return // refused, or closed while idle: the count shows that it was not accepted
					}
					checkAnswer(t, req, resp.StatusCode, resp.Header, body)
					if resp.StatusCode != http.StatusOK {
						t.Errorf("%d %s", resp.StatusCode, body)
					}
					answered.Add(1)
				}
			})
		}
		eventually(t, "there is load", func() bool { return answered.Load() > 50 && len(s.reading) >= 2 })
		stopped := make(chan error, 1)
		go func() { stopped <- l.stop() }()
		wg.Wait() // the clients without a request under way are turned away at once
		if w := call(t, s, http.MethodGet, "/readyz", ""); w.Code != http.StatusServiceUnavailable {
			t.Errorf("readyz of a stopping server: %d", w.Code)
		}
		started.Add(-1)
		select {
		case err := <-stopped:
			t.Fatalf("stopped with requests under way: %v", err)
		default:
		}
		for _, c := range slow {
			if status, body := c.finish(); status != http.StatusOK {
				t.Errorf("%d %s", status, body)
			}
			answered.Add(1)
		}
		if err := <-stopped; err != nil {
			t.Error(err)
		}
		if started.Load() != answered.Load() {
			t.Errorf("%d requests were accepted, %d answered", started.Load(), answered.Load())
		}
	}
}

func TestStopCutsOffWhatDoesNotEnd(t *testing.T) {
	s := ready(t, func(cfg *Config) { cfg.DrainTimeout = 50 * time.Millisecond })
	l := run(t, s)
	startSlowly(t, l.addr, goodClaim)
	eventually(t, "the request is under way", func() bool { return len(s.reading) == 1 })
	if err := l.stop(); err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("got %v", err)
	}
}

func TestRunFailsOnAClosedListener(t *testing.T) {
	s := ready(t, nil)
	l := run(t, s)
	if err := l.stop(); err != nil {
		t.Fatal(err)
	}
	if err := s.Run(t.Context(), closedListener(t)); err == nil {
		t.Error("no error")
	}
}
