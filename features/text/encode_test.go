package text

import (
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// A stored and restored index answers like the one that went on, wherever the
// history is cut, also in the middle of an instant.
func TestRestoredIndexGoesOnAlike(t *testing.T) {
	stories := tales(rand.New(rand.NewPCG(11, 1)), 150)
	slices.SortStableFunc(stories, func(a, b Story) int { return int(a.Time - b.Time) })
	for _, opt := range []Options{{}, {Tellers: 3, Rows: 5, Bands: 7, Digits: KeepDigits}, {Phrase: PhraseOff, Seed: 5}, {Keep: 7, Tellers: 1}, {Keep: 30}} {
		for _, cut := range []int{0, 1, 50, 77, 150} {
			x := mustNew(t, opt)
			if _, err := x.Batch(stories[:cut]); err != nil {
				t.Fatal(err)
			}
			stored, err := x.AppendBinary([]byte("prefix"))
			if err != nil {
				t.Fatal(err)
			}
			stored = stored[len("prefix"):]
			y, err := Decode(stored)
			if err != nil {
				t.Fatal(err)
			}
			if y.Options() != x.Options() || y.Stories() != x.Stories() {
				t.Fatalf("restored as %+v with %d stories", y.Options(), y.Stories())
			}
			want, err1 := x.Batch(stories[cut:])
			got, err2 := y.Batch(stories[cut:])
			if err1 != nil || err2 != nil {
				t.Fatal(err1, err2)
			}
			same(t, "restored", got, want)
			a, _ := x.AppendBinary(nil)
			b, _ := y.AppendBinary(nil)
			if !slices.Equal(a, b) {
				t.Fatal("the restored index is stored as other bytes")
			}
		}
	}
}

// Many stories of one instant, and many keys in their stored order, must not
// crowd the tables.
func TestManyStoriesOfOneInstant(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 1))
	x := mustNew(t, Options{})
	stories := make([]Story, 20000)
	for i := range stories {
		text := make([]rune, 20)
		for k := range text {
			text[k] = rune(0x4E00 + r.IntN(3000))
		}
		stories[i] = Story{ID: int64(i), Time: 1, Owner: uint64(i), Text: string(text)}
	}
	if _, err := x.Batch(stories); err != nil {
		t.Fatal(err)
	}
	if a := ask(t, x, Story{Time: 2, Text: stories[777].Text}); a.All.Nearest.ID != 777 {
		t.Fatalf("a copy of story 777 gives %+v", a)
	}
	stored, _ := x.AppendBinary(nil)
	y, err := Decode(stored)
	if err != nil {
		t.Fatal(err)
	}
	if x.crowded() || y.crowded() {
		t.Error("a table is crowded")
	}
}

func TestDecodeRefusesFaults(t *testing.T) {
	stored := storedTales(t)
	if _, err := Decode(nil); err == nil || !strings.Contains(err.Error(), "begin") {
		t.Errorf("nothing: %v", err)
	}
	bad := slices.Clone(stored)
	bad[len(bad)/2] ^= 4
	if _, err := Decode(bad); err == nil || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("a flipped bit: %v", err)
	}
	older := []byte(strings.Replace(string(stored), magic, "csnarr01", 1))
	if _, err := Decode(older); err == nil || !strings.Contains(err.Error(), "csnarr01") {
		t.Errorf("an earlier format: %v", err)
	}
	payload := stored[:len(stored)-4]
	for n := len(magic); n < len(payload); n += 1 + n/50 {
		if _, err := Decode(sealed(payload[:n])); err == nil {
			t.Fatalf("the first %d of %d bytes were taken", n, len(payload))
		}
	}
	if _, err := Decode(sealed(append(slices.Clone(payload), 0))); err == nil {
		t.Error("a byte too many was taken")
	}
}

func storedTales(t testing.TB) []byte {
	x := mustNew(t, Options{Bands: 4, Rows: 2, Phrase: 5})
	if _, err := x.Batch(tales(rand.New(rand.NewPCG(12, 1)), 30)); err != nil {
		t.Fatal(err)
	}
	stored, err := x.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

// sealed puts the right checksum behind a payload.
func sealed(payload []byte) []byte {
	return binary.LittleEndian.AppendUint32(slices.Clone(payload), crc32.Checksum(payload, castagnoli))
}

func FuzzDecode(f *testing.F) {
	stored := storedTales(f)
	f.Add(stored[:len(stored)-4])
	forgetting := mustNew(f, Options{Bands: 4, Rows: 2, Phrase: 5, Keep: 6})
	if _, err := forgetting.Batch(tales(rand.New(rand.NewPCG(13, 1)), 40)); err != nil {
		f.Fatal(err)
	}
	kept, _ := forgetting.AppendBinary(nil)
	f.Add(kept[:len(kept)-4])
	empty, _ := mustNew(f, Options{}).AppendBinary(nil)
	f.Add(empty[:len(empty)-4])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, payload []byte) {
		x, err := Decode(sealed(payload))
		if err != nil {
			return
		}
		if x.Size() > 1<<20+200*len(payload) {
			t.Fatalf("%d bytes became an index of %d", len(payload), x.Size())
		}
		print := x.Read(nil, "夜间在路口追尾前方车辆，前保险杠受损1200元")
		if _, err := x.Ask(print, 1<<62, 3); err != nil && x.horizon <= 1<<62 {
			t.Fatal(err)
		}
		again, err := x.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Decode(again); err != nil {
			t.Fatalf("cannot read back what was read: %v", err)
		}
	})
}
