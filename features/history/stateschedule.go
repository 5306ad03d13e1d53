package history

import (
	"cmp"
	"container/heap"
	"fmt"
)

// schedule is what the graph and the narratives get when time has come so far:
// they take everything in the order in which it became known. It is a heap by
// instant.
type schedule []planned

// planned is an edge, or a narrative when story is 0 or more.
type planned struct {
	at    int64
	story int // place among the plan's Stories; -1 for an edge
	edge  edge
	tale  tale
}

// tale is a claim's narrative.
type tale struct {
	claim int32
	owner uint64
	text  string
}

func (s schedule) Len() int { return len(s) }
func (s schedule) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(s[i].at, s[j].at), cmp.Compare(s[i].story, s[j].story)) < 0
}
func (s schedule) Swap(i, j int) { s[i], s[j] = s[j], s[i] }

// Push appends, for package heap.
func (s *schedule) Push(x any) { *s = append(*s, x.(planned)) }

// Pop removes the last, for package heap.
func (s *schedule) Pop() any {
	last := (*s)[len(*s)-1]
	(*s)[len(*s)-1] = planned{}
	*s = (*s)[:len(*s)-1]
	return last
}

func (s schedule) size() int {
	n := 80 * cap(s)
	for i := range s {
		n += len(s[i].tale.text)
	}
	return n
}

// before says whether something is planned before an instant.
func (s schedule) before(t int64) bool { return len(s) > 0 && s[0].at < t }

// catchUp gives the graph and the narratives what is planned for an instant or
// earlier.
func (s *State) catchUp(t int64) error {
	for len(s.ahead) > 0 && s.ahead[0].at <= t {
		next := heap.Pop(&s.ahead).(planned)
		var err error
		if next.story < 0 {
			err = s.graph.link(next.at, next.edge)
		} else {
			err = s.tell(next.story, next.at, &next.tale)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// planFor lets something happen at its instant, at once if that has come.
func (s *State) planFor(p planned) error {
	if s.capture != nil {
		*s.capture = append(*s.capture, p)
		return nil
	}
	if p.at > s.newest {
		heap.Push(&s.ahead, p)
		return nil
	}
	if p.story < 0 {
		return s.graph.link(p.at, p.edge)
	}
	return s.tell(p.story, p.at, &p.tale)
}

// settle brings the state to where a question at t sees all that became known
// before: what is planned earlier happens, and the graph folds what it kept
// back for instants before.
func (s *State) settle(t int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return s.broken
	}
	for s.ahead.before(t) {
		at := s.ahead[0].at
		s.newest = max(s.newest, at)
		if err := s.catchUp(at); err != nil {
			s.broken = err
			return fmt.Errorf("cannot go on to %d: %w", t, err)
		}
	}
	if s.graph == nil {
		return nil
	}
	var err error
	if month, fixes := s.fixes(t); fixes {
		err = s.graph.advance(month)
	}
	if err == nil && s.graph.behind(t) {
		err = s.graph.flush()
	}
	s.broken = err
	return err
}

// settled says whether settle would change nothing.
func (s *State) settled(t int64) bool {
	_, fixes := s.fixes(t)
	return !fixes && !s.ahead.before(t) && (s.graph == nil || !s.graph.behind(t))
}

// behind says whether rows are kept back that a question at t sees.
func (g *graph) behind(t int64) bool {
	return g.at < t && len(g.edges)+len(g.verdicts) > 0
}

// flush folds what is kept back, and goes on waiting for rows of the instant.
func (g *graph) flush() error {
	at := g.at
	if err := g.advance(at + 1); err != nil {
		return err
	}
	g.at = at
	return nil
}
