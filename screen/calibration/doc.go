// Package calibration turns the margin of a model (log-odds as the trees give
// them) into a probability of confirmed fraud, and a margin or probability into
// a score of 0-1000 that means the same rank in every version.
//
// Fitting (Fit...) takes parallel slices: finite margins, outcomes 0 or 1, and
// weights (nil for one each; weight 2 is the row twice). Use the most recent
// window whose claims are mature, not the rows the trees were trained on. The
// applying half, [Calibrator.Probability] and [Scale.Score], is pure and fast.
//
// Fitted parameters are kept with 12 significant digits: the last bits of exp
// and log differ between processors, and the same data shall give the same
// file on all of them.
package calibration
