package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// withVersions returns a registry whose model m has n versions and n policies.
func withVersions(t *testing.T, n int) *Registry {
	t.Helper()
	r := open(t)
	for range n {
		publish(t, r, "m")
		addPolicy(t, r, "m", "{}")
	}
	return r
}

func setAlias(t *testing.T, r *Registry, alias string, target Target) {
	t.Helper()
	if err := r.SetAlias("m", alias, target); err != nil {
		t.Fatal(err)
	}
}

func wantPrevious(t *testing.T, r *Registry, alias string, want Target) {
	t.Helper()
	got, err := r.Previous("m", alias)
	if (want == Target{}) {
		if !errors.Is(err, ErrNotFound) {
			t.Fatalf("previous %v, %v, want none", got, err)
		}
		return
	}
	if err != nil || got != want {
		t.Fatalf("previous %v, %v, want %v", got, err, want)
	}
}

func TestAliasesAndRollback(t *testing.T) {
	r := withVersions(t, 3)
	one, two, three := Target{1, 1}, Target{2, 1}, Target{3, 3}
	setAlias(t, r, Champion, one)
	wantPrevious(t, r, Champion, Target{})
	setAlias(t, r, Shadow, two)
	setAlias(t, r, Champion, two)
	setAlias(t, r, Champion, two) // no change, so no line in the history
	wantPrevious(t, r, Champion, one)
	setAlias(t, r, Champion, three)
	wantPrevious(t, r, Champion, two)
	setAlias(t, r, Champion, two) // the rollback is a change like any other
	wantPrevious(t, r, Champion, three)
	wantPrevious(t, r, Shadow, Target{})
	setAlias(t, r, "canary-eu", one)
	got, err := r.Aliases("m")
	want := map[string]Target{Champion: two, Shadow: two, "canary-eu": one}
	if err != nil || !maps.Equal(got, want) {
		t.Fatalf("aliases %v, %v, want %v", got, err, want)
	}
	changes, err := r.History("m")
	if err != nil || len(changes) != 6 {
		t.Fatalf("%d changes, %v, want 6", len(changes), err)
	}
	if changes[0].By == "" || changes[0].At.IsZero() {
		t.Errorf("change %+v lacks who or when", changes[0])
	}
	checkChain(t, r)
}

func TestRemoveAlias(t *testing.T) {
	r := withVersions(t, 2)
	setAlias(t, r, Champion, Target{1, 1})
	setAlias(t, r, Shadow, Target{2, 2})
	if err := r.RemoveAlias("m", Champion); err == nil {
		t.Error("the champion was removed")
	}
	if err := r.RemoveAlias("m", Shadow); err != nil {
		t.Fatal(err)
	}
	wantPrevious(t, r, Shadow, Target{})
	if got, err := r.Aliases("m"); err != nil || !maps.Equal(got, map[string]Target{Champion: {1, 1}}) {
		t.Errorf("aliases %v, %v", got, err)
	}
	setAlias(t, r, Shadow, Target{1, 2})
	wantPrevious(t, r, Shadow, Target{}) // before it was set there was nothing
	checkChain(t, r)
}

func TestBadAliasNames(t *testing.T) {
	r := withVersions(t, 1)
	for _, alias := range []string{"", "Champion", "1st", "-a", "a_b", "a.b", "a/b", "冠军", "a\n", strings.Repeat("a", 64)} {
		if err := r.SetAlias("m", alias, Target{1, 1}); err == nil {
			t.Errorf("alias %q was taken", alias)
		}
	}
}

