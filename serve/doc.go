// Package serve answers claims over HTTP with the decisions of one model's
// champion. openapi.json beside this file is the contract: routes, shapes,
// errors and examples; the handlers follow it and a test holds them to it.
//
// The server looks at the registry's aliases every second. When the champion or
// its policy changes, it loads the new one beside the old one and swaps them
// between two requests; one that does not pass its self-test is refused and the
// old one goes on. No request sees parts of both.
//
// Answers carry what the model says and never refuse or delay a claim. Logs
// carry no content of a claim.
package serve
