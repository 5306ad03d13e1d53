package explain_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"claimsieve/internal/testenv"
	"claimsieve/models/formats"
)

// TestAgainstLightGBM compares with pred_contrib of models that LightGBM
// trained, the expected value included.
func TestAgainstLightGBM(t *testing.T) {
	dir := t.TempDir()
	testenv.RunPython(t, "testdata/contrib.py", dir)
	paths, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(paths) < 7 {
		t.Fatalf("contrib.py left %d models, want 7 or more (%v)", len(paths), err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".txt")
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := formats.ReadLightGBM(file)
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		e := newExplainer(t, f)
		width := len(f.Features)
		rows := testenv.ReadFloats(t, filepath.Join(dir, name+".rows"))
		theirs := testenv.ReadFloats(t, filepath.Join(dir, name+".contrib"))
		worst := 0.0
		for i := range len(rows) / width {
			got := append(e.Contributions(nil, rows[i*width:(i+1)*width]), e.Expected())
			for j, want := range theirs[i*(width+1) : (i+1)*(width+1)] {
				d := math.Abs(got[j] - want)
				if !(d <= 1e-9) {
					t.Fatalf("%s: row %d, feature %d: %v, LightGBM says %v", name, i, j, got[j], want)
				}
				worst = max(worst, d)
			}
		}
		t.Logf("%s: %d rows, largest difference %g", name, len(rows)/width, worst)
	}
}
