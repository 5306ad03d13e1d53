// Package window is the room for aggregates over time: counts, sums and rates
// of an entity's earlier claims within a window before an instant. It takes
// slices of keys, times and values and knows nothing of claims. The pipelines
// of today declare no aggregate; the compiler refuses the word.
package window
