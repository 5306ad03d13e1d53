package text_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"claimsieve/datasets/synth"
	"claimsieve/features/text"
)

// free returns stories of random words, of which one in twenty copies an
// earlier one with a few changes.
func free(n int) []text.Story {
	r := rand.New(rand.NewPCG(31, 1))
	words := make([]string, 4000)
	for i := range words {
		w := make([]rune, 2+r.IntN(2))
		for k := range w {
			w[k] = rune(0x4E00 + r.IntN(2500))
		}
		words[i] = string(w)
	}
	out := make([]text.Story, n)
	for i := range out {
		var b strings.Builder
		for range 22 + r.IntN(6) {
			b.WriteString(words[int(float64(len(words))*r.Float64()*r.Float64())])
		}
		s := b.String()
		if i > 0 && r.IntN(20) == 0 {
			copied := []rune(out[r.IntN(i)].Text)
			copied[r.IntN(len(copied))] = '改'
			s = string(copied)
		}
		out[i] = text.Story{ID: int64(i), Time: int64(i / 3), Owner: uint64(r.IntN(n)), Text: s}
	}
	return out
}

// simulated returns the narratives of the simulated portfolio.
func simulated(t testing.TB, n int) []text.Story {
	t.Helper()
	p, err := synth.Generate(synth.Config{Claims: n, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	return storiesOf(t, p)
}

func report(b *testing.B, stories []text.Story, opt text.Options) {
	for b.Loop() {
		x, err := text.New(opt)
		if err != nil {
			b.Fatal(err)
		}
		start := time.Now()
		answers, err := x.Batch(stories)
		if err != nil {
			b.Fatal(err)
		}
		took := time.Since(start)
		near, phrase := 0, 0
		for _, a := range answers {
			if a.All.Found {
				near++
			}
			if a.PhraseRunes > 0 {
				phrase++
			}
		}
		n := float64(len(stories))
		b.ReportMetric(float64(took.Microseconds())/n, "us/story")
		b.ReportMetric(float64(x.Size())/n, "B/story")
		b.ReportMetric(float64(near)/n, "near/story")
		b.ReportMetric(float64(phrase)/n, "phrases/story")
		stored, _ := x.AppendBinary(nil)
		b.ReportMetric(float64(len(stored))/n, "stored-B/story")
		start = time.Now()
		if _, err := text.Decode(stored); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(stored))/1e6/time.Since(start).Seconds(), "restore-MB/s")
	}
}

// BenchmarkBatch is the time per story, asked and added, of 100,000 stories of
// 60 runes: free ones, and those of the simulated portfolio, which are made of
// few phrases and so the hardest case for a search of near duplicates.
func BenchmarkBatch(b *testing.B) {
	for _, c := range []struct {
		name    string
		stories []text.Story
	}{{"free", free(100_000)}, {"simulated", simulated(b, 100_000)}} {
		for _, phrase := range []int{0, text.PhraseOff} {
			b.Run(fmt.Sprintf("%s/phrase=%d", c.name, phrase), func(b *testing.B) {
				report(b, c.stories, text.Options{Phrase: phrase})
			})
		}
	}
}

// BenchmarkMemory holds Index.Size to what the runtime says.
func BenchmarkMemory(b *testing.B) {
	stories := free(50_000)
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		x, err := text.New(text.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := x.Batch(stories); err != nil {
			b.Fatal(err)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(len(stories)), "heap-B/story")
		b.ReportMetric(float64(x.Size())/float64(len(stories)), "size-B/story")
		runtime.KeepAlive(x)
	}
}
