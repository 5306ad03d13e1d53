// Command trainbench is our side of bench/train.py: it reads the two files of
// LightGBM's binary example, then trains once for every line on its standard
// input and answers with one JSON line: the seconds of the fit, binning
// included, and the AUC on the test file.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"claimsieve/features"
	"claimsieve/screen/metric"
	"claimsieve/train/gbdt"
)

func main() {
	data := flag.String("data", "", "folder with binary.train and binary.test")
	threads := flag.Int("threads", 2, "threads")
	trees := flag.Int("trees", 100, "trees")
	flag.Parse()
	if err := answer(*data, *threads, *trees); err != nil {
		fmt.Fprintln(os.Stderr, "trainbench:", err)
		os.Exit(1)
	}
}

func answer(data string, threads, trees int) error {
	train, err := read(filepath.Join(data, "binary.train"))
	if err != nil {
		return err
	}
	test, err := read(filepath.Join(data, "binary.test"))
	if err != nil {
		return err
	}
	cfg := gbdt.DefaultConfig()
	cfg.NumIterations = trees
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		began := time.Now()
		r, err := gbdt.Fit(context.Background(), cfg, gbdt.Runtime{Threads: threads}, train, nil)
		if err != nil {
			return err
		}
		seconds := time.Since(began).Seconds()
		margins := make([]float64, test.X.Rows())
		r.Forest.RawBatch(margins, test.X.Columns, threads)
		auc, err := metric.AUC(margins, test.Y, nil)
		if err != nil {
			return err
		}
		if err := json.NewEncoder(os.Stdout).Encode(map[string]float64{"seconds": seconds, "auc": auc.Value}); err != nil {
			return err
		}
	}
	return lines.Err()
}

// read reads tab-separated numbers, the label first.
func read(path string) (gbdt.Samples, error) {
	f, err := os.Open(path)
	if err != nil {
		return gbdt.Samples{}, err
	}
	defer f.Close()
	s := gbdt.Samples{X: &features.Matrix{}}
	lines := bufio.NewScanner(f)
	for row := 1; lines.Scan(); row++ {
		for j, text := range strings.Split(lines.Text(), "\t") {
			v, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return s, fmt.Errorf("cannot read %s: line %d: %w", path, row, err)
			}
			if j == 0 {
				s.Y = append(s.Y, v)
				continue
			}
			if row == 1 {
				s.X.Names = append(s.X.Names, fmt.Sprintf("f%d", j))
				s.X.Columns, s.X.Categories = append(s.X.Columns, nil), append(s.X.Categories, nil)
			}
			s.X.Columns[j-1] = append(s.X.Columns[j-1], v)
		}
	}
	return s, lines.Err()
}
