package serve

import (
	"encoding/json"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"claimsieve/models"
)

func TestScoreAnswersByHand(t *testing.T) {
	w := call(t, ready(t, nil), http.MethodPost, "/v1/score", goodClaim, "X-Request-Id", "req 42")
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	d := decode[models.Decision](t, w.Body.Bytes())
	margin := goodMargin(1)
	if d.ClaimID != "c1" || float64(d.Margin) != margin || math.Abs(float64(d.Probability)-1/(1+math.Exp(-margin))) > 1e-12 {
		t.Errorf("%+v", d)
	}
	if d.Tier.String() != "investigate" || d.SelectedBy != models.SelectedByAlert || d.Propensity != 1 || d.Degraded || len(d.Missing) != 0 {
		t.Errorf("%+v", d)
	}
	if d.Model.Name != "motor" || d.Model.Version != 1 || d.Policy.Version != 1 {
		t.Errorf("%+v %+v", d.Model, d.Policy)
	}
	sum := d.Expected
	for _, s := range d.Dimensions {
		sum += s.Contribution
	}
	if math.Abs(sum-margin) > 1e-9 {
		t.Errorf("the dimensions sum to %v, the margin is %v", sum, margin)
	}
	if w.Header().Get("X-Request-Id") != "req 42" || decode[decided](t, w.Body.Bytes()).RequestID != "req 42" {
		t.Errorf("request identity %q", w.Header().Get("X-Request-Id"))
	}
}

func TestScoreTellsWhatIsMissing(t *testing.T) {
	d := decode[models.Decision](t, call(t, ready(t, nil), http.MethodPost, "/v1/score", `{"claim_id":"c9","amount":18250.5}`).Body.Bytes())
	if !d.Degraded || len(d.Missing) != 2 {
		t.Errorf("%+v", d)
	}
}

func TestReasonsParameter(t *testing.T) {
	s := ready(t, nil)
	for query, most := range map[string]int{"": 4, "?": 4, "?reasons=0": 0, "?reasons=1": 1, "?reasons=20": 20, "?other=1": 4} {
		w := call(t, s, http.MethodPost, "/v1/score"+query, goodClaim)
		if w.Code != http.StatusOK {
			t.Errorf("%q: %d", query, w.Code)
			continue
		}
		// all three indicators raise the margin of the good claim
		if d := decode[models.Decision](t, w.Body.Bytes()); len(d.Reasons) != min(most, 3) {
			t.Errorf("%q: %d reasons", query, len(d.Reasons))
		}
	}
	for _, query := range []string{"?reasons=", "?reasons=-1", "?reasons=21", "?reasons=4.0", "?reasons=+4", "?reasons=04", "?reasons=x", "?reasons=1&reasons=2", "?reasons=99999999999999999999"} {
		w := call(t, s, http.MethodPost, "/v1/score"+query, goodClaim)
		if f := decode[failure](t, w.Body.Bytes()); w.Code != http.StatusBadRequest || f.Code != codeBadParameter || f.Field != "reasons" {
			t.Errorf("%q: %d %+v", query, w.Code, f)
		}
	}
}

func TestBadBodies(t *testing.T) {
	s := ready(t, nil)
	for _, c := range []struct{ body, code, field string }{
		{"", "not_json", ""},
		{"{", "not_json", ""},
		{goodClaim + "x", "not_json", ""},
		{`{"claim_id":"c1","amount":NaN}`, "not_json", ""},
		{"{\"claim_id\":\"\xff\"}", "not_json", ""},
		{"[" + goodClaim + "]", "wrong_type", ""},
		{`"c1"`, "wrong_type", ""},
		{`{}`, "missing_key", "claim_id"},
		{`{"claim_id":null}`, "missing_key", "claim_id"},
		{`{"claim_id":""}`, "missing_key", "claim_id"},
		{`{"claim_id":"c1","amonut":1}`, "unknown_field", "amonut"},
		{`{"claim_id":"c1","amount":1,"amount":1}`, "duplicate_field", "amount"},
		{`{"claim_id":"c1","amount":"1"}`, "wrong_type", "amount"},
		{`{"claim_id":"c1","amount":{"v":1}}`, "wrong_type", "amount"},
		{`{"claim_id":"c1","amount":1e400}`, "out_of_range", "amount"},
		{`{"claim_id":"c1","photos":9223372036854775808}`, "out_of_range", "photos"},
		{`{"claim_id":"c1","photos":0.5}`, "wrong_type", "photos"},
		{`{"claim_id":"c1","police":"true"}`, "wrong_type", "police"},
		{`{"claim_id":"c1","policy_start":"2026-02-30"}`, "out_of_range", "policy_start"},
		{`{"claim_id":"c1","reported_at":"yesterday"}`, "wrong_type", "reported_at"},
		{`{"claim_id":7}`, "wrong_type", "claim_id"},
		{strings.Repeat(`{"a":`, 10_000), "unknown_field", "a"},
	} {
		w := call(t, s, http.MethodPost, "/v1/score", c.body)
		f := decode[failure](t, w.Body.Bytes())
		if w.Code != http.StatusBadRequest || f.Code != c.code || f.Field != c.field || f.RequestID == "" || f.RequestID != w.Header().Get("X-Request-Id") {
			t.Errorf("%.60q: %d %+v, want code %s, field %q", c.body, w.Code, f, c.code, c.field)
		}
	}
}

