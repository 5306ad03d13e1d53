package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"time"
)

// The aliases that the server knows.
const (
	Champion   = "champion"   // decides
	Challenger = "challenger" // decides a share of claims, for comparison
	Shadow     = "shadow"     // scores beside the champion and decides nothing
)

// Target is what an alias stands for: a version of the model and the policy
// that turns its probabilities into tiers. The zero value is no target.
type Target struct {
	Version int `json:"version"`
	Policy  int `json:"policy"`
}

var aliasPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)

// CheckAlias returns an error unless alias can name a target: [Champion],
// [Challenger], [Shadow], or any other name of 1 to 63 of a-z, 0-9 and "-" that
// begins with a letter.
func CheckAlias(alias string) error {
	if !aliasPattern.MatchString(alias) {
		return fmt.Errorf("cannot use alias %.80q: want champion, challenger, shadow or 1 to 63 of a-z, 0-9, '-', the first a letter", alias)
	}
	return nil
}

// Aliases returns the aliases of a model; an empty map when none is set or the
// model does not exist.
func (r *Registry) Aliases(name string) (map[string]Target, error) {
	if err := CheckName(name); err != nil {
		return nil, fmt.Errorf("cannot read aliases: %w", err)
	}
	aliases, err := r.room(name).aliases()
	if err != nil {
		return nil, fmt.Errorf("cannot read aliases of model %q: %w", name, err)
	}
	return aliases, nil
}

func (m room) aliases() (map[string]Target, error) {
	path := m.path("aliases.json")
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]Target{}, nil
	}
	if err != nil {
		return nil, err
	}
	aliases, err := parseAliases(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: restore the file from a backup, or delete it and set the aliases again (the targets they had stand in aliases.jsonl beside it)", path, err)
	}
	return aliases, nil
}

// parseAliases reads an aliases.json. It takes nothing that it does not know,
// for a word misspelt by hand would otherwise be a champion that is not there.
func parseAliases(raw []byte) (map[string]Target, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if tok, err := dec.Token(); err != nil || tok != json.Delim('{') {
		return nil, errors.New("the file is not a JSON object")
	}
	out := map[string]Target{}
	for dec.More() {
		tok, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("the file is not JSON: %w", err)
		}
		alias := tok.(string) // the decoder gives nothing else between members
		if err := CheckAlias(alias); err != nil {
			return nil, err
		}
		if _, twice := out[alias]; twice {
			return nil, fmt.Errorf("alias %q stands in the file twice", alias)
		}
		var t Target
		if err := dec.Decode(&t); err != nil {
			return nil, fmt.Errorf("alias %q has no target {\"version\": n, \"policy\": n}: %w", alias, err)
		}
		if t.Version < 1 || t.Policy < 1 {
			return nil, fmt.Errorf("alias %q has version %d and policy %d, want numbers from 1", alias, t.Version, t.Policy)
		}
		out[alias] = t
	}
	if _, err := dec.Token(); err != nil {
		return nil, fmt.Errorf("the file is not JSON: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("the file goes on after its JSON object")
	}
	return out, nil
}

// SetAlias makes alias stand for t, in one step, and writes the change into the
// history. Setting what holds already changes nothing. A version or policy that
// does not exist is refused with an error that wraps [ErrNotFound].
func (r *Registry) SetAlias(name, alias string, t Target) error {
	return r.changeAlias(name, alias, t)
}

// RemoveAlias takes an alias away. The champion cannot be removed, only
// replaced. An alias that is not set gives an error that wraps [ErrNotFound].
func (r *Registry) RemoveAlias(name, alias string) error {
	if alias == Champion {
		return fmt.Errorf("cannot remove alias %q of model %.80q: set it to another version instead", alias, name)
	}
	return r.changeAlias(name, alias, Target{})
}

// changeAlias sets an alias, or removes it when to is the zero target.
func (r *Registry) changeAlias(name, alias string, to Target) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("cannot set alias %.80q of model %.80q: %w", alias, name, err)
		}
	}()
	if err := CheckAlias(alias); err != nil {
		return err
	}
	m, err := r.existing(name)
	if err != nil {
		return err
	}
	if err := m.checkTarget(to); err != nil {
		return err
	}
	if err := m.create(); err != nil {
		return err
	}
	held, err := lock(m.path(".lock"))
	if err != nil {
		return err
	}
	defer held.Close()
	aliases, err := m.aliases()
	if err != nil {
		return err
	}
	from := aliases[alias]
	switch {
	case from == to && to != Target{}:
		return nil
	case from == to:
		return fmt.Errorf("the alias is not set: %w", ErrNotFound)
	}
	// The history goes first: a line of a change that a crash prevented can be
	// told from the others, a change without a line could not be rolled back.
	at := time.Now().UTC().Truncate(time.Microsecond)
	if err := m.appendHistory(Change{At: at, Alias: alias, From: from, To: to, By: m.by}); err != nil {
		return err
	}
	aliases[alias] = to
	if (to == Target{}) {
		delete(aliases, alias)
	}
	raw, err := json.MarshalIndent(aliases, "", "  ")
	if err != nil {
		return err
	}
	return m.replace(m.path("aliases.json"), append(raw, '\n'))
}

// checkTarget returns an error unless what t names exists; the zero target always does.
func (m room) checkTarget(t Target) error {
	if (t == Target{}) {
		return nil
	}
	if err := m.checkVersion(t.Version); err != nil {
		return err
	}
	return m.checkPolicy(t.Policy)
}
