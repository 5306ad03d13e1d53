package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"claimsieve/datasets/strictyaml"
	"claimsieve/models"
	"claimsieve/models/registry"
	"claimsieve/train"
)

// writeText prints what a training published.
func (p *publishedModel) writeText(out io.Writer) error {
	if err := p.Metrics.WriteText(out); err != nil {
		return err
	}
	role := "champion"
	if !p.Champion {
		role = fmt.Sprintf("not in use; put it to work with: claimsieve model promote %s %d", p.Model, p.Version)
	}
	_, err := fmt.Fprintf(out, "published %s version %d with policy %d (%s)\nbundle %s at %s\n", p.Model, p.Version, p.Policy, role, p.Digest, p.Path)
	return err
}

func newModel(a *app) *cobra.Command {
	var dir string
	c := group("model", "versions of models: list, show, verify, promote, roll back",
		newModelList(a, &dir), newModelShow(a, &dir), newModelVerify(a, &dir), newModelPromote(a, &dir), newModelRollback(a, &dir))
	c.PersistentFlags().StringVar(&dir, "registry", "registry", "folder of the models")
	return c
}

// listedVersion is one line of model list.
type listedVersion struct {
	Model     string    `json:"model"`
	Version   int       `json:"version"`
	Aliases   []string  `json:"aliases"`
	Digest    string    `json:"digest"`
	Published time.Time `json:"published_at"`
	By        string    `json:"publisher"`
}

func newModelList(a *app, dir *string) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "all models with their versions and aliases",
		Example: "  claimsieve model list --registry registry",
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			versions, err := listVersions(*dir)
			if err != nil {
				return err
			}
			return a.print(map[string]any{"versions": versions}, func() error {
				w := table(a.out)
				fmt.Fprintln(w, "MODEL\tVERSION\tALIASES\tPUBLISHED\tBY\tDIGEST")
				for _, v := range versions {
					fmt.Fprintf(w, "%s\t%d\t%v\t%s\t%s\t%.12s\n", v.Model, v.Version, v.Aliases, v.Published.Format(time.RFC3339), v.By, v.Digest)
				}
				return w.Flush()
			})
		},
	}
}

func listVersions(dir string) ([]listedVersion, error) {
	reg, err := registry.OpenExisting(dir)
	if err != nil {
		return nil, err
	}
	names, err := reg.Names()
	if err != nil {
		return nil, err
	}
	out := []listedVersion{}
	for _, name := range names {
		versions, err := reg.Versions(name)
		if err != nil {
			return nil, err
		}
		aliases, err := reg.Aliases(name)
		if err != nil {
			return nil, err
		}
		for _, v := range versions {
			path, err := reg.Path(name, v.Number)
			if err != nil {
				return nil, err
			}
			manifest, err := models.ReadManifest(path)
			if err != nil {
				return nil, err
			}
			l := listedVersion{Model: name, Version: v.Number, Aliases: []string{}, Digest: manifest.Digest, Published: v.PublishedAt, By: v.Publisher}
			for _, alias := range slices.Sorted(maps.Keys(aliases)) {
				if aliases[alias].Version == v.Number {
					l.Aliases = append(l.Aliases, alias)
				}
			}
			out = append(out, l)
		}
	}
	return out, nil
}

// shownModel is what model show prints.
type shownModel struct {
	Manifest models.Manifest `json:"manifest"`
	Metrics  any             `json:"metrics"`
	Path     string          `json:"path"`
}

func newModelShow(a *app, dir *string) *cobra.Command {
	return &cobra.Command{
		Use:     "show NAME [VERSION]",
		Short:   "what a version was made from and what it measured (default: the champion)",
		Example: "  claimsieve model show motor 2",
		Args:    nameAndVersion,
		RunE: func(_ *cobra.Command, args []string) error {
			path, bundle, err := loadVersion(*dir, args)
			if err != nil {
				return err
			}
			shown := shownModel{Manifest: bundle.Manifest, Metrics: bundle.Metrics, Path: path}
			return a.print(shown, func() error {
				card, err := readCard(path)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(a.out, "%s\nbundle %s at %s\ndata %s, pipeline %s, %s\n", card, bundle.Manifest.Digest, path,
					bundle.Manifest.Lineage.DataDigest, bundle.Manifest.Lineage.PipelineDigest, bundle.Manifest.Lineage.Program)
				return err
			})
		},
	}
}

func newModelVerify(a *app, dir *string) *cobra.Command {
	return &cobra.Command{
		Use:     "verify NAME [VERSION]",
		Short:   "recompute every digest and the self-test of a version (default: the champion)",
		Example: "  claimsieve model verify motor",
		Args:    nameAndVersion,
		RunE: func(_ *cobra.Command, args []string) error {
			path, bundle, err := loadVersion(*dir, args)
			if err != nil {
				return err
			}
			return a.print(map[string]any{"path": path, "digest": bundle.Manifest.Digest, "verified": true}, func() error {
				_, err := fmt.Fprintf(a.out, "%s: %d files have their digests and the self-test passes; bundle %s\n", path, len(bundle.Manifest.Files), bundle.Manifest.Digest)
				return err
			})
		},
	}
}

// loadVersion loads NAME [VERSION] of the arguments.
func loadVersion(dir string, args []string) (string, *models.Bundle, error) {
	reg, err := registry.OpenExisting(dir)
	if err != nil {
		return "", nil, err
	}
	version, err := chosenVersion(reg, args[0], args[1:])
	if err != nil {
		return "", nil, err
	}
	path, err := reg.Path(args[0], version)
	if err != nil {
		return "", nil, err
	}
	bundle, err := models.Load(path)
	return path, bundle, err
}

