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
	told    table  // tellKey -> how often the owner told the body
	bands   bands
	phrases phrases
}

// telling is one story that waits for the end of its instant.
type telling struct {
	id      int64
	owner   uint64 // the caller's code
	digest  uint64
	phrases []uint64 // sorted, distinct
	// nil when the body is known already
	shingles  []uint32
	signature []byte
}

// place is when and by whom a body was told. The greater (time, id) is later.
type place struct {
	time, id int64
	owner    uint32 // 0 when not known
}

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.time, q.time), cmp.Compare(p.id, q.id))
}

// bodies are the distinct stories, in the order in which they came.
type bodies struct {
	signatures []byte   // stride bytes each
	ends       []uint64 // of each body's shingles
	shingles   []uint32
	counts     []uint32 // tellings
	latest     []place
	// before is the latest telling by another owner than the latest one's;
	// its time is noTime when there is none or latest has no known owner.
	before []place
}

const noTime = math.MinInt64

// size returns the number of bodies.
func (b *bodies) size() int { return len(b.ends) }

// set returns the shingles of a body.
func (b *bodies) set(i int) []uint32 {
	from := uint64(0)
	if i > 0 {
		from = b.ends[i-1]
	}
	return b.shingles[from:b.ends[i]]
}

// New returns an empty index, or what Options.Validate says.
func New(opt Options) (*Index, error) {
	if err := opt.Validate(); err != nil {
		return nil, err
	}
	opt = opt.withDefaults()
	return &Index{
		reader: newReader(opt), horizon: math.MinInt64,
		bands:   bands{bands: opt.Bands, rows: opt.Rows},
		phrases: phrases{tellers: opt.Tellers},
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
	}
	return nil
}

// Add tells the index a story that becomes known at an instant (in any unit,
// the same in all calls): every question about a later instant sees it. id is
// what Match.ID returns; among the stories of one instant the greater id counts
// as the later. owner is a code of the policy or person, 0 when not known: two
// unknown owners are never the same. The fingerprint must have been read by this
// index (or one with the same options) and may be reused afterwards. An instant
// before an earlier call's is refused with ErrPast.
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
	t := telling{id: id, owner: owner, digest: f.digest}
	if f.digest != 0 {
		t.phrases = slices.Clone(f.phrases)
		slices.Sort(t.phrases)
		t.phrases = slices.Compact(t.phrases)
		if x.digests.get(f.digest) == 0 {
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
	body := int(x.digests.get(t.digest)) - 1
	if body < 0 {
		body = x.bodies.size()
		x.bodies.begin(t, p)
		x.digests.set(t.digest, uint32(body+1))
		x.bands.insert(body, x.stride, x.bodies.signatures)
	} else {
		x.bodies.again(body, p)
	}
	if p.owner != 0 {
		key := tellKey(body, p.owner)
		x.told.set(key, x.told.get(key)+1)
	}
	for _, h := range t.phrases {
		x.phrases.tell(h, p.owner)
	}
}

// tellKey is the key of what an owner told of a body.
func tellKey(body int, owner uint32) uint64 { return mix64(uint64(body)<<32 | uint64(owner)) }

// begin appends a body that was told once.
func (b *bodies) begin(t *telling, p place) {
	b.signatures = append(b.signatures, t.signature...)
	b.shingles = append(b.shingles, t.shingles...)
	b.ends = append(b.ends, uint64(len(b.shingles)))
	b.counts = append(b.counts, 1)
	b.latest = append(b.latest, p)
	b.before = append(b.before, place{time: noTime})
}

// again notes one more telling of a body.
func (b *bodies) again(i int, p place) {
	b.counts[i]++
	last := b.latest[i]
	other := p.owner == 0 || p.owner != last.owner
	switch {
	case p.compare(last) >= 0:
		if other {
			b.before[i] = last
		}
		b.latest[i] = p
	case other && p.compare(b.before[i]) > 0:
		b.before[i] = p
	}
}

// Size returns the bytes of memory that the index holds, without what waits for
// the end of its instant.
func (x *Index) Size() int {
	b := &x.bodies
	return cap(b.signatures) + 8*cap(b.ends) + 4*cap(b.shingles) + 4*cap(b.counts) +
		24*(cap(b.latest)+cap(b.before)) + x.bands.size() + x.phrases.size() +
		x.owners.size() + x.digests.size() + x.told.size()
}
