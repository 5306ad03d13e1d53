package parquetfile

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// decompressor undoes page compression within bounds: no codec gets to
// allocate by what the compressed bytes claim. Its buffers are used again by
// the next page, of whichever column.
type decompressor struct {
	budget *budget
	body   []byte // compressed page
	plain  []byte // decompressed page
	source bytes.Reader
	gzip   *gzip.Reader
	brotli *brotli.Reader
}

// codecRefusal says why a codec cannot be read, "" when it can.
func codecRefusal(codec format.CompressionCodec) string {
	const mend = "write the file with zstd, snappy, gzip, brotli or none"
	switch codec {
	case format.Uncompressed, format.Snappy, format.Gzip, format.Brotli, format.Zstd:
		return ""
	case format.Lz4, format.Lz4Raw, format.LZO:
		return fmt.Sprintf("it is compressed with %s, which is not read here; %s", codec, mend)
	}
	return fmt.Sprintf("its codec %d is unknown; %s", int32(codec), mend)
}

// decompress returns the size bytes that data stands for, or an error when it
// stands for any other number of bytes. The result is valid until the next
// call. size must be within maxPageBytes.
func (d *decompressor) decompress(codec format.CompressionCodec, data []byte, size int) ([]byte, error) {
	if size == 0 && len(data) == 0 {
		return nil, nil // some writers leave an empty page uncompressed
	}
	if codec == format.Uncompressed {
		if len(data) != size {
			return nil, fmt.Errorf("an uncompressed page has %d bytes, its header says %d", len(data), size)
		}
		return data, nil
	}
	dst, err := d.scratch(&d.plain, size)
	if err != nil {
		return nil, err
	}
	out, err := d.decode(codec, dst, data)
	if err != nil {
		return nil, fmt.Errorf("cannot decompress %s: %w", codec, err)
	}
	if len(out) != size {
		return nil, fmt.Errorf("cannot decompress %s: the page has %d bytes, its header says %d", codec, len(out), size)
	}
	return out, nil
}

// scratch returns size bytes of a buffer, which it grows when it is too small.
func (d *decompressor) scratch(buffer *[]byte, size int) ([]byte, error) {
	if have := cap(*buffer); have < size || have == 0 {
		want := max(size, 64<<10)
		if err := d.budget.take(int64(want - have)); err != nil {
			return nil, err
		}
		*buffer = make([]byte, want)
	}
	return (*buffer)[:size], nil
}

func (d *decompressor) decode(codec format.CompressionCodec, dst, data []byte) ([]byte, error) {
	switch codec {
	case format.Snappy:
		if n, k := binary.Uvarint(data); k <= 0 || n != uint64(len(dst)) {
			return nil, fmt.Errorf("the block claims %d bytes, the page header %d", n, len(dst))
		}
		return parquet.Snappy.Decode(dst, data)
	case format.Zstd:
		if err := boundZstd(data, len(dst)); err != nil {
			return nil, err
		}
		return parquet.Zstd.Decode(dst, data)
	case format.Gzip:
		return d.gunzip(dst, data)
	case format.Brotli:
		d.source.Reset(data)
		if d.brotli == nil {
			d.brotli = brotli.NewReader(&d.source)
		} else if err := d.brotli.Reset(&d.source); err != nil {
			return nil, err
		}
		return fill(d.brotli, dst)
	}
	return nil, fmt.Errorf("BUG: codec %s passed the check of codecs", codec)
}

func (d *decompressor) gunzip(dst, data []byte) ([]byte, error) {
	d.source.Reset(data)
	if d.gzip == nil {
		z, err := gzip.NewReader(&d.source)
		if err != nil {
			return nil, err
		}
		d.gzip = z
	} else if err := d.gzip.Reset(&d.source); err != nil {
		return nil, err
	}
	return fill(d.gzip, dst)
}

// fill reads exactly len(dst) bytes from r and refuses a stream that has more.
func fill(r io.Reader, dst []byte) ([]byte, error) {
	n, err := io.ReadFull(r, dst)
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		return nil, fmt.Errorf("the stream has %d bytes, the page header says %d", n, len(dst))
	}
	if err != nil {
		return nil, err
	}
	var more [1]byte
	switch n, err := io.ReadFull(r, more[:]); {
	case n > 0:
		return nil, fmt.Errorf("the stream has more than the %d bytes of the page header", len(dst))
	case err != io.EOF:
		return nil, err
	}
	return dst, nil
}
