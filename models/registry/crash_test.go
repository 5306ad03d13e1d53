package registry

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// childDir is the variable by which the test binary knows that it is a child
// that is to write into the registry of that folder until it is killed, or, when
// childRounds is set, for so many rounds.
const (
	childDir    = "CLAIMSIEVE_TEST_REGISTRY_DIR"
	childRounds = "CLAIMSIEVE_TEST_REGISTRY_ROUNDS"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := writeRounds(dir, os.Getenv(childRounds)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// writeRounds publishes, adds a policy and moves the champion, again and again.
// Before and after each step that can be seen it says so on its output.
func writeRounds(dir, rounds string) error {
	r, err := Open(dir)
	if err != nil {
		return err
	}
	var limit int
	if rounds != "" {
		if _, err := fmt.Sscan(rounds, &limit); err != nil {
			return err
		}
	}
	for i := 0; limit == 0 || i < limit; i++ {
		n, err := r.Publish("m", writeSummed(fmt.Sprintf("%d/%d", os.Getpid(), i)))
		if err != nil {
			return err
		}
		fmt.Printf("published %d\n", n)
		p, err := r.AddPolicy("m", fmt.Appendf(nil, `{"for": %d}`, n))
		if err != nil {
			return err
		}
		fmt.Printf("policy %d %d\n", p, n)
		fmt.Printf("champion-begin %d %d\n", n, p)
		if err := r.SetAlias("m", Champion, Target{n, p}); err != nil {
			return err
		}
		fmt.Printf("champion-end %d %d\n", n, p)
	}
	return nil
}

// writeSummed writes a bundle of files in two folders that can tell by itself whether it is whole.
func writeSummed(seed string) func(string) error {
	return func(dir string) error {
		if err := os.MkdirAll(filepath.Join(dir, "policies"), 0o755); err != nil {
			return err
		}
		var sums strings.Builder
		for i, name := range []string{"manifest.json", "model.txt", "policies/1.json"} {
			content := bytes.Repeat(fmt.Appendf(nil, "%s %s\n", seed, name), 1+i*700)
			if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
				return err
			}
			fmt.Fprintf(&sums, "%x %s\n", sha256.Sum256(content), name)
		}
		return os.WriteFile(filepath.Join(dir, "sums"), []byte(sums.String()), 0o644)
	}
}

// checkSummed checks a bundle that writeSummed wrote and returns its sums.
func checkSummed(t *testing.T, dir string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "sums"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	if len(lines) != 3 {
		t.Fatalf("%s has %d sums", dir, len(lines))
	}
	for _, line := range lines {
		sum, name, _ := strings.Cut(line, " ")
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprintf("%x", sha256.Sum256(content)) != sum {
			t.Fatalf("%s/%s is not what was written", dir, name)
		}
	}
	return string(raw)
}

// child starts the test binary as a writer into dir.
func child(dir, rounds string) (*exec.Cmd, *bytes.Buffer) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, childRounds+"="+rounds)
	out := &bytes.Buffer{}
	cmd.Stdout = out
	return cmd, out
}

// journal is what the children have said so far.
type journal struct {
	versions map[int]bool
	policies map[int]int // policy -> version it was made for
	sums     map[int]string
	done     Target   // last champion known to be set
	begun    []Target // champions whose setting began after that
}

func (j *journal) read(t *testing.T, out string) {
	t.Helper()
	lines := bufio.NewScanner(strings.NewReader(out))
	for lines.Scan() {
		var what string
		var a, b int
		if n, _ := fmt.Sscan(lines.Text(), &what, &a, &b); n < 2 {
			continue // cut off by the kill
		}
		switch what {
		case "published":
			if j.versions[a] {
				t.Fatalf("version %d was given out twice", a)
			}
			j.versions[a] = true
		case "policy":
			if _, twice := j.policies[a]; twice {
				t.Fatalf("policy %d was given out twice", a)
			}
			j.policies[a] = b
		case "champion-begin":
			j.begun = append(j.begun, Target{a, b})
		case "champion-end":
			j.done, j.begun = Target{a, b}, nil
		}
	}
}