func TestCorruptAliasesNameFileAndMend(t *testing.T) {
	for _, raw := range []string{
		"", "{", "[]", "null", `{"champion":{"version":1}}`, `{"champion":{"version":0,"policy":1}}`, `{"champion":3}`,
		`{"champion":{"version":1,"policy":1,"share":2}}`, `{"champion":{"version":1.5,"policy":1}}`, `{"Champion":{"version":1,"policy":1}}`,
		`{"champion":{"version":1,"policy":1}}{}`, `{"champion":{"version":1,"policy":1},"champion":{"version":1,"policy":1}}`, "\x00\x00\x00",
	} {
		r := withVersions(t, 1)
		path := filepath.Join(r.Dir(), "models", "m", "aliases.json")
		if err := os.WriteFile(path, []byte(raw), 0o644); err != nil {
			t.Fatal(err)
		}
		_, readErr := r.Aliases("m")
		setErr := r.SetAlias("m", Champion, Target{1, 1})
		for _, err := range []error{readErr, setErr} {
			if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "restore the file from a backup") {
				t.Errorf("%q: %v", raw, err)
			}
		}
		if err := os.Remove(path); err != nil { // the mend that the message names
			t.Fatal(err)
		}
		setAlias(t, r, Champion, Target{1, 1})
	}
}

// A process that dies between the line of the history and the alias leaves a
// line of something that did not happen; one that dies in the line leaves half.
func TestHistoryAfterDeathInTheMiddle(t *testing.T) {
	r := withVersions(t, 3)
	one, two, three := Target{1, 1}, Target{2, 2}, Target{3, 3}
	setAlias(t, r, Champion, one)
	setAlias(t, r, Champion, two)
	path := filepath.Join(r.Dir(), "models", "m", "aliases.jsonl")
	add := func(text string) {
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	never, err := json.Marshal(Change{Alias: Champion, From: two, To: three})
	if err != nil {
		t.Fatal(err)
	}
	add(string(never) + "\n")
	wantPrevious(t, r, Champion, one)
	add(string(never[:20]))
	wantPrevious(t, r, Champion, one)
	setAlias(t, r, Champion, three) // now it happens
	wantPrevious(t, r, Champion, two)
	if changes, err := r.History("m"); err != nil || len(changes) != 3 {
		t.Errorf("changes %v, %v", changes, err)
	}
	checkChain(t, r)
	add("rubbish\n")
	if _, err := r.Previous("m", Champion); err == nil || !strings.Contains(err.Error(), "line 5") {
		t.Errorf("got %v", err)
	}
	if _, err := r.Aliases("m"); err != nil {
		t.Errorf("a broken history stops the aliases: %v", err)
	}
}

func FuzzParseAliases(f *testing.F) {
	for _, s := range []string{`{}`, `{"champion":{"version":3,"policy":5},"shadow":{"version":4,"policy":5}}`, `{"champion":null}`, `{"a":{}}`, `[`, `{"a":{"version":1,"policy":1}`, ``} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		aliases, err := parseAliases(raw)
		if err != nil {
			return
		}
		if !json.Valid(raw) {
			t.Fatalf("took what is not JSON: %q", raw)
		}
		for alias, target := range aliases {
			if CheckAlias(alias) != nil || target.Version < 1 || target.Policy < 1 {
				t.Fatalf("took %q: %v", alias, target)
			}
		}
		written, err := json.Marshal(aliases)
		if err != nil {
			t.Fatal(err)
		}
		again, err := parseAliases(written)
		if err != nil || !maps.Equal(aliases, again) {
			t.Fatalf("%v became %v, %v", aliases, again, err)
		}
	})
}

func FuzzParseHistory(f *testing.F) {
	f.Add([]byte(`{"at":"2026-01-02T03:04:05Z","alias":"champion","to":{"version":1,"policy":1},"by":"x"}` + "\n"))
	f.Add([]byte("\n\n{"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		changes, err := parseHistory(raw)
		if err == nil && len(changes) != bytes.Count(raw, []byte("\n")) {
			t.Fatalf("%d changes from %d lines", len(changes), bytes.Count(raw, []byte("\n")))
		}
		tookEffect(changes, map[string]Target{Champion: {1, 1}})
	})
}
