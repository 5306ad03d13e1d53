package history

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"claimsieve/datasets"
	"claimsieve/datasets/parquetfile"
)

// Bytes per row and the like that a run takes, measured or counted; see
// [batch.inMemory].
const (
	wordBytes  = 28   // a word in a dictionary
	edgeBytes  = 24   // an edge of the claims graph
	storyBytes = 1200 // a narrative in an index, with its phrases
	sortBytes  = 24   // an event or a question while it is sorted and gathered
	textBytes  = 200  // a narrative's letters
)

// tableRows returns the number of rows of a table, from the footers of its
// files. A file that two entries match counts once.
func tableRows(d *datasets.Dataset, table string) (int64, error) {
	root, seen, rows := os.DirFS(d.Dir), map[string]bool{}, int64(0)
	for _, pattern := range d.Spec.Tables[table].Files {
		names := []string{path.Clean(pattern)}
		if _, err := fs.Stat(root, names[0]); err != nil {
			if names, err = fs.Glob(root, names[0]); err != nil {
				return 0, fmt.Errorf("cannot read table %q: %w", table, err)
			}
		}
		for _, name := range names {
			full := filepath.Join(d.Dir, filepath.FromSlash(name))
			if info, err := os.Stat(full); seen[name] || err == nil && !info.Mode().IsRegular() {
				continue
			}
			seen[name] = true
			file, err := parquetfile.Open(full)
			if err != nil {
				return 0, fmt.Errorf("cannot read table %q: %w", table, err)
			}
			rows += file.Rows()
			file.Close()
		}
	}
	return rows, nil
}

// rowBytes is what is derived of a row.
func (s *Source) rowBytes() int64 {
	n := 16 + 8*len(s.Stages) + 4*len(s.Keys) + 8*len(s.Values) + 4*len(s.Words)
	if s.Claim != "" {
		n += 4
	}
	if s.Labels {
		n++
	}
	if len(s.Wheres) > 0 {
		n += 8
	}
	return int64(n)
}

// inMemory estimates what a run that spills nothing takes, in bytes.
func (b *batch) inMemory() int64 {
	n := b.wordsBytes() + b.graphBytes() + b.storiesBytes()
	claims := b.rows[datasets.ClaimsTable]
	columns := b.plan.Answers + 1 + len(b.plan.Joins)
	largest := int64(0)
	for name, s := range b.plan.Sources {
		n += b.rows[name] * s.rowBytes()
	}
	for g := range b.plan.Groups {
		columns += len(b.plan.Groups[g].Aggregates)
		largest = max(largest, b.groupBytes(&b.plan.Groups[g]))
	}
	return n + 8*claims*int64(columns) + largest
}

// wordsBytes estimates the dictionaries: every second value is a new word.
func (b *batch) wordsBytes() int64 {
	n := b.rows[datasets.ClaimsTable] * wordBytes
	for name, s := range b.plan.Sources {
		n += b.rows[name] * int64(len(s.Keys)+len(s.Words)) * wordBytes / 3
	}
	return n
}

// groupBytes estimates the events and questions of a group, without what was
// derived.
func (b *batch) groupBytes(g *Group) int64 {
	event := int64(4 + 8 + 8 + 4 + sortBytes + 8*len(g.Values) + 4*len(g.Words))
	return b.rows[g.Of]*event*int64(max(1, len(g.Keys))) + b.rows[g.AskOf]*(4+8+4+sortBytes)
}

// graphBytes estimates the claims graph.
func (b *batch) graphBytes() int64 {
	n := int64(0)
	if b.plan.Graph != nil {
		for _, e := range b.plan.Graph.Edges {
			n += b.rows[e.Of] * edgeBytes
		}
	}
	return n
}

// storiesBytes estimates the largest index of narratives that keeps them for
// ever.
func (b *batch) storiesBytes() int64 {
	for i := range b.plan.Stories {
		if b.plan.Stories[i].Options.Keep == 0 {
			return b.rows[datasets.ClaimsTable] * (storyBytes + textBytes)
		}
	}
	return 0
}

// aggregatesAtOnce is how many aggregates over so many questions are answered
// in one sweep: their answers take up to a quarter of the memory.
func (b *batch) aggregatesAtOnce(questions int) int {
	each := 8 * (int64(questions) + b.rows[datasets.ClaimsTable])
	return int(max(1, b.opt.Memory/4/max(each, 1)))
}

// mayFit refuses a bound below what cannot be spilled.
func (b *batch) mayFit() error {
	claims := b.rows[datasets.ClaimsTable]
	refuse := func(what string, need int64, mend string) error {
		if need += 16 * claims; need <= b.opt.Memory {
			return nil
		}
		return fmt.Errorf("cannot compute %s of %d claims within %d MiB of memory: about %d MiB are needed; give more memory%s", what, claims, b.opt.Memory>>20, (need>>20)+1, mend)
	}
	if b.plan.Graph != nil {
		rows := int64(0)
		for _, r := range b.plan.runs() {
			rows += b.rows[r.table] * int64(20+4*len(r.edges))
		}
		if err := refuse("the claims graph", b.graphBytes()+rows+b.linkedBytes(), ", or name fewer columns under network: over"); err != nil {
			return err
		}
	}
	if err := refuse("narratives", b.storiesBytes(), ", or bound them with keep: 730d"); err != nil {
		return err
	}
	for g := range b.plan.Groups {
		group := &b.plan.Groups[g]
		if err := refuse("aggregates over "+group.Of, b.groupBytes(group), ""); err != nil {
			return err
		}
	}
	return refuse("indicators", b.wordsBytes(), "")
}

// linkedBytes estimates the dictionaries that the graph orders by.
func (b *batch) linkedBytes() int64 {
	n := b.rows[datasets.ClaimsTable] * wordBytes
	for _, e := range b.plan.Graph.Edges {
		n += b.rows[e.Of] * wordBytes / 3
	}
	return n
}
