package synth

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"claimsieve/datasets"
	"claimsieve/datasets/parquetfile"
)

// TruthFile is the name of the file with the truth, in the dataset's folder
// but not in its dataset.yaml: a test or a demonstration opens it by name.
const TruthFile = "truth.parquet"

// Write simulates a portfolio and creates a dataset in dir, which must be new
// or empty as for [datasets.Create], with the truth beside it in [TruthFile].
// The tables of equal configurations have equal bytes. The folder appears at
// once or not at all: it is written beside dir, synced, and renamed. Tables are
// written part by part, so that memory holds the claims in a compact form and
// no table as a whole. progress, which may be nil, hears from time to time how
// much is done, last done == total; it is called from this goroutine.
func Write(ctx context.Context, dir string, cfg Config, progress func(done, total int)) error {
	if progress == nil {
		progress = func(int, int) {}
	}
	if err := cfg.Validate(); err != nil {
		return err
	}
	dir = filepath.Clean(dir)
	if err := refuseOccupied(dir); err != nil {
		return err
	}
	// The simulation counts as two fifths of the work, the tables as the rest.
	total := 5 * cfg.withDefaults().Claims
	s, err := simulate(ctx, cfg.withDefaults(), func(done int) { progress(done, total) })
	if err != nil {
		return err
	}
	part, err := s.frame(dir)
	if err != nil {
		return fmt.Errorf("cannot write simulated portfolio: %w", err)
	}
	if err = s.writeTables(ctx, part, func(done int) { progress(done, total) }); err == nil {
		err = moveInto(part, dir)
	}
	if err != nil {
		os.RemoveAll(part)
		return fmt.Errorf("cannot write simulated portfolio: %w", err)
	}
	progress(total, total)
	return nil
}

// refuseOccupied returns an error unless dir is absent or an empty folder.
func refuseOccupied(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("cannot write simulated portfolio: %w", err)
	case len(entries) > 0:
		return fmt.Errorf("cannot write simulated portfolio to %s: the folder is not empty (it holds %s); name another folder or remove this one first", dir, entries[0].Name())
	}
	return nil
}

// frame creates the dataset with empty tables in a new folder beside dir and
// returns its path.
func (s *simulation) frame(dir string) (string, error) {
	tables := map[string]*datasets.Table{}
	for _, t := range s.tables() {
		empty, err := t.empty()
		if err != nil {
			return "", err
		}
		tables[t.name] = empty
	}
	for n := range 1000 {
		part := filepath.Join(filepath.Dir(dir), fmt.Sprintf(".%s.part%d", filepath.Base(dir), n))
		if _, err := os.Lstat(part); err == nil {
			continue
		}
		return part, datasets.Create(part, specOf(s.cfg), tables)
	}
	return "", fmt.Errorf("a thousand unfinished folders .%s.part* lie in %s: remove them", filepath.Base(dir), filepath.Dir(dir))
}

// writeTables writes every table over its empty one, and the truth beside them.
func (s *simulation) writeTables(ctx context.Context, dir string, report func(done int)) error {
	done, all := 0, 0
	tables := append(s.tables(), s.truthTable())
	for _, t := range tables {
		all += t.share
	}
	for i := range tables {
		t := tables[i]
		tables[i] = nil // once written, the order of its rows is no longer needed
		err := t.write(ctx, dir, func(share float64) {
			written := (float64(done) + share*float64(t.share)) / float64(all)
			report(2*s.cfg.Claims + int(3*float64(s.cfg.Claims)*written))
		})
		if err != nil {
			return err
		}
		done += t.share
	}
	return nil
}

// moveInto renames the finished folder part to dir, durably. An empty dir is
// removed first; the removal fails when somebody has put something into it.
func moveInto(part, dir string) error {
	if err := os.Remove(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := os.Rename(part, dir); err != nil {
		return err
	}
	return parquetfile.SyncDir(filepath.Dir(dir))
}
