package registry

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
)

func open(t *testing.T) *Registry {
	t.Helper()
	r, err := Open(filepath.Join(t.TempDir(), "state", "registry"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// writing returns a write function that leaves files with the given contents.
func writing(files map[string]string) func(string) error {
	return func(dir string) error {
		for path, content := range files {
			path = filepath.Join(dir, path)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
				return err
			}
		}
		return nil
	}
}

func publish(t *testing.T, r *Registry, name string) int {
	t.Helper()
	n, err := r.Publish(name, writing(map[string]string{"manifest.json": "{}", "policies/1.json": "{}"}))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func addPolicy(t *testing.T, r *Registry, name, raw string) int {
	t.Helper()
	n, err := r.AddPolicy(name, []byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPublishThenRead(t *testing.T) {
	r := open(t).As("wang.li")
	if names, err := r.Names(); err != nil || len(names) != 0 {
		t.Fatalf("an empty registry has names %v, %v", names, err)
	}
	for want := 1; want <= 3; want++ {
		if n := publish(t, r, "motor.report"); n != want {
			t.Fatalf("got version %d, want %d", n, want)
		}
	}
	publish(t, r, "health")
	names, err := r.Names()
	if err != nil || !slices.Equal(names, []string{"health", "motor.report"}) {
		t.Fatalf("names %v, %v", names, err)
	}
	versions, err := r.Versions("motor.report")
	if err != nil || len(versions) != 3 {
		t.Fatalf("versions %v, %v", versions, err)
	}
	for i, v := range versions {
		if v.Number != i+1 || v.Publisher != "wang.li" || v.PublishedAt.IsZero() || v.PublishedAt.Location().String() != "UTC" {
			t.Errorf("record %+v", v)
		}
		if v.Digest != versions[0].Digest {
			t.Errorf("the same files have digests %s and %s", v.Digest, versions[0].Digest)
		}
		if err := r.Verify("motor.report", v.Number); err != nil {
			t.Error(err)
		}
	}
	dir, err := r.Path("motor.report", 2)
	if err != nil {
		t.Fatal(err)
	}
	if raw, err := os.ReadFile(filepath.Join(dir, "policies", "1.json")); err != nil || string(raw) != "{}" {
		t.Fatalf("bundle file %q, %v", raw, err)
	}
}

// The digest's definition, computed by sha256sum: printf a >a; mkdir b; printf
// bb >b/c; find . -type f | sed 's|^\./||' | LC_ALL=C sort | xargs sha256sum | sha256sum
func TestDigestIsThatOfSha256sum(t *testing.T) {
	r := open(t)
	if _, err := r.Publish("m", writing(map[string]string{"a": "a", "b/c": "bb"})); err != nil {
		t.Fatal(err)
	}
	v, err := r.Versions("m")
	if err != nil {
		t.Fatal(err)
	}
	const want = "sha256:9953b9aa61076ee8b7339ca594b74f705766e8fd07248c9ffb6f9ff06f6a5b2f"
	if v[0].Digest != want {
		t.Errorf("digest %s, want %s", v[0].Digest, want)
	}
}

func TestVerifyFindsEveryChange(t *testing.T) {
	changes := map[string]func(dir string) error{
		"content": func(d string) error { return os.WriteFile(filepath.Join(d, "manifest.json"), []byte("[]"), 0o644) },
		"name":    func(d string) error { return os.Rename(filepath.Join(d, "manifest.json"), filepath.Join(d, "m")) },
		"removed": func(d string) error { return os.Remove(filepath.Join(d, "manifest.json")) },
		"added":   func(d string) error { return os.WriteFile(filepath.Join(d, "x"), nil, 0o644) },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			r := open(t)
			publish(t, r, "m")
			dir, err := r.Path("m", 1)
			if err != nil {
				t.Fatal(err)
			}
			if err := change(dir); err != nil {
				t.Fatal(err)
			}
			if err := r.Verify("m", 1); err == nil || !strings.Contains(err.Error(), "version 1") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestFailedPublishLeavesNothing(t *testing.T) {
	full := &os.PathError{Op: "write", Path: "model.txt", Err: syscall.ENOSPC}
	writes := map[string]func(string) error{
		"disk full": func(dir string) error {
			return errors.Join(os.WriteFile(filepath.Join(dir, "manifest.json"), []byte("{"), 0o644), full)
		},
		"empty":     func(string) error { return nil },
		"symlink":   func(dir string) error { return os.Symlink("/etc/hostname", filepath.Join(dir, "model.txt")) },
		"odd name":  func(dir string) error { return os.WriteFile(filepath.Join(dir, "a\nb"), nil, 0o644) },
		"gone":      func(dir string) error { return os.RemoveAll(dir) },
		"backslash": func(dir string) error { return os.WriteFile(filepath.Join(dir, `a\b`), nil, 0o644) },
	}
	for name, write := range writes {
		t.Run(name, func(t *testing.T) {
			r := open(t)
			publish(t, r, "m")
			before := tree(t, r)
			n, err := r.Publish("m", write)
			if err == nil || n != 0 {
				t.Fatalf("published version %d", n)
			}
			if name == "disk full" && !errors.Is(err, syscall.ENOSPC) {
				t.Errorf("the cause is lost: %v", err)
			}
			if after := tree(t, r); !slices.Equal(before, after) {
				t.Errorf("left behind: before %v, after %v", before, after)
			}
			if n := publish(t, r, "m"); n != 2 {
				t.Errorf("the next version is %d, want 2", n)
			}
		})
	}
}

func TestPanickingWriterLeavesNothing(t *testing.T) {
	r := open(t)
	publish(t, r, "m")
	before := tree(t, r)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_, _ = r.Publish("m", func(string) error { panic("writer") })
	}()
	if after := tree(t, r); !slices.Equal(before, after) {
		t.Errorf("left behind: before %v, after %v", before, after)
	}
}

// tree lists all paths of the registry.
func tree(t *testing.T, r *Registry) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(r.Dir(), func(path string, _ os.DirEntry, err error) error {
		out = append(out, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNumberOfRemovedVersionIsNotReused(t *testing.T) {
	r := open(t)
	publish(t, r, "m")
	publish(t, r, "m")
	dir, err := r.Path("m", 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if n := publish(t, r, "m"); n != 3 {
		t.Errorf("got version %d, want 3", n)
	}
	if v, err := r.Versions("m"); err != nil || len(v) != 2 || v[1].Number != 3 {
		t.Errorf("versions %v, %v", v, err)
	}
}

func TestForeignEntriesAreNotVersions(t *testing.T) {
	r := open(t)
	publish(t, r, "m")
	for _, name := range []string{"007", "2.bak", "x", "0", "-1", "99999999999999999999"} {
		if err := os.Mkdir(filepath.Join(r.Dir(), "models", "m", "versions", name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if v, err := r.Versions("m"); err != nil || len(v) != 1 {
		t.Errorf("versions %v, %v", v, err)
	}
	copied := filepath.Join(r.Dir(), "models", "m", "versions", "9")
	if err := os.Mkdir(copied, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Versions("m"); err == nil || !strings.Contains(err.Error(), "9.json") {
		t.Errorf("a version without a record: %v", err)
	}
}

func TestBadNamesAreRefusedEverywhere(t *testing.T) {
	r := open(t)
	for _, name := range []string{"", ".", "..", "../m", "a/b", `a\b`, "Motor", "-m", ".m", "m\n", "车险", "a\x00", strings.Repeat("a", 64)} {
		_, publishErr := r.Publish(name, writing(map[string]string{"a": ""}))
		_, versionsErr := r.Versions(name)
		_, pathErr := r.Path(name, 1)
		_, addErr := r.AddPolicy(name, []byte("{}"))
		_, policyErr := r.Policy(name, 1)
		_, policiesErr := r.Policies(name)
		_, aliasesErr := r.Aliases(name)
		_, historyErr := r.History(name)
		_, previousErr := r.Previous(name, Champion)
		setErr := r.SetAlias(name, Champion, Target{1, 1})
		for i, err := range []error{publishErr, versionsErr, pathErr, addErr, policyErr, policiesErr, aliasesErr, historyErr, previousErr, setErr} {
			if err == nil || errors.Is(err, ErrNotFound) {
				t.Errorf("call %d took name %q: %v", i, name, err)
			}
		}
	}
	if len(tree(t, r)) != 2 {
		t.Errorf("a refused name left something: %v", tree(t, r))
	}
}

func TestWhatDoesNotExistIsNotFound(t *testing.T) {
	r := open(t)
	publish(t, r, "m")
	addPolicy(t, r, "m", "{}")
	_, path := r.Path("m", 2)
	_, pathZero := r.Path("m", 0)
	_, policy := r.Policy("m", 2)
	_, add := r.AddPolicy("n", []byte("{}"))
	_, previous := r.Previous("m", Champion)
	for i, err := range []error{
		path, pathZero, policy, add, previous, r.Verify("m", 7),
		r.SetAlias("m", Champion, Target{2, 1}), r.SetAlias("m", Champion, Target{1, 2}), r.SetAlias("m", Champion, Target{1, 0}),
		r.SetAlias("n", Champion, Target{1, 1}), r.RemoveAlias("m", Shadow),
	} {
		if !errors.Is(err, ErrNotFound) {
			t.Errorf("call %d: %v", i, err)
		}
	}
	if a, err := r.Aliases("m"); err != nil || len(a) != 0 {
		t.Errorf("a refused alias was set: %v, %v", a, err)
	}
}

func TestPoliciesAreKeptByteForByte(t *testing.T) {
	r := open(t)
	publish(t, r, "m")
	raws := []string{"{ \"a\" : 1.0 }\n", `{"title":"车险"}`, "[]"}
	for i, raw := range raws {
		if n := addPolicy(t, r, "m", raw); n != i+1 {
			t.Fatalf("policy %d, want %d", n, i+1)
		}
	}
	if _, err := r.AddPolicy("m", []byte("{")); err == nil {
		t.Error("a policy that is not JSON was taken")
	}
	numbers, err := r.Policies("m")
	if err != nil || !slices.Equal(numbers, []int{1, 2, 3}) {
		t.Fatalf("policies %v, %v", numbers, err)
	}
	for i, want := range raws {
		if got, err := r.Policy("m", i+1); err != nil || string(got) != want {
			t.Errorf("policy %d is %q, %v", i+1, got, err)
		}
	}
}

func TestOpenTakesAReadOnlyRegistry(t *testing.T) {
	r := open(t)
	publish(t, r, "m")
	before := tree(t, r)
	again, err := Open(r.Dir())
	if err != nil {
		t.Fatal(err)
	}
	if v, err := again.Versions("m"); err != nil || len(v) != 1 {
		t.Errorf("versions %v, %v", v, err)
	}
	if !slices.Equal(before, tree(t, r)) {
		t.Error("opening and reading wrote something")
	}
}

func TestConcurrentWritersInOneProcess(t *testing.T) {
	r := open(t)
	publish(t, r, "m")
	var wg sync.WaitGroup
	var mu sync.Mutex
	versions, policies := map[int]bool{1: true}, map[int]bool{}
	for w := range 8 {
		wg.Go(func() {
			for i := range 4 {
				n, err := r.Publish("m", writing(map[string]string{"who": fmt.Sprint(w, i)}))
				if err != nil {
					t.Error(err)
					return
				}
				p, err := r.AddPolicy("m", []byte("{}"))
				if err != nil {
					t.Error(err)
					return
				}
				if err := r.SetAlias("m", Champion, Target{n, p}); err != nil {
					t.Error(err)
				}
				dir, err := r.Path("m", n)
				if err != nil {
					t.Error(err)
				}
				if raw, err := os.ReadFile(filepath.Join(dir, "who")); err != nil || string(raw) != fmt.Sprint(w, i) {
					t.Errorf("version %d is another's: %q, %v", n, raw, err)
				}
				mu.Lock()
				if versions[n] || policies[p] {
					t.Errorf("version %d or policy %d given out twice", n, p)
				}
				versions[n], policies[p] = true, true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(versions) != 33 || len(policies) != 32 {
		t.Errorf("%d versions, %d policies", len(versions), len(policies))
	}
	checkChain(t, r)
}

// checkChain checks that the history is one unbroken chain that ends in the aliases.
func checkChain(t *testing.T, r *Registry) {
	t.Helper()
	changes, err := r.History("m")
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]Target{}
	for i, c := range changes {
		if c.From != at[c.Alias] {
			t.Fatalf("change %d of %s starts from %v, but %v held", i, c.Alias, c.From, at[c.Alias])
		}
		at[c.Alias] = c.To
	}
	aliases, err := r.Aliases("m")
	if err != nil {
		t.Fatal(err)
	}
	for alias, target := range aliases {
		if at[alias] != target {
			t.Fatalf("history ends in %v, %s is %v", at[alias], alias, target)
		}
	}
}