// check opens the registry anew and compares it with the journal.
func (j *journal) check(t *testing.T, dir string) {
	t.Helper()
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	versions, err := r.Versions("m")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[int]bool{}
	for _, v := range versions {
		listed[v.Number] = true
		path, err := r.Path("m", v.Number)
		if err != nil {
			t.Fatal(err)
		}
		if j.sums[v.Number] != "" {
			continue // whole when it was first seen; compared again at the end
		}
		j.sums[v.Number] = checkSummed(t, path)
		if err := r.Verify("m", v.Number); err != nil {
			t.Fatal(err)
		}
	}
	for n := range j.versions {
		if !listed[n] {
			t.Fatalf("version %d was published and is gone", n)
		}
	}
	for p, n := range j.policies {
		if raw, err := r.Policy("m", p); err != nil || string(raw) != fmt.Sprintf(`{"for": %d}`, n) {
			t.Fatalf("policy %d is %q, %v", p, raw, err)
		}
	}
	j.checkChampion(t, r)
}

func (j *journal) checkChampion(t *testing.T, r *Registry) {
	t.Helper()
	aliases, err := r.Aliases("m")
	if err != nil {
		t.Fatal(err)
	}
	now := aliases[Champion]
	may := append([]Target{j.done}, j.begun...)
	for _, m := range may {
		if m == now {
			j.done, j.begun = now, nil
			checkChain(t, r)
			return
		}
	}
	t.Fatalf("the champion is %v, want one of %v", now, may)
}

func TestKilledWritersLeaveOldOrNew(t *testing.T) {
	const kills = 60
	dir := t.TempDir()
	if _, err := Open(dir); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(20, 26))
	j := &journal{versions: map[int]bool{}, policies: map[int]int{}, sums: map[int]string{}}
	for range kills {
		cmd, out := child(dir, "")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(10+rng.IntN(60)) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // "signal: killed"
		if cmd.ProcessState.Exited() {
			t.Fatalf("the child ended by itself: %v", cmd.ProcessState)
		}
		j.read(t, out.String())
		j.check(t, dir)
	}
	t.Logf("%d kills, %d versions published, %d listed", kills, len(j.versions), len(j.sums))
	if len(j.versions) < kills/4 {
		t.Errorf("only %d versions in %d kills: the kills come too early to test anything", len(j.versions), kills)
	}
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for n, sums := range j.sums {
		path, err := r.Path("m", n)
		if err != nil {
			t.Fatal(err)
		}
		if checkSummed(t, path) != sums {
			t.Errorf("version %d changed after it was published", n)
		}
	}
	publish(t, r, "m") // sweeps what the dead left
	if left, err := os.ReadDir(filepath.Join(dir, "models", "m", ".tmp")); err != nil || len(left) != 0 {
		t.Errorf("left after the next publisher: %v, %v", left, err)
	}
}

func TestConcurrentPublishersInSeveralProcesses(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(dir); err != nil {
		t.Fatal(err)
	}
	const processes, rounds = 4, 5
	var wg sync.WaitGroup
	outs := make([]*bytes.Buffer, processes)
	for i := range processes {
		cmd, out := child(dir, fmt.Sprint(rounds))
		outs[i] = out
		wg.Go(func() {
			if err := cmd.Run(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	j := &journal{versions: map[int]bool{}, policies: map[int]int{}, sums: map[int]string{}}
	var ends []Target
	for _, out := range outs {
		j.read(t, out.String())
		ends = append(ends, j.done)
	}
	if len(j.versions) != processes*rounds {
		t.Fatalf("%d versions, want %d", len(j.versions), processes*rounds)
	}
	j.begun = ends // the processes end in any order
	j.check(t, dir)
}

// A publisher that is at work is not taken for a dead one.
func TestSweepSparesTheLiving(t *testing.T) {
	r := open(t)
	n, err := r.Publish("m", func(outer string) error {
		if err := writeSummed("outer")(outer); err != nil {
			return err
		}
		if inner := publish(t, r, "m"); inner != 1 {
			t.Errorf("the inner publisher got %d", inner)
		}
		return nil
	})
	if err != nil || n != 2 {
		t.Fatalf("version %d, %v", n, err)
	}
	dir, err := r.Path("m", n)
	if err != nil {
		t.Fatal(err)
	}
	checkSummed(t, dir)
}
