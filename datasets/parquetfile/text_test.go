package parquetfile

import (
	"math/rand/v2"
	"testing"
	"unicode/utf8"
)

// TestAllText holds a run of values, looked at in one piece, to each value by
// itself: cuts within a character too, which leave the bytes together as they
// were.
func TestAllText(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"", "a", "plate 42", "é", "赔案", "\xff", "\xe8\xb5", "\x94", "😀", "\x80"}
	for range 20_000 {
		s := &textSource{offsets: []uint32{0}}
		for range dice.IntN(6) {
			piece := pieces[dice.IntN(len(pieces))]
			if dice.IntN(3) == 0 && len(piece) > 1 { // cut it into two values
				s.offsets = append(s.offsets, uint32(len(s.data)+1))
			}
			s.data = append(s.data, piece...)
			s.offsets = append(s.offsets, uint32(len(s.data)))
		}
		first := dice.IntN(len(s.offsets))
		end := first + dice.IntN(len(s.offsets)-first)
		want := true
		for i := first; i < end; i++ {
			want = want && utf8.Valid(s.data[s.offsets[i]:s.offsets[i+1]])
		}
		if got := s.allText(first, end); got && !want || want && !got && boundsAreRunes(s, first, end) {
			t.Fatalf("values %d to %d of %q cut at %v: all text %v, each by itself %v", first, end, s.data, s.offsets, got, want)
		}
	}
}

// boundsAreRunes says whether no empty value makes a run start within what
// follows it, which only costs the quick way.
func boundsAreRunes(s *textSource, first, end int) bool {
	for _, at := range s.offsets[first:end] {
		if int(at) < len(s.data) && !utf8.RuneStart(s.data[at]) {
			return false
		}
	}
	return true
}
