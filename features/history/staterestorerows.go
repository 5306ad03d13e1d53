package history

import (
	"encoding/binary"
	"fmt"

	"claimsieve/datasets"
)

// restoreOwn follows every chain once: as many steps as there are records.
func (s *State) restoreOwn(u *unpacker) {
	o := &s.own
	o.bytes, o.heads = append([]byte(nil), u.bytes()...), unpack32[uint32](u)
	if len(o.heads) > s.codes.claims.len() {
		u.fail("it remembers rows of %d claims and has %d ids", len(o.heads), s.codes.claims.len())
		return
	}
	steps := 0
	var r ownRow
	for _, head := range o.heads {
		for head != 0 {
			if steps++; steps > len(o.bytes) || int(head) > len(o.bytes) || !s.soundOwn(o.bytes[head-1:], head) {
				u.fail("a row of a claim is damaged")
				return
			}
			head = o.read(head, &r, s.layout)
		}
	}
}

// soundOwn says whether a record can be read.
func (s *State) soundOwn(b []byte, head uint32) bool {
	u := &unpacker{data: b}
	if back := u.uvarint(); back >= uint64(head) {
		return false
	}
	at := u.take(2)
	if at == nil || int(at[0]) >= len(s.layout.names) {
		return false
	}
	t := s.layout.tables[s.layout.names[at[0]]]
	if int(at[1]) >= len(t.clocks) {
		return false
	}
	for range 2 {
		_, n := readInstant(u.data)
		if n == 0 || u.take(n) == nil {
			return false
		}
	}
	if t.labels {
		if l := u.take(1); l == nil || l[0] > byte(datasets.Cleared) {
			return false
		}
	}
	for _, a := range t.asks {
		if a.clock == int(at[1]) && u.uvarint() > uint64(s.codes.spaces[t.source.Keys[a.key].Space].len()) {
			return false
		}
	}
	return u.err == nil
}

func (s *seen) restore(u *unpacker) {
	n := u.count(8)
	s.slots = make([]uint64, max(leastSeen, n+n/4)) // four fifths full
	raw := u.take(8 * n)
	for ; len(raw) > 0; raw = raw[8:] {
		d := binary.LittleEndian.Uint64(raw)
		if d == 0 || !s.put(d) {
			u.fail("the digest of a row stands there twice")
			return
		}
	}
	s.n = n
}

func (s *State) restoreWaiting(u *unpacker) {
	w, claims := &s.waiting, s.codes.claims.len()
	for range u.count(2) {
		claim := u.code(claims)
		rows := u.bytes()
		if claim < 0 || len(rows) == 0 || w.rows[claim] != nil {
			u.fail("rows wait for no claim")
			return
		}
		var r row
		for rest := rows; len(rest) > 0; {
			place, clocks, behind, err := s.layout.readRow(rest, &r)
			if rest = behind; err == nil {
				err = s.soundRow(s.layout.tables[s.layout.names[place]], &r, clocks)
			}
			if err != nil {
				u.fail("%w", err)
				return
			}
		}
		w.rows[claim] = append([]byte(nil), rows...)
	}
	for range u.count(2) {
		claim, n := u.code(claims), u.number()
		if claim < 0 || n < 1 || n > maxOrphans || w.absent+int(n) > maxOrphans {
			u.fail("%d rows wait for a claim", n)
			return
		}
		w.orphans[claim] = int32(n)
		w.absent += int(n)
	}
}

// soundRow says what is wrong with a waiting row.
func (s *State) soundRow(t *tableLayout, r *row, clocks uint8) error {
	if int(clocks)>>len(s.claims.clocks) != 0 || !sound(r.happened) {
		return fmt.Errorf("a waiting row of table %q happened at %d", t.source.Name, r.happened)
	}
	for _, k := range r.known {
		if k != datasets.NoTime && !sound(k) {
			return fmt.Errorf("a waiting row of table %q is known at %d", t.source.Name, k)
		}
	}
	for k, code := range r.keys {
		if int(code) >= s.codes.spaces[t.source.Keys[k].Space].len() {
			return fmt.Errorf("a waiting row of table %q has code %d", t.source.Name, code)
		}
	}
	for w, code := range r.words {
		if int(code) >= s.codes.words[t.source.Name][w].len() {
			return fmt.Errorf("a waiting row of table %q has word %d", t.source.Name, code)
		}
	}
	return nil
}
