package serve

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestOpenAPIHoldsForAnIndependentValidator asks a validator from npm that
// shares no code with ours.
func TestOpenAPIHoldsForAnIndependentValidator(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "node_modules", "@seriousme")); errors.Is(err, fs.ErrNotExist) {
		if os.Getenv("CI") != "" {
			t.Fatal("the validator is missing on CI: run make setup")
		}
		t.Skip("NOT RUN: the OpenAPI validator is missing; run make setup")
	}
	out, err := exec.Command("node", filepath.Join(root, "tools", "openapi.mjs"), "openapi.json").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), "valid OpenAPI 3.1") {
		t.Errorf("the validator says %s", out)
	}
}
