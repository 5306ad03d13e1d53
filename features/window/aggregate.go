package window

import (
	"errors"
	"fmt"
	"math"
)

// Forever as Window.From reaches back to the first event.
const Forever = math.MaxInt64

// Day is one day in microseconds.
const Day int64 = 86_400_000_000

// None as Aggregate.Column says that the aggregate is of the events themselves
// and not of a column.
const None = -1

// maxTime bounds instants and durations (about 36,000 years), so that no
// difference of two of them can overflow.
const maxTime = 1 << 60

// Do names what an aggregate computes. The zero value is no aggregate.
type Do uint8

// What an aggregate computes from the n events that it sees. S is the exact sum
// of the column and Q that of its squares, both integers. Counts and sums of no
// event are 0; everything else of no event is NaN.
const (
	// Count is n.
	Count Do = iota + 1
	// Sum is S.
	Sum
	// Mean is S/n.
	Mean
	// Min is the smallest value.
	Min
	// Max is the largest value.
	Max
	// Std is the population standard deviation sqrt(n*Q - S*S)/n; the
	// difference is exact and rounded once before the root.
	Std
	// First is the value of the earliest event.
	First
	// Last is the value of the latest event.
	Last
	// Distinct is the number of different codes.
	Distinct
	// TopShare is the share, in (0, 1], of the most frequent code.
	TopShare
	// SinceLast is the time from the latest event to the query, in days.
	SinceLast
	// Growth is the rate per unit of time in Window over the rate in Against:
	// of the count when Column is None, of the sum otherwise. It is NaN when
	// the count or sum in Against is 0, and never negative zero.
	Growth
	// GapMean is the mean number of days between consecutive events; like the
	// other gap statistics it is NaN for fewer than two events.
	GapMean
	// GapMin is the smallest number of days between consecutive events.
	GapMin
	// GapStd is the population standard deviation of the days between
	// consecutive events.
	GapStd
)

var doNames = [...]string{"", "count", "sum", "mean", "min", "max", "std", "first", "last", "distinct",
	"top share", "days since last", "growth", "gap mean", "gap min", "gap std"}

// String returns the aggregate's name in lower case, as in a pipeline.
func (d Do) String() string {
	if d == 0 || int(d) >= len(doNames) {
		return fmt.Sprintf("Do(%d)", uint8(d))
	}
	return doNames[d]
}

// ofCode reports whether Column is a column of codes.
func (d Do) ofCode() bool { return d == Distinct || d == TopShare }

// positional reports whether the aggregate depends on single events and their
// order, and not on totals.
func (d Do) positional() bool {
	switch d {
	case Min, Max, First, Last, SinceLast, GapMean, GapMin, GapStd:
		return true
	}
	return false
}

// needsColumn reports whether the aggregate means nothing without a column.
func (d Do) needsColumn() bool { return d >= Sum && d <= TopShare }

// Window is the time before a query at t that an aggregate looks at:
// t-From <= happened < t-To, in microseconds. From may be Forever; a To above 0
// leaves out the most recent time.
type Window struct{ From, To int64 }

func (w Window) validate() error {
	switch {
	case w.To < 0:
		return fmt.Errorf("window ends %d us after the query; the end must be 0 or more before it", -w.To)
	case w.To > maxTime || w.From != Forever && w.From > maxTime:
		return fmt.Errorf("window from %d to %d us is too long; use Forever for no limit", w.From, w.To)
	case w.From <= w.To:
		return fmt.Errorf("window from %d to %d us before the query is empty; from must exceed to", w.From, w.To)
	}
	return nil
}

// bounds returns the half-open range of happened times that a query at t sees.
func (w Window) bounds(t int64) (from, to int64) {
	if w.From == Forever {
		return math.MinInt64, t - w.To
	}
	return t - w.From, t - w.To
}

// Aggregate declares one number about a key's earlier events.
type Aggregate struct {
	Do     Do
	Window Window
	// Against is the window that Growth compares with; unused otherwise.
	Against Window
	// Column is the index of a column: among Codes for Distinct and TopShare,
	// among Values otherwise. Events without a value there (Missing, or a
	// negative code) are not seen at all. None is allowed for Count, SinceLast,
	// Growth and gaps.
	Column int
	// Where keeps the events whose marks contain all these bits; 0 keeps all.
	Where uint64
}

// Validate says what is wrong with the declarations for a history of the given
// number of value and code columns: every fault at once, each with the index of
// its aggregate.
func Validate(aggs []Aggregate, values, codes int) error {
	var faults []error
	for i, a := range aggs {
		if err := a.validate(values, codes); err != nil {
			faults = append(faults, fmt.Errorf("cannot use aggregate %d (%v): %w", i, a.Do, err))
		}
	}
	return errors.Join(faults...)
}

func (a Aggregate) validate(values, codes int) error {
	if a.Do == 0 || int(a.Do) >= len(doNames) {
		return errors.New("no such aggregate")
	}
	if err := a.Window.validate(); err != nil {
		return err
	}
	if a.Do == Growth {
		if err := a.Against.validate(); err != nil {
			return fmt.Errorf("against: %w", err)
		}
		if a.Window.From == Forever || a.Against.From == Forever {
			return errors.New("growth needs two windows of finite length")
		}
	}
	n, kind := values, "value"
	if a.Do.ofCode() {
		n, kind = codes, "code"
	}
	switch {
	case a.Column == None && a.Do.needsColumn():
		return fmt.Errorf("it needs a %s column", kind)
	case a.Column < None || a.Column >= n:
		return fmt.Errorf("there is no %s column %d; there are %d", kind, a.Column, n)
	}
	return nil
}
