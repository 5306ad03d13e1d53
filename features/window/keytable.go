package window

import (
	"maps"
	"math"
	"slices"
)

// place says where the events of a key are: none is nowhere, else it is a row of
// the pool or a history.
type place uint32

const (
	none place = 0
	// ofHistory is set in the place of a key with a history of its own.
	ofHistory place = 1 << 31
)

// maxRows bounds the rows of a pool, which number the places.
const maxRows = math.MaxInt32 - 1

// rowPlace is the place of a key whose newest event is row id of the pool.
func rowPlace(id int) place { return place(id + 1) }

// historyPlace is the place of a key with a history.
func historyPlace(i int) place { return ofHistory | place(i) }

func (p place) row() int         { return int(p) - 1 }
func (p place) history() int     { return int(p &^ ofHistory) }
func (p place) hasHistory() bool { return p&ofHistory != 0 }

// keyTable maps keys, which are codes of a dictionary counted from 0, to places:
// a slice while the keys are about as dense as that, a map for those far beyond
// the number of keys.
type keyTable struct {
	dense  []place
	few    []uint8               // how many events a dense key has in the pool
	sparse map[int32]sparsePlace // keys of len(dense) and above
	count  int
}

type sparsePlace struct {
	at  place
	few uint8
}

// get returns the place of a key and how many events it has in the pool.
func (k *keyTable) get(key int32) (place, int) {
	if uint32(key) < uint32(len(k.dense)) {
		return k.dense[key], int(k.few[key])
	}
	p := k.sparse[key]
	return p.at, int(p.few)
}

// set gives a key of 0 or above its place, which is not none, and notes how many
// events it has in the pool.
func (k *keyTable) set(key int32, p place, few int) {
	if old, _ := k.get(key); old == none {
		k.count++
		if limit := k.count + k.count/4 + 64; len(k.dense) < k.count || int(key) >= len(k.dense) && int(key) < limit {
			k.extend(limit)
		}
	}
	if int(key) < len(k.dense) {
		k.dense[key], k.few[key] = p, uint8(few)
		return
	}
	if k.sparse == nil {
		k.sparse = map[int32]sparsePlace{}
	}
	k.sparse[key] = sparsePlace{p, uint8(few)}
}

// extend makes the slice n long and moves into it what the map holds for it.
func (k *keyTable) extend(n int) {
	k.dense = append(make([]place, 0, n), k.dense...)[:n]
	k.few = append(make([]uint8, 0, n), k.few...)[:n]
	for key, p := range k.sparse {
		if int(key) < n {
			k.dense[key], k.few[key] = p.at, p.few
			delete(k.sparse, key)
		}
	}
	if len(k.sparse) == 0 {
		k.sparse = nil
	}
}

// sorted returns all keys in ascending order.
func (k *keyTable) sorted() []int32 {
	keys := make([]int32, 0, k.count)
	for key, p := range k.dense {
		if p != none {
			keys = append(keys, int32(key))
		}
	}
	return append(keys, slices.Sorted(maps.Keys(k.sparse))...)
}

// size is about the memory held; a map of small entries takes some 30 bytes each.
func (k *keyTable) size() int { return 4*cap(k.dense) + cap(k.few) + 30*len(k.sparse) }
