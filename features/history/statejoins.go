package history

import (
	"fmt"
	"math"

	"github.com/apache/arrow/go/v17/arrow"

	"claimsieve/datasets"
)

// versions are the rows of a joined table: by key, each with the instant from
// which it is known. A row that says the same as the one before it is not kept.
type versions struct {
	join   *Join
	schema *arrow.Schema // of Join.Columns
	none   arrow.Record  // one row of nulls
	heads  []int32       // by key, the place of its latest version plus one
	list   []version
	bytes  []byte // the cells of every version, as a cellReader writes them
}

// version is a row; its cells begin at start and end where the next ones begin.
type version struct {
	known  int64
	start  uint32
	before int32 // the key's version before it, plus one
}

func newVersions(p *Plan, j *Join) *versions {
	spec := p.source(j.Table).Spec
	var fields []arrow.Field
	for _, name := range j.Columns {
		fields = append(fields, arrow.Field{Name: name, Type: spec.Column(name).Type.Arrow(), Nullable: true})
	}
	schema := arrow.NewSchema(fields, nil)
	return &versions{join: j, schema: schema, none: nothing(schema)}
}

func (v *versions) size() int { return 4*cap(v.heads) + 16*cap(v.list) + cap(v.bytes) }

// cells returns the cells of a version.
func (v *versions) cells(at int32) []byte {
	end := uint32(len(v.bytes))
	if int(at)+1 < len(v.list) {
		end = v.list[at+1].start
	}
	return v.bytes[v.list[at].start:end]
}

// add adds a version of a key, which is known from an instant on: behind those
// that are known as early.
func (v *versions) add(key int32, known int64, cells []byte) error {
	if key < 0 {
		return nil
	}
	if len(v.bytes)+len(cells) > math.MaxUint32 || len(v.list) >= math.MaxInt32 {
		return fmt.Errorf("cannot keep another row of table %q: there are %d of %d bytes", v.join.Table, len(v.list), len(v.bytes))
	}
	if n := int(key) + 1 - len(v.heads); n > 0 {
		v.heads = extend(v.heads, n)
	}
	link := &v.heads[key]
	for *link > 0 && v.list[*link-1].known > known {
		link = &v.list[*link-1].before
	}
	before := *link
	if before > 0 && string(v.cells(before-1)) == string(cells) {
		return nil
	}
	*link = int32(len(v.list) + 1) // before the list moves
	v.list = append(v.list, version{known, uint32(len(v.bytes)), before})
	v.bytes = append(v.bytes, cells...)
	return nil
}

// at returns the cells of a key's latest version known before t, nil for none.
func (v *versions) at(key int32, t int64) []byte {
	if key < 0 || int(key) >= len(v.heads) {
		return nil
	}
	for at := v.heads[key]; at > 0; at = v.list[at-1].before {
		if v.list[at-1].known < t {
			return v.cells(at - 1)
		}
	}
	return nil
}

// Joined returns the row of another table that a claim refers to, as of the
// claim's instant: a record of one row with the columns of the plan's Join on
// that table, in their order, all null when there is no such row. The caller
// releases it. The error says that the plan joins no such table.
func (s *State) Joined(table string, claim arrow.Record) (arrow.Record, error) {
	at, err := s.instant(claim)
	if err != nil {
		return nil, err
	}
	for i := range s.plan.Joins {
		j := &s.plan.Joins[i]
		if j.Table != table {
			continue
		}
		s.mu.RLock()
		defer s.mu.RUnlock()
		if at == datasets.NoTime {
			return s.joins[i].record(nil)
		}
		q := s.question()
		defer s.questions.Put(q)
		key := s.plan.claims().Keys[j.Ask]
		code, err := q.code(claim, key.Columns, s.codes.spaces[key.Space], key.Space)
		if err != nil {
			return nil, fmt.Errorf("cannot find the row of table %q: %w", table, err)
		}
		return s.joins[i].record(s.joins[i].at(code, at))
	}
	return nil, fmt.Errorf("cannot find a row of table %q: the plan joins no such table", table)
}
