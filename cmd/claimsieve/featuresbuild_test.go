package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"claimsieve/datasets/parquetfile"
	"claimsieve/features"
)

// TestKilledBuildGoesOn kills features build at random moments and resumes it.
// Every part that can be seen is whole at any time, and in the end all bytes
// are those of a build that nobody stopped.
func TestKilledBuildGoesOn(t *testing.T) {
	bin, dir := binary(t), t.TempDir()
	data := filepath.Join(dir, "data")
	must(t, "data", "synth", "--claims", "4000", "--seed", "4", "--out", data)
	args := func(out string) []string {
		return []string{"features", "build", "--data", data, "--pipeline", "motor", "--out", out, "--resume", "--json"}
	}
	var whole features.BuildResult
	began := time.Now()
	mustJSON(t, &whole, args(filepath.Join(dir, "whole"))[:8]...)
	length := time.Since(began)
	rng := rand.New(rand.NewPCG(2, 3))
	killed, kept := 0, 0
	for round := range 4 {
		out := filepath.Join(dir, "killed", string(rune('a'+round)))
		for done := false; !done; {
			cmd := exec.Command(bin, args(out)...)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if killed < 8 {
				time.Sleep(time.Duration(rng.Float64() * 1.2 * float64(length)))
				_ = cmd.Process.Kill() // it may have ended by itself
			}
			if done = cmd.Wait() == nil; !done {
				killed++
			}
			kept = max(kept, wholeParts(t, out))
		}
		var again features.BuildResult
		mustJSON(t, &again, args(out)[:9]...)
		if !slices.Equal(again.Parts, whole.Parts) || again.Kept != len(whole.Parts) {
			t.Errorf("round %d: a build that was killed has other parts", round)
		}
	}
	if killed < 4 || kept == 0 {
		t.Errorf("%d builds were killed and at most %d parts stood then; the test says little", killed, kept)
	}
	t.Logf("%d builds killed", killed)
}

// wholeParts opens every part below a folder and returns how many there are.
func wholeParts(t *testing.T, out string) int {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(out, "month=*", "*.parquet"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		f, err := parquetfile.Open(path)
		if err != nil {
			t.Fatalf("a part that can be seen is not whole: %v", err)
		}
		f.Close()
	}
	return len(paths)
}

// TestBuildKeepsToItsMemory builds a history for which the way in memory takes
// more than twice what the build may take, and wants the same bytes.
func TestBuildKeepsToItsMemory(t *testing.T) {
	const limit = 240 // MiB
	bin, dir := binary(t), t.TempDir()
	data, pipeline := filepath.Join(dir, "data"), filepath.Join(dir, "wide.yaml")
	must(t, "data", "synth", "--claims", "150000", "--seed", "4", "--out", data)
	if err := os.WriteFile(pipeline, []byte(wideAggregates()), 0o644); err != nil {
		t.Fatal(err)
	}
	build := func(memory, out string) (features.BuildResult, int64) {
		cmd := exec.Command(bin, "features", "build", "--data", data, "--pipeline", pipeline, "--out", out, "--memory", memory, "--json")
		var text strings.Builder
		cmd.Stdout, cmd.Stderr = &text, os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		peak := peakMemory(cmd.Process.Pid)
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
		var r features.BuildResult
		if err := json.Unmarshal([]byte(text.String()), &r); err != nil {
			t.Fatal(err)
		}
		return r, <-peak >> 10
	}
	free, most := build("16GiB", filepath.Join(dir, "free"))
	small, peak := build("240MiB", filepath.Join(dir, "small"))
	t.Logf("%d MiB in memory, %d MiB when held to %d MiB", most, peak, limit)
	if free.Spilled || !small.Spilled || !slices.Equal(free.Parts, small.Parts) {
		t.Errorf("spilled: %v and %v; the same bytes: %v", free.Spilled, small.Spilled, slices.Equal(free.Parts, small.Parts))
	}
	if peak > limit || most < 2*limit {
		t.Errorf("the build took %d MiB of %d MiB; unbounded it takes %d MiB, which should be twice the bound", peak, limit, most)
	}
}

// peakMemory watches the most memory, in KiB, that a process has had at a time.
// What the system says when it has ended counts its parent's too.
func peakMemory(pid int) <-chan int64 {
	out := make(chan int64, 1)
	go func() {
		peak := int64(0)
		for {
			text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			_, after, there := strings.Cut(string(text), "VmHWM:")
			if err != nil || !there {
				out <- peak
				return
			}
			if kib, err := strconv.ParseInt(strings.Fields(after)[0], 10, 64); err == nil {
				peak = max(peak, kib)
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	return out
}

// wideAggregates is a pipeline of many aggregates over few keys.
func wideAggregates() string {
	var b strings.Builder
	b.WriteString("format: 1\nname: wide\nstage: report\nindicators:\n")
	for _, by := range []string{"vehicle_id", "driver_id", "holder_id", "reporter_phone", "region", "broker_id"} {
		for _, window := range []string{"30d", "90d", "180d", "365d", "730d"} {
			for _, do := range []string{"count", "since_last", "sum, column: estimated_loss", "mean, column: estimated_loss", "max, column: estimated_loss", "std, column: estimated_loss"} {
				word, _, _ := strings.Cut(do, ",")
				b.WriteString("  - {name: " + by + "_" + word + "_" + window + ", aggregate: {by: " + by + ", window: " + window + ", do: " + do + "}, dimension: person}\n")
			}
		}
	}
	return b.String()
}

// TestBuildSaysWhatItNeeds: a bound below what must lie in memory is refused
// before anything is computed, and a size that is none is wrong use.
func TestBuildSaysWhatItNeeds(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	must(t, "data", "synth", "--claims", "300", "--seed", "4", "--out", data)
	for _, bad := range []string{"1MiB", "much", "-4GiB", "NaN", "1e30GiB"} {
		_, errs, code := program(t, "features", "build", "--data", data, "--pipeline", "motor", "--out", filepath.Join(dir, "v"), "--memory", bad)
		if code != exitUsage || !strings.Contains(errs, "--memory") {
			t.Errorf("--memory %s: exit code %d, %s", bad, code, errs)
		}
	}
	_, errs, code := program(t, "features", "build", "--data", data, "--pipeline", "motor", "--out", filepath.Join(data, "v"))
	if code != exitUsage || !strings.Contains(errs, "lies in the dataset") {
		t.Errorf("out inside the dataset: exit code %d, %s", code, errs)
	}
}
