// Package conformance holds the indicator engine against docs/features.md. It
// has tests only: a brute-force oracle recomputes every indicator from its
// definition, over plain rows and with exact arithmetic, for random histories
// and random pipelines, and the engine has to give the same bits in batch, with
// any number of threads, and online. Metamorphic tests change a history in ways
// that must not change a vector, and the table of bad input is tried row by row.
//
// The oracle reads nothing of the engine but its exported names, so that a
// mistake cannot stand in both.
package conformance