// chosenVersion is the version that an argument names, or the champion's when
// there is no argument.
func chosenVersion(reg *registry.Registry, name string, args []string) (int, error) {
	if len(args) == 0 {
		target, err := champion(reg, name)
		return target.Version, err
	}
	version, err := strconv.Atoi(args[0])
	if err != nil {
		return 0, usageError{fmt.Errorf("cannot read version %q: want a whole number", args[0])}
	}
	return version, nil
}

// chosenTarget is [chosenVersion] with the champion's policy, or the newest of
// the version.
func chosenTarget(reg *registry.Registry, name string, args []string) (registry.Target, error) {
	if len(args) == 0 {
		return champion(reg, name)
	}
	version, err := chosenVersion(reg, name, args)
	if err != nil {
		return registry.Target{}, err
	}
	return newestPolicy(reg, name, version)
}

func champion(reg *registry.Registry, name string) (registry.Target, error) {
	if err := knownModel(reg, name); err != nil {
		return registry.Target{}, err
	}
	aliases, err := reg.Aliases(name)
	if err != nil {
		return registry.Target{}, err
	}
	if t, ok := aliases[registry.Champion]; ok {
		return t, nil
	}
	return registry.Target{}, fmt.Errorf("cannot choose a version of model %q: it has no champion; name a version, or promote one", name)
}

// knownModel refuses a name that the registry does not have, with those that
// it has.
func knownModel(reg *registry.Registry, name string) error {
	names, err := reg.Names()
	if err != nil {
		return err
	}
	if slices.Contains(names, name) {
		return nil
	}
	has := "it has none"
	if len(names) > 0 {
		has = "it has " + strings.Join(names, ", ")
	}
	return fmt.Errorf("cannot find model %q in registry %s: %s%s", name, reg.Dir(), has, strictyaml.DidYouMean(name, names))
}

func newModelPromote(a *app, dir *string) *cobra.Command {
	var alias string
	var pol int
	c := &cobra.Command{
		Use:     "promote NAME VERSION",
		Short:   "make a version the champion, after its digests and self-test have passed",
		Example: "  claimsieve model promote motor 2",
		Args:    exactly(2, "a model's name and a version"),
		RunE: func(_ *cobra.Command, args []string) error {
			reg, err := registry.OpenExisting(*dir)
			if err != nil {
				return err
			}
			target, err := chosenTarget(reg, args[0], args[1:])
			if errors.Is(err, errNoPolicy) {
				target, err = bindPolicy(reg.As(operator()), args[0], target.Version)
			}
			if err != nil {
				return err
			}
			if pol != 0 {
				target.Policy = pol
			}
			return a.setAlias(reg, args[0], alias, target)
		},
	}
	c.Flags().StringVar(&alias, "alias", registry.Champion, "champion, challenger, shadow or another alias")
	c.Flags().IntVar(&pol, "policy", 0, "policy to use (default: the newest of that version)")
	return c
}

func newModelRollback(a *app, dir *string) *cobra.Command {
	var alias string
	c := &cobra.Command{
		Use:   "rollback NAME",
		Short: "give an alias back to the version and policy that it had before",
		Long: `Undoes the last change of an alias. A rollback is a change too: rolled back twice,
the alias is where it was at first. To go further back, promote a version by number.`,
		Example: "  claimsieve model rollback motor",
		Args:    exactly(1, "a model's name"),
		RunE: func(_ *cobra.Command, args []string) error {
			reg, err := registry.OpenExisting(*dir)
			if err != nil {
				return err
			}
			target, err := reg.Previous(args[0], alias)
			if err != nil {
				return err
			}
			return a.setAlias(reg, args[0], alias, target)
		},
	}
	c.Flags().StringVar(&alias, "alias", registry.Champion, "champion, challenger, shadow or another alias")
	return c
}

// setAlias verifies the target as the server will, then moves the alias.
func (a *app) setAlias(reg *registry.Registry, name, alias string, target registry.Target) error {
	if err := moveAlias(reg, name, alias, target); err != nil {
		return err
	}
	return a.print(map[string]any{"model": name, "alias": alias, "version": target.Version, "policy": target.Policy}, func() error {
		_, err := fmt.Fprintf(a.out, "%s of %s is now version %d with policy %d\n", alias, name, target.Version, target.Policy)
		return err
	})
}

// moveAlias moves an alias to a target that a server could use at once. A
// model of shuffled labels is a check and never gets one.
func moveAlias(reg *registry.Registry, name, alias string, target registry.Target) error {
	// Any key will do: it decides who is audited, not whether the model works.
	m, err := models.OpenTarget(reg, name, target, []byte("any key verifies a model"), time.Now())
	if err != nil {
		return err
	}
	made, err := trainedWith(m.Bundle())
	if err != nil {
		return err
	}
	if made.ShuffleLabels {
		return fmt.Errorf("cannot give %s to version %d of model %q: its labels were shuffled, it is a check and not a model", alias, target.Version, name)
	}
	return reg.As(operator()).SetAlias(name, alias, target)
}

// trainedWith returns the settings that a bundle was trained with.
func trainedWith(b *models.Bundle) (train.Config, error) {
	var cfg train.Config
	if err := json.Unmarshal(b.Manifest.Lineage.Config, &cfg); err != nil {
		return cfg, fmt.Errorf("cannot read the settings of bundle %s: %w", b.Manifest.Digest, err)
	}
	return cfg, nil
}

func nameAndVersion(c *cobra.Command, args []string) error {
	if len(args) < 1 || len(args) > 2 {
		return usageError{fmt.Errorf("%s wants a model's name and perhaps a version; see %s --help", c.CommandPath(), c.CommandPath())}
	}
	return nil
}
