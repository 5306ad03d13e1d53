package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"claimsieve/datasets"
	"claimsieve/datasets/quality"
)

// simulated writes a small portfolio and returns its folder.
func simulated(t *testing.T, claims, seed string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "portfolio")
	must(t, "data", "synth", "--claims", claims, "--seed", seed, "--out", dir)
	return dir
}

// edited rewrites the dataset.yaml of a folder.
func edited(t *testing.T, dir, add string) {
	t.Helper()
	path := filepath.Join(dir, datasets.SpecFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(text, add...), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestDataCheckMeasuresAndCompares(t *testing.T) {
	dir, files := simulated(t, "2000", "1"), t.TempDir()
	html, profile := filepath.Join(files, "q.html"), filepath.Join(files, "p.json")
	var out struct {
		Faults   int
		Measures []struct {
			Table   string
			Overall []struct {
				Dimension datasets.Dimension
				Total     struct{ Share *float64 }
			}
		}
		Against string
		Shifts  []quality.Shift
	}
	mustJSON(t, &out, "data", "check", dir, "--html", html, "--profile-out", profile)
	if out.Faults != 0 || out.Against != "" || len(out.Measures) < 4 || len(out.Measures[0].Overall) != 5 {
		t.Fatalf("%+v", out)
	}
	if s := out.Measures[0].Overall[0].Total.Share; s == nil || *s < 0.99 || *s > 1 {
		t.Errorf("truth %v", s)
	}
	page, err := os.ReadFile(html)
	if err != nil || !strings.Contains(string(page), "真实性") {
		t.Errorf("%v", err)
	}
	for _, against := range []string{profile, dir} {
		mustJSON(t, &out, "data", "check", dir, "--against", against)
		if out.Against == "" || len(out.Shifts) == 0 {
			t.Errorf("against %s: %+v", against, out.Shifts)
		}
		if text := must(t, "data", "check", dir, "--against", against); strings.Contains(text, "vanished") || strings.Contains(text, "changed_values") {
			t.Errorf("a delivery differs from itself:\n%s", text)
		}
	}
	other := simulated(t, "2000", "2")
	if text := must(t, "data", "check", other, "--against", dir); !strings.Contains(text, "[changed_values]") {
		t.Errorf("another portfolio does not differ:\n%s", text)
	}
	if _, errs, code := program(t, "data", "check", dir, "--against", filepath.Join(files, "none")); code != exitFailed || !strings.Contains(errs, "cannot compare") {
		t.Errorf("%d: %s", code, errs)
	}
}

// TestDataCheckBlocks makes a kind of finding a fault.
func TestDataCheckBlocks(t *testing.T) {
	dir := simulated(t, "2000", "1")
	edited(t, dir, "quality:\n    block: [late_row]\n    timely_days: {claims: 1}\n")
	out, errs, code := program(t, "data", "check", dir, "--json")
	var report datasets.CheckReport
	if err := json.Unmarshal([]byte(out), &struct{ Findings *[]datasets.Finding }{&report.Findings}); err != nil {
		t.Fatal(err)
	}
	if code != exitFailed || !strings.Contains(errs, "has 1 faults") || len(report.Findings) == 0 {
		t.Errorf("%d: %s\n%+v", code, errs, report.Findings)
	}
	d, err := datasets.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := datasets.Gate(d); err == nil || !strings.Contains(err.Error(), "late_row") {
		t.Errorf("%v", err)
	}
}
