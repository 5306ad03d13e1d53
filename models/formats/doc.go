// Package formats reads and writes forests in the files of other programs, so
// that a model trained here can be checked there and the reverse. A reader
// takes foreign bytes: it bounds what it allocates by what it has read, checks
// everything, and says line and field of the first fault.
package formats
