package history

import (
	"fmt"
	"math"
	"sync"

	"claimsieve/datasets"
	"claimsieve/features/text"
)

// narratives is an index of stories with what was answered when each was told.
type narratives struct {
	stories *Stories
	mu      sync.Mutex // of index and horizon: questions come one at a time
	index   *text.Index
	horizon int64 // the instant that the index is at
	fresh   bool  // stories were told at horizon, which questions at horizon do not see
	told    map[int32]toldAnswer
	prints  sync.Pool // of *text.Fingerprint
}

// toldAnswer is what was answered when a story was told, where that is more
// than its length: a claim gets the same at every later question.
type toldAnswer struct {
	at, nearest   int64
	jaccard       float64
	phraseShare   float64
	near, ownNear int32
	phraseRunes   int32
	found         bool
}

func newNarratives(s *Stories) (*narratives, error) {
	index, err := text.New(s.Options)
	if err != nil {
		return nil, err
	}
	return &narratives{stories: s, index: index, horizon: math.MinInt64, told: map[int32]toldAnswer{}}, nil
}

func (n *narratives) size() int {
	n.mu.Lock() // a question takes the index on
	defer n.mu.Unlock()
	return n.index.Size() + 80*len(n.told)
}

// tellClaim tells a claim's story, or plans to, when it becomes known.
func (s *State) tellClaim(place int, r *row, at int64) error {
	p := &s.plan.Stories[place]
	t := tale{claim: r.claim, text: r.texts[p.Text]}
	if t.text == "" {
		return nil
	}
	if p.Owner >= 0 {
		t.owner = uint64(r.keys[p.Owner] + 1)
	}
	if at > s.newest {
		t.text = string([]byte(t.text)) // the record may go
	}
	return s.planFor(planned{at: at, story: place, tale: t})
}

// tell asks about a story that becomes known at an instant, and adds it.
func (s *State) tell(place int, at int64, t *tale) error {
	n := s.stories[place]
	n.mu.Lock()
	defer n.mu.Unlock()
	print, _ := n.prints.Get().(*text.Fingerprint)
	print = n.index.Read(print, t.text)
	defer n.prints.Put(print)
	return n.add(print, at, t)
}

// add asks about a story and adds it.
func (n *narratives) add(print *text.Fingerprint, at int64, t *tale) error {
	n.horizon = max(n.horizon, at) // a question may have taken the index past it
	answer, err := tell(n.index, print, story{row: t.claim, at: n.horizon, owner: t.owner})
	if err != nil {
		return fmt.Errorf("cannot take the narrative of a claim: %w", err)
	}
	n.fresh = true
	if answer.All.Near > 0 || answer.PhraseRunes > 0 {
		n.told[t.claim] = toldAnswer{at: at, nearest: answer.Others.Nearest.Time, jaccard: answer.Others.Nearest.Jaccard, phraseShare: answer.PhraseShare,
			near: int32(answer.Others.Near), ownNear: int32(answer.All.Near - answer.Others.Near), phraseRunes: int32(answer.PhraseRunes), found: answer.Others.Found}
	}
	return nil
}

// answer answers for a story that became known at an instant. told says that
// it was added then.
func (n *narratives) answer(claim int32, words string, at int64, owner uint64, told bool) (text.Answer, int64, error) {
	print, _ := n.prints.Get().(*text.Fingerprint)
	print = n.index.Read(print, words)
	defer n.prints.Put(print)
	if !told {
		answer, err := n.ask(print, at, owner)
		return answer, at, err
	}
	a := text.Answer{Runes: print.Runes, DigitShare: math.NaN()}
	if print.Runes > 0 {
		a.DigitShare = float64(print.Digits) / float64(print.Runes)
	}
	if kept, there := n.told[claim]; there {
		at = kept.at
		a.Others = text.Likeness{Found: kept.found, Near: int(kept.near), Nearest: text.Match{Time: kept.nearest, Jaccard: kept.jaccard}}
		a.All.Near = int(kept.near + kept.ownNear)
		a.PhraseRunes, a.PhraseShare = int(kept.phraseRunes), kept.phraseShare
	}
	return a, at, nil
}

// ask asks about a story that was not told. The index does not go on to the
// question's instant: that would refuse stories that become known before it.
// It goes on by one microsecond where it has to show what it was told last.
func (n *narratives) ask(print *text.Fingerprint, at int64, owner uint64) (text.Answer, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.fresh && at > n.horizon {
		n.horizon, n.fresh = n.horizon+1, false
	}
	if n.horizon == math.MinInt64 {
		at = math.MinInt64 + 1
	} else {
		at = n.horizon
	}
	return n.index.Ask(print, at, owner)
}

// answerStories answers the asks of narratives.
func (s *State) answerStories(q *question) error {
	for i := range s.plan.Stories {
		p := &s.plan.Stories[i]
		if q.at == datasets.NoTime || q.texts[p.Text] == "" {
			continue
		}
		c := s.plan.claims().clockOf(p.Clock)
		at := laterOf(q.known, q.clocks[c])
		reached := s.claims.known(q.claim, c)
		told := reached != datasets.NoTime && reached <= s.newest
		if told {
			at = reached
		}
		if at == datasets.NoTime || at > q.at {
			continue
		}
		owner := uint64(0)
		if p.Owner >= 0 {
			owner = uint64(max(q.keys[p.Owner], -1) + 1)
			if q.keys[p.Owner] < -1 {
				owner = math.MaxUint64 // somebody whom nobody knows
			}
		}
		answer, at, err := s.stories[i].answer(q.claim, q.texts[p.Text], at, owner, told)
		if err != nil {
			return fmt.Errorf("cannot compare narratives: %w", err)
		}
		for _, a := range p.Asks {
			q.out[a.Answer] = a.Do.value(&answer, at)
		}
	}
	return nil
}

// numbers are what is stored of a claim's answers.
func (t toldAnswer) numbers(claim int32) []int64 {
	found := int64(0)
	if t.found {
		found = 1
	}
	return []int64{int64(claim), t.at, t.nearest, int64(math.Float64bits(t.jaccard)), int64(math.Float64bits(t.phraseShare)),
		int64(t.near), int64(t.ownNear), int64(t.phraseRunes), found}
}

// unpackTold reads the numbers behind the claim.
func unpackTold(u *unpacker) toldAnswer {
	return toldAnswer{at: u.number(), nearest: u.number(), jaccard: math.Float64frombits(uint64(u.number())), phraseShare: math.Float64frombits(uint64(u.number())),
		near: int32(u.number()), ownNear: int32(u.number()), phraseRunes: int32(u.number()), found: u.number() == 1}
}
