package history

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"unsafe"
)

// spillFolder holds columns of fixed-width elements, one file each, which are
// appended to row by row and read back by row range. They are of this machine's
// byte order and never leave it.
//
// A column that has to outlive a kill is sealed: the file gets its length and
// checksum at the end and only then its name.
type spillFolder struct{ dir string }

const (
	spillBuffer = 64 << 10
	sealBytes   = 16 // magic, checksum, length
	sealMagic   = 0x4c414553
)

var sealTable = crc32.MakeTable(crc32.Castagnoli)

func (s spillFolder) path(name string) string { return filepath.Join(s.dir, name+".column") }

// spillWriter appends to a column.
type spillWriter struct {
	file *os.File
	out  *bufio.Writer
	size int64
	sum  uint32
}

// create begins a column, which has no name of its own before it is sealed.
func (s spillFolder) create(name string) (*spillWriter, error) {
	f, err := os.OpenFile(s.path(name)+".open", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot spill column %s: %w", name, err)
	}
	return &spillWriter{file: f, out: bufio.NewWriterSize(f, spillBuffer)}, nil
}

func (w *spillWriter) append(data []byte) error {
	w.size += int64(len(data))
	w.sum = crc32.Update(w.sum, sealTable, data)
	if _, err := w.out.Write(data); err != nil {
		return fmt.Errorf("cannot spill to %s: %w; free some disk or write elsewhere", w.file.Name(), err)
	}
	return nil
}

// close completes the column. With an error of the work it is removed.
func (w *spillWriter) close(s spillFolder, name string, failed error) error {
	if failed == nil {
		failed = w.append(seal(w.sum, w.size))
	}
	if e := w.out.Flush(); failed == nil && e != nil {
		failed = fmt.Errorf("cannot spill to %s: %w; free some disk or write elsewhere", w.file.Name(), e)
	}
	if e := w.file.Close(); failed == nil {
		failed = e
	}
	if failed == nil {
		failed = os.Rename(w.file.Name(), s.path(name))
	}
	if failed != nil {
		os.Remove(w.file.Name())
	}
	return failed
}

func seal(sum uint32, size int64) []byte {
	out := binary.LittleEndian.AppendUint32(nil, sealMagic)
	out = binary.LittleEndian.AppendUint32(out, sum)
	return binary.LittleEndian.AppendUint64(out, uint64(size))
}

// sealed says whether a whole column of the name and length is there, whatever
// stopped the program that wrote it.
func (s spillFolder) sealed(name string, size int64) bool {
	f, err := os.Open(s.path(name))
	if err != nil {
		return false
	}
	defer f.Close()
	sum, buffer, left := uint32(0), make([]byte, spillBuffer), size
	for left > 0 {
		n, err := io.ReadFull(f, buffer[:min(left, int64(len(buffer)))])
		if err != nil {
			return false
		}
		sum = crc32.Update(sum, sealTable, buffer[:n])
		left -= int64(n)
	}
	end, err := io.ReadAll(io.LimitReader(f, sealBytes+1))
	return err == nil && string(end) == string(seal(sum, size))
}

// write makes a column at once.
func (s spillFolder) write(name string, data []byte) error {
	w, err := s.create(name)
	if err != nil {
		return err
	}
	return w.close(s, name, w.append(data))
}

// read fills data with what stands at a place of a column.
func (s spillFolder) read(name string, data []byte, at int64) error {
	f, err := os.Open(s.path(name))
	if err == nil {
		_, err = f.ReadAt(data, at)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return fmt.Errorf("cannot read spilled column %s: %w", name, err)
	}
	return nil
}

func (s spillFolder) remove(name string) error {
	if err := os.Remove(s.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("cannot remove spilled column %s: %w", name, err)
	}
	return nil
}

// patch is a column that is written in any order and sealed at the end.
type patch struct {
	folder spillFolder
	name   string
	file   *os.File
	rows   int
}

// patch begins a column of so many missing values.
func (s spillFolder) patch(name string, rows int) (*patch, error) {
	f, err := os.OpenFile(s.path(name)+".open", os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot spill column %s: %w", name, err)
	}
	block := missing(min(rows, spillBuffer))
	for left := rows; left > 0 && err == nil; left -= len(block) {
		block = block[:min(left, len(block))]
		_, err = f.Write(bytesOf(block))
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("cannot spill column %s: %w; free some disk or write elsewhere", name, err)
	}
	return &patch{s, name, f, rows}, nil
}

// put writes values at ascending rows, those that follow each other at once.
func (p *patch) put(rows []int32, values []float64) error {
	for from := 0; from < len(rows); {
		to := from + 1
		for to < len(rows) && rows[to] == rows[to-1]+1 {
			to++
		}
		if _, err := p.file.WriteAt(bytesOf(values[from:to]), 8*int64(rows[from])); err != nil {
			return fmt.Errorf("cannot spill column %s: %w", p.name, err)
		}
		from = to
	}
	return nil
}

// close seals the column.
func (p *patch) close(failed error) error {
	sum, buffer := uint32(0), make([]byte, spillBuffer)
	for at, size := int64(0), 8*int64(p.rows); at < size && failed == nil; {
		var n int
		n, failed = p.file.ReadAt(buffer[:min(size-at, int64(len(buffer)))], at)
		sum = crc32.Update(sum, sealTable, buffer[:n])
		at += int64(n)
	}
	if failed == nil {
		_, failed = p.file.WriteAt(seal(sum, 8*int64(p.rows)), 8*int64(p.rows))
	}
	if e := p.file.Close(); failed == nil {
		failed = e
	}
	if failed == nil {
		failed = os.Rename(p.file.Name(), p.folder.path(p.name))
	}
	if failed != nil {
		os.Remove(p.file.Name())
	}
	return failed
}

// bytesOf is the memory of a slice.
func bytesOf[T any](s []T) []byte {
	if len(s) == 0 {
		return nil
	}
	size := int(unsafe.Sizeof(s[0]))
	if len(s) > math.MaxInt/size {
		panic("history: BUG: a slice is larger than memory")
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&s[0])), len(s)*size)
}
