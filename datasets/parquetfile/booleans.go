package parquetfile

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/memory"
	"github.com/parquet-go/parquet-go/format"
)

// booleans assembles boolean arrays from pages.
type booleans struct {
	column *leaf
	bits   []byte
	n      int
	valid  validity
}

func (b *booleans) start(rows int) {
	b.bits, b.n = make([]byte, (rows+7)/8), 0
	b.valid.start(rows)
}

// take appends the next n rows of p and returns how many it took.
func (b *booleans) take(p *pageRows, n int) (int, error) {
	values := p.span(n)
	if b.column.logical.means == meansNull {
		if values > 0 {
			return 0, p.at(b.column.notNull(p.value))
		}
	} else if b.column.physical != format.Boolean {
		return 0, b.column.mismatch(wantBool)
	}
	var present []byte
	if values < n {
		present = p.present[p.row : p.row+n]
	}
	b.valid.add(p, n, values)
	if values > 0 {
		b.copy(p.data.Boolean(), p.value, present, n)
	}
	b.n += n
	p.advance(n, values)
	return n, nil
}

// copy sets the bits of n rows from the values at from on.
func (b *booleans) copy(src []byte, from int, present []byte, n int) {
	for i := range n {
		if present != nil && present[i] == 0 {
			continue
		}
		if src[from/8]>>(from%8)&1 != 0 {
			b.bits[(b.n+i)/8] |= 1 << ((b.n + i) % 8)
		}
		from++
	}
}

func (b *booleans) finish() arrow.Array {
	return makeArray(arrow.FixedWidthTypes.Boolean, b.n, &b.valid, memory.NewBufferBytes(b.bits))
}
