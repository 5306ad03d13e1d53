package formats_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"claimsieve/internal/testenv"
	"claimsieve/models/forest"
	"claimsieve/models/forest/foresttest"
	"claimsieve/models/formats"
)

// TestAgainstLightGBM reads what LightGBM trained and wrote, and has LightGBM
// read what we write: those models again and forests made at random. Raw
// scores must agree both ways.
func TestAgainstLightGBM(t *testing.T) {
	dir := t.TempDir()
	testenv.RunPython(t, "testdata/train.py", dir)
	paths, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil || len(paths) < 11 {
		t.Fatalf("train.py left %d models, want 11 or more (%v)", len(paths), err)
	}
	want := map[string][]float64{}
	cases := []string{dir}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".txt")
		f := readModel(t, path)
		rows := testenv.ReadFloats(t, filepath.Join(dir, name+".rows"))
		raw := rawRows(f, rows)
		agree(t, name+" read from LightGBM", raw, testenv.ReadFloats(t, filepath.Join(dir, name+".raw")))
		if f.Sigmoid {
			shares := make([]float64, len(raw))
			for i, r := range raw {
				shares[i] = 1 / (1 + math.Exp(-r))
			}
			agree(t, name+" as probabilities", shares, testenv.ReadFloats(t, filepath.Join(dir, name+".out")))
		}
		again := name + ".again"
		writeModel(t, filepath.Join(dir, again+".txt"), f)
		writeFloats(t, filepath.Join(dir, again+".rows"), rows)
		want[again] = raw
		cases = append(cases, again)
	}
	for k, s := range madeShapes() {
		f := foresttest.Random(uint64(k), s)
		f.Features[0] = "车=1%"
		columns := foresttest.Columns(uint64(k), f, 2000)
		rows := make([]float64, 0, 2000*len(columns))
		for i := range 2000 {
			rows = append(rows, foresttest.Row(columns, i)...)
		}
		name := fmt.Sprintf("made%d", k)
		writeModel(t, filepath.Join(dir, name+".txt"), f)
		writeFloats(t, filepath.Join(dir, name+".rows"), rows)
		want[name] = rawRows(f, rows)
		cases = append(cases, name)
	}
	testenv.RunPython(t, "testdata/predict.py", cases...)
	for _, name := range cases[1:] {
		agree(t, name+" written for LightGBM", want[name], testenv.ReadFloats(t, filepath.Join(dir, name+".pred")))
	}
}

func madeShapes() []foresttest.Shape {
	shapes := []foresttest.Shape{
		{Trees: 1, Leaves: 1, Features: 1},
		{Trees: 4, Leaves: 1, Features: 2, Average: true},
		{Trees: 3, Leaves: 200, Features: 2},
		{Trees: 3, Leaves: 7, Features: 2, Categorical: 2, Codes: 1},
		{Trees: 3, Leaves: 7, Features: 60, Categorical: 50, Codes: 1000},
	}
	for k := range 12 {
		shapes = append(shapes, foresttest.Shape{Trees: 5 + k, Leaves: 2 + 5*k, Features: 2 + k, Categorical: k % 3, Codes: 10 * k, Average: k%2 == 1})
	}
	return shapes
}

// agree wants two lists of numbers within 1e-12 of each other.
func agree(t *testing.T, what string, ours, theirs []float64) {
	t.Helper()
	if len(ours) == 0 || len(ours) != len(theirs) {
		t.Fatalf("%s: %d scores of ours, %d of LightGBM's", what, len(ours), len(theirs))
	}
	worst, at := 0.0, 0
	for i := range ours {
		if d := math.Abs(ours[i] - theirs[i]); !(d <= worst) {
			worst, at = d, i
		}
	}
	if !(worst <= 1e-12) {
		t.Errorf("%s: row %d: %v, LightGBM says %v", what, at, ours[at], theirs[at])
	}
	t.Logf("%s: %d rows, largest difference %g", what, len(ours), worst)
}

func rawRows(f *forest.Forest, rows []float64) []float64 {
	width := len(f.Features)
	raw := make([]float64, len(rows)/width)
	for i := range raw {
		raw[i] = f.Raw(rows[i*width : (i+1)*width])
	}
	return raw
}

func readModel(t *testing.T, path string) *forest.Forest {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := formats.ReadLightGBM(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("%s: %v", filepath.Base(path), err)
	}
	return f
}

func writeModel(t *testing.T, path string, f *forest.Forest) {
	t.Helper()
	if err := os.WriteFile(path, text(t, f), 0o600); err != nil {
		t.Fatal(err)
	}
}

func text(t *testing.T, f *forest.Forest) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := formats.WriteLightGBM(&b, f, formats.LightGBMOptions{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
