package text

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
)

// decoder reads the stored form. After the first fault it reads zeros.
type decoder struct {
	buf []byte
	at  int
	err error
}

// fail notes the first fault.
func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf("cannot read a stored index of narratives at byte %d: %s; build it again from the history", d.at, fmt.Sprintf(format, args...))
		d.at = len(d.buf)
	}
}

// bytes returns the next n bytes, nil after a fault.
func (d *decoder) bytes(n int) []byte {
	if n > len(d.buf)-d.at {
		d.fail("it ends %d bytes early", n-(len(d.buf)-d.at))
		return nil
	}
	d.at += n
	return d.buf[d.at-n : d.at]
}

func (d *decoder) u64() uint64 {
	if b := d.bytes(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// uvar returns a number of at most limit.
func (d *decoder) uvar(what string, limit uint64) uint64 {
	v, n := binary.Uvarint(d.buf[d.at:])
	if n <= 0 || v > limit {
		d.fail("%s is no number up to %d", what, limit)
		return 0
	}
	d.at += n
	return v
}

// count returns a number of elements that take at least so many bytes each, and
// so cannot be more than the rest of the input holds.
func (d *decoder) count(what string, each int) int {
	return int(d.uvar("the number of "+what, uint64((len(d.buf)-d.at)/each)))
}

// rising returns a number above the one before, unless it is the first.
func (d *decoder) rising(what string, before uint64, first bool) uint64 {
	v := d.u64()
	if !first && v <= before {
		d.fail("%s do not rise", what)
	}
	return v
}

func (d *decoder) place(owners int) place {
	return place{time: int64(d.u64()), id: int64(d.u64()), owner: uint32(d.uvar("an owner", uint64(owners)))}
}

// Decode reads what AppendBinary wrote. It takes any bytes: a fault is an error
// that names its place, and memory stays within a small multiple of the input.
// The index answers like the one that was stored.
func Decode(data []byte) (*Index, error) {
	const family = len("csnarr")
	if len(data) < len(magic)+4 || string(data[:family]) != magic[:family] {
		return nil, fmt.Errorf("cannot read a stored index of narratives: it does not begin with %q", magic)
	}
	if mark := string(data[:len(magic)]); mark != magic {
		return nil, fmt.Errorf("cannot read a stored index of narratives: its format is %q and this program reads %q; build it again from the history", mark, magic)
	}
	body := data[:len(data)-4]
	if crc32.Checksum(body, castagnoli) != binary.LittleEndian.Uint32(data[len(body):]) {
		return nil, fmt.Errorf("cannot read a stored index of narratives: its checksum is wrong; build it again from the history")
	}
	d := &decoder{buf: body, at: len(magic)}
	opt, horizon := d.options()
	if d.err != nil {
		return nil, d.err
	}
	x, err := New(opt)
	if err != nil {
		return nil, fmt.Errorf("cannot read a stored index of narratives: %w", err)
	}
	x.horizon = horizon
	x.stories = int(d.uvar("the number of stories", math.MaxInt32))
	x.decodeOwners(d)
	done := x.decodeBodies(d)
	x.decodeTold(d)
	x.decodeWindow(d)
	if opt.Keep > 0 {
		x.decodeRecent(d)
	} else {
		x.decodePhrases(d)
	}
	done()
	x.decodePending(d)
	if x.crowded() {
		d.fail("its hashes are none")
	}
	if d.at != len(d.buf) {
		d.fail("%d bytes follow the end", len(d.buf)-d.at)
	}
	if d.err != nil {
		return nil, d.err
	}
	return x, nil
}

// crowded says that keys were stored which no hash gives.
func (x *Index) crowded() bool {
	return x.owners.crowded || x.digests.crowded || x.told.crowded || x.phrases.table.crowded || x.recent.table.crowded || x.bands.crowded()
}

func (d *decoder) options() (Options, int64) {
	small := func(what string) int {
		v := d.u64()
		if v == 0 || v > 1<<30 {
			d.fail("option %s is %d", what, v)
			return 1
		}
		return int(v)
	}
	var o Options
	mode := d.u64()
	if mode > uint64(KeepDigits) {
		d.fail("option Digits is %d", mode)
	}
	o.Digits = Digits(mode)
	o.MaxRunes, o.MinRunes, o.Shingle = small("MaxRunes"), small("MinRunes"), small("Shingle")
	o.Bands, o.Rows = small("Bands"), small("Rows")
	o.Threshold = math.Float64frombits(d.u64())
	o.Reach = small("Reach")
	if o.Phrase = int(int64(d.u64())); o.Phrase != PhraseOff && (o.Phrase < 1 || o.Phrase > 1<<30) || o.Threshold == 0 {
		d.fail("option Phrase is %d, Threshold %v", o.Phrase, o.Threshold)
	}
	o.Tellers = small("Tellers")
	if o.Keep = int64(d.u64()); o.Keep < 0 {
		d.fail("option Keep is %d", o.Keep)
	}
	o.Seed = d.u64()
	return o, int64(d.u64())
}

func (x *Index) decodeOwners(d *decoder) {
	for i := range d.count("owners", 8) {
		code := d.u64()
		if x.owners.crowded || x.owners.get(code) != 0 {
			d.fail("owner %d is there twice or no hash", i+1)
		}
		if d.err != nil {
			return
		}
		x.owners.set(code, uint32(i+1))
	}
}

// story reads shingles, appended to dst, and a signature.
func (x *Index) story(d *decoder, dst []uint32) ([]uint32, []byte) {
	n := d.count("shingles", 4)
	if n == 0 || n > x.opt.MaxRunes {
		d.fail("a story has %d shingles", n)
		return dst, nil
	}
	from := len(dst)
	raw := d.bytes(4 * n)
	for i := 0; i < len(raw); i += 4 {
		v := binary.LittleEndian.Uint32(raw[i:])
		if len(dst) > from && v <= dst[len(dst)-1] {
			d.fail("shingles do not rise")
			return dst, nil
		}
		dst = append(dst, v)
	}
	return dst, d.bytes(x.stride)
}

func (x *Index) decodeTold(d *decoder) {
	key := uint64(0)
	n := d.count("tellings", 9)
	if n > 0 && x.opt.Keep > 0 {
		d.fail("it has tellings beside its window")
	}
	x.told.reserve(n)
	for i := range n {
		key = d.rising("tellings", key, i == 0)
		count := d.uvar("a number of tellings", math.MaxInt32)
		plain := unmix64(key)
		body, owner := plain>>32, plain&math.MaxUint32
		if d.err == nil && (body >= uint64(x.bodies.all.n) || owner == 0 || owner > uint64(x.owners.used) ||
			count == 0 || x.bodies.all.at(int(body)).again == 0 || count > uint64(x.bodies.tellings(x.bodies.all.at(int(body))).count)) {
			d.fail("telling %d is of no body or owner", i)
		}
		if x.told.crowded {
			d.fail("tellings have keys that are no hashes")
		}
		if d.err != nil {
			return
		}
		x.told.set(key, uint32(count))
	}
}

func (x *Index) decodePhrases(d *decoder) {
	hash, p := uint64(0), &x.phrases
	all := d.count("phrases", 9)
	p.table.reserve(all)
	for i := range all {
		hash = d.rising("phrases", hash, i == 0)
		n := d.uvar("a number of tellers", uint64(p.width()))
		if p.table.crowded {
			d.fail("phrases have hashes that are none")
		}
		if n == 0 && d.err == nil {
			p.table.set(hash, everybody)
		}
		for range n {
			owner := d.uvar("a teller", uint64(x.owners.used))
			if d.err != nil {
				return
			}
			p.tell(hash, uint32(owner))
		}
	}
}

func (x *Index) decodePending(d *decoder) {
	for range d.count("waiting stories", 26) {
		t := telling{id: int64(d.u64()), owner: d.u64(), digest: d.u64()}
		if flag := d.bytes(1); flag != nil && flag[0] == 1 {
			t.shingles, t.signature = x.story(d, nil)
		} else if flag != nil && (flag[0] != 0 || t.digest != 0 && (x.opt.Keep > 0 || x.digests.get(t.digest) == 0)) {
			d.fail("a waiting story has no signature")
		}
		n := d.count("phrases of a waiting story", 8)
		for i := range n {
			before := uint64(0)
			if i > 0 {
				before = t.phrases[i-1]
			}
			t.phrases = append(t.phrases, d.rising("phrases of a waiting story", before, i == 0))
			if d.err != nil {
				return
			}
		}
		x.pending = append(x.pending, t)
	}
}
