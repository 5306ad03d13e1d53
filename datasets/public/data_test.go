package public

import (
	"os"
	"path/filepath"
	"testing"
)

// carClaimsFile returns the real file's path. Without it the test is skipped
// loudly, or fails where CI is set.
func carClaimsFile(t testing.TB) string {
	t.Helper()
	const name = "carclaims/fraud_oracle.csv"
	if root := os.Getenv("CLAIMSIEVE_DATA"); root != "" {
		path := filepath.Join(root, filepath.FromSlash(name))
		if _, err := os.Stat(path); err != nil {
			t.Fatalf("CLAIMSIEVE_DATA is set but has no %s: %v", name, err)
		}
		return path
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		path := filepath.Join(dir, "shared", "data", filepath.FromSlash(name))
		if _, err := os.Stat(path); err == nil {
			return path
		}
		up := filepath.Dir(dir)
		if up == dir {
			break
		}
		dir = up
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("NOT RUN: %s not found; set CLAIMSIEVE_DATA", name)
	}
	t.Skipf("NOT RUN: %s not found; set CLAIMSIEVE_DATA to the folder that has it", name)
	return ""
}

func readCarClaimsFile(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile(carClaimsFile(t))
	if err != nil {
		t.Fatal(err)
	}
	return text
}
