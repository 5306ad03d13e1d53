package window

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
)

// TestStateIsSmall holds the memory of a state to its budget of 25 bytes an event
// and 16 a key, owners to 4 bytes an event more, and Size to what the runtime says.
func TestStateIsSmall(t *testing.T) {
	for _, c := range []stateCase{
		{name: "few events a key", n: 200_000, keys: 60_000},
		{name: "one event a key", n: 200_000, keys: 2_000_000},
		{name: "40 events a key", n: 200_000, keys: 5000},
		{name: "late", n: 200_000, keys: 60_000, late: true},
		{name: "dates", n: 200_000, keys: 60_000, day: true},
		{name: "hot keys", n: 300_000, keys: 3},
		{name: "500 events a key", n: 200_000, keys: 400},
		{name: "few events a key, owners", n: 200_000, keys: 60_000, owners: true},
		{name: "40 events a key, owners", n: 200_000, keys: 5000, owners: true},
		{name: "hot keys, owners", n: 300_000, keys: 3, owners: true},
	} {
		ev := c.history()
		bare := 0
		if c.owners {
			bare = foldAll(t, ev, indicators()).Size()
			ev, _ = owned(ev)
		}
		before := heap()
		s := foldAll(t, ev, indicators())
		s.scratch, s.eyes, s.lookouts = nil, eyes{}, sync.Pool{}
		held := heap() - before
		if more := float64(s.Size()-bare) / float64(c.n); c.owners && more > 4.2 { // packs of a new shape have new rooms
			t.Errorf("%s: %.1f bytes an event for owners; 4 is the limit", c.name, more)
		}
		each := float64(held-16*s.keys.count) / float64(c.n)
		t.Logf("%s: %.1f bytes an event beside 16 a key, %.1f all in", c.name, each, float64(held)/float64(c.n))
		if each > 25 {
			t.Errorf("%s: %.1f bytes an event; 25 is the limit", c.name, each)
		}
		if size := s.Size(); float64(size) < 0.85*float64(held) || float64(size) > 1.15*float64(held) {
			t.Errorf("%s: Size says %d bytes, the heap grew by %d", c.name, size, held)
		}
		data, _ := s.AppendBinary(nil)
		if len(data) > held*5/4 {
			t.Errorf("%s: %d bytes stored for %d in memory", c.name, len(data), held)
		}
		runtime.KeepAlive(s)
		runtime.KeepAlive(ev)
	}
}

// TestAnswersMayComeTogether asks from several goroutines at once, beside a
// snapshot.
func TestAnswersMayComeTogether(t *testing.T) {
	s := foldAll(t, stateCase{n: 20_000, keys: 700}.history(), indicators())
	want := make([]string, 700)
	for key := range want {
		got, err := s.Answer(nil, int32(key), 5*365*Day, Own{Owner: -1})
		if err != nil {
			t.Fatal(err)
		}
		want[key] = fmt.Sprint(got)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for key := range want {
				if got, _ := s.Answer(nil, int32(key), 5*365*Day, Own{Owner: -1}); fmt.Sprint(got) != want[key] {
					t.Errorf("key %d: %v, want %v", key, got, want[key])
				}
			}
			_, _ = s.AppendBinary(nil)
			_ = s.Size()
		})
	}
	wg.Wait()
}
