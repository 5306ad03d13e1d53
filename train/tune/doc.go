// Package tune is the room for the search over training settings on
// time-ordered folds. Until it is built, train takes its settings from the
// caller as they are.
package tune
