package network

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"
)

// MonthBegin returns the first instant of the month of t, both in microseconds
// since 1970 UTC: the refresh that holds at t when rankings are refreshed with
// each month.
func MonthBegin(t int64) int64 {
	d := time.UnixMicro(t).UTC()
	return time.Date(d.Year(), d.Month(), 1, 0, 0, 0, 0, time.UTC).UnixMicro()
}

// Fold sorts copies of edges and outcomes by the time at which they became
// known and folds them all. Their order does not matter. The error names the
// first row that the graph refuses; rows in front of it stay folded.
func (g *Graph) Fold(edges []Edge, outcomes []Outcome) error {
	g.announced = g.Edges() + g.verdicts.known.n + len(edges) + len(outcomes)
	edges, outcomes = slices.Clone(edges), slices.Clone(outcomes)
	slices.SortFunc(edges, func(a, b Edge) int {
		return cmp.Or(cmp.Compare(a.Known, b.Known), cmp.Compare(a.Claim, b.Claim), cmp.Compare(a.Entity, b.Entity), cmp.Compare(a.Kind, b.Kind))
	})
	slices.SortStableFunc(outcomes, func(a, b Outcome) int {
		return cmp.Or(cmp.Compare(a.Known, b.Known), cmp.Compare(a.Claim, b.Claim))
	})
	for _, e := range edges {
		if err := g.Add(e); err != nil {
			return err
		}
	}
	for _, o := range outcomes {
		if err := g.AddOutcome(o); err != nil {
			return err
		}
	}
	return nil
}

// Answer answers many questions, in any order, as Ask would one by one, with
// the ranking of refresh(question's instant); refresh is MonthBegin or another
// step function whose value is never after its argument, nil means that there
// is no ranking. Rankings are made one after the other, questions are answered
// on so many threads, all processors for 0; the answers do not depend on it.
// The error is that of the first question that has one.
func (g *Graph) Answer(questions []Question, refresh func(t int64) int64, threads int) ([]Indicators, error) {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	b := batch{g: g, questions: questions, out: make([]Indicators, len(questions)), faults: make([]error, len(questions))}
	for range threads {
		b.askers = append(b.askers, g.NewAsker())
	}
	order := make([]int32, len(questions))
	for i := range order {
		order[i] = int32(i)
	}
	if refresh == nil {
		b.answer(order, nil)
		return b.result()
	}
	slices.SortStableFunc(order, func(i, j int32) int { return cmp.Compare(questions[i].At, questions[j].At) })
	refresher := g.NewRefresher()
	for len(order) > 0 {
		at, n := refresh(questions[order[0]].At), 1
		for n < len(order) && refresh(questions[order[n]].At) == at {
			n++
		}
		b.answer(order[:n], refresher.Refresh(at))
		order = order[n:]
	}
	return b.result()
}

// batch is many questions under way.
type batch struct {
	g         *Graph
	questions []Question
	out       []Indicators
	faults    []error
	askers    []*Asker
}

// answer answers some questions with one ranking, each asker a run of them.
func (b *batch) answer(some []int32, ranking *Ranking) {
	var wait sync.WaitGroup
	for k, a := range b.askers {
		part := some[len(some)*k/len(b.askers) : len(some)*(k+1)/len(b.askers)]
		wait.Go(func() {
			for _, i := range part {
				b.out[i], b.faults[i] = a.Ask(b.questions[i], ranking)
			}
		})
	}
	wait.Wait()
}

func (b *batch) result() ([]Indicators, error) {
	for i, err := range b.faults {
		if err != nil {
			return nil, fmt.Errorf("cannot answer question %d: %w", i, err)
		}
	}
	return b.out, nil
}
