package main

import (
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"claimsieve/models"
	"claimsieve/models/registry"
)

// TestKilledTrainingLeavesTheChampion kills train --promote at random moments,
// the publishing included. After each kill the registry opens, the champion is
// a whole version that passes its self-test, and it is the old one unless the
// command had finished its work.
func TestKilledTrainingLeavesTheChampion(t *testing.T) {
	bin, dir := binary(t), t.TempDir()
	data, reg := filepath.Join(dir, "data"), filepath.Join(dir, "registry")
	must(t, "data", "synth", "--claims", "4000", "--seed", "3", "--out", data)
	args := []string{"train", "--data", data, "--pipeline", "motor", "--name", "motor", "--registry", reg,
		"--average-loss", "12000", "--investigation-cost", "800", "--promote", "--set", "num_iterations=20", "--set", "early_stopping_round=0"}
	began := time.Now()
	if out, err := exec.Command(bin, args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	whole := time.Since(began)
	rng := rand.New(rand.NewPCG(1, 1))
	killed, finished := 0, 0
	const wanted, most = 15, 80
	for tries := 0; killed < wanted && tries < most; tries++ {
		before := championOf(t, reg)
		cmd := exec.Command(bin, args...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		// Half of the kills fall into the last third, where it publishes. How
		// long the whole takes is learned anew from every run that finishes.
		wait := time.Duration(rng.Float64() * 1.1 * float64(whole))
		if rng.IntN(2) == 0 {
			wait = time.Duration((0.65 + 0.5*rng.Float64()) * float64(whole))
		}
		time.Sleep(wait)
		_ = cmd.Process.Kill() // it may have ended by itself
		done := cmd.Wait() == nil
		after := championOf(t, reg)
		switch {
		case done:
			finished++
			whole = min(whole, time.Since(began))
			if after.Version == before.Version {
				t.Fatal("a training that finished did not promote its model")
			}
		default:
			killed++
			if after.Version < before.Version {
				t.Fatalf("the champion went back from %d to %d", before.Version, after.Version)
			}
		}
		// One version may have become visible without being promoted; none half.
		for _, line := range strings.Split(strings.TrimSpace(must(t, "model", "list", "--registry", reg)), "\n")[1:] {
			fields := strings.Fields(line)
			must(t, "model", "verify", "motor", fields[1], "--registry", reg)
		}
	}
	if killed < wanted {
		t.Errorf("only %d of %d trainings were killed before their end; the test says little", killed, killed+finished)
	}
	t.Logf("%d trainings killed, %d finished before", killed, finished)
}

// championOf opens the registry and loads the champion with everything that
// serving would check.
func championOf(t *testing.T, dir string) registry.Target {
	t.Helper()
	reg, err := registry.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	aliases, err := reg.Aliases("motor")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := models.Open(reg, "motor", registry.Champion, []byte("0123456789abcdef"), time.Now()); err != nil {
		t.Fatal(err)
	}
	return aliases[registry.Champion]
}
