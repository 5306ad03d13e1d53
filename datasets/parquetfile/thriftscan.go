package parquetfile

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// The type codes of Thrift's compact protocol.
const (
	thriftStop   = 0
	thriftTrue   = 1
	thriftFalse  = 2
	thriftI8     = 3
	thriftI16    = 4
	thriftI32    = 5
	thriftI64    = 6
	thriftDouble = 7
	thriftBinary = 8
	thriftList   = 9
	thriftSet    = 10
	thriftMap    = 11
	thriftStruct = 12
	thriftUUID   = 13
)

// Estimated memory of one list element once decoded: the largest struct that
// this package decodes lists of takes under 256 bytes, other elements under 32.
const (
	thriftStructCost = 256
	thriftScalarCost = 32
)

const maxThriftDepth = 24

// errThriftShort says that the bytes end before the value does.
var errThriftShort = errors.New("it ends in the middle of a value")

// thriftScanner walks a value of Thrift's compact protocol without decoding
// it, so that list sizes and nesting are known to be sane before a decoder
// allocates for them.
type thriftScanner struct {
	data   []byte
	pos    int
	memory int64 // estimated memory of what was walked
	limit  int64 // bound on memory
}

// scanThriftStruct walks the struct that data begins with and returns its
// length, or an error when it is cut short (errThriftShort), nested too
// deeply, or would decode into more than limit bytes.
func scanThriftStruct(data []byte, limit int64) (int, error) {
	s := thriftScanner{data: data, limit: limit}
	if err := s.structure(0); err != nil {
		return s.pos, err
	}
	return s.pos, nil
}

func (s *thriftScanner) byte() (byte, error) {
	if s.pos >= len(s.data) {
		return 0, errThriftShort
	}
	b := s.data[s.pos]
	s.pos++
	return b, nil
}

func (s *thriftScanner) uvarint() (uint64, error) {
	v, n := binary.Uvarint(s.data[s.pos:])
	if n == 0 {
		return 0, errThriftShort
	}
	if n < 0 {
		return 0, fmt.Errorf("a number at byte %d is longer than 64 bits", s.pos)
	}
	s.pos += n
	return v, nil
}

func (s *thriftScanner) skip(n uint64) error {
	if n > uint64(len(s.data)-s.pos) {
		return errThriftShort
	}
	s.pos += int(n)
	return nil
}

func (s *thriftScanner) structure(depth int) error {
	if depth > maxThriftDepth {
		return fmt.Errorf("structures are nested more than %d deep", maxThriftDepth)
	}
	for {
		b, err := s.byte()
		if err != nil {
			return err
		}
		if b == thriftStop {
			return nil
		}
		if b>>4 == 0 { // the field's number follows instead of a difference
			if _, err := s.uvarint(); err != nil {
				return err
			}
		}
		if t := b & 0xf; t != thriftTrue && t != thriftFalse { // a boolean field is its type
			if err := s.value(t, depth); err != nil {
				return err
			}
		}
	}
}

func (s *thriftScanner) value(kind byte, depth int) error {
	switch kind {
	case thriftTrue, thriftFalse, thriftI8:
		return s.skip(1)
	case thriftI16, thriftI32, thriftI64:
		_, err := s.uvarint()
		return err
	case thriftDouble:
		return s.skip(8)
	case thriftUUID:
		return s.skip(16)
	case thriftBinary:
		n, err := s.uvarint()
		if err != nil {
			return err
		}
		return s.skip(n)
	case thriftList, thriftSet:
		return s.list(depth)
	case thriftMap:
		return s.mapping(depth)
	case thriftStruct:
		return s.structure(depth + 1)
	}
	return fmt.Errorf("type code %d at byte %d is unknown", kind, s.pos)
}

func (s *thriftScanner) list(depth int) error {
	b, err := s.byte()
	if err != nil {
		return err
	}
	size := uint64(b >> 4)
	if size == 15 {
		if size, err = s.uvarint(); err != nil {
			return err
		}
	}
	kind := b & 0xf
	if err := s.elements(size, kind); err != nil {
		return err
	}
	for range size {
		if err := s.value(kind, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (s *thriftScanner) mapping(depth int) error {
	size, err := s.uvarint()
	if err != nil || size == 0 {
		return err
	}
	b, err := s.byte()
	if err != nil {
		return err
	}
	if err := s.elements(size, thriftStruct); err != nil {
		return err
	}
	for range size {
		if err := s.value(b>>4, depth+1); err != nil {
			return err
		}
		if err := s.value(b&0xf, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// elements checks the size of a container against the bytes left and counts
// its memory.
func (s *thriftScanner) elements(size uint64, kind byte) error {
	if size > uint64(len(s.data)-s.pos) { // every element takes a byte at least
		return errThriftShort
	}
	cost := int64(thriftScalarCost)
	switch kind {
	case thriftStruct, thriftMap, thriftList, thriftSet:
		cost = thriftStructCost
	}
	s.memory += int64(size) * cost
	if s.memory > s.limit {
		return fmt.Errorf("a list of %d elements makes it larger than %d MiB when decoded", size, s.limit>>20)
	}
	return nil
}
