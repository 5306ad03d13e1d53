// Package gbdt trains boosted trees for a yes/no outcome: histogram gradient
// boosting of the binary log loss, leaf by leaf, with the names, defaults and
// rules of LightGBM (Ke et al., "LightGBM: a highly efficient gradient boosting
// decision tree", 2017), so that what is known about its settings holds here.
//
// The same samples and the same [Config] give the same bits on any number of
// threads and on any processor. Gradients and hessians are rounded once per
// tree to whole multiples of a power of two that is chosen so small that the
// rounding does not matter and the sums fit 64 bits. Sums of whole numbers do
// not depend on their order, so neither does the model; exp and log are written
// here, because the standard library's differ between processors.
//
// The rules that LightGBM leaves to chance, or that differ from it:
//
//   - Bins. A numeric column is cut between its distinct values: one bin each
//     while they fit into max_bin (but at least min_data_in_bin rows), else
//     bins of about equal counts, with one for each frequent value, joined
//     at most by smaller values of less than half a bin. All rows are looked
//     at, not a sample. A threshold lies half way between two
//     values of the training data and is always finite, so v <= threshold puts
//     a raw number on the side of its bin. Zero is a number like any other.
//     -Inf shares the bin of the lowest finite number a float64 can hold, +Inf
//     is above all numbers.
//   - Missing. NaN has a bin of its own, counted in max_bin, and goes to the
//     side where the gain is higher. Where the node saw none in training, NaN
//     goes to the child with more rows, left when they are equal.
//   - Categories. Codes are binned by falling frequency, equal ones by code,
//     until 99 % of the rows and max_bin bins are covered; a code on fewer than
//     min_data_in_bin rows, the codes after it, NaN and codes that training
//     never saw make up the rest, which always goes right. Up to
//     max_cat_to_onehot bins (the rest counted) are tried one against all. With
//     more, those on at least cat_smooth rows of the node are sorted by
//     gradient / (hessian + cat_smooth), and prefixes from both ends of at most
//     max_cat_threshold codes (and at most half of them) go left, with cat_l2
//     added to lambda_l2. A prefix is tried only after another min_data_per_group
//     rows were added to it, and the right side keeps that many, so rare
//     categories move in groups.
//   - Ties. Of equal gains the lowest feature wins, then the lowest bin, then
//     NaN to the right; of equal leaves the earliest is split first.
//   - Noise. A gain that is not larger than the rounding of the sums it comes
//     from counts as none.
package gbdt
