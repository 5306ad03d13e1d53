// Package registry keeps the versions of models, their policies and the
// aliases that say which of them is in use, in a plain folder:
//
//	<root>/models/<name>/versions/<n>/        a bundle, opaque to this package
//	<root>/models/<name>/versions/<n>.json    its publish record
//	<root>/models/<name>/policies/<n>.json    a policy, opaque to this package
//	<root>/models/<name>/policies/<n>.sha256  its digest, as sha256sum writes it
//	<root>/models/<name>/aliases.json         alias -> version and policy
//	<root>/models/<name>/aliases.jsonl        one line for every change of an alias
//	<root>/models/<name>/.lock                locked by writers, for moments
//	<root>/models/<name>/.tmp/                what writers have not finished
//
// Whatever is written is written beside its place, synced to the disk and then
// renamed, so that a crash at any point leaves the old state or the new one.
// Readers take no lock and never see a half. Writers of several processes may
// work at once: versions and policies get numbers 1, 2, 3, ... that are never
// given out twice, though a number may be left out when a publisher dies.
// Nothing is ever changed after it was published, except the aliases.
//
// Locks are advisory file locks (flock), which the system releases when a
// process dies. The folder may lie on a network file system that supports them.
package registry
