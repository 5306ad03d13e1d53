// Package window computes aggregates over an entity's earlier events as of
// query instants: counts, sums, means, extremes, spreads, first and last
// values, distinct codes and gaps, and smoothed rates of sums. It takes slices of numbers
// and knows nothing of claims: keys are int32 entity codes, times are int64
// microseconds, amounts are int64 in the smallest unit (see Fixed).
//
// # The rule
//
// Every event has two clocks: when it happened and when it became known. For a
// query about key x at instant t, an aggregate over the window (from, to) sees
// exactly the events of x with
//
//	known < t   and   t-from <= happened < t-to.
//
// Both comparisons with t are strict, so rows of the same instant never see
// each other. An event that becomes known late is invisible until then and from
// then on stands at the time it happened: it is counted by a query whose window
// covers that time and never appears as if it had happened on arrival. An event
// known in advance counts only once it has happened.
//
// An event may have an owner, and so may a query: what both have in common is not
// seen, as if it had never happened. A claim that asks about its repair shop does
// not count itself among the shop's customers.
//
// Where an order matters (First, Last, gaps) events are ordered by happened,
// then by known, then by the order in which they were given.
//
// # Two implementations
//
// Batch answers many queries over a whole history at once; State folds events
// one at a time and answers a single query. Both reduce a window to the same
// exact integers and finish with the same formulas, so that their answers agree
// in every bit, whatever the order of rows, the number of threads, or the
// grouping of the partial sums.
package window
