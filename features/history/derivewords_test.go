package history

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
	"claimsieve/features/expression"
)

// wordRecord has the same random words, some null and some empty, as texts
// (plain) and as a dictionary (coded).
func wordRecord(rng *rand.Rand, rows int) (arrow.Record, []string, []bool) {
	coded := &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	schema := arrow.NewSchema([]arrow.Field{{Name: "plain", Type: arrow.BinaryTypes.String, Nullable: true}, {Name: "coded", Type: coded, Nullable: true}}, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	words, there := make([]string, rows), make([]bool, rows)
	for i := range words {
		if there[i] = rng.IntN(5) > 0; !there[i] {
			b.Field(0).AppendNull()
			b.Field(1).AppendNull()
			continue
		}
		if n := rng.IntN(40); n > 0 {
			words[i] = fmt.Sprint("w", n)
		}
		b.Field(0).(*array.StringBuilder).Append(words[i])
		if err := b.Field(1).(*array.BinaryDictionaryBuilder).AppendString(words[i]); err != nil {
			panic(err)
		}
	}
	return b.NewRecord(), words, there
}

// TestWordsSplitRowsAsTheirColumn holds the codes of a bare column, of an
// expression that computes the same, and of words that share a key's codes,
// against the words themselves: rows have one code where they have one word, an
// empty word included, which alone has no code as a key.
func TestWordsSplitRowsAsTheirColumn(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	typeOf := func(string) (datasets.Type, bool) { return datasets.Text, true }
	for round := range 60 {
		rec, words, there := wordRecord(rng, 1+rng.IntN(300))
		column := []string{"plain", "coded"}[round%2]
		n := len(words)
		key, bare, computed, twin := make([]int32, n), make([]int32, n), make([]int32, n), make([]int32, n)
		shared, own, other := newDictionary(), newDictionary(), newDictionary()
		if err := deriveTwins(key, [][]int32{twin}, rec, column, shared); err != nil {
			t.Fatal(err)
		}
		for source, to := range map[string]struct {
			codes []int32
			in    *dictionary
		}{column: {bare, own}, column + " ?? " + column: {computed, other}} {
			program, err := expression.Compile(source, typeOf, []string{"plain", "coded"})
			if err != nil {
				t.Fatal(err)
			}
			if name, is := program.Bare(); is != (source == column) || is && name != column {
				t.Fatalf("%s is the bare column %q: %v", source, name, is)
			}
			if err := deriveWords(to.codes, rec, program, to.in, numbering); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(bare, computed) || !slices.Equal(bare, twin) {
			t.Fatalf("bare %v, computed %v, with a key %v", bare, computed, twin)
		}
		for i, code := range bare {
			if there[i] != (code >= 0) || there[i] && own.word(code) != words[i] {
				t.Fatalf("row %d is %q (%v) and has code %d", i, words[i], there[i], code)
			}
			if want := code; words[i] == "" && key[i] != -1 || words[i] != "" && key[i] != want {
				t.Fatalf("row %d is %q and has the key %d", i, words[i], key[i])
			}
		}
	}
}
