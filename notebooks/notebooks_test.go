// Package notebooks holds numbered questions with their answers as Jupyter
// notebooks; its test runs the demo and then every notebook, top to bottom.
package notebooks

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"claimsieve/internal/testenv"
)

func TestNotebooksRunTopToBottom(t *testing.T) {
	python := testenv.Python(t)
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
