//go:build race

package expression

// raceDetector tells that pools drop what they are given at random.
const raceDetector = true
