// Package monitor is the room for metrics, traces and the drift of indicators
// and scores against a bundle's reference. The server of today writes an
// access log only.
package monitor
