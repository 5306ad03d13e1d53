package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"claimsieve/datasets/strictyaml"
)

const envPrefix = "CLAIMSIEVE_"

// globalSettings may be given once for all commands that have them.
var globalSettings = []string{"registry", "config", "json"}

// configure gives every flag of the command its value: from the command line,
// else from the environment (CLAIMSIEVE_TRAIN_UNTIL for train --until), else
// from the file given by --config or CLAIMSIEVE_CONFIG (the same words as keys:
// train: {until: ...}). The global settings need no command's name
// (CLAIMSIEVE_REGISTRY, registry: ...).
func (a *app) configure(c *cobra.Command, _ []string) error {
	section := strings.Fields(c.CommandPath())[1:]
	fromEnv, err := a.readEnvironment()
	if err != nil {
		return err
	}
	a.noteUnknownVariables(c, fromEnv)
	if a.configFile == "" {
		a.configFile = fromEnv.String("config")
	}
	fromFile := koanf.New(".")
	if a.configFile != "" {
		if err := fromFile.Load(file.Provider(a.configFile), yaml.Parser()); err != nil {
			return usageError{fmt.Errorf("cannot read settings from %s: %w", a.configFile, err)}
		}
		if err := a.refuseUnknown(c, fromFile); err != nil {
			return err
		}
	}
	origin := map[string]string{}
	var failed error
	c.Flags().VisitAll(func(f *pflag.Flag) {
		origin[f.Name] = "default"
		if f.Changed {
			origin[f.Name] = "flag"
			return
		}
		envKey := strings.ReplaceAll(f.Name, "-", "_")
		for _, s := range []struct {
			from             *koanf.Koanf
			name             string
			specific, global string
		}{
			{fromEnv, "environment", strings.Join(append(slices.Clone(section), envKey), "_"), envKey},
			{fromFile, a.configFile, strings.Join(append(slices.Clone(section), f.Name), "."), f.Name},
		} {
			for _, key := range []string{s.specific, s.global} {
				if key == s.global && !slices.Contains(globalSettings, f.Name) || !s.from.Exists(key) {
					continue
				}
				for _, text := range flagTexts(s.from.Get(key)) {
					if err := c.Flags().Set(f.Name, text); err != nil && failed == nil {
						if s.from == fromEnv {
							key = envPrefix + strings.ToUpper(key)
						}
						failed = usageError{fmt.Errorf("cannot use %s from %s: %w", key, s.name, err)}
					}
				}
				origin[f.Name] = s.name
				return
			}
		}
	})
	if failed != nil {
		return failed
	}
	if a.printConfig {
		return a.showConfig(c, origin)
	}
	return nil
}

// flagTexts writes a value of a settings file as it would stand on the command
// line: a list gives the flag several times, and YAML's days stay days.
func flagTexts(value any) []string {
	switch v := value.(type) {
	case []any:
		var out []string
		for _, x := range v {
			out = append(out, flagTexts(x)...)
		}
		return out
	case time.Time:
		if v.Equal(v.Truncate(24 * time.Hour)) {
			return []string{v.UTC().Format(time.DateOnly)}
		}
		return []string{v.Format(time.RFC3339)}
	}
	return []string{fmt.Sprint(value)}
}

// readEnvironment collects the CLAIMSIEVE_ variables, in lower case without
// the prefix.
func (a *app) readEnvironment() (*koanf.Koanf, error) {
	k := koanf.New("\x00") // no variable's name holds the delimiter: keys stay flat
	err := k.Load(env.Provider("\x00", env.Opt{
		Prefix:        envPrefix,
		EnvironFunc:   func() []string { return a.environ },
		TransformFunc: func(key, v string) (string, any) { return strings.ToLower(strings.TrimPrefix(key, envPrefix)), v },
	}), nil)
	if err != nil {
		return nil, usageError{fmt.Errorf("cannot read settings from the environment: %w", err)}
	}
	return k, nil
}

// testVariables are read by the project's tests and notebooks.
var testVariables = []string{"data", "python", "plots", "demo"}

// noteUnknownVariables tells of CLAIMSIEVE_ variables that no command knows.
// They are no error: they may belong to a newer program.
func (a *app) noteUnknownVariables(c *cobra.Command, env *koanf.Koanf) {
	var known []string
	for _, key := range settingKeys(c) {
		known = append(known, strings.NewReplacer(".", "_", "-", "_").Replace(key))
	}
	for _, name := range env.Keys() {
		if !slices.Contains(known, name) && !slices.Contains(testVariables, name) {
			a.note("claimsieve: the variable %s%s means nothing%s", envPrefix, strings.ToUpper(name), strings.Replace(strings.ToUpper(strictyaml.DidYouMean(name, known)), ", DID YOU MEAN \"", ", did you mean \""+envPrefix, 1))
		}
	}
}

// settingKeys are all keys that a settings file may hold.
func settingKeys(c *cobra.Command) []string {
	known := slices.Clone(globalSettings)
	var walk func(c *cobra.Command, prefix string)
	walk = func(c *cobra.Command, prefix string) {
		add := func(f *pflag.Flag) { known = append(known, prefix+f.Name) }
		c.LocalFlags().VisitAll(add)
		c.InheritedFlags().VisitAll(add)
		for _, child := range c.Commands() {
			walk(child, prefix+child.Name()+".")
		}
	}
	walk(c.Root(), "")
	return known
}

// refuseUnknown reports keys of the file that no command knows.
func (a *app) refuseUnknown(c *cobra.Command, k *koanf.Koanf) error {
	known := settingKeys(c)
	for _, key := range k.Keys() {
		if !slices.Contains(known, key) {
			return usageError{fmt.Errorf("cannot use key %q in %s: no command has it%s", key, a.configFile, strictyaml.DidYouMean(key, known))}
		}
	}
	return nil
}

// setting is one line of --print-config.
type setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	From  string `json:"from"`
}

func (a *app) showConfig(c *cobra.Command, origin map[string]string) error {
	var all []setting
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Name != "help" && f.Name != "print-config" {
			all = append(all, setting{f.Name, f.Value.String(), origin[f.Name]})
		}
	})
	c.RunE = func(*cobra.Command, []string) error {
		return a.print(map[string]any{"command": c.CommandPath(), "settings": all}, func() error {
			for _, s := range all {
				fmt.Fprintf(a.out, "%s: %q  # %s\n", s.Name, s.Value, s.From)
			}
			return nil
		})
	}
	return nil
}
