package text

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
)

// Story is a narrative with its time, for Batch.
type Story struct {
	ID    int64
	Time  int64 // when it is asked about and becomes known
	Owner uint64
	Text  string
}

// batchBlock is how many stories are read before they are asked about.
const batchBlock = 512

// Batch asks about every story at its time and then adds it, in the order of
// time whatever the order of the slice: out[i] is the answer for stories[i].
// It makes the calls that somebody makes who is asked one story at a time, and
// gives the same answers; only the reading is spread over the processors, and
// runs ahead. A
// story before the index's latest instant is refused with ErrPast, before
// anything was added.
func (x *Index) Batch(stories []Story) (out []Answer, err error) {
	order := make([]int, len(stories))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(stories[a].Time, stories[b].Time) })
	out = make([]Answer, len(stories))
	blocks := slices.Collect(slices.Chunk(order, batchBlock))
	if len(blocks) == 0 {
		return out, nil
	}
	// While the stories of one block are asked about, those of the next are read.
	now, next := make([]Fingerprint, len(blocks[0])), make([]Fingerprint, len(blocks[0]))
	x.readAll(now, stories, blocks[0])
	for i, block := range blocks {
		var reading sync.WaitGroup
		if i+1 < len(blocks) {
			reading.Go(func() { x.readAll(next, stories, blocks[i+1]) })
		}
		err = x.answerAll(now, stories, block, out)
		reading.Wait()
		if err != nil {
			return nil, err
		}
		now, next = next, now
	}
	return out, nil
}

// answerAll asks about the stories of a block and adds them.
func (x *Index) answerAll(prints []Fingerprint, stories []Story, block []int, out []Answer) (err error) {
	for k, i := range block {
		s := &stories[i]
		if out[i], err = x.Ask(&prints[k], s.Time, s.Owner); err != nil {
			return err
		}
		if err = x.Add(&prints[k], s.ID, s.Time, s.Owner); err != nil {
			return err
		}
	}
	return nil
}

// readAll reads the stories of a block into prints.
func (x *Index) readAll(prints []Fingerprint, stories []Story, block []int) {
	var wait sync.WaitGroup
	workers := max(1, min(runtime.GOMAXPROCS(0), len(block)/32))
	for w := range workers {
		wait.Go(func() {
			for k := w; k < len(block); k += workers {
				x.Read(&prints[k], stories[block[k]].Text)
			}
		})
	}
	wait.Wait()
}
