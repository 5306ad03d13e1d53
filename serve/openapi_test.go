package serve

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"claimsieve/internal/testenv"
)

// TestOpenAPIHoldsForAnIndependentValidator asks a validator from npm that
// shares no code with ours.
func TestOpenAPIHoldsForAnIndependentValidator(t *testing.T) {
	root := testenv.NodeModule(t, "@seriousme/openapi-schema-validator")
	out, err := exec.Command("node", filepath.Join(root, "tools", "openapi.mjs"), "openapi.json").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), "valid OpenAPI 3.1") {
		t.Errorf("the validator says %s", out)
	}
}
