// Package notebooks holds numbered questions with their answers as Jupyter
// notebooks; its test runs the demo and then every notebook, top to bottom.
package notebooks

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestNotebooksRunTopToBottom(t *testing.T) {
	python := pythonOf(t)
	dir := t.TempDir()
	demo := filepath.Join(dir, "demo")
	if out, err := exec.Command("go", "run", "claimsieve/cmd/claimsieve", "demo", "--once", "--dir", demo, "--address", "127.0.0.1:0").CombinedOutput(); err != nil {
		t.Fatalf("the demo failed: %v\n%s", err, out)
	}
	notebooks, err := filepath.Glob("*.ipynb")
	if err != nil || len(notebooks) == 0 {
		t.Fatalf("found %d notebooks (%v)", len(notebooks), err)
	}
	plots := os.Getenv("CLAIMSIEVE_PLOTS")
	if plots == "" {
		plots = dir
	}
	for _, notebook := range notebooks {
		cmd := exec.Command(python, "run.py", notebook, filepath.Join(dir, notebook))
		cmd.Env = append(os.Environ(), "CLAIMSIEVE_DEMO="+demo, "CLAIMSIEVE_PLOTS="+plots)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", notebook, err, out)
			continue
		}
		t.Logf("%s:\n%s", notebook, out)
	}
	if info, err := os.Stat(filepath.Join(plots, "first-look.png")); err != nil || info.Size() < 10_000 {
		t.Errorf("the first notebook left no plot: %v", err)
	}
}

// pythonOf finds the tests' Python; without it the test does not run, loudly,
// and on CI it fails.
func pythonOf(t *testing.T) string {
	t.Helper()
	if p := os.Getenv("CLAIMSIEVE_PYTHON"); p != "" {
		return p
	}
	p, err := filepath.Abs(filepath.Join("..", ".venv", "bin", "python"))
	if err == nil {
		if _, err = os.Stat(p); err == nil {
			return p
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatal("there is no Python for the notebooks on CI: run make setup")
	}
	t.Skip("NOT RUN: there is no Python for the notebooks; run make setup")
	return ""
}
