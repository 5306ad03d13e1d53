package history

import (
	"fmt"
	"math"

	"claimsieve/datasets"
	"claimsieve/features/text"
	"claimsieve/features/window"
)

// storyBlock is how many stories are read before they are asked about.
const storyBlock = 4096

// story is a claim's narrative.
type story struct {
	row   int32
	at    int64
	owner uint64
}

// answerStories asks about every claim's narrative as of the instant at which
// it became known, at every stage: what is told later says nothing about it.
func (b *batch) answerStories() error {
	for i := range b.plan.Stories {
		s := &b.plan.Stories[i]
		var answers []int
		for _, a := range s.Asks {
			answers = append(answers, a.Answer)
		}
		done, err := b.answered(answerNames(answers)...)
		if err == nil && !done {
			b.begin("narratives")
			var p *patches
			if p, err = b.patches(answers); err == nil {
				err = p.close(b.tellStories(s, p))
			}
		}
		if err != nil {
			return fmt.Errorf("cannot compare narratives: %w", err)
		}
	}
	return nil
}

func (b *batch) tellStories(s *Stories, p *patches) error {
	claims := b.plan.claims()
	texts, err := b.storyTexts(claims.Texts[s.Text])
	if err != nil {
		return err
	}
	defer texts.close()
	index, err := text.New(s.Options)
	if err != nil {
		return err
	}
	if err := b.use(b.storyNeeds(s)); err != nil {
		return err
	}
	known := later(b.claims.known, b.claims.clock(claims, s.Clock))
	order := newFeed(b.claims.n, func(i int) int64 {
		if texts.empty(i) {
			return datasets.NoTime
		}
		return known(i)
	}, nil).order
	values := make([][]float64, b.plan.Answers)
	prints, words, places := make([]*text.Fingerprint, storyBlock), make([]string, storyBlock), make([]int32, storyBlock)
	for i := range places {
		places[i] = int32(i)
	}
	for len(order) > 0 {
		block := order[:min(storyBlock, len(order))]
		order = order[len(block):]
		if err := texts.read(words, block); err != nil {
			return err
		}
		b.readBlock(index, prints, words, places[:len(block)])
		for _, a := range s.Asks {
			values[a.Answer] = missing(len(block))
		}
		for j, row := range block {
			owner := uint64(0)
			if s.Owner >= 0 {
				owner = uint64(b.claims.keys[s.Owner][row] + 1)
			}
			answer, err := tell(index, prints[j], story{row: row, at: known(int(row)), owner: owner})
			if err != nil {
				return err
			}
			for _, a := range s.Asks {
				if b.out.At[row] != datasets.NoTime && known(int(row)) <= b.out.At[row] {
					values[a.Answer][j] = a.Do.value(&answer, known(int(row)))
				}
			}
		}
		if err := p.put(block, values); err != nil {
			return err
		}
	}
	return nil
}

// readBlock reads stories on all threads, since reading touches nothing that
// they share.
func (b *batch) readBlock(index *text.Index, prints []*text.Fingerprint, texts []string, block []int32) {
	threads := b.opt.threads()
	tasks := make([]task, threads)
	for w := range tasks {
		tasks[w] = func() error {
			for j := w * len(block) / threads; j < (w+1)*len(block)/threads; j++ {
				prints[j] = index.Read(prints[j], texts[block[j]])
			}
			return nil
		}
	}
	_ = runTasks(tasks, threads) // reading has no errors
}

// tell asks about a story and adds it.
func tell(index *text.Index, print *text.Fingerprint, s story) (text.Answer, error) {
	answer, err := index.Ask(print, s.at, s.owner)
	if err != nil {
		return answer, err
	}
	return answer, index.Add(print, int64(s.row), s.at, s.owner)
}

// value is what an ask takes from an answer for a story told at an instant.
func (do TextDo) value(a *text.Answer, at int64) float64 {
	switch do {
	case TextLength:
		return float64(a.Runes)
	case TextDigitShare:
		return a.DigitShare
	case TextNear:
		return float64(a.Others.Near)
	case TextLikeness:
		if !a.Others.Found {
			return 0
		}
		return a.Others.Nearest.Jaccard
	case TextSinceNear:
		if !a.Others.Found {
			return math.NaN()
		}
		return float64(at-a.Others.Nearest.Time) / float64(window.Day)
	case TextOwnNear:
		return float64(a.All.Near - a.Others.Near)
	case TextPhrase:
		return float64(a.PhraseRunes)
	case TextPhraseShare:
		return a.PhraseShare
	}
	panic(fmt.Sprintf("history: BUG: an index of narratives is asked for %d", do))
}
