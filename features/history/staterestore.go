package history

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
)

// Restore reads a state of the plan from the bytes of [State.AppendBinary],
// which it does not keep. All answers have the same bits, and folding goes on as
// if it had never stopped. It asks for memory in proportion to data, beside what
// the leaves ask for at the start. The error says what is wrong: bytes that are
// no state, of another version or plan, damaged or cut off.
func (p *Plan) Restore(data []byte) (*State, error) {
	s, err := p.restore(data)
	if err != nil {
		return nil, fmt.Errorf("cannot restore a state: %w; build it anew from the dataset", err)
	}
	return s, nil
}

func (p *Plan) restore(data []byte) (*State, error) {
	const name = len(snapshotMark) - 2
	if len(data) < len(snapshotMark)+4 || string(data[:name]) != snapshotMark[:name] {
		return nil, fmt.Errorf("these bytes are none")
	}
	if string(data[:len(snapshotMark)]) != snapshotMark {
		return nil, fmt.Errorf("it is of version %d, and this program reads %d", binary.BigEndian.Uint16([]byte(data[name:])), binary.BigEndian.Uint16([]byte(snapshotMark[name:])))
	}
	body := data[:len(data)-4]
	if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(data[len(body):]) {
		return nil, fmt.Errorf("its checksum does not fit: it is damaged or cut off")
	}
	u := &unpacker{data: body[len(snapshotMark):]}
	if digest := string(u.bytes()); digest != p.Digest {
		return nil, fmt.Errorf("it is of the plan %.40q, not of %.40q: the pipeline or the tables changed", digest, p.Digest)
	}
	s, err := p.NewState()
	if err != nil {
		return nil, err
	}
	s.newest, s.bumped, s.skipped = u.number(), int(u.number()), int(u.number())
	for _, name := range s.layout.names {
		s.rows[name] = int(u.number())
	}
	steps := []func(*unpacker){s.restoreWords, s.restoreClaims, s.restoreOwn, s.seen.restore, s.restoreWaiting, s.restoreGroups, s.restoreGraph, s.restoreAhead, s.restoreStories, s.restoreJoins}
	for _, step := range steps {
		if step(u); u.err != nil {
			return nil, u.err
		}
	}
	if len(u.data) > 0 {
		return nil, fmt.Errorf("%d bytes are left over", len(u.data))
	}
	return s, nil
}

func (s *State) restoreWords(u *unpacker) {
	all := s.codes.all(s.layout)
	tasks := make([]task, 0, len(all))
	for _, d := range all {
		d.bytes, d.ends = append([]byte(nil), u.bytes()...), unpack32[uint32](u)
		tasks = append(tasks, d.restore)
	}
	if u.err != nil {
		return
	}
	if err := runTasks(tasks, restoreThreads); err != nil {
		u.fail("%w", err)
	}
}

// restoreThreads is how many threads restore parts that touch nothing of each
// other. What is restored does not depend on it.
const restoreThreads = 4

// restore finds the words again.
func (d *dictionary) restore() error {
	last := uint32(0)
	for _, end := range d.ends {
		if end < last {
			return fmt.Errorf("a word ends before it begins")
		}
		last = end
	}
	if int(last) != len(d.bytes) {
		return fmt.Errorf("the words have %d bytes and end at %d", len(d.bytes), last)
	}
	n := 16
	for 4*len(d.ends) > 3*n {
		n *= 2
	}
	d.table = make([]uint32, n)
	d.index()
	return nil
}

func (s *State) restoreClaims(u *unpacker) {
	c := &s.claims
	c.happened = unpack64[int64](u)
	n := len(c.happened)
	if n > s.codes.claims.len() {
		u.fail("it has %d claims and %d ids", n, s.codes.claims.len())
		return
	}
	for i := range c.clocks {
		c.clocks[i].known, c.clocks[i].digest = unpack64[int64](u), unpack32[uint32](u)
		if len(c.clocks[i].known) != n || len(c.clocks[i].digest) != n {
			u.fail("the clocks of %d claims are those of others", n)
			return
		}
	}
	for k, key := range s.layout.kept {
		c.keys[k] = u.codes(s.codes.spaces[s.plan.claims().Keys[key].Space].len())
		if len(c.keys[k]) != n {
			u.fail("the keys of %d claims are those of others", n)
			return
		}
	}
	links := unpack32[uint32](u)
	if len(links) != n {
		u.fail("the links of %d claims are those of others", n)
		return
	}
	c.links = make([]uint16, n)
	for i, x := range links {
		c.links[i] = uint16(min(x, math.MaxUint16))
	}
	for i := range n {
		if c.clocks[0].digest[i] != 0 {
			c.there++
		}
		if c.clocks[0].digest[i] != 0 && !sound(c.happened[i]) {
			u.fail("claim %d happened at %d", i, c.happened[i])
			return
		}
		for k := range c.clocks {
			if c.clocks[k].digest[i] != 0 && !sound(c.clocks[k].known[i]) {
				u.fail("claim %d is known at %d", i, c.clocks[k].known[i])
				return
			}
		}
	}
}

// sound says whether an instant is one that rows have.
func sound(t int64) bool { return t >= firstInstant && t < endInstant }
