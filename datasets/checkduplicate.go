package datasets

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"claimsieve/datasets/fingerprint"
)

// rowSums are fingerprints of whole rows: sums of those of their values, so that
// columns may be added in any order. Two different rows share one with a chance
// of about 2^-64.
type rowSums struct {
	key     string // the table's key, "" for none
	mu      sync.Mutex
	all     []uint64 // without the key
	keys    []uint64 // of the key alone; nil for a table without one
	columns int      // summed, the key included
}

func newRowSums(ts *TableSpec, rows int) *rowSums {
	return &rowSums{key: ts.Key, all: make([]uint64, rows)}
}

// add adds a column of the table.
func (r *rowSums) add(column string, t *Table) {
	prints := make([]uint64, 0, len(r.all))
	for _, chunk := range t.chunks {
		var err error
		if prints, err = fingerprint.Append(prints, chunk.Column(0)); err != nil {
			return // a column short: nothing is said about repeated rows
		}
	}
	if len(prints) != len(r.all) {
		return
	}
	seed := fingerprint.Text(column)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.columns++
	if column == r.key {
		r.keys = prints
		return
	}
	for i, p := range prints {
		r.all[i] += fingerprint.Mix(p ^ seed)
	}
}

// copiedColumns is how many columns beside the key two claims have to share
// until the one passes for a copy of the other.
const copiedColumns = 6

// repeated finds rows that stand in the table twice, and claims that differ in
// nothing but their key.
func (c *checker) repeated(table string, ts *TableSpec, sums *rowSums, complete bool) {
	if !complete || sums.columns != len(ts.Columns) {
		return
	}
	c.frames[table].mark("", Truth)
	var whole, copied tally
	value := func(a, b int) string { return fmt.Sprintf("as in row %d", b+1) }
	order := sums.suspects()
	slices.SortFunc(order, func(a, b int32) int {
		if x, y := sums.all[a], sums.all[b]; x != y {
			if x < y {
				return -1
			}
			return 1
		}
		return int(a - b)
	})
	var wholes, copies []pair
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && sums.all[order[to]] == sums.all[order[from]] {
			to++
		}
		wholes, copies = sums.group(order[from:to], wholes, copies)
		from = to
	}
	for _, p := range inOrder(wholes) {
		whole.add(p.row, value(p.row, p.first))
	}
	c.tallied(table, "", DuplicateRow, whole, "the row stands in the table already (重复报送)", "deliver each row once")
	if table != ClaimsTable || len(ts.Columns) <= copiedColumns {
		return
	}
	for _, p := range inOrder(copies) {
		copied.add(p.row, value(p.row, p.first))
	}
	c.tallied(table, "", CopiedRow, copied, "the claim is another one in everything but its key", "find out which of the claims is genuine")
}

// suspects returns the rows whose fingerprint another row may share, ascending:
// all that do, and a few that only share the 16 times as many slots. It spares
// sorting all rows.
func (r *rowSums) suspects() []int32 {
	slots := uint64(16*len(r.all) + 64)
	seen, shared := make(bitset, slots/64+1), make(bitset, slots/64+1)
	for _, sum := range r.all {
		if slot := int(fingerprint.Mix(sum) % slots); seen.has(slot) {
			shared.add(slot)
		} else {
			seen.add(slot)
		}
	}
	var out []int32
	for i, sum := range r.all {
		if shared.has(int(fingerprint.Mix(sum) % slots)) {
			out = append(out, int32(i))
		}
	}
	return out
}

// pair is a row and an earlier one that it repeats.
type pair struct{ row, first int }

func inOrder(pairs []pair) []pair {
	slices.SortFunc(pairs, func(a, b pair) int { return a.row - b.row })
	return pairs
}

// group sorts rows that are equal but for the key, ascending, into those whose
// key stood before and those with another key than the first.
func (r *rowSums) group(rows []int32, wholes, copies []pair) ([]pair, []pair) {
	if len(rows) == 1 {
		return wholes, copies
	}
	if r.keys == nil {
		for _, i := range rows[1:] {
			wholes = append(wholes, pair{int(i), int(rows[0])})
		}
		return wholes, copies
	}
	seen := map[uint64]int{}
	for n, i := range rows {
		key := r.keys[i]
		if first, twice := seen[key]; twice {
			wholes = append(wholes, pair{int(i), first})
			continue
		}
		seen[key] = int(i)
		if n > 0 {
			copies = append(copies, pair{int(i), int(rows[0])})
		}
	}
	return wholes, copies
}

// nearRoles are the roles whose entity has one accident at a time. Appraisers,
// shops and others have many.
var nearRoles = []string{"vehicle", "person.insured", "person.driver"}

// nearDuplicates finds claims of the same vehicle, insured or driver at the same
// instant of happening, which may be one claim reported twice.
func (c *checker) nearDuplicates() {
	ts := c.data.Spec.Tables[ClaimsTable]
	happened := c.micros(ClaimsTable, ts.HappenedAt)
	if happened == nil {
		return
	}
	for i := range ts.Columns {
		col := &ts.Columns[i]
		if col.Type != ID || !isNearRole(col.Role) {
			continue
		}
		entities := c.text(ClaimsTable, col.Name)
		type at struct {
			entity  string
			instant int64
		}
		first := make(map[at]int, len(entities))
		var near tally
		for row := range min(len(entities), len(happened)) {
			if entities[row] == "" || happened[row] == NoTime {
				continue
			}
			place := at{entities[row], happened[row]}
			if j, twice := first[place]; twice {
				near.add(row, fmt.Sprintf("%s at %s, as in row %d", c.shown(ClaimsTable, col.Name, place.entity), showInstant(place.instant), j+1))
			} else {
				first[place] = row
			}
		}
		c.tallied(ClaimsTable, col.Name, NearDuplicate, near, "the same "+col.Role+" has an earlier claim that happened at the same instant", "find out whether it is one accident reported twice (重复报送)")
	}
}

// isNearRole takes the roles and those that only say which identifier it is.
func isNearRole(role string) bool {
	for _, r := range nearRoles {
		if role == r || strings.HasPrefix(role, r+".") {
			return true
		}
	}
	return false
}
