// Package golearn grows random forests with golearn's decision trees, as a
// baseline that a better model has to beat, and writes them as our own
// forests, so that everything else takes them like any other.
//
// A forest is what golearn's own is: each tree is an ID3 tree (Quinlan,
// "Induction of decision trees", 1986) on a bootstrap sample of the rows and a
// random choice of the columns. golearn's package for that needs cgo, so the
// bagging is done here over its trees.
//
// What to know of golearn:
//
//   - Its trees and its bagging are not deterministic, even when seeded: they
//     walk over maps and draw from the global source. Here the rows and columns
//     are drawn from a seeded source, columns are offered in their order, and a
//     leaf with as many rows of one outcome as of the other votes 0, so that the
//     same settings and data give the same forest. This holds for numbers and
//     two outcomes, which is all it is given.
//   - It is slow: beyond about 20000 rows it is refused, see [ForestConfig].
//   - A column is used at most once on a path, and the last column left on a
//     path never; trees are as shallow as that makes them.
//   - Its search for a threshold may stop at a value that occurs, counts that
//     value's rows on the other side than it sends them, and may so part nothing.
//     The forest shows what the trees do; splits that part nothing are left out.
//   - It does not know missing values, and it slows down with the number of
//     distinct ones. A numeric column is cut into quantile bins and handed over
//     as bin numbers; NaN and -Inf get a bin below all others, so they go with
//     the low values. The words of a category are numbered by their rate of
//     outcome 1 in training (Breiman et al., "Classification and regression
//     trees", 1984), NaN above all of them; in the forest they are sets of words
//     again, and a word without rows in training goes right, like NaN.
//   - There are no weights.
package golearn
