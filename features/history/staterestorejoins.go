package history

import (
	"encoding/binary"

	"github.com/apache/arrow/go/v17/arrow"
)

func (s *State) restoreJoins(u *unpacker) {
	for i, v := range s.joins {
		v.heads = unpack32[int32](u)
		known, start, before := unpack64[int64](u), unpack32[uint32](u), unpack32[int32](u)
		v.bytes = append([]byte(nil), u.bytes()...)
		j := &s.plan.Joins[i]
		words := s.codes.spaces[s.plan.source(j.Table).Keys[j.Key].Space].len()
		if u.err != nil {
			return
		}
		if len(start) != len(known) || len(before) != len(known) || len(v.heads) > words {
			u.fail("the rows of table %q do not fit together", j.Table)
			return
		}
		v.list = make([]version, len(known))
		for k := range v.list {
			v.list[k] = version{known[k], start[k], before[k]}
		}
		if !v.sound() {
			u.fail("a row of table %q is damaged", j.Table)
			return
		}
	}
}

// sound says whether every version can be found and read: the chains hold each
// at most once, the latest first.
func (v *versions) sound() bool {
	for k := range v.list {
		end := uint32(len(v.bytes))
		if k+1 < len(v.list) {
			end = v.list[k+1].start
		}
		if v.list[k].start > end || int(end) > len(v.bytes) || !soundCells(v.bytes[v.list[k].start:end], v.schema) {
			return false
		}
	}
	steps := 0
	for _, at := range v.heads {
		for at != 0 {
			if steps++; at < 0 || int(at) > len(v.list) || steps > len(v.list) {
				return false
			}
			one := &v.list[at-1]
			if before := one.before; before > 0 && int(before) <= len(v.list) && v.list[before-1].known > one.known {
				return false
			}
			at = one.before
		}
	}
	return true
}

// soundCells says whether cells are those of a row of the schema.
func soundCells(cells []byte, schema *arrow.Schema) bool {
	u := &unpacker{data: cells}
	for _, f := range schema.Fields() {
		there := u.take(1)
		if there == nil {
			return false
		}
		if there[0] == 0 {
			continue
		}
		switch f.Type.ID() {
		case arrow.FLOAT64:
			u.take(8)
		case arrow.BOOL:
			u.take(1)
		case arrow.INT64, arrow.TIMESTAMP, arrow.DATE32:
			if _, n := binary.Varint(u.data); n <= 0 || u.take(n) == nil {
				return false
			}
		default:
			u.bytes()
		}
	}
	return u.err == nil && len(u.data) == 0
}
