//go:build !race

package expression

// raceDetector tells that pools keep what they are given.
const raceDetector = false
