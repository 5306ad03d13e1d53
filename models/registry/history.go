package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// Change is one change of an alias, a line of aliases.jsonl.
type Change struct {
	At    time.Time `json:"at"` // UTC, to the microsecond
	Alias string    `json:"alias"`
	From  Target    `json:"from,omitzero"` // zero when the alias was not set
	To    Target    `json:"to,omitzero"`   // zero when the alias was removed
	By    string    `json:"by"`            // see [Registry.As]
}

// History returns the changes of all aliases of a model that took effect, the
// oldest first; none for a model that does not exist.
func (r *Registry) History(name string) ([]Change, error) {
	if err := CheckName(name); err != nil {
		return nil, fmt.Errorf("cannot read history of aliases: %w", err)
	}
	_, changes, err := r.room(name).aliasesAndHistory()
	if err != nil {
		return nil, fmt.Errorf("cannot read history of aliases of model %q: %w", name, err)
	}
	return changes, nil
}

// Previous returns what alias stood for before its last change, for a rollback.
// It is an error that wraps [ErrNotFound] when the alias is not set or has had
// no other target.
func (r *Registry) Previous(name, alias string) (Target, error) {
	if err := errors.Join(CheckName(name), CheckAlias(alias)); err != nil {
		return Target{}, fmt.Errorf("cannot find previous target: %w", err)
	}
	aliases, changes, err := r.room(name).aliasesAndHistory()
	if err != nil {
		return Target{}, fmt.Errorf("cannot find previous target of alias %q of model %q: %w", alias, name, err)
	}
	now := aliases[alias]
	for i := len(changes) - 1; i >= 0; i-- {
		c := changes[i]
		if c.Alias != alias || c.To != now {
			continue
		}
		if (c.From == Target{} || now == Target{}) {
			break
		}
		return c.From, nil
	}
	return Target{}, fmt.Errorf("cannot find previous target of alias %q of model %q: it has had no other: %w", alias, name, ErrNotFound)
}

// aliasesAndHistory reads both without a lock. The aliases come first: writers
// write the history first, so the line of whatever the aliases say is in it.
func (m room) aliasesAndHistory() (map[string]Target, []Change, error) {
	aliases, err := m.aliases()
	if err != nil {
		return nil, nil, err
	}
	changes, err := m.readHistory()
	if err != nil {
		return nil, nil, err
	}
	return aliases, tookEffect(changes, aliases), nil
}

// tookEffect keeps the changes that happened. A line may stand for a change
// that did not: the process died after writing it and before aliases.json was
// replaced. Its To is then neither what the alias's next change started from
// nor, when it is the last one, what the alias stands for now.
func tookEffect(changes []Change, now map[string]Target) []Change {
	next := map[string]Target{}
	for alias, t := range now {
		next[alias] = t
	}
	keep := make([]bool, len(changes))
	kept := 0
	for i := len(changes) - 1; i >= 0; i-- {
		c := changes[i]
		if c.To == next[c.Alias] {
			keep[i] = true
			kept++
		}
		next[c.Alias] = c.From
	}
	out := make([]Change, 0, kept)
	for i, c := range changes {
		if keep[i] {
			out = append(out, c)
		}
	}
	return out
}

// readHistory reads all lines. An end without a line feed is a line that is
// being written, or was when its writer died, and is left out.
func (m room) readHistory() ([]Change, error) {
	path := m.path("aliases.jsonl")
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	changes, err := parseHistory(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: restore the file from a backup, or remove the line", path, err)
	}
	return changes, nil
}

func parseHistory(raw []byte) ([]Change, error) {
	lines := bytes.Split(raw, []byte("\n"))
	var out []Change
	for i, line := range lines[:len(lines)-1] {
		var c Change
		if err := json.Unmarshal(line, &c); err != nil {
			return nil, fmt.Errorf("line %d is not a change of an alias: %w", i+1, err)
		}
		out = append(out, c)
	}
	return out, nil
}

// appendHistory adds a line and syncs it. An unfinished line at the end, of a
// writer that died, is cut off first. The caller holds the model's lock.
func (m room) appendHistory(c Change) (err error) {
	line, err := json.Marshal(c)
	if err != nil {
		return err
	}
	path := m.path("aliases.jsonl")
	raw, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	end := int64(bytes.LastIndexByte(raw, '\n') + 1)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.Truncate(end); err != nil {
		return err
	}
	if _, err := f.WriteAt(append(line, '\n'), end); err != nil {
		return errors.Join(err, f.Truncate(end))
	}
	if err := f.Sync(); err != nil {
		return errors.Join(err, f.Truncate(end))
	}
	return syncDirs(m.dir)
}
