// Package text measures narratives: how long a story is, how much of it is
// digits, whether somebody told nearly the same story before, and which
// stretches of it were told before by others. It serves Chinese and English
// alike, because it counts runs of characters and never words. It is a numeric
// leaf: it takes strings, instants and owner codes and knows nothing of claims.
//
// # Normal form
//
// Stories are compared in a normal form (Normalise), so that a copy does not
// hide behind typing:
//
//  1. Every run of bytes that is not UTF-8 becomes one U+FFFD, which is then a
//     separator; the text counts as repaired.
//  2. Invisible characters (format characters, variation selectors, fillers)
//     vanish.
//  3. Unicode's NFKC: full-width letters become ASCII, half-width katakana
//     full-width, ligatures and circled digits their plain letters. Traditional
//     characters are not folded to simplified ones.
//  4. Lower case, rune by rune, and composed again where there are marks.
//  5. A run of anything that is not a letter, a mark or a number is a
//     separator. At both ends and beside a script written without spaces (Han,
//     kana, bopomofo, Thai, Lao, Khmer, Burmese) it vanishes, elsewhere it is one space.
//     A mark right after a separator or at the beginning vanishes.
//  6. Codes are masked as Digits says: two stories that differ in the amount,
//     the date or the plate are the same story.
//  7. What is longer than Options.MaxRunes is cut; the text counts as cut.
//
// # Near duplicates
//
// A story is the set of its k-shingles, every run of k runes in the normal
// form, hashed to 64 bits. The likeness of two stories is the Jaccard index of
// their sets. MinHash signatures (Broder 1997) estimate it, kept to 8 bits a
// permutation (Li and König 2010), and bands of the signature find the
// candidates (Indyk and Motwani 1998; Leskovec, Rajaraman and Ullman, Mining of
// Massive Datasets, 3.4). A candidate counts only after its Jaccard index was
// computed from the stored sets, which hold the high 32 bits of every hash:
// what is reported as a near duplicate is one (but for a collision of two
// hashes, which moves the index by less than 1e-5 even between the longest
// texts). What is missed is given by Options.Recall.
//
// # Time
//
// An Index sees what was known strictly before the instant of the question.
// Stories of one instant never see each other, and the order in which they were
// given changes nothing. Batch and online are the same calls; Batch only sorts.
//
// # Memory
//
// A story that was never told before costs 4 bytes a shingle, 1 byte a
// permutation, 32 bytes for its telling, 17 for its digest, and for each band 6
// bytes where no other story has its key and about 4 where one has. A new owner
// costs 17 bytes and a new phrase 16. A story told before in the same words costs
// the 17 bytes of its owner's count, whatever its length. BenchmarkBatch measures
// about 250 bytes a story for 200,000 simulated narratives of 28 runes, half of
// them told before in the same words, and less the more there are; 1,320 for
// narratives of 61 random runes, where nothing repeats and 770 of them are
// phrases.
//
// Options.Keep bounds the memory in a stream: what is older is forgotten
// exactly, and the index is built anew from the rest as soon as half of it is
// forgotten. Such an index holds 16 bytes more for every story that it keeps,
// and 16 more for a phrase that several stories have.
package text