func TestMediaTypes(t *testing.T) {
	s := ready(t, nil)
	for _, kind := range []string{"application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"} {
		if w := call(t, s, http.MethodPost, "/v1/score", goodClaim, "Content-Type", kind); w.Code != http.StatusOK {
			t.Errorf("%q: %d", kind, w.Code)
		}
	}
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk", "application/jsonl", "json", ";"} {
		w := call(t, s, http.MethodPost, "/v1/score", goodClaim, "Content-Type", kind)
		if f := decode[failure](t, w.Body.Bytes()); w.Code != http.StatusUnsupportedMediaType || f.Code != codeMediaType {
			t.Errorf("%q: %d %+v", kind, w.Code, f)
		}
	}
	if w := call(t, s, http.MethodPost, "/v1/score", goodClaim, "Content-Encoding", "gzip"); w.Code != http.StatusUnsupportedMediaType {
		t.Errorf("gzip: %d", w.Code)
	}
}

func TestNotReady(t *testing.T) {
	r := emptyRegistry(t)
	s := unready(t, r, nil)
	for range 2 {
		for _, w := range []*httptest.ResponseRecorder{call(t, s, http.MethodGet, "/readyz", ""), call(t, s, http.MethodPost, "/v1/score", goodClaim)} {
			if f := decode[failure](t, w.Body.Bytes()); w.Code != http.StatusServiceUnavailable || f.Code != codeNotReady || w.Header().Get("Retry-After") == "" {
				t.Errorf("%d %+v", w.Code, f)
			}
		}
		if w := call(t, s, http.MethodGet, "/healthz", ""); w.Code != http.StatusOK {
			t.Errorf("healthz %d", w.Code)
		}
		if m := decode[served](t, call(t, s, http.MethodGet, "/v1/models", "").Body.Bytes()); len(m.Models) != 0 {
			t.Errorf("%+v", m)
		}
		if err := s.Reload(); err == nil || !strings.Contains(err.Error(), "champion") {
			t.Errorf("reload of an empty registry: %v", err)
		}
	}
	if w := call(t, s, http.MethodGet, "/readyz", ""); !strings.Contains(w.Body.String(), "not set") {
		t.Errorf("readyz does not say why: %s", w.Body)
	}
	promote(t, r, publish(t, r, 0.5))
	if err := s.Reload(); err != nil {
		t.Fatal(err)
	}
	if w := call(t, s, http.MethodGet, "/readyz", ""); w.Code != http.StatusOK {
		t.Errorf("readyz %d", w.Code)
	}
}

func TestConfigFaultsAllAtOnce(t *testing.T) {
	_, err := New(Config{Model: "Motor", Alias: "A", MaxBody: -1, PollInterval: -1})
	for _, want := range []string{"registry", `"Motor"`, `"A"`, "max body", "poll interval"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing in: %v", want, err)
		}
	}
}

// FuzzScore sends bodies through the whole handler: 200 or 400 of the
// documented shape, and 200 only for JSON.
func FuzzScore(f *testing.F) {
	for _, s := range []string{goodClaim, `{"claim_id":"c","amount":-0.0,"cause":"","photos":-1}`, `{"claim_id":"c","reported_at":"9999-12-31","policy_start":"0000-01-01"}`, `{"claim_id":"c","amount":1.7976931348623157e308,"cause":"\u0000"}`, `[]`, `{"claim_id":1e400}`} {
		f.Add([]byte(s))
	}
	s := ready(f, nil)
	f.Fuzz(func(t *testing.T, body []byte) {
		w := call(t, s, http.MethodPost, "/v1/score?reasons=20", string(body))
		if w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if w.Code == http.StatusOK && !json.Valid(body) {
			t.Fatalf("took %q", body)
		}
	})
}

func BenchmarkScore(b *testing.B) {
	s := ready(b, nil)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			req := httptest.NewRequest(http.MethodPost, "/v1/score", strings.NewReader(goodClaim))
			req.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, req)
			if w.Code != http.StatusOK && w.Code != http.StatusServiceUnavailable {
				b.Errorf("%d %s", w.Code, w.Body)
			}
		}
	})
}
