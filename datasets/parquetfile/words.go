package parquetfile

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"
)

// words assembles dictionary<int32, utf8> arrays from pages. As long as an
// array's rows come from dictionary pages, it shares the chunk's dictionary as
// it stands in the file; an array with rows from plain pages gets a dictionary
// of its own, with the words in the order in which they appear.
type words struct {
	column *leaf
	limit  int // bytes of words after which an array takes no more rows
	codes  []int32
	valid  validity

	chunk   *array.String // the chunk's dictionary
	entries *textSource   // the same, as in the file
	bad     []bool        // entries that are no text, which matters only when one is used
	page    *pageRows     // the page that src belongs to
	src     *textSource   // its values
	own     *wordList     // the array's own dictionary; nil while the chunk's is shared
	renamed []int32       // code in own of each entry of the chunk's dictionary, -1 when it has none
}

func (b *words) start(rows int) {
	b.codes = make([]int32, 0, rows)
	b.own, b.renamed = nil, nil
	b.valid.start(rows)
}

// take appends up to n rows of p and returns how many it took: fewer when the
// array's own dictionary has grown to its bound, but at least one.
func (b *words) take(p *pageRows, n int) (int, error) {
	if err := b.open(p); err != nil {
		return 0, err
	}
	if p.codes == nil && p.span(n) > 0 && b.own == nil {
		b.disown()
	}
	if p.codes != nil && b.own == nil && b.bad == nil {
		b.share(p, n)
		return n, nil
	}
	value, rows := p.value, 0
	for ; rows < n && (b.own == nil || len(b.own.data) < b.limit || len(b.codes) == 0); rows++ {
		if p.present != nil && p.present[p.row+rows] == 0 {
			b.codes = append(b.codes, 0)
			continue
		}
		code, f := b.code(p, value)
		if f != nil {
			return 0, p.at(f)
		}
		b.codes = append(b.codes, code)
		value++
	}
	b.valid.add(p, rows, value-p.value)
	p.advance(rows, value-p.value)
	return rows, nil
}

// share appends n rows of a dictionary page as they are.
func (b *words) share(p *pageRows, n int) {
	values := p.span(n)
	from := len(b.codes)
	b.codes = b.codes[:from+n]
	copy(b.codes[from:], p.codes[p.value:p.value+values])
	if values < n {
		spread(b.codes[from:], values, p.present[p.row:p.row+n])
	}
	b.valid.add(p, n, values)
	p.advance(n, values)
}

// code returns the code of a page's value in the array's dictionary.
func (b *words) code(p *pageRows, value int) (int32, *valueFault) {
	if p.codes == nil {
		return b.own.of(b.src, value, value)
	}
	c := p.codes[value]
	if b.bad != nil && b.bad[c] {
		_, f := b.entries.word(nil, int(c))
		return 0, &valueFault{value, f.text}
	}
	if b.own == nil {
		return c, nil
	}
	if b.renamed[c] < 0 {
		code, f := b.own.of(b.entries, int(c), value)
		if f != nil {
			return 0, f
		}
		b.renamed[c] = code
	}
	return b.renamed[c], nil
}

// disown gives the array a dictionary of its own and renames the codes that it
// has so far.
func (b *words) disown() {
	b.own = newWordList()
	if b.chunk == nil {
		return
	}
	b.renamed = make([]int32, b.chunk.Len())
	for i := range b.renamed {
		b.renamed[i] = -1
	}
	for i, c := range b.codes {
		if b.valid.bits != nil && b.valid.bits[i/8]>>(i%8)&1 == 0 {
			continue
		}
		if b.renamed[c] < 0 {
			b.renamed[c] = b.own.add(b.chunk.Value(int(c)))
		}
		b.codes[i] = b.renamed[c]
	}
}

func (b *words) open(p *pageRows) (err error) {
	if b.page == p {
		return nil
	}
	b.page = p
	if p.codes == nil {
		b.src, err = b.column.textOf(p.data, wantDictionary)
		return err
	}
	if b.entries != nil {
		return nil
	}
	if b.entries, err = b.column.textOf(p.page.Dictionary().Page().Data(), wantDictionary); err != nil {
		return err
	}
	list := wordList{offsets: make([]int32, 1, p.words+1)}
	for i := range p.words {
		var f *valueFault
		if list.data, f = b.entries.word(list.data, i); f != nil {
			if b.bad == nil {
				b.bad = make([]bool, p.words)
			}
			b.bad[i] = true
		}
		list.offsets = append(list.offsets, int32(len(list.data)))
	}
	b.chunk = list.array()
	return nil
}

func (b *words) finish() arrow.Array {
	dictionary := b.chunk
	if b.own != nil {
		dictionary = b.own.array()
	}
	if dictionary == nil { // every row is null
		dictionary = (&wordList{offsets: []int32{0}}).array()
	}
	t := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	indices := makeArray(arrow.PrimitiveTypes.Int32, len(b.codes), &b.valid, int32Buffer(b.codes))
	defer indices.Release()
	return array.NewDictionaryArray(t, indices, dictionary)
}

// wordList is a growing dictionary.
type wordList struct {
	data    []byte
	offsets []int32
	codes   map[string]int32
	scratch []byte
}

func newWordList() *wordList {
	return &wordList{offsets: []int32{0}, codes: map[string]int32{}}
}

// of returns the code of value i of src, which it adds when it is new. A fault
// names the value of the page that asked.
func (l *wordList) of(src *textSource, i, asked int) (int32, *valueFault) {
	word, f := src.word(l.scratch[:0], i)
	if f != nil {
		return 0, &valueFault{asked, f.text}
	}
	l.scratch = word
	if code, ok := l.codes[string(word)]; ok {
		return code, nil
	}
	return l.add(string(word)), nil
}

// add returns the code of word.
func (l *wordList) add(word string) int32 {
	if code, ok := l.codes[word]; ok {
		return code
	}
	code := int32(len(l.offsets) - 1)
	l.codes[word] = code
	l.data = append(l.data, word...)
	l.offsets = append(l.offsets, int32(len(l.data)))
	return code
}

// array returns the words as an arrow array, without copying them.
func (l *wordList) array() *array.String {
	data := array.NewData(arrow.BinaryTypes.String, len(l.offsets)-1, []*memory.Buffer{nil, int32Buffer(l.offsets), memory.NewBufferBytes(l.data)}, nil, 0, 0)
	defer data.Release()
	return array.NewStringData(data)
}
