// Package parquetfile reads flat Parquet files into arrow records of wanted
// types and writes arrow records into Parquet files. It knows nothing of
// claims.
//
// Files are foreign bytes. The library below trusts what a file says about its
// own sizes, so nothing reaches it unvetted: this package reads the footer and
// every page header itself, holds all counts against each other and against
// the file's size, decompresses within the stated bounds, walks the encoded
// runs and blocks, and only then hands the page, by now plain and exact, to
// the library's page reader. What cannot be vetted is an error that names the
// file, the column and, where there is one, the row.
//
// Conversions on reading, by wanted arrow type:
//
//   - int64: every integer width. Unsigned 64-bit values above the int64 range,
//     and decimals and floats with a fraction, are errors.
//   - float64: integers, float16, float, double, decimals (nearest double).
//   - bool: boolean only.
//   - timestamp[us, UTC]: timestamps in ms, us, ns and INT96. Nanoseconds are
//     cut towards minus infinity, never rounded, so that an instant never
//     moves past a later one. Timestamps not adjusted to UTC carry no zone;
//     their wall-clock reading is taken as UTC. Dates are their midnight UTC.
//   - date32: dates only.
//   - utf8 and dictionary<int32, utf8>: strings, enums, JSON, and byte arrays
//     that are valid UTF-8 (anything else is an error with its row); UUIDs in
//     the usual 8-4-4-4-12 form.
//
// Nested and repeated columns, encrypted files, and the codecs LZ4, LZ4_RAW
// and LZO are refused with a clear message. Checksums of pages are verified
// wherever the file carries them.
//
// Memory: reading holds at most about twice the file's size plus 256 MiB at a
// time, whatever the file says of itself; see [File.Read] and [File.ReadAll].
package parquetfile
