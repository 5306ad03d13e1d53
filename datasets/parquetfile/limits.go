package parquetfile

import "fmt"

// Bounds on what a file may claim. Files of real writers stay far below them;
// they exist so that a few hostile bytes cannot ask for gigabytes.
const (
	maxFooterBytes  = 64 << 20  // encoded footer
	maxFooterMemory = 128 << 20 // decoded footer, as estimated before decoding
	maxSchemaNodes  = 64 << 10
	maxSchemaDepth  = 64
	maxPageBytes    = 80 << 20 // one page, compressed or not; writers default to about 1 MiB
	maxPageValues   = 8 << 20  // values in one page
	maxPageHeader   = 4 << 20  // one page header; statistics can make them long
	maxFixedLength  = 32767    // bytes of a FIXED_LEN_BYTE_ARRAY, the library's own bound
	maxMemory       = 256 << 20
	runSlack        = 512 // values by which the last packed run may overshoot a page

	// batchRows is the number of rows of a full record. A record of a wide
	// schema has fewer, so that one batch takes at most about batchBytes.
	batchRows  = 65536
	batchBytes = 32 << 20
)

// budget counts the bytes that reading one file holds at a time.
type budget struct {
	limit, used int64
}

// take counts n more bytes or refuses them.
func (b *budget) take(n int64) error {
	if n < 0 || b.used+n > b.limit {
		return fmt.Errorf("reading it needs more than %d MiB at a time; if the file is sound, write it with smaller pages or row groups, or read fewer columns", b.limit>>20)
	}
	b.used += n
	return nil
}

// give returns n bytes.
func (b *budget) give(n int64) { b.used -= n }
