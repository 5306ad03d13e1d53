package window

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
)

// Restore reads what AppendBinary wrote into a state that answers the
// aggregates, which may differ from those it was stored with but must find their
// columns. Bytes that are damaged, cut short, of another version, out of order or
// beyond the limits of Fold are refused; memory stays in proportion to len(data).
func Restore(data []byte, aggs []Aggregate) (*State, error) {
	s, err := restore(data, aggs)
	if err != nil {
		return nil, fmt.Errorf("cannot restore window state: %w", err)
	}
	return s, nil
}

func restore(data []byte, aggs []Aggregate) (*State, error) {
	if len(data) < headSize+tailSize || string(data[:7]) != magic[:7] {
		return nil, errors.New("not a window state; build it anew from the events")
	}
	if data[7] != magic[7] {
		return nil, fmt.Errorf("it is of version %d, this program reads version %d; build it anew from the events", data[7], magic[7])
	}
	le := binary.LittleEndian
	body := data[:len(data)-tailSize]
	if sum := crc32.Checksum(body, castagnoli); sum != le.Uint32(data[len(body):]) {
		return nil, fmt.Errorf("its %d bytes are damaged or cut short; build it anew from the events", len(data))
	}
	values, codes, keys := le.Uint32(body[8:]), le.Uint32(body[12:]), le.Uint64(body[16:])
	if values > maxColumns || codes > maxColumns {
		return nil, fmt.Errorf("it claims %d value and %d code columns; at most %d of each", values, codes, maxColumns)
	}
	s, err := NewState(aggs, int(values), int(codes))
	if err != nil {
		return nil, err
	}
	r := reader{state: s, data: body[headSize:]}
	if err := r.readCounts(keys); err != nil {
		return nil, err
	}
	if err := r.readPool(); err != nil {
		return nil, err
	}
	if err := r.readHistories(); err != nil {
		return nil, err
	}
	if len(r.data) > 0 {
		return nil, fmt.Errorf("%d bytes follow the last key", len(r.data))
	}
	return s, nil
}

// reader fills a state from what is left of data.
type reader struct {
	state  *State
	data   []byte
	small  int // events of the pool
	counts []tallyOfKey
	// Columns of the pack in hand, checked.
	happened, known, other []int64
}

// tallyOfKey is how many events a key has.
type tallyOfKey struct {
	key int32
	n   int
}

func (r *reader) uvarint() (uint64, error) {
	x, n := binary.Uvarint(r.data)
	if n <= 0 {
		return 0, errors.New("it ends in the middle")
	}
	r.data = r.data[n:]
	return x, nil
}

// readCounts reads the keys and how many events each has.
func (r *reader) readCounts(keys uint64) error {
	if keys > uint64(len(r.data)/2) {
		return fmt.Errorf("it claims %d keys in %d bytes", keys, len(r.data))
	}
	r.counts = make([]tallyOfKey, 0, keys)
	key, total := int64(-1), uint64(0)
	for range keys {
		gap, err := r.uvarint()
		if err != nil {
			return err
		}
		n, err := r.uvarint()
		if err != nil {
			return err
		}
		if gap > math.MaxInt32 || key+1+int64(gap) > math.MaxInt32 {
			return fmt.Errorf("a key after %d is beyond 2^31", key)
		}
		key += 1 + int64(gap)
		if total += n; n == 0 || n > maxRows || total > maxRows {
			return fmt.Errorf("key %d claims %d events, up to it there are %d", key, n, total)
		}
		if n <= smallKey {
			r.small += int(n)
		}
		r.counts = append(r.counts, tallyOfKey{int32(key), int(n)})
	}
	return nil
}

// readPool reads the events of keys with few of them: the packs serve as they
// are, because the links of a key's rows are the same in any pool.
func (r *reader) readPool() error {
	p := &r.state.pool
	of := 0   // index into counts
	left := 0 // events still to come of that key
	var before, beforeKnown int64
	for p.rows < r.small {
		n := min(poolRows, r.small-p.rows)
		pk, err := r.readPack(n, p.stride)
		if err != nil {
			return err
		}
		r.other = pk.column(r.other[:0], p.stride-1, 0, n)
		for i, h := range r.happened {
			link := int64(1)
			if left == 0 {
				for r.counts[of].n > smallKey {
					of++
				}
				left, link = r.counts[of].n, 0
				r.state.keys.set(r.counts[of].key, rowPlace(p.rows+i+left-1), left)
				of++
			} else if h < before || h == before && r.known[i] < beforeKnown {
				return fmt.Errorf("key %d: an event is out of order", r.counts[of-1].key)
			}
			if r.other[i] != link {
				return fmt.Errorf("key %d: an event leads %d rows back instead of %d", r.counts[of-1].key, r.other[i], link)
			}
			left--
			before, beforeKnown = h, r.known[i]
		}
		p.packs = append(p.packs, pk)
		p.rows += n
	}
	r.state.events += p.rows
	return nil
}

// readHistories reads the events of all other keys.
func (r *reader) readHistories() error {
	s := r.state
	for _, c := range r.counts {
		if c.n <= smallKey {
			continue
		}
		h := &history{}
		var before, beforeKnown int64
		for left := c.n; left > 0; left -= blockRows {
			n := min(left, blockRows)
			pk, err := r.readPack(n, s.stride)
			if err != nil {
				return fmt.Errorf("key %d: %w", c.key, err)
			}
			for i, at := range r.happened {
				if (left < c.n || i > 0) && (at < before || at == before && r.known[i] < beforeKnown) {
					return fmt.Errorf("key %d: event %d is out of order", c.key, c.n-left+i)
				}
				before, beforeKnown = at, r.known[i]
			}
			h.append(s, pk)
		}
		h.build(s)
		s.keys.set(c.key, historyPlace(len(s.histories)), 0)
		s.histories = append(s.histories, h)
		s.events += c.n
	}
	return nil
}
