package history

import (
	"fmt"
	"math"
	"slices"
	"sync"
	"unsafe"

	"claimsieve/features/window"
)

// State is the folded history that a plan asks about. Rows are folded as they
// become known, and a claim is answered from what was known strictly before its
// instant, with the bits of [Plan.Batch] over the same rows.
//
// A row that arrives after rows with a later known instant counts as known at
// the latest of these ([State.Newest]), since answers that were given stand.
// Instants of later stages may lie ahead of that: what they bring is seen by
// questions after them.
//
// Fold, Build and Merge exclude everything else; any number of goroutines may
// ask at once.
type State struct {
	mu     sync.RWMutex
	plan   *Plan
	layout *layout
	codes  *codes
	broken error // of a fold that failed half way, which is our own bug

	claims  claimRows
	own     ownRows
	seen    seen
	waiting waiting
	ahead   schedule
	capture *[]planned // where edges go instead, while states are merged

	groups  []*window.State
	totals  [][]uint64 // per group and value column, of absolute values
	graph   *graph     // nil when the network is not asked
	refresh refreshes
	stories []*narratives
	joins   []*versions

	newest  int64
	bumped  int
	skipped int            // rows without a usable instant
	rows    map[string]int // folded, by table

	derived []derived // scratch of Fold, by table
	row     row
	event   window.Event
	keys    []int32

	questions sync.Pool // of *question
}

// NewState returns an empty state of a plan. The error says what the parts of
// the plan refuse.
func (p *Plan) NewState() (*State, error) {
	s := &State{plan: p, codes: p.newCodes(), newest: math.MinInt64, rows: map[string]int{}}
	var err error
	if s.layout, err = p.newLayout(); err != nil {
		return nil, fmt.Errorf("cannot make a state: %w", err)
	}
	s.claims = newClaimRows(s.layout)
	s.derived = make([]derived, len(s.layout.names))
	s.waiting = newWaiting()
	for g := range p.Groups {
		w, err := window.NewState(s.layout.windows(g), s.layout.values(g), len(p.Groups[g].Words))
		if err != nil {
			return nil, fmt.Errorf("cannot make a state: aggregates over table %q: %w", p.Groups[g].Of, err)
		}
		s.groups = append(s.groups, w)
		s.totals = append(s.totals, make([]uint64, len(p.Groups[g].Values)))
	}
	if p.Graph != nil {
		if s.graph, err = p.newGraph(s.codes); err != nil {
			return nil, fmt.Errorf("cannot make a state: %w", err)
		}
	}
	for i := range p.Stories {
		n, err := newNarratives(&p.Stories[i])
		if err != nil {
			return nil, fmt.Errorf("cannot make a state: %w", err)
		}
		s.stories = append(s.stories, n)
	}
	for i := range p.Joins {
		s.joins = append(s.joins, newVersions(p, &p.Joins[i]))
	}
	return s, nil
}

// Lacks returns the tables of the plan of which no row was ever folded, sorted:
// answers that read them are degraded.
func (s *State) Lacks() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []string
	for name := range s.plan.Sources {
		if s.rows[name] == 0 {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// Claims returns the number of claims folded.
func (s *State) Claims() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.claims.there
}

// Events returns the number of events in the aggregates and of edges in the
// graph.
func (s *State) Events() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	n := 0
	for _, w := range s.groups {
		n += w.Len()
	}
	if s.graph != nil {
		n += s.graph.net.Edges()
	}
	return n
}

// Newest returns the latest known instant of the rows folded, in microseconds;
// datasets.NoTime when there are none.
func (s *State) Newest() int64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.newest
}

// Bumped returns how many rows arrived late and count as known at a later
// instant than they say.
func (s *State) Bumped() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.bumped
}

// Skipped returns how many rows were no events, because their known instant is
// null or lies before 1900 or after 2199.
func (s *State) Skipped() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.skipped
}

// Size returns about how many bytes of memory the state holds.
func (s *State) Size() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	total := 0
	for _, n := range s.sizes() {
		total += n
	}
	return total
}

// sizes returns the bytes of memory by part.
func (s *State) sizes() map[string]int {
	out := map[string]int{
		"state":   int(unsafe.Sizeof(*s)),
		"claims":  s.claims.size(),
		"own":     s.own.size(),
		"seen":    s.seen.size(),
		"waiting": s.waiting.size(),
		"ahead":   s.ahead.size(),
		"words":   s.codes.size(),
		"refresh": s.refresh.size(),
	}
	for _, w := range s.groups {
		out["windows"] += w.Size()
	}
	if s.graph != nil {
		out["graph"] = s.graph.size()
	}
	for _, n := range s.stories {
		out["stories"] += n.size()
	}
	for _, v := range s.joins {
		out["joins"] += v.size()
	}
	return out
}

// arrive returns the instant from which something counts that says that it
// became known at t, and takes the state there.
func (s *State) arrive(t int64) (int64, error) {
	if t < s.newest {
		s.bumped++
		return s.newest, nil
	}
	s.newest = t
	return t, s.catchUp(t)
}
