package text

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

// A story of exactly the age Keep counts, one a moment older does not.
func TestKeepIsInclusive(t *testing.T) {
	const story = "夜间在路口追尾前方车辆前保险杠受损"
	for age, found := range map[int64]bool{9: true, 10: true, 11: false} {
		x := mustNew(t, Options{Keep: 10, Tellers: 1, Phrase: 8})
		add(t, x, Story{ID: 1, Time: 100, Owner: 1, Text: story})
		a := ask(t, x, Story{Time: 100 + age, Owner: 2, Text: story})
		if a.All.Found != found || a.Others.Found != found || (a.Phrase != "") != found || (a.All.Estimate > 0) != found {
			t.Errorf("a story of the age %d: %+v", age, a)
		}
	}
	x := mustNew(t, Options{Keep: math.MaxInt64}) // nothing is that old
	add(t, x, Story{ID: 1, Time: math.MinInt64 + 1, Text: story})
	if a := ask(t, x, Story{Time: -5, Text: story}); !a.All.Found {
		t.Errorf("kept for ever: %+v", a)
	}
}

// An index that forgets answers like one that was never told what is too old,
// also for one story at a time and however often it is stored in between.
func TestForgettingIsNeverHavingHeard(t *testing.T) {
	for _, opt := range []Options{{Keep: 1}, {Keep: 9, Tellers: 3, Phrase: 5}, {Keep: 40, Phrase: 6, Tellers: 1}} {
		r := rand.New(rand.NewPCG(41, uint64(opt.Keep)))
		stories := tales(r, 600)
		slices.SortStableFunc(stories, func(a, b Story) int { return int(a.Time - b.Time) })
		want, err := mustNew(t, opt).Batch(stories)
		if err != nil {
			t.Fatal(err)
		}
		x := mustNew(t, opt)
		for i, s := range stories {
			if r.IntN(20) == 0 {
				stored, _ := x.AppendBinary(nil)
				if x, err = Decode(stored); err != nil {
					t.Fatal(err)
				}
			}
			a := ask(t, x, s)
			if !equal(a, want[i]) {
				t.Fatalf("Keep %d, story %d one at a time\n%+v, in a batch\n%+v", opt.Keep, i, a, want[i])
			}
			add(t, x, s)
			if i%7 != 0 {
				continue
			}
			forever := opt
			forever.Keep = 0
			fresh := mustNew(t, forever)
			for _, e := range stories[:i] {
				if e.Time >= s.Time-opt.Keep && e.Time < s.Time {
					add(t, fresh, e)
				}
			}
			if b := ask(t, fresh, s); !equal(a, b) {
				t.Fatalf("Keep %d, story %d\n%+v, of one that heard only the last ones\n%+v", opt.Keep, i, a, b)
			}
		}
	}
}

// The memory of a stream is that of its window.
func TestMemoryIsThatOfTheWindow(t *testing.T) {
	r := rand.New(rand.NewPCG(43, 1))
	x := mustNew(t, Options{Keep: 2000})
	size := [2]int{}
	for i := range 40_000 {
		text := make([]rune, 24)
		for k := range text {
			text[k] = rune(0x4E00 + r.IntN(3000))
		}
		add(t, x, Story{ID: int64(i), Time: int64(i), Owner: uint64(i), Text: string(text)})
		size[i/20_000] = max(size[i/20_000], x.Size())
	}
	if size[1] > size[0]*11/10 || x.Stories() != 40_000 {
		t.Errorf("the largest size was %d in the first half and %d in the second; %d stories", size[0], size[1], x.Stories())
	}
}

func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// Size is what the runtime says, for an index that grew and for a restored one.
func TestSizeIsTheHeaps(t *testing.T) {
	stories := tales(rand.New(rand.NewPCG(44, 1)), 30_000)
	for i := range stories {
		stories[i].Owner = uint64(i)
	}
	check := func(what string, held, size int) {
		t.Logf("%s: %d bytes held, Size says %d", what, held, size)
		if held > size+size/10 || held < size-size/10 {
			t.Errorf("%s: %d bytes held, Size says %d", what, held, size)
		}
	}
	before := heap()
	x := mustNew(t, Options{})
	for _, s := range stories {
		s.Time = s.ID
		add(t, x, s)
	}
	check("grown", heap()-before, x.Size())
	stored, _ := x.AppendBinary(nil)
	before = heap()
	y, err := Decode(stored)
	if err != nil {
		t.Fatal(err)
	}
	check("restored", heap()-before, y.Size())
	runtime.KeepAlive(x)
	runtime.KeepAlive(stored)
	runtime.KeepAlive(stories)
}
