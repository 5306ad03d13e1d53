// Package network is the room for indicators over the graph of claims and
// entities as it was at an instant: components, shared identifiers, fraud in
// reach. The pipelines of today declare no network indicator; the compiler
// refuses the word.
package network
