package parquetfile

import (
	"math/rand/v2"
	"testing"
	"unicode/utf8"
)

// TestAllText holds a run of values, looked at in one piece, to each value by
// itself: where one is no text, the run is not, though the bytes together may
// be when a character is cut in two; and a run of texts is one.
func TestAllText(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"", "a", "plate 42", "é", "赔案", "😀", "\xff", "\xe8\xb5", "\x94", "\x80"}
	said := map[bool]int{}
	for range 20_000 {
		s := &textSource{offsets: []uint32{0}}
		for range dice.IntN(6) {
			piece := pieces[dice.IntN(len(pieces))]
			if dice.IntN(3) == 0 && len(piece) > 1 { // two values
				s.offsets = append(s.offsets, uint32(len(s.data)+1))
			}
			s.data = append(s.data, piece...)
			s.offsets = append(s.offsets, uint32(len(s.data)))
		}
		want := true
		for i := range len(s.offsets) - 1 {
			want = want && utf8.Valid(s.data[s.offsets[i]:s.offsets[i+1]])
		}
		if got := s.allText(0, len(s.offsets)-1); got != want {
			t.Fatalf("values %q cut at %v: together %v, each by itself %v", s.data, s.offsets, got, want)
		}
		said[want]++
	}
	if said[true] < 1000 || said[false] < 1000 {
		t.Fatalf("the values are of one kind: %v", said)
	}
}
