package window

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// readPack reads n rows and checks what Fold checks.
func (r *reader) readPack(n, stride int) (packed, error) {
	p := packed{frames: make([]frame, stride), n: int32(n)}
	for c := range p.frames {
		f := &p.frames[c]
		if len(r.data) < 3 {
			return p, errors.New("it ends before a pack")
		}
		f.width, f.unit, f.holes, f.off = r.data[0]&15, r.data[0]>>4, r.data[1] == 1, uint32(p.width)
		if f.width > 8 || int(f.unit) >= len(units) || r.data[1] > 1 {
			return p, fmt.Errorf("column %d claims to be of form %d, %d", c, r.data[0], r.data[1])
		}
		base, size := binary.Varint(r.data[2:])
		if size <= 0 {
			return p, fmt.Errorf("column %d has no base", c)
		}
		f.base = base
		r.data = r.data[2+size:]
		p.width += int32(f.width)
	}
	size := n * int(p.width)
	if size > len(r.data) {
		return p, fmt.Errorf("a pack claims %d rows of %d bytes in %d", n, p.width, len(r.data))
	}
	p.data = make([]byte, size+padding)
	copy(p.data, r.data[:size])
	r.data = r.data[size:]
	return p, r.check(&p, n)
}

// check reads the times of a pack into r and wants every column within bounds.
func (r *reader) check(p *packed, n int) error {
	s := r.state
	r.happened = p.column(r.happened[:0], 0, 0, n)
	r.known = p.column(r.known[:0], 1, 0, n)
	for i, h := range r.happened {
		k := knownOf(h, r.known[i])
		if h < -maxTime || h > maxTime || k < -maxTime || k > maxTime && r.known[i] != hole {
			return cmp.Or(checkTimes(h, k), errors.New("known: it is Never, but not written so"))
		}
		r.known[i] = k
	}
	for c := range s.values {
		r.other = p.column(r.other[:0], columnsBefore+c, 0, n)
		var err error
		for _, v := range r.other {
			if s.totals[c], err = addTotal(s.totals[c], v); err != nil {
				return fmt.Errorf("value column %d: %w", c, err)
			}
		}
	}
	for c := range s.codes {
		if v := r.noCode(p, columnsBefore+s.values+c, n); v != 0 {
			return fmt.Errorf("code column %d holds %d", c, v)
		}
	}
	if v := r.noCode(p, ownerColumn, n); v != 0 {
		return fmt.Errorf("an event has the owner %d", v)
	}
	return nil
}

// noCode is the first number of a column that is neither a code nor a hole, 0
// for none.
func (r *reader) noCode(p *packed, c, n int) int64 {
	r.other = p.column(r.other[:0], c, 0, n)
	for _, v := range r.other {
		if v > math.MaxInt32 || v < 0 && v != hole {
			return v
		}
	}
	return 0
}
