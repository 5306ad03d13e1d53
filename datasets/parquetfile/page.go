package parquetfile

import (
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
)

// pageRows is a decoded page of a flat column and a position in it.
type pageRows struct {
	page    parquet.Page
	first   int64  // row of the file at which the page begins, from 0
	present []byte // 1 for a row with a value, 0 for null; nil when no row is null
	rows    int
	row     int // next row
	value   int // next value: nulls have none

	data  encoding.Values // values, or of a dictionary page nothing
	codes []int32         // indexes into the dictionary; nil when the page has none
	words int             // entries of that dictionary
}

// pageStream reads the pages of a column chunk one after the other.
type pageStream struct {
	pages  *parquet.FilePages
	vetted *vettedChunk
	row    int64 // row of the file at which the next page begins
}

// next returns the next page with rows, or io.EOF.
func (s *pageStream) next() (*pageRows, error) {
	page, err := s.pages.ReadPage()
	if err != nil {
		return nil, err
	}
	p := &pageRows{page: page, first: s.row, rows: int(page.NumRows())}
	if s.vetted.column.optional {
		p.present = page.DefinitionLevels()
		if len(p.present) != p.rows {
			return nil, fmt.Errorf("BUG: a page of %d rows has %d definition levels", p.rows, len(p.present))
		}
	}
	if dictionary := page.Dictionary(); dictionary != nil {
		codes := page.Data()
		p.codes, p.words = codes.Int32(), dictionary.Len()
		for i, c := range p.codes {
			if c < 0 || int(c) >= p.words {
				return nil, fmt.Errorf("row %d uses entry %d of a dictionary of %d", p.rowOf(i)+1, uint32(c), p.words)
			}
		}
	} else {
		p.data = page.Data()
	}
	s.row += int64(p.rows)
	return p, nil
}

// close lets go of the library's buffers and of the budget.
func (s *pageStream) close() {
	s.pages.Close()
	s.vetted.close()
}

// rowOf returns the row of the file, from 0, that holds value i of the page.
func (p *pageRows) rowOf(value int) int64 {
	if p.present == nil {
		return p.first + int64(value)
	}
	for row, x := range p.present {
		if x != 0 {
			if value == 0 {
				return p.first + int64(row)
			}
			value--
		}
	}
	return p.first + int64(p.rows)
}

// span returns the number of values among the next n rows.
func (p *pageRows) span(n int) int {
	if p.present == nil {
		return n
	}
	values := 0
	for _, x := range p.present[p.row : p.row+n] {
		values += int(x)
	}
	return values
}

// entry returns where value i stands: in the dictionary or in the page.
func (p *pageRows) entry(i int) int {
	if p.codes != nil {
		return int(p.codes[i])
	}
	return i
}

// advance moves over n rows that hold the given number of values.
func (p *pageRows) advance(n, values int) {
	p.row += n
	p.value += values
}

// at turns the fault of a value into an error that names its row, counted from 1.
func (p *pageRows) at(f *valueFault) error {
	return fmt.Errorf("row %d: %s", p.rowOf(f.index)+1, f.text)
}

// ended is the error of a column chunk that has fewer rows than its row group.
func ended(err error) error {
	if err == io.EOF {
		return fmt.Errorf("it ends before its row group does")
	}
	return err
}
