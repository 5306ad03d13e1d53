package features

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"
	"unsafe"

	"github.com/apache/arrow/go/v17/arrow"

	"claimsieve/datasets"
	"claimsieve/datasets/parquetfile"
)

// blockRows is how many rows a part hands to its file at a time. It is fixed,
// so that a file's pages do not depend on how claims were read.
const blockRows = 4096

// block is rows of a part: their keys end to end, instants and vectors.
type block struct {
	ids     []byte
	ends    []int32
	at      []int64
	columns [][]float64
}

func (b *block) rows() int { return len(b.at) }

// bytes is about what a block takes in memory.
func (b *block) bytes() int64 {
	return int64(len(b.ids)+12*cap(b.at)) + 8*int64(len(b.columns))*int64(cap(b.at))
}

func newBlock(columns int) *block {
	b := &block{ends: make([]int32, 0, blockRows), at: make([]int64, 0, blockRows), columns: make([][]float64, columns)}
	for j := range b.columns {
		b.columns[j] = make([]float64, 0, blockRows)
	}
	return b
}

// take appends rows from up to but without to of another block.
func (b *block) take(from *block, first, end int) {
	begin := int32(0)
	if first > 0 {
		begin = from.ends[first-1]
	}
	shift := int32(len(b.ids)) - begin
	b.ids = append(b.ids, from.ids[begin:from.ends[end-1]]...)
	for _, e := range from.ends[first:end] {
		b.ends = append(b.ends, e+shift)
	}
	b.at = append(b.at, from.at[first:end]...)
	for j := range b.columns {
		b.columns[j] = append(b.columns[j], from.columns[j][first:end]...)
	}
}

// part is the rows of one month.
type part struct {
	Part
	blocks []*block // all full but the last
	file   *os.File // blocks that did not fit into memory, before those that do
	taken  int
}

// take appends rows.
func (p *part) take(from *block, first, end, columns int) (grown int64) {
	p.taken += end - first
	for first < end {
		if len(p.blocks) == 0 || p.blocks[len(p.blocks)-1].rows() == blockRows {
			p.blocks = append(p.blocks, newBlock(columns))
			grown += p.blocks[len(p.blocks)-1].bytes()
		}
		last := p.blocks[len(p.blocks)-1]
		n := min(end-first, blockRows-last.rows())
		last.take(from, first, first+n)
		first += n
	}
	return grown
}

func (p *part) bytes() int64 {
	n := int64(0)
	for _, b := range p.blocks {
		n += b.bytes()
	}
	return n
}

// spill moves the blocks in memory into a file of the work folder.
func (p *part) spill(dir string) (err error) {
	if p.file == nil {
		if p.file, err = os.Create(filepath.Join(dir, "rows-"+p.Month)); err != nil {
			return fmt.Errorf("cannot spill vectors: %w", err)
		}
	}
	for _, b := range p.blocks {
		head := binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, uint32(b.rows())), uint32(len(b.ids)))
		pieces := [][]byte{head, b.ids, memoryOf(b.ends), memoryOf(b.at)}
		for _, c := range b.columns {
			pieces = append(pieces, memoryOf(c))
		}
		for _, piece := range pieces {
			if _, err := p.file.Write(piece); err != nil {
				return fmt.Errorf("cannot spill vectors: %w; free some disk or write elsewhere", err)
			}
		}
	}
	p.blocks = nil
	return nil
}

// memoryOf is the memory of a slice of numbers.
func memoryOf[T int32 | int64 | float64](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), len(s)*int(unsafe.Sizeof(s[0])))
}

