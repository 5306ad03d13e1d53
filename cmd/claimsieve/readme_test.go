package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"claimsieve/internal/testenv"
)

// TestReadmeCarClaims runs the README's commands on the car claims as they are
// written, in a folder of their own, and holds its numbers to what comes out.
func TestReadmeCarClaims(t *testing.T) {
	csv, err := os.ReadFile(testenv.Data(t, "carclaims/fraud_oracle.csv"))
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("fraud_oracle.csv", csv, 0o644); err != nil {
		t.Fatal(err)
	}
	commands := readmeCommands(t, string(readme), "claimsieve data import carclaims")
	if len(commands) != 4 {
		t.Fatalf("the README's block has %d commands, want import, check, train and backtest: %q", len(commands), commands)
	}
	for _, c := range commands[:3] {
		must(t, c...)
	}
	var r backtestResult
	mustJSON(t, &r, commands[3]...)
	c := r.Comparison
	for _, want := range []string{
		fmt.Sprintf("| %s | %.0f | %s |", thousands(c.Policy.Alerts()), c.Policy.TP, thousands(c.Savings.First.Value)),
		fmt.Sprintf("| %s | %.0f | %s |", thousands(c.Other.Alerts()), c.Other.TP, thousands(c.Savings.Second.Value)),
		fmt.Sprintf("AUC %.3f [%.3f, %.3f]", r.Report.AUC.Value, r.Report.AUC.Low, r.Report.AUC.High),
		fmt.Sprintf("is %s with a paired", thousands(c.Savings.Difference.Value)),
		fmt.Sprintf("interval of [%s, %s]", thousands(c.Savings.Difference.Low), thousands(c.Savings.Difference.High)),
		fmt.Sprintf("O/E %.2f", r.Report.Deviation.Ratio),
	} {
		if !strings.Contains(strings.Join(strings.Fields(string(readme)), " "), want) {
			t.Errorf("the README does not say %q, which is what its commands give", want)
		}
	}
}

// readmeCommands returns the arguments of the claimsieve commands in the block
// that begins with a line.
func readmeCommands(t *testing.T, readme, first string) [][]string {
	t.Helper()
	begin := strings.Index(readme, "\n"+first)
	if begin < 0 {
		t.Fatalf("the README has no line that begins with %q", first)
	}
	block, _, _ := strings.Cut(readme[begin+1:], "\n```")
	var out [][]string
	for _, line := range strings.Split(strings.ReplaceAll(block, "\\\n", " "), "\n") {
		var args []string
		for i, part := range strings.Split(line, "'") { // every second part stands in quotes
			if i%2 == 1 {
				args = append(args, part)
				continue
			}
			args = append(args, strings.Fields(part)...)
		}
		if len(args) > 1 && args[0] == "claimsieve" {
			out = append(out, args[1:])
		}
	}
	return out
}

// thousands writes a number rounded to whole ones with commas.
func thousands(x float64) string {
	text := fmt.Sprintf("%.0f", x)
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return sign + text
}
