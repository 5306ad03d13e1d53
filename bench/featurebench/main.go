// Command featurebench is our side of bench/features.py. Every line on its
// standard input is a request in JSON, every line on its standard output the
// answer: the seconds of the work and what it found.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
)

// request names the work and its files.
type request struct {
	Do       string   `json:"do"`       // vectors, scan, online, or select
	Data     string   `json:"data"`     // the dataset's folder
	Pipeline string   `json:"pipeline"` // name in the catalogue, or a file
	Out      string   `json:"out"`      // where the result goes once the clock has stopped; "" for nowhere
	Threads  int      `json:"threads"`
	File     string   `json:"file"`    // of scan
	Columns  []ask    `json:"columns"` // of scan
	Keep     []string `json:"keep"`    // of select: the indicators to keep; empty for all
	Skip     []string `json:"skip"`    // of select: words whose indicators are left out: network, text
}

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "featurebench:", err)
		os.Exit(1)
	}
}

func serve() error {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return fmt.Errorf("cannot read request: %w", err)
		}
		answer, err := work(&r)
		if err != nil {
			return err
		}
		if err := json.NewEncoder(os.Stdout).Encode(answer); err != nil {
			return fmt.Errorf("cannot write answer: %w", err)
		}
		debug.FreeOSMemory() // the peer's turn begins with a machine that is free
	}
	return lines.Err()
}

func work(r *request) (any, error) {
	switch r.Do {
	case "vectors":
		return vectors(r)
	case "scan":
		return scan(r)
	case "online":
		return online(r)
	case "select":
		return selection(r)
	default:
		return nil, fmt.Errorf("cannot serve request %q: want vectors, scan, select or online", r.Do)
	}
}
