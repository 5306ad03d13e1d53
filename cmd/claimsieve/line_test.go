package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"claimsieve/models"
)

// TestWholeLine walks the line in process: synth, check, features, train,
// policy, publish, serve on port 0, score; the reasons sum to the margin and
// the command, the batch and the server give the same bits.
func TestWholeLine(t *testing.T) {
	dir := t.TempDir()
	data, reg := filepath.Join(dir, "data"), filepath.Join(dir, "registry")
	must(t, "data", "synth", "--claims", "8000", "--seed", "5", "--out", data)
	must(t, "data", "check", data)
	must(t, "data", "describe", data)
	must(t, "features", "check", "--data", data, "--pipeline", "motor")
	must(t, "features", "build", "--data", data, "--pipeline", "motor", "--out", filepath.Join(dir, "vectors.parquet"))
	var published publishedModel
	mustJSON(t, &published, "train", "--data", data, "--pipeline", "motor", "--name", "motor", "--registry", reg, "--until", "2024-07-01",
		"--average-loss", "12000", "--investigation-cost", "800", "--promote")
	if !published.Champion || published.Version != 1 || published.Metrics.Calibrate.Claims == 0 {
		t.Fatalf("published %+v", published)
	}
	var fitted struct {
		Policy int `json:"policy"`
	}
	mustJSON(t, &fitted, "policy", "fit", "motor", "--registry", reg, "--data", data, "--from", "2024-01-01", "--until", "2024-07-01", "--as-of", "2024-10-01",
		"--average-loss", "12000", "--investigation-cost", "600", "--reason", "investigations became cheaper", "--use", "champion")
	if fitted.Policy != 2 {
		t.Fatalf("the second policy has number %d", fitted.Policy)
	}
	must(t, "policy", "show", "motor", "--registry", reg)
	must(t, "model", "verify", "motor", "--registry", reg)
	must(t, "model", "show", "motor", "--registry", reg)
	must(t, "backtest", "motor", "--registry", reg, "--data", data, "--from", "2024-07-01", "--until", "2025-01-01", "--replicates", "50")
	scores := filepath.Join(dir, "scores.parquet")
	must(t, "score", "motor", "--registry", reg, "--data", data, "--out", scores)

	claims, err := newestClaims(data, 40)
	if err != nil {
		t.Fatal(err)
	}
	in := filepath.Join(dir, "claims.ndjson")
	if err := os.WriteFile(in, append(bytes.Join(claims, []byte("\n")), '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(must(t, "score", "motor", "--registry", reg, "--in", in, "--reasons", "20")), "\n")
	if len(lines) != len(claims) {
		t.Fatalf("%d answers to %d claims", len(lines), len(claims))
	}
	served := serveClaims(t, reg, claims)
	for i, line := range lines {
		var alone models.Decision
		if err := json.Unmarshal([]byte(line), &alone); err != nil {
			t.Fatal(err)
		}
		overHTTP := served[i]
		if alone.Margin != overHTTP.Margin || alone.Probability != overHTTP.Probability || alone.Score != overHTTP.Score || alone.Tier != overHTTP.Tier || alone.SelectedBy != overHTTP.SelectedBy {
			t.Errorf("claim %s: the command answers %+v, the server %+v", alone.ClaimID, alone, overHTTP)
		}
		if overHTTP.Policy.Version != 2 || overHTTP.Model.Version != 1 {
			t.Errorf("answered by version %d with policy %d", overHTTP.Model.Version, overHTTP.Policy.Version)
		}
		sum := overHTTP.Expected
		for _, d := range overHTTP.Dimensions {
			sum += d.Contribution
		}
		if math.Abs(sum-float64(overHTTP.Margin)) > 1e-9 {
			t.Errorf("claim %s: contributions sum to %v, the margin is %v", alone.ClaimID, sum, overHTTP.Margin)
		}
	}
}

// serveClaims starts the server on a free port, scores the claims, stops it
// and wants it to end cleanly.
func serveClaims(t *testing.T, reg string, claims [][]byte) []models.Decision {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var logs bytes.Buffer
	a := &app{streams: streams{strings.NewReader(""), io.Discard, &logs}}
	address, done := make(chan string, 1), make(chan error, 1)
	go func() {
		done <- a.serve(ctx, &serveOptions{registry: reg, model: "motor", alias: "champion", address: "127.0.0.1:0", maxBody: 1 << 20, drain: 5 * time.Second}, func(at string) { address <- at })
	}()
	var url string
	select {
	case at := <-address:
		url = "http://" + at + "/v1/score?reasons=20"
	case err := <-done:
		t.Fatalf("the server did not start: %v", err)
	}
	out := make([]models.Decision, len(claims))
	for i, claim := range claims {
		response, err := http.Post(url, "application/json", bytes.NewReader(claim))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("status %d: %s (%v)", response.StatusCode, body, err)
		}
		if err := json.Unmarshal(body, &out[i]); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Fatalf("the server did not stop cleanly: %v", err)
	}
	return out
}

// TestBadLinesAreAnsweredOneByOne: one bad claim must not sink the others.
func TestBadLinesAreAnsweredOneByOne(t *testing.T) {
	dir := t.TempDir()
	data, reg := filepath.Join(dir, "data"), filepath.Join(dir, "registry")
	must(t, "data", "synth", "--claims", "4000", "--seed", "6", "--out", data)
	must(t, "train", "--data", data, "--pipeline", "motor", "--name", "motor", "--registry", reg, "--average-loss", "12000", "--investigation-cost", "800", "--promote")
	in, out := filepath.Join(dir, "in"), filepath.Join(dir, "out")
	text := "{\"claim_id\":\"A\"}\n{\"claim_id\":\"B\",\"driver_age\":\"old\"}\nnot json\n{\"claim_id\":\"C\",\"drivr_age\":1}\n"
	if err := os.WriteFile(in, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	_, errs, code := program(t, "score", "motor", "--registry", reg, "--in", in, "--out", out)
	if code != exitFailed || !strings.Contains(errs, "3 of 4 lines") {
		t.Errorf("exit code %d, stderr %s", code, errs)
	}
	answers, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(answers)), "\n")
	for i, want := range []string{`"degraded":true`, `"field":"driver_age"`, `"code":"not_json"`, `did you mean \"driver_age\"`} {
		if i >= len(lines) || !strings.Contains(lines[i], want) {
			t.Errorf("line %d of %d: want %s in %s", i+1, len(lines), want, answers)
		}
	}
}
