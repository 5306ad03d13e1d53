// Package testenv finds what tests need beside Go: data that may not be
// redistributed, the Python environment with the peers, npm packages. A test
// that lacks one of them says loudly that it did not run; on CI it fails.
package testenv

import (
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Data returns the path of a file or folder of the test data, given with
// slashes: below CLAIMSIEVE_DATA, else below shared/data in the nearest folder
// above the working directory that has it.
func Data(t testing.TB, name string) string {
	t.Helper()
	name = filepath.FromSlash(name)
	if root := os.Getenv("CLAIMSIEVE_DATA"); root != "" {
		path := filepath.Join(root, name)
		if !exists(path) {
			t.Fatalf("CLAIMSIEVE_DATA is %s, which has no %s", root, name)
		}
		return path
	}
	if path := above(t, filepath.Join("shared", "data", name)); path != "" {
		return path
	}
	missing(t, "the test data "+name+": set CLAIMSIEVE_DATA, or place them in shared/data above the checkout")
	return ""
}

// Python returns the interpreter of the tests' environment: CLAIMSIEVE_PYTHON,
// else .venv/bin/python in the nearest folder above.
func Python(t testing.TB) string {
	t.Helper()
	if p := os.Getenv("CLAIMSIEVE_PYTHON"); p != "" {
		return p
	}
	if p := above(t, filepath.Join(".venv", "bin", "python")); p != "" {
		return p
	}
	missing(t, "the Python environment: run make setup")
	return ""
}

// RunPython runs a script with arguments in the tests' environment and returns
// what it printed on both streams; a failure fails the test.
func RunPython(t testing.TB, script string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), Python(t), append([]string{script}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
	return string(out)
}

// NodeModule makes sure that an npm package is installed and returns the
// folder above node_modules.
func NodeModule(t testing.TB, name string) string {
	t.Helper()
	if p := above(t, filepath.Join("node_modules", filepath.FromSlash(name))); p != "" {
		for filepath.Base(p) != "node_modules" {
			p = filepath.Dir(p)
		}
		return filepath.Dir(p)
	}
	missing(t, "the npm package "+name+": run make setup")
	return ""
}

// ReadFloats reads a file of little-endian float64 numbers, as numpy's tofile
// writes them.
func ReadFloats(t testing.TB, path string) []float64 {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	v := make([]float64, len(b)/8)
	for i := range v {
		v[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return v
}

func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("missing on CI: %s", what)
	}
	t.Skipf("NOT RUN, because it lacks %s", what)
}

// above returns the path of name in the nearest folder at or above the working
// directory that has it, "" when none does.
func above(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if path := filepath.Join(dir, name); exists(path) {
			return path
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
