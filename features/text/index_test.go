package text

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// The oracle answers from the definitions: strings, maps and a scan of all
// earlier stories.
type oracle struct {
	opt     Options
	stories []Story
	forms   map[string]string
	sets    map[string]map[string]bool
}

func (o *oracle) form(text string) string {
	form, ok := o.forms[text]
	if !ok {
		form = Normalise(text, o.opt.Digits)
		o.forms[text], o.sets[form] = form, gramSet(form, o.opt.Shingle)
	}
	return form
}

func gramSet(s string, n int) map[string]bool {
	r := []rune(s)
	out := map[string]bool{}
	for i := 0; i+min(n, len(r)) <= len(r) && len(r) > 0; i++ {
		out[string(r[i:i+min(n, len(r))])] = true
	}
	return out
}

func exactJaccard(a, b map[string]bool) float64 {
	both := 0
	for g := range a {
		if b[g] {
			both++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

// forgot says that an earlier story is too old to count for a later one.
func (o *oracle) forgot(earlier, later Story) bool {
	return o.opt.Keep > 0 && later.Time-earlier.Time > o.opt.Keep
}

func (o *oracle) likeness(s Story, others bool) Likeness {
	var l Likeness
	form := o.form(s.Text)
	if len([]rune(form)) < o.opt.MinRunes {
		return l
	}
	for _, e := range o.stories {
		known := o.form(e.Text)
		if e.Time >= s.Time || o.forgot(e, s) || len([]rune(known)) < o.opt.MinRunes || others && s.Owner != 0 && e.Owner == s.Owner {
			continue
		}
		j := exactJaccard(o.sets[form], o.sets[known])
		if j < o.opt.Threshold {
			continue
		}
		l.Near++
		n := l.Nearest
		if !l.Found || j > n.Jaccard || j == n.Jaccard && (e.Time > n.Time || e.Time == n.Time && e.ID > n.ID) {
			l.Found, l.Nearest = true, Match{ID: e.ID, Time: e.Time, Jaccard: j}
		}
	}
	return l
}

// phrase returns the longest repeated stretch and the share of repeated runs.
func (o *oracle) phrase(s Story) (string, float64) {
	form := []rune(o.form(s.Text))
	n := o.opt.Phrase
	if len(form) < max(n, o.opt.MinRunes) {
		return "", 0
	}
	best, run, repeated := "", 0, 0
	for i := 0; i+n <= len(form); i++ {
		tellers := 0
		for _, e := range o.stories {
			known := o.form(e.Text)
			if e.Time < s.Time && !o.forgot(e, s) && (e.Owner == 0 || e.Owner != s.Owner) && len([]rune(known)) >= o.opt.MinRunes &&
				strings.Contains(known, string(form[i:i+n])) {
				tellers++
			}
		}
		if tellers < o.opt.Tellers {
			run = 0
			continue
		}
		repeated++
		run++
		if p := string(form[i-run+1 : i+n]); len([]rune(p)) > len([]rune(best)) {
			best = p
		}
	}
	return best, float64(repeated) / float64(len(form)-n+1)
}

// tales returns stories made of few phrases, with typing errors, equal
// instants, few owners and texts that are too short.
func tales(r *rand.Rand, n int) []Story {
	parts := []string{"夜间在路口追尾前方车辆", "早上停车场内倒车时碰到立柱", "the other car ran a red light", "前保险杠受损1200元", "已报警现场无监控", "nobody was hurt, driver unknown", "车牌京A12345", "无"}
	out := make([]Story, n)
	for i := range out {
		var b strings.Builder
		for range 1 + r.IntN(4) {
			b.WriteString(parts[r.IntN(len(parts))])
			b.WriteString([]string{"，", " ", ""}[r.IntN(3)])
		}
		text := []rune(b.String())
		for range r.IntN(3) {
			text[r.IntN(len(text))] = []rune("车x门右2")[r.IntN(5)]
		}
		out[i] = Story{ID: int64(i), Time: int64(r.IntN(n / 3)), Owner: uint64(r.IntN(6)), Text: string(text)}
	}
	return out
}

// wide has so many bands that nothing is missed.
func wide() Options {
	return Options{Bands: 128, Rows: 2, Threshold: 0.5, Reach: 1 << 20, Phrase: 6, Tellers: 2, MinRunes: 4}
}

func TestIndexAgainstBruteForce(t *testing.T) {
	found, phrases := 0, 0
	for seed := range uint64(12) {
		opt := wide()
		if seed >= 6 {
			opt.Keep = int64(1 + 4*(seed-6))
		}
		opt.Tellers = 1 + int(seed%3)
		opt.Digits = Digits(seed % 3)
		opt.Shingle = 2 + int(seed%4)
		x := mustNew(t, opt)
		o := oracle{x.Options(), tales(rand.New(rand.NewPCG(seed, 9)), 120+int(opt.Keep)*10), map[string]string{}, map[string]map[string]bool{}}
		answers, err := x.Batch(o.stories)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range o.stories {
			for others, got := range map[bool]Likeness{false: answers[i].All, true: answers[i].Others} {
				want := o.likeness(s, others)
				if d := math.Abs(got.Nearest.Estimate - got.Nearest.Jaccard); got.Found && d > 0.2 {
					t.Errorf("seed %d story %d: estimate off by %.3f", seed, i, d)
				}
				got.Nearest.Estimate, got.Estimate = 0, 0
				if got != want {
					t.Fatalf("seed %d story %d others=%v %q:\n got %+v\nwant %+v", seed, i, others, s.Text, got, want)
				}
				if got.Found {
					found++
				}
			}
			phrase, share := o.phrase(s)
			if a := answers[i]; a.Phrase != phrase || a.PhraseShare != share || a.PhraseRunes != len([]rune(phrase)) {
				t.Fatalf("seed %d story %d owner %d %q: phrase %q share %v, want %q %v", seed, i, s.Owner, s.Text, a.Phrase, a.PhraseShare, phrase, share)
			}
			if phrase != "" {
				phrases++
			}
		}
	}
	if found < 200 || phrases < 200 {
		t.Errorf("only %d near duplicates and %d phrases were compared", found, phrases)
	}
}

func TestLaterStoriesChangeNothing(t *testing.T) {
	all := tales(rand.New(rand.NewPCG(7, 7)), 200)
	full, err := mustNew(t, Options{}).Batch(all)
	if err != nil {
		t.Fatal(err)
	}
	for _, until := range []int64{1, 20, 50} {
		var early []Story
		var want []Answer
		for i, s := range all {
			if s.Time <= until {
				early, want = append(early, s), append(want, full[i])
			}
		}
		got, err := mustNew(t, Options{}).Batch(early)
		if err != nil {
			t.Fatal(err)
		}
		same(t, fmt.Sprintf("without stories after %d", until), got, want)
	}
}

func TestOrderWithinAnInstantChangesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	stories := tales(r, 200)
	opt := Options{Reach: 2} // even where the bound cuts
	first := mustNew(t, opt)
	want, err := first.Batch(stories)
	if err != nil {
		t.Fatal(err)
	}
	stored, _ := first.AppendBinary(nil)
	for range 5 {
		perm := r.Perm(len(stories))
		shuffled, expect := make([]Story, len(perm)), make([]Answer, len(perm))
		for i, p := range perm {
			shuffled[i], expect[i] = stories[p], want[p]
		}
		x := mustNew(t, opt)
		got, err := x.Batch(shuffled)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "shuffled", got, expect)
		if again, _ := x.AppendBinary(nil); !slices.Equal(again, stored) {
			t.Fatal("the stored form depends on the order of rows")
		}
	}
}

// One story at a time, all questions of an instant before or among its stories.
func TestOnlineIsBatch(t *testing.T) {
	stories := tales(rand.New(rand.NewPCG(9, 9)), 200)
	slices.SortStableFunc(stories, func(a, b Story) int { return int(a.Time - b.Time) })
	want, err := mustNew(t, Options{}).Batch(stories)
	if err != nil {
		t.Fatal(err)
	}
	x := mustNew(t, Options{})
	got := make([]Answer, len(stories))
	for i := 0; i < len(stories); {
		end := i
		for end < len(stories) && stories[end].Time == stories[i].Time {
			end++
		}
		for k := end - 1; k >= i; k-- {
			got[k] = ask(t, x, stories[k])
		}
		for k := i; k < end; k++ {
			add(t, x, stories[k])
			if again := ask(t, x, stories[k]); !equal(again, got[k]) {
				t.Fatalf("story %d sees its own instant: %+v, then %+v", k, got[k], again)
			}
		}
		i = end
	}
	same(t, "online", got, want)
}

func TestEmptyAndShortTexts(t *testing.T) {
	x := mustNew(t, Options{})
	for i, text := range []string{"", "无", "，。", "\xff", "无", "", "1", "七个字的说明文"} {
		s := Story{ID: int64(i), Time: int64(i), Text: text}
		a := ask(t, x, s)
		if a.Compared || a.All.Found || a.Phrase != "" || math.IsNaN(a.DigitShare) != (a.Runes == 0) {
			t.Errorf("%q: %+v", text, a)
		}
		add(t, x, s)
	}
	if a := ask(t, x, Story{Time: 99, Text: "1"}); a.DigitShare != 1 {
		t.Errorf("share of digits of \"1\": %v", a.DigitShare)
	}
	one := mustNew(t, Options{MinRunes: 1})
	add(t, one, Story{ID: 4, Time: 1, Text: "无"})
	if a := ask(t, one, Story{Time: 2, Text: "无。"}); a.All.Nearest.ID != 4 || a.All.Nearest.Jaccard != 1 {
		t.Errorf("with MinRunes 1: %+v", a)
	}
}

func TestHostileTexts(t *testing.T) {
	x := mustNew(t, Options{})
	const mib = 1 << 20
	r := rand.New(rand.NewPCG(1, 1))
	noise := make([]byte, mib)
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	for i, text := range []string{
		strings.Repeat("车", mib/3), strings.Repeat("a", mib), strings.Repeat("1", mib), strings.Repeat(" ", mib),
		strings.Repeat("\u0301", mib/2), strings.Repeat("\ufdfa", mib/3), strings.Repeat("1.", mib/2), strings.Repeat("\xff", mib), string(noise),
	} {
		s := Story{ID: int64(i), Time: int64(i), Text: text}
		if a := ask(t, x, s); a.Runes > 8*8192 {
			t.Errorf("text %d: %d runes", i, a.Runes)
		}
		add(t, x, s)
	}
	ask(t, x, Story{Time: 100, Text: "x"})
	if x.Size() > 4*mib {
		t.Errorf("nine hostile texts hold %d bytes", x.Size())
	}
}

func TestPastAndForeignFingerprintsAreRefused(t *testing.T) {
	x := mustNew(t, Options{})
	f := x.Read(nil, "the car was parked at night")
	if _, err := x.Ask(f, 10, 0); err != nil {
		t.Fatal(err)
	}
	if err := x.Add(f, 1, 9, 0); !errors.Is(err, ErrPast) {
		t.Errorf("a story of the past: %v", err)
	}
	if _, err := x.Ask(f, 9, 0); !errors.Is(err, ErrPast) {
		t.Errorf("a question about the past: %v", err)
	}
	if err := x.Add(&Fingerprint{}, 1, 11, 0); err == nil {
		t.Error("a fingerprint that was never read was taken")
	}
	if err := mustNew(t, Options{}).Add(f, 1, math.MinInt64, 0); err == nil {
		t.Error("no time was taken for a time")
	}
}

func TestOptionsListEveryFault(t *testing.T) {
	_, err := New(Options{Digits: 9, MaxRunes: 1, MinRunes: -1, Shingle: 99, Bands: 999, Rows: 9, Reach: -1, Phrase: 1, Tellers: 99, Threshold: math.NaN(), Keep: -1})
	if err == nil || strings.Count(err.Error(), "\n") != 10 {
		t.Errorf("eleven faults give: %v", err)
	}
}

func ask(t testing.TB, x *Index, s Story) Answer {
	t.Helper()
	a, err := x.Ask(x.Read(nil, s.Text), s.Time, s.Owner)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func add(t testing.TB, x *Index, s Story) {
	t.Helper()
	if err := x.Add(x.Read(nil, s.Text), s.ID, s.Time, s.Owner); err != nil {
		t.Fatal(err)
	}
}

// equal compares answers with NaN equal to NaN.
func equal(a, b Answer) bool {
	if math.IsNaN(a.DigitShare) && math.IsNaN(b.DigitShare) {
		a.DigitShare, b.DigitShare = 0, 0
	}
	return a == b
}

func same(t *testing.T, what string, got, want []Answer) {
	t.Helper()
	for i := range want {
		if !equal(got[i], want[i]) {
			t.Fatalf("%s: answer %d is\n%+v, want\n%+v", what, i, got[i], want[i])
		}
	}
}
