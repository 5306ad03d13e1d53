package features

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"

	"claimsieve/datasets"
	"claimsieve/features/history"
)

// frameRows is how many claims are computed at a time: few enough for their
// columns to stay in the processor's caches.
const frameRows = 16 << 10

// claimScan streams the claims of a dataset as frames.
type claimScan struct {
	*Pipeline
	data    *datasets.Dataset
	answers *history.Answers // nil when nothing of the history is asked
	joined  map[string][]arrow.Array
}

// times reads the instants of a column.
func (s *claimScan) times(column string, into *[]int64) error {
	return s.data.Scan(datasets.ClaimsTable, []string{column}, func(rec arrow.Record) error {
		at, err := datasets.MicrosReader(rec.Column(0))
		if err != nil {
			return fmt.Errorf("cannot read column %q as times: %w", column, err)
		}
		for i := range int(rec.NumRows()) {
			*into = append(*into, at(i))
		}
		return nil
	})
}

// readJoined reads the columns of other tables that claims refer to.
func (s *claimScan) readJoined() error {
	s.joined = map[string][]arrow.Array{}
	for _, j := range s.Pipeline.joined {
		t, err := s.data.Table(j.table, j.column)
		if err != nil {
			return err
		}
		for _, rec := range t.Chunks() {
			s.joined[j.name()] = append(s.joined[j.name()], rec.Column(0))
		}
	}
	return nil
}

// frames hands the claims over in row order. A frame is only good until each
// returns.
func (s *claimScan) frames(columns []string, each func(*frame) error) error {
	first := 0
	in := &Input{answers: s.answers, joined: s.joined}
	var answers [][]float64
	return ahead(func(each func(arrow.Record) error) error { return s.data.Scan(datasets.ClaimsTable, columns, each) }, func(rec arrow.Record) error {
		for from := 0; from < int(rec.NumRows()); from += frameRows {
			to := min(from+frameRows, int(rec.NumRows()))
			f := &frame{rec: rec.NewSlice(int64(from), int64(to)), first: first}
			openWords(f.rec)
			first += to - from
			if s.answers != nil {
				var err error
				if answers, err = s.answers.Range(answers, s.plan.Answers, f.first, to-from); err != nil {
					return err
				}
				f.answers = answers
				fields, joined, err := s.joinedArrays(in, f.first, to-from)
				if err != nil {
					return err
				}
				if len(fields) > 0 {
					f.rec = widen(f.rec, fields, joined)
				}
			}
			if err := each(f); err != nil {
				return err
			}
		}
		return nil
	})
}

// openWords makes the words of dictionary columns, which arrow makes when they
// are first asked for, before several threads ask.
func openWords(rec arrow.Record) {
	for _, c := range rec.Columns() {
		if d, ok := c.(*array.Dictionary); ok {
			d.Dictionary()
		}
	}
}

// errStopped ends a scan whose reader has failed.
var errStopped = errors.New("the reader has stopped")

// ahead decodes the next record while the one in hand is worked on.
func ahead(scan func(func(arrow.Record) error) error, each func(arrow.Record) error) error {
	records, stop := make(chan arrow.Record), make(chan struct{})
	var scanned error
	go func() {
		defer close(records)
		scanned = scan(func(r arrow.Record) error {
			r.Retain()
			select {
			case records <- r:
				return nil
			case <-stop:
				r.Release()
				return errStopped
			}
		})
	}()
	var failed error
	for r := range records {
		if failed == nil {
			if failed = each(r); failed != nil {
				close(stop)
			}
		}
		r.Release()
	}
	if failed != nil {
		return failed
	}
	return scanned
}

// together does tasks 0 to n-1 on so many threads. The error is that of the
// first task that has one.
func together(n, threads int, do func(i int) error) error {
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	faults := make([]error, n)
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			faults[i] = do(i)
		}
	}
	var wg sync.WaitGroup
	for range min(threads, n) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	for _, err := range faults {
		if err != nil {
			return err
		}
	}
	return nil
}

// fit learns the words of categories from the claims whose instant lies before
// the bound, in a pass of its own over the columns that words are made of.
func (b *build) fit() error {
	vocabulary := Vocabulary{}
	var columns []string
	words := false
	for j := range b.indicators {
		ind := &b.indicators[j]
		words = words || ind.words != nil
		if ind.words != nil || b.read[j] {
			columns = append(columns, ind.inputs...)
		}
	}
	if words {
		b.begin("learning the words of categories")
		if columns = union(nil, columns); len(columns) == 0 {
			columns = []string{b.claims.Key}
		}
		counts := make([]map[string]int, len(b.indicators))
		err := b.scan.frames(columns, func(f *frame) error {
			rows := make([]int, 0, f.rows())
			for row := f.first; row < f.first+f.rows(); row++ {
				if b.opt.FitBefore == 0 || b.instants[row] != datasets.NoTime && b.instants[row] < b.opt.FitBefore {
					rows = append(rows, row)
				}
			}
			return b.countWords(f, rows, counts)
		})
		if err != nil {
			return err
		}
		for j, ind := range b.indicators {
			if ind.words != nil {
				vocabulary[ind.Name] = frequentWords(counts[j], max(ind.MinCount, 1))
			}
		}
	}
	var err error
	b.fitted, err = b.With(vocabulary)
	return err
}

// fillTogether is [Fitted.fill] on several threads.
func (f *Fitted) fillTogether(fr *frame, columns [][]float64, threads int) error {
	for _, level := range f.levels {
		err := together(len(level), threads, func(i int) error {
			j := level[i]
			return f.indicators[j].compute(f.kernels[j], columns[j], fr)
		})
		if err != nil {
			return err
		}
		if err := f.lift(fr, level, func(j int) ([]float64, error) { return slices.Clone(columns[j]), nil }); err != nil {
			return err
		}
	}
	return nil
}
