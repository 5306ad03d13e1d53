// Package models holds the stored artefact that turns a claim into a decision:
// the bundle of pipeline, trees, calibration and policy, sealed by digests and
// a self-test.
package models
