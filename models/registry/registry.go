package registry

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ErrNotFound is in the chain of every error that means: the registry has no
// such model, version, policy or alias.
var ErrNotFound = errors.New("not found")

// Registry is a folder of models. It holds no state besides the folder's path,
// so any number of Registry values, goroutines and processes may use the same
// folder at once.
type Registry struct {
	dir string
	by  string
}

// Open returns the registry in the folder dir, which is created, with its
// parents, when it does not exist.
func Open(dir string) (*Registry, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("cannot open registry %s: %w", dir, err)
	}
	r := &Registry{dir: abs, by: fmt.Sprintf("uid:%d", os.Getuid())}
	if info, err := os.Stat(filepath.Join(abs, "models")); err == nil && info.IsDir() {
		return r, nil // nothing to write: a registry on a read-only disk can be read
	}
	if err := os.MkdirAll(filepath.Join(abs, "models"), 0o755); err != nil {
		return nil, fmt.Errorf("cannot open registry %s: %w", dir, err)
	}
	if err := syncDirs(abs, filepath.Dir(abs)); err != nil {
		return nil, fmt.Errorf("cannot open registry %s: %w", dir, err)
	}
	return r, nil
}

// OpenExisting is [Open] for readers: a folder that is no registry yet is an
// error, and nothing is written.
func OpenExisting(dir string) (*Registry, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("cannot open registry %s: %w", dir, err)
	}
	if info, err := os.Stat(filepath.Join(abs, "models")); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("cannot open registry: there is none at %s; name its folder with --registry, or train a model into it", abs)
	}
	return Open(abs)
}

// As returns the same registry in the name of a person: who is written into the
// publish records and the history of aliases. Without it they name the number
// of the process's user, as in "uid:1000".
func (r *Registry) As(who string) *Registry {
	return &Registry{dir: r.dir, by: who}
}

// Dir returns the absolute path of the registry's folder.
func (r *Registry) Dir() string { return r.dir }

var namePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,62}$`)

// CheckName returns an error unless name can name a model: 1 to 63 of a-z, 0-9,
// ".", "_" and "-", the first a letter or a digit.
func CheckName(name string) error {
	if !namePattern.MatchString(name) {
		return fmt.Errorf("cannot use model name %.80q: want 1 to 63 of a-z, 0-9, '.', '_', '-', the first a letter or a digit", name)
	}
	return nil
}

// Names returns the names of the models that have a published version, sorted.
func (r *Registry) Names() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(r.dir, "models"))
	if err != nil {
		return nil, fmt.Errorf("cannot list models: %w", err)
	}
	names := []string{}
	for _, e := range entries {
		if !e.IsDir() || CheckName(e.Name()) != nil {
			continue
		}
		numbers, err := r.room(e.Name()).versionNumbers()
		if err != nil {
			return nil, fmt.Errorf("cannot list models: %w", err)
		}
		if len(numbers) > 0 {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// room is the folder of one model.
type room struct {
	dir  string
	name string
	by   string
}

// room returns the folder of a model whose name has been checked.
func (r *Registry) room(name string) room {
	return room{dir: filepath.Join(r.dir, "models", name), name: name, by: r.by}
}

// existing returns the folder of a model that has a published version.
func (r *Registry) existing(name string) (room, error) {
	if err := CheckName(name); err != nil {
		return room{}, err
	}
	m := r.room(name)
	numbers, err := m.versionNumbers()
	if err != nil {
		return room{}, err
	}
	if len(numbers) == 0 {
		return room{}, fmt.Errorf("model %q has no published version in %s: %w", name, r.dir, ErrNotFound)
	}
	return m, nil
}

func (m room) path(elem ...string) string {
	return filepath.Join(append([]string{m.dir}, elem...)...)
}

func (m room) versionDir(n int) string    { return m.path("versions", strconv.Itoa(n)) }
func (m room) versionRecord(n int) string { return m.path("versions", strconv.Itoa(n)+".json") }
func (m room) policyFile(n int) string    { return m.path("policies", strconv.Itoa(n)+".json") }
func (m room) policyDigestFile(n int) string {
	return m.path("policies", strconv.Itoa(n)+".sha256")
}

// create makes the model's folders and syncs them.
func (m room) create() error {
	for _, d := range []string{"versions", "policies", ".tmp"} {
		if err := os.MkdirAll(m.path(d), 0o755); err != nil {
			return err
		}
	}
	return syncDirs(m.dir, filepath.Dir(m.dir))
}

// versionNumbers lists the published versions, ascending; none for a model that does not exist.
func (m room) versionNumbers() ([]int, error) {
	return numbered(m.path("versions"), "", fs.FileMode.IsDir)
}

// policyNumbers lists the policies, ascending.
func (m room) policyNumbers() ([]int, error) {
	return numbered(m.path("policies"), ".json", fs.FileMode.IsRegular)
}

// numbered lists the entries of dir named <n><suffix> of the right kind, by
// number. Names that are not canonical numbers, as 007, are not ours. A folder
// that does not exist is empty.
func numbered(dir, suffix string, kind func(fs.FileMode) bool) ([]int, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []int
	for _, e := range entries {
		stem, ok := strings.CutSuffix(e.Name(), suffix)
		if !ok || !kind(e.Type()) {
			continue
		}
		if n, err := strconv.Atoi(stem); err == nil && n > 0 && strconv.Itoa(n) == stem {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out, nil
}
