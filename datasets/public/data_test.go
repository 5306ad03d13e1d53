package public

import (
	"os"
	"testing"

	"claimsieve/internal/testenv"
)

// carClaimsFile returns the real file's path.
func carClaimsFile(t testing.TB) string {
	t.Helper()
	return testenv.Data(t, "carclaims/fraud_oracle.csv")
}

func readCarClaimsFile(t testing.TB) []byte {
	t.Helper()
	text, err := os.ReadFile(carClaimsFile(t))
	if err != nil {
		t.Fatal(err)
	}
	return text
}
