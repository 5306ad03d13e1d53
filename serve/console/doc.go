// Package console is the room for the pages where an analyst compares
// thresholds, on the public API only. The server of today has no pages.
package console
