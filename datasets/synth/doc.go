// Package synth simulates a motor portfolio whose fraud mechanism is known, so
// that every later step (labels, sampling, thresholds, networks) can be
// checked against the truth, which no real history offers.
//
// A claim is honest, an opportunist's (a real loss, exaggerated), or made by a
// ring: either persons and vehicles that stage accidents and rotate the roles,
// sharing phones and accounts, or a repair shop that with an appraiser and a
// payee inflates the claims of insured who have nothing to do with each other.
// Investigators see some of it: what seems odd to a rule of theirs, a random
// arm drawn by a keyed hash of the claim id, and a few referrals; they err, and
// they conclude late.
//
// The same [Config] gives the same portfolio on every machine: each claim and
// each holder has a random stream of its own, sums run in a fixed order, and
// products that are added to something are rounded explicitly, which forbids
// fused multiply-add. All times are the insurer's wall clock written as UTC.
//
// The truth is no table of the dataset. [Write] puts it beside the dataset as
// truth.parquet, which dataset.yaml does not list; it is for tests and
// demonstrations, never for training.
package synth
