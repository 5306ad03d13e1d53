package text

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Index holds the stories told so far and answers, for one more, what is like
// it. It is asked and told in the order of time. Fingerprints may be read by
// many goroutines at once, everything else by one at a time.
type Index struct {
	reader
	horizon int64 // the latest instant asked about or told of
	pending []telling
	stories int // folded

	owners  table  // mix64 of the caller's code -> number from 1
	bodies  bodies // stories in the same words are one body
	digests table  // digest -> body + 1
	told    table  // tellKey -> how often the owner told the body, of bodies told more than once
	bands   bands
	phrases phrases // of an index that keeps for ever
	recent  recent  // of one that forgets
	window  window
}

// telling is one story that waits for the end of its instant.
type telling struct {
	id      int64
	owner   uint64 // the caller's code
	digest  uint64
	phrases []uint64 // sorted, distinct
	// nil when the body is known already and will be for ever
	shingles  []uint32
	signature []byte
}

const noTime = math.MinInt64

// New returns an empty index, or what Options.Validate says.
func New(opt Options) (*Index, error) {
	if err := opt.Validate(); err != nil {
		return nil, err
	}
	opt = opt.withDefaults()
	r := newReader(opt)
	return &Index{
		reader: r, horizon: math.MinInt64,
		bodies: newBodies(), bands: newBands(opt, r.stride),
		phrases: phrases{tellers: opt.Tellers}, recent: recent{tellers: opt.Tellers}, window: newWindow(opt.Keep),
	}, nil
}

// Options returns the settings with the defaults filled in.
func (x *Index) Options() Options { return x.opt }

// Stories returns how many stories were added, those of the latest instant
// included.
func (x *Index) Stories() int { return x.stories + len(x.pending) }

// ErrPast is wrapped by the errors of questions and stories that come after the
// index went on to a later instant.
var ErrPast = errors.New("the index has gone on")

// advance takes the index to an instant: what was told before becomes visible.
func (x *Index) advance(at int64, verb string) error {
	if at < x.horizon {
		return fmt.Errorf("cannot %s at instant %d: the index has answered for or been told of %d; give what arrives late the instant at which it became known: %w", verb, at, x.horizon, ErrPast)
	}
	if at > x.horizon {
		x.fold()
		x.horizon = at
		x.forget(at)
	}
	return nil
}

// Add tells the index a story that becomes known at an instant (in any unit,
// the same in all calls): every question about a later instant sees it. id is
// what Match.ID returns; among the stories of one instant the greater id counts
// as the later. owner is a code of the policy or person, 0 when not known: two
// unknown owners are never the same. The fingerprint must have been read by this
// index (or one with the same options) and may be reused afterwards. An instant
// before an earlier call's is refused with ErrPast, and a story beyond 67 million
// different ones or 8 GB of shingles with an error of its own.
func (x *Index) Add(f *Fingerprint, id, at int64, owner uint64) error {
	if at == noTime {
		return fmt.Errorf("cannot add a story at instant %d: it stands for no time", at)
	}
	if len(f.signature) != x.stride {
		return errors.New("cannot add a story: its fingerprint was read with other options; read it with this index")
	}
	if err := x.advance(at, "add a story"); err != nil {
		return err
	}
	if x.bodies.all.n+len(x.pending) >= maxBodies || len(x.bodies.sets.pages) >= arenaPages/2 {
		return fmt.Errorf("cannot add a story: the index holds %d different ones, in %d pages, which is the limit; give Options.Keep, or index a part of the history", x.bodies.all.n, len(x.bodies.sets.pages))
	}
	t := telling{id: id, owner: owner, digest: f.digest}
	if f.digest != 0 {
		t.phrases = slices.Clone(f.phrases)
		slices.Sort(t.phrases)
		t.phrases = slices.Compact(t.phrases)
		if x.opt.Keep > 0 || x.digests.get(f.digest) == 0 {
			t.shingles, t.signature = slices.Clone(f.shingles), slices.Clone(f.signature)
		}
	}
	x.pending = append(x.pending, t)
	return nil
}

// fold makes the pending stories visible, in an order that does not depend on
// the order in which they came.
func (x *Index) fold() {
	x.sortPending()
	for i := range x.pending {
		x.enter(&x.pending[i], x.horizon)
		x.pending[i] = telling{}
	}
	x.stories += len(x.pending)
	x.pending = x.pending[:0]
}

// sortPending brings the stories of an instant into an order of their own. It
// is not the order of digests, because a table that is filled in the order of
// its keys crowds its first slots.
func (x *Index) sortPending() {
	slices.SortFunc(x.pending, func(a, b telling) int {
		return cmp.Or(cmp.Compare(mix64(a.digest), mix64(b.digest)), cmp.Compare(a.id, b.id), cmp.Compare(a.owner, b.owner),
			slices.Compare(a.phrases, b.phrases))
	})
}

// enter makes one story visible.
func (x *Index) enter(t *telling, at int64) {
	if t.digest == 0 {
		return
	}
	p := place{time: at, id: t.id}
	if t.owner != 0 {
		p.owner = x.owners.get(mix64(t.owner))
		if p.owner == 0 {
			p.owner = uint32(x.owners.used + 1)
			x.owners.set(mix64(t.owner), p.owner)
		}
	}
	number := int(x.digests.get(t.digest)) - 1
	if number >= 0 && x.bodies.all.at(number).time >= x.window.limit {
		x.again(number, p)
	} else {
		number = x.bodies.all.n
		x.bands.insert(t.signature)
		x.bodies.begin(t.shingles, p)
		x.digests.set(t.digest, uint32(number+1))
	}
	story := x.window.note(told{at, uint32(number), p.owner})
	for _, h := range t.phrases {
		if x.opt.Keep > 0 {
			x.recent.tell(h, story, &x.window)
		} else {
			x.phrases.tell(h, p.owner)
		}
	}
}

// tellKey is the key of what an owner told of a body.
func tellKey(body int, owner uint32) uint64 { return mix64(uint64(body)<<32 | uint64(owner)) }

// again makes one more telling of a body visible.
func (x *Index) again(number int, p place) {
	b := x.bodies.all.at(number)
	if b.again == 0 && b.owner != 0 {
		x.told.add(tellKey(number, b.owner), 1)
	}
	x.bodies.tell(b, p)
	if p.owner != 0 {
		x.told.add(tellKey(number, p.owner), 1)
	}
}

// Size returns the bytes of memory that the index holds, without what waits for
// the end of its instant.
func (x *Index) Size() int {
	return x.bodies.size() + x.bands.size() + x.phrases.size() + x.recent.size() + x.window.log.size() +
		x.owners.size() + x.digests.size() + x.told.size()
}
