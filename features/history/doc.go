// Package history answers what a pipeline asks of earlier rows: aggregates over
// entities, outcome rates, the claims graph, narratives, and the rows of other
// tables that a claim refers to. A [Plan] says what is asked; [Plan.Batch]
// answers it for every claim of a dataset at once, and a [State] folds rows as
// they become known and answers it for one claim. Both derive events from rows
// by the same code and let the leaves (features/window, features/network,
// features/text) compute, which answer alike in batch and online, so that a
// claim gets the same bits either way.
//
// The rules of time are those of docs/features.md.
package history
