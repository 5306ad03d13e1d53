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
// they conclude late. What the survey and the assessment find (points of impact,
// statements, amounts above the guide, bills for injuries) depends on the kind
// of claim; rings have accomplices among brokers, handlers, surveyors, hospitals
// and appraisal institutions. Some claims are reported weeks after the loss, and
// some wrong conclusions are corrected months later, so that one claim may have
// two outcomes.
//
// The same [Config] gives the same portfolio on every machine: each claim and
// each holder has a random stream of its own, sums run in a fixed order, and
// products that are added to something are rounded explicitly, which forbids
// fused multiply-add. What is not worth keeping is drawn again from its stream,
// so that memory holds a claim in a few hundred bytes. All times are the insurer's wall clock written as UTC.
//
// The truth is no table of the dataset. [Write] puts it beside the dataset as
// truth.parquet, which dataset.yaml does not list; it is for tests and
// demonstrations, never for training.
package synth
