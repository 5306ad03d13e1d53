package datasets

import (
	"os"
	"strings"
	"testing"
)

// TestEveryKindIsInTheGuide reads the table of docs/data-quality.md: it lists
// the kinds in their order, with dimension and severity as they are.
func TestEveryKindIsInTheGuide(t *testing.T) {
	text, err := os.ReadFile("../docs/data-quality.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(text), "| kind | dimension | severity |")
	table, _, _ = strings.Cut(table, "\n\n")
	lines := strings.Split(table, "\n")[2:]
	if len(lines) != len(Kinds()) {
		t.Errorf("the guide has %d kinds, the program %d", len(lines), len(Kinds()))
	}
	for i, k := range Kinds() {
		severity := "note"
		if k.Blocks {
			severity = "fault"
		}
		if k.Always {
			severity = "always"
		}
		if want := "| " + strings.Join([]string{string(k.Kind), k.Dimension.String(), severity}, " | ") + " |"; i >= len(lines) || !strings.HasPrefix(strings.ReplaceAll(lines[i], "|  |", "| |"), strings.ReplaceAll(want, "|  |", "| |")) {
			t.Errorf("line %d: want %q", i+1, want)
		}
	}
}
