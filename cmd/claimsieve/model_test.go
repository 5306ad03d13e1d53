package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"claimsieve/models/registry"
)

// smallModel trains a model quickly and returns dataset and registry folders.
func smallModel(t *testing.T) (data, reg string) {
	t.Helper()
	dir := t.TempDir()
	data, reg = filepath.Join(dir, "data"), filepath.Join(dir, "registry")
	must(t, "data", "synth", "--claims", "4000", "--seed", "9", "--out", data)
	must(t, trainSmall(data, reg, "--promote")...)
	return data, reg
}

func trainSmall(data, reg string, more ...string) []string {
	return append([]string{"train", "--data", data, "--pipeline", "motor", "--name", "motor", "--registry", reg,
		"--average-loss", "12000", "--investigation-cost", "800", "--set", "num_iterations=5", "--set", "early_stopping_round=0"}, more...)
}

func TestPromoteAndRollback(t *testing.T) {
	data, reg := smallModel(t)
	must(t, trainSmall(data, reg, "--seed", "2", "--set", "num_leaves=5")...)
	if at := championOf(t, reg); at.Version != 1 {
		t.Fatalf("a training without --promote made version %d the champion", at.Version)
	}
	must(t, "model", "promote", "motor", "2", "--registry", reg)
	if at := championOf(t, reg); at.Version != 2 || at.Policy != 2 {
		t.Fatalf("after the promotion the champion is %+v", at)
	}
	must(t, "model", "rollback", "motor", "--registry", reg)
	if at := championOf(t, reg); at.Version != 1 || at.Policy != 1 {
		t.Fatalf("after the rollback the champion is %+v", at)
	}
	for _, bad := range [][]string{
		{"model", "promote", "motor", "9"}, {"model", "promote", "nothing", "1"}, {"model", "promote", "motor", "2", "--policy", "1"}, {"model", "promote", "motor", "two"},
	} {
		if _, errs, code := program(t, append(bad, "--registry", reg)...); code == exitDone || !strings.HasPrefix(errs, "claimsieve: cannot ") {
			t.Errorf("%v: exit code %d, %s", bad, code, errs)
		}
	}
	if at := championOf(t, reg); at.Version != 1 {
		t.Errorf("refused promotions moved the champion to %+v", at)
	}
}

// TestVersionOfADeadPublisher has a version that nobody gave a policy, as a
// publisher leaves it that was killed in between: it can be looked at and
// verified, and a promotion gives it the policy that was fitted with it.
func TestVersionOfADeadPublisher(t *testing.T) {
	_, dir := smallModel(t)
	reg, err := registry.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	first, err := reg.Path("motor", 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reg.Publish("motor", func(staging string) error { return os.CopyFS(staging, os.DirFS(first)) }); err != nil {
		t.Fatal(err)
	}
	must(t, "model", "verify", "motor", "2", "--registry", dir)
	must(t, "model", "show", "motor", "2", "--registry", dir)
	must(t, "model", "promote", "motor", "2", "--registry", dir)
	if at := championOf(t, dir); at.Version != 2 || at.Policy != 2 {
		t.Errorf("the champion is %+v", at)
	}
}

// TestAlteredBundleIsNotPromoted flips a byte of a published version.
func TestAlteredBundleIsNotPromoted(t *testing.T) {
	data, reg := smallModel(t)
	must(t, trainSmall(data, reg, "--seed", "2")...)
	path := filepath.Join(reg, "models", "motor", "versions", "2", "model.txt")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text[len(text)/2] ^= 1
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"model", "promote", "motor", "2"}, {"model", "verify", "motor", "2"}, {"score", "motor", "2", "--in", os.DevNull}} {
		_, errs, code := program(t, append(args, "--registry", reg)...)
		if code != exitFailed || !strings.Contains(errs, "model.txt") {
			t.Errorf("%v of an altered version: exit code %d, %s", args, code, errs)
		}
	}
	if at := championOf(t, reg); at.Version != 1 {
		t.Errorf("the champion is %+v", at)
	}
}

func TestWrongUseIsTwoAndNamesTheMend(t *testing.T) {
	for want, args := range map[string][]string{
		`did you mean "import"`:              {"data", "impor"},
		"needs --out":                        {"data", "synth"},
		"unknown flag: --nope":               {"train", "--nope"},
		`did you mean "num_leaves"`:          {"train", "--data", "x", "--pipeline", "motor", "--name", "m", "--average-loss", "9", "--investigation-cost", "1", "--set", "num_leafs=3"},
		"want a day such as":                 {"train", "--data", "x", "--pipeline", "motor", "--name", "m", "--until", "soon"},
		"--average-loss":                     {"train", "--data", "x", "--pipeline", "motor", "--name", "m"},
		"cannot use treatment":               {"train", "--data", "x", "--pipeline", "motor", "--name", "m", "--unknown", "clean"},
		"cannot read settings from":          {"model", "list", "--config", "no-such-file.yaml"},
		"wants a model's name and a version": {"model", "promote", "motor"},
	} {
		_, errs, code := program(t, args...)
		if code != exitUsage || !strings.Contains(errs, want) {
			t.Errorf("claimsieve %s: exit code %d, want %d with %q in\n%s", strings.Join(args, " "), code, exitUsage, want, errs)
		}
	}
}

func TestSettingsComeFromFlagThenEnvironmentThenFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(file, []byte("registry: from-file\ntrain:\n  until: 1996-01-01\n  name: from-file\n  seed: 3\n  set: [num_leaves=3, max_bin=9]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, errs strings.Builder
	code := run(t.Context(), []string{"train", "--config", file, "--name", "from-flag", "--print-config"},
		streams{strings.NewReader(""), &out, &errs}, []string{"CLAIMSIEVE_TRAIN_SEED=4", "CLAIMSIEVE_TRAIN_NAME=from-env", "CLAIMSIEVE_TRAIN_DATA=from-env", "CLAIMSIEVE_DATA=of-the-tests"})
	if code != exitDone {
		t.Fatalf("exit code %d: %s", code, errs.String())
	}
	for _, want := range []string{`name: "from-flag"  # flag`, `seed: "4"  # environment`, `data: "from-env"  # environment`, `registry: "from-file"  # ` + file, `until: "1996-01-01"  # ` + file, `set: "[num_leaves=3,max_bin=9]"  # ` + file, `unknown: "exclude"  # default`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
	if err := os.WriteFile(file, []byte("train: {untill: 1996-01-01}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, errs, code := program(t, "model", "list", "--config", file); code != exitUsage || !strings.Contains(errs, `did you mean "train.until"`) {
		t.Errorf("a misspelt key: exit code %d, %s", code, errs)
	}
}
