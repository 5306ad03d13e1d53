// Package audit is the random arm of investigations and what it allows to say.
//
// Claims are investigated because something alerted. Of the rest nobody knows
// the truth, so that recall, prevalence and the false-positive rate cannot be
// read from the outcomes. A small share of claims chosen at random, by a keyed
// hash of the claim id ([Arm]), fills the gap: each claim has a known chance
// (propensity) of having been chosen, and weights of one over it estimate what
// investigating everything would have found. Without the arm the functions say
// "not identified" ([Estimate.Identified]) instead of a number.
//
// Intervals are those of the design: the claims of the period and their truth
// are fixed, chance is only in who was audited.
package audit
