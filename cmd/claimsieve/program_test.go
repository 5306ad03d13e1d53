package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"claimsieve/internal/testenv"
)

// program runs one command line in process and returns its outputs and code.
func program(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), args, streams{strings.NewReader(""), &out, &errs}, nil)
	return out.String(), errs.String(), code
}

// must runs a command line that has to succeed and returns its stdout.
func must(t *testing.T, args ...string) string {
	t.Helper()
	out, errs, code := program(t, args...)
	if code != exitDone {
		t.Fatalf("claimsieve %s: exit code %d\n%s", strings.Join(args, " "), code, errs)
	}
	return out
}

// mustJSON is must with --json, decoded.
func mustJSON(t *testing.T, into any, args ...string) {
	t.Helper()
	out := must(t, append(args, "--json")...)
	if err := json.Unmarshal([]byte(out), into); err != nil {
		t.Fatalf("claimsieve %s --json: %v in\n%s", strings.Join(args, " "), err, out)
	}
}

// carClaimsCSV is the public car claims file; without it the test does not
// run, loudly, and on CI it fails.
func carClaimsCSV(t *testing.T) string {
	t.Helper()
	return testenv.Data(t, "carclaims/fraud_oracle.csv")
}

var built struct {
	sync.Once
	path string
	err  error
}

// binary builds the program once per test run, for tests that kill it.
func binary(t *testing.T) string {
	t.Helper()
	built.Do(func() {
		dir, err := os.MkdirTemp("", "claimsieve-test-")
		if err != nil {
			built.err = err
			return
		}
		built.path = filepath.Join(dir, "claimsieve")
		out, err := exec.Command("go", "build", "-o", built.path, ".").CombinedOutput()
		if err != nil {
			built.err = err
			os.Stderr.Write(out)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.path
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built.path != "" {
		os.RemoveAll(filepath.Dir(built.path))
	}
	os.Exit(code)
}
