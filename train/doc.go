// Package train goes from vectors and outcomes to a bundle, reproducibly: it
// assigns labels by a recorded rule, splits by time, fits a learner, calibrates
// on a later window than the fit, sets the first policy, and seals the result.
package train
