package parquetfile

import (
	"encoding/binary"
	"fmt"

	"github.com/parquet-go/parquet-go/format"
)

// rows checks the number of values that a page claims: one per row.
func (v *vettedChunk) rows(claimed int32) (int, error) {
	if claimed < 0 || int64(claimed) > v.left {
		return 0, fmt.Errorf("it claims %d rows, the row group has %d left", claimed, v.left)
	}
	if claimed > maxPageValues {
		return 0, fmt.Errorf("it claims %d rows; pages of up to %d are read, write the file with smaller ones", claimed, maxPageValues)
	}
	return int(claimed), nil
}

func (v *vettedChunk) dataPageV1(h *format.PageHeader, data []byte) error {
	if !h.DataPageHeader.Valid {
		return fmt.Errorf("it is a data page without a data page header")
	}
	d := &h.DataPageHeader.V
	rows, err := v.rows(d.NumValues)
	if err != nil || rows == 0 {
		return err
	}
	data, err = v.unpack.decompress(v.codec, data, int(h.UncompressedPageSize))
	if err != nil {
		return err
	}
	present, levels := rows, []byte(nil)
	if v.column.optional {
		if d.DefinitionLevelEncoding != format.RLE {
			return fmt.Errorf("its definition levels are encoded as %s, which is not read here", d.DefinitionLevelEncoding)
		}
		if len(data) < 4 || uint64(binary.LittleEndian.Uint32(data)) > uint64(len(data)-4) {
			return fmt.Errorf("its definition levels are longer than the page")
		}
		size := int(binary.LittleEndian.Uint32(data))
		if present, levels, err = vetLevels(data[4:4+size], rows); err != nil {
			return err
		}
		data = data[4+size:]
	}
	vals, err := vetValues(v.column, d.Encoding, data, present, v.dictionary)
	if err != nil {
		return err
	}
	return v.emit(rows, levels, vals)
}

func vetLevels(data []byte, rows int) (int, []byte, error) {
	present, size, err := scanLevels(data, rows)
	if err != nil {
		return 0, nil, err
	}
	return present, data[:size], nil
}

func (v *vettedChunk) dataPageV2(h *format.PageHeader, data []byte) error {
	if !h.DataPageHeaderV2.Valid {
		return fmt.Errorf("it is a data page without a data page header")
	}
	d := &h.DataPageHeaderV2.V
	rows, err := v.rows(d.NumValues)
	if err != nil || rows == 0 {
		return err
	}
	if d.NumRows != d.NumValues {
		return fmt.Errorf("it claims %d rows and %d values in a flat column", d.NumRows, d.NumValues)
	}
	// A flat column has no repetition levels; some writers write them.
	skip, deep := d.RepetitionLevelsByteLength, d.DefinitionLevelsByteLength
	if skip < 0 || deep < 0 || int64(skip)+int64(deep) > int64(len(data)) || int64(skip)+int64(deep) > int64(h.UncompressedPageSize) {
		return fmt.Errorf("its levels claim %d and %d of its %d bytes", skip, deep, len(data))
	}
	present, levels := rows, []byte(nil)
	if v.column.optional {
		if present, levels, err = vetLevels(data[skip:skip+deep], rows); err != nil {
			return err
		}
	}
	if rows-present != int(d.NumNulls) {
		return fmt.Errorf("it claims %d nulls, its levels say %d", d.NumNulls, rows-present)
	}
	data = data[skip+deep:]
	if !d.IsCompressed.Valid || d.IsCompressed.V {
		if data, err = v.unpack.decompress(v.codec, data, int(h.UncompressedPageSize-skip-deep)); err != nil {
			return err
		}
	}
	vals, err := vetValues(v.column, d.Encoding, data, present, v.dictionary)
	if err != nil {
		return err
	}
	return v.emit(rows, levels, vals)
}

func (v *vettedChunk) dictionaryPage(h *format.PageHeader, data []byte) error {
	if !h.DictionaryPageHeader.Valid {
		return fmt.Errorf("it is a dictionary page without a dictionary page header")
	}
	d := &h.DictionaryPageHeader.V
	if v.dictionary >= 0 {
		return fmt.Errorf("it is a second dictionary")
	}
	if d.NumValues < 0 || d.NumValues > maxPageValues {
		return fmt.Errorf("its dictionary claims %d entries, 0 to %d are possible", d.NumValues, maxPageValues)
	}
	if d.Encoding != format.Plain && d.Encoding != plainDictionary {
		return fmt.Errorf("its dictionary is encoded as %s, want PLAIN", d.Encoding)
	}
	if v.column.physical == format.Boolean {
		return fmt.Errorf("it is a dictionary of booleans")
	}
	data, err := v.unpack.decompress(v.codec, data, int(h.UncompressedPageSize))
	if err != nil {
		return err
	}
	vals, err := vetPlain(v.column, data, int(d.NumValues))
	if err != nil {
		return err
	}
	// The library's dictionary, and what the conversion to the wanted type adds.
	if err := v.budget.take(2*int64(len(vals.data)) + 16*int64(d.NumValues)); err != nil {
		return err
	}
	v.kept = 2*int64(len(vals.data)) + 16*int64(d.NumValues)
	v.dictionary = int(d.NumValues)
	header := format.PageHeader{Type: format.DictionaryPage, UncompressedPageSize: int32(len(vals.data)), CompressedPageSize: int32(len(vals.data))}
	header.DictionaryPageHeader.Set(format.DictionaryPageHeader{NumValues: d.NumValues, Encoding: format.Plain})
	if err := v.startWith(&header); err != nil {
		return err
	}
	v.parts = [][]byte{v.lead, vals.data}
	return nil
}
