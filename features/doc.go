// Package features turns claims into indicator vectors. A pipeline (YAML)
// declares indicators; it is compiled against a dataset's columns and a stage,
// fitted on training rows where it has something to learn (the words of a
// category), and then run by the same code over a batch of claims and over
// one claim in a request, with the same bits.
package features