// unspill reads the next block of the part's file, io.EOF after the last.
func (p *part) unspill(columns int) (*block, error) {
	var head [8]byte
	if _, err := io.ReadFull(p.file, head[:]); err != nil {
		return nil, err
	}
	n := int(binary.LittleEndian.Uint32(head[:]))
	b := &block{ids: make([]byte, binary.LittleEndian.Uint32(head[4:])), ends: make([]int32, n), at: make([]int64, n), columns: make([][]float64, columns)}
	pieces := [][]byte{b.ids, memoryOf(b.ends), memoryOf(b.at)}
	for j := range b.columns {
		b.columns[j] = make([]float64, n)
		pieces = append(pieces, memoryOf(b.columns[j]))
	}
	for _, piece := range pieces {
		if _, err := io.ReadFull(p.file, piece); err != nil {
			return nil, fmt.Errorf("cannot read spilled vectors: %w", errors.Join(err, io.ErrUnexpectedEOF))
		}
	}
	return b, nil
}

// all hands the part's rows over in blocks that are full but for the last.
func (p *part) all(columns int, each func(*block) error) error {
	if p.file == nil {
		for _, b := range p.blocks {
			if err := each(b); err != nil {
				return err
			}
		}
		return nil
	}
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("cannot read spilled vectors: %w", err)
	}
	room := newBlock(columns)
	pass := func(b *block) error {
		for from := 0; from < b.rows(); {
			n := min(b.rows()-from, blockRows-room.rows())
			room.take(b, from, from+n)
			if from += n; room.rows() == blockRows {
				if err := each(room); err != nil {
					return err
				}
				room = newBlock(columns)
			}
		}
		return nil
	}
	for {
		b, err := p.unspill(columns)
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err == nil {
			err = pass(b)
		}
		if err != nil {
			return err
		}
	}
	for _, b := range p.blocks {
		if err := pass(b); err != nil {
			return err
		}
	}
	if room.rows() > 0 {
		return each(room)
	}
	return nil
}

// close drops what was spilled.
func (p *part) close() error {
	if p.file == nil {
		return nil
	}
	return errors.Join(p.file.Close(), os.Remove(p.file.Name()))
}

// noMonth is the partition of claims without an instant.
const noMonth = "none"

// calendarMonth gives instants their month and remembers the last one.
type calendarMonth struct {
	begin, end int64
	name       string
}

func (c *calendarMonth) of(at int64) string {
	if at == datasets.NoTime {
		return noMonth
	}
	if c.name == "" || at < c.begin || at >= c.end {
		t := time.UnixMicro(at).UTC()
		first := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
		c.begin, c.end, c.name = first.UnixMicro(), first.AddDate(0, 1, 0).UnixMicro(), t.Format("2006-01")
	}
	return c.name
}

// writePart writes the file of a part that has all its rows.
func (b *build) writePart(p *part, schema *arrow.Schema) error {
	path := filepath.Join(b.out, filepath.FromSlash(p.Path))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	err := parquetfile.WriteSeq(path, schema, func(yield func(arrow.Record, error) bool) {
		err := p.all(len(b.indicators), func(rows *block) error {
			rec, err := b.record(schema, rows)
			if !yield(rec, err) {
				return errStopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(nil, err)
		}
	}, b.writeOptions())
	if err == nil {
		err = parquetfile.SyncDir(b.out)
	}
	if err == nil {
		p.SHA256, err = datasets.FileDigest(path)
	}
	p.blocks = nil
	return errors.Join(err, p.close())
}

func (b *build) writeOptions() parquetfile.WriteOptions {
	return parquetfile.WriteOptions{Codec: parquetfile.ZstdFast, RowGroupRows: 16 * blockRows, Metadata: b.manifest.metadata()}
}

// unfinished removes what a stopped build has left beside a part.
func unfinished(path string) error {
	found, err := filepath.Glob(filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".part*"))
	if err != nil {
		return fmt.Errorf("cannot clean up beside %s: %w", path, err)
	}
	for _, name := range slices.Sorted(slices.Values(found)) {
		if err := os.Remove(name); err != nil {
			return fmt.Errorf("cannot clean up beside %s: %w", path, err)
		}
	}
	return nil
}
