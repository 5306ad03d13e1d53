package history

import (
	"fmt"
	"os"

	"github.com/apache/arrow/go/v17/arrow"

	"claimsieve/datasets"
)

// storyTexts are the words of a text column: in memory, or end to end in a
// file, from which they are read in the order of time.
type storyTexts struct {
	words []string
	file  *os.File
	ends  []int64 // where each ends in the file
}

const textName = "narrative"

// storyTexts reads a text column of the claims.
func (b *batch) storyTexts(column string) (*storyTexts, error) {
	n := &storyTexts{}
	if b.spilled == nil {
		table, err := b.data.Table(datasets.ClaimsTable, column)
		if err != nil {
			return nil, err
		}
		n.words, err = table.Strings(column)
		return n, err
	}
	w, err := b.folder().create(textName)
	if err != nil {
		return nil, err
	}
	n.ends = make([]int64, 0, len(b.out.At))
	err = w.close(b.folder(), textName, b.data.Scan(datasets.ClaimsTable, []string{column}, func(rec arrow.Record) error {
		word, err := datasets.WordReader(rec.Column(0))
		if err != nil {
			return fmt.Errorf("cannot read column %q as text: %w", column, err)
		}
		for i := range int(rec.NumRows()) {
			text, _ := word(i)
			if err := w.append([]byte(text)); err != nil {
				return err
			}
			n.ends = append(n.ends, w.size)
		}
		return nil
	}))
	if err == nil {
		n.file, err = os.Open(b.folder().path(textName))
	}
	return n, err
}

func (n *storyTexts) span(row int) (from, to int64) {
	if row > 0 {
		from = n.ends[row-1]
	}
	return from, n.ends[row]
}

func (n *storyTexts) empty(row int) bool {
	if n.file == nil {
		return n.words[row] == ""
	}
	from, to := n.span(row)
	return from == to
}

// read fills dst with the words of rows; those that lie together are read at
// once.
func (n *storyTexts) read(dst []string, rows []int32) error {
	if n.file == nil {
		for i, row := range rows {
			dst[i] = n.words[row]
		}
		return nil
	}
	for i := 0; i < len(rows); {
		end := i + 1
		for end < len(rows) && rows[end] == rows[end-1]+1 {
			end++
		}
		from, _ := n.span(int(rows[i]))
		_, to := n.span(int(rows[end-1]))
		run := make([]byte, to-from)
		if _, err := n.file.ReadAt(run, from); err != nil {
			return fmt.Errorf("cannot read spilled narratives: %w", err)
		}
		all := string(run)
		for ; i < end; i++ {
			a, z := n.span(int(rows[i]))
			dst[i] = all[a-from : z-from]
		}
	}
	return nil
}

// close removes the file.
func (n *storyTexts) close() {
	if n.file != nil {
		n.file.Close()
		os.Remove(n.file.Name())
	}
}
