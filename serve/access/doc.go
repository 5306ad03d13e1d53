// Package access is the room for who may do what: keys, tokens, roles, and
// the two persons that a publish or a threshold needs. The server of today
// checks no identity and listens on the loopback unless told otherwise.
package access
