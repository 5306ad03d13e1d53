package formats_test

import (
	"encoding/binary"
	"math"
	"os"
	"testing"
)

func writeFloats(t *testing.T, path string, v []float64) {
	t.Helper()
	b := make([]byte, 0, 8*len(v))
	for _, x := range v {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
