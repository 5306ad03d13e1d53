package text

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestNormaliseByExample(t *testing.T) {
	for _, c := range []struct {
		digits   Digits
		in, want string
	}{
		{MaskCodes, "", ""},
		{MaskCodes, " ，。!? ", ""},
		{MaskCodes, "The  CAR,hit\ta wall.", "the car hit a wall"},
		{MaskCodes, "ＡＢＣ　ｄｅｆ", "abc def"},
		{MaskCodes, "追尾，前方 车辆。", "追尾前方车辆"},
		{MaskCodes, "撞上 BMW 车", "撞上bmw车"},
		{MaskCodes, "损失1,234.50元", "损失0元"},
		{MaskCodes, "损失８００元", "损失0元"},
		{MaskCodes, "于2024-01-02 12:30在路口", "于0 0在路口"},
		{MaskCodes, "车牌京A12345、沪B·67890和粤BD12345", "车牌0 0和0"},
		{MaskCodes, "model X5 hit b12x", "model 0 hit 0"},
		{MaskDigits, "京A12345", "京a0"},
		{KeepDigits, "京A·12345 1,5", "京a 12345 1 5"},
		{MaskCodes, "ｶﾞﾗｽ", "ガラス"},
		{MaskCodes, "ﬁre Ⅳ", "fire iv"},
		{MaskCodes, "Cafe\u0301 CAFÉ", "café café"},
		{MaskCodes, "车\u200b辆\ufe0f", "车辆"},
		{MaskCodes, "a\xff\xfeb", "a b"},
		{MaskCodes, "车\xe8\xbd撞", "车撞"},
		{MaskCodes, "ПРИВЕТ Мир", "привет мир"},
	} {
		if got := Normalise(c.in, c.digits); got != c.want {
			t.Errorf("Normalise(%q, %d) = %q, want %q", c.in, c.digits, got, c.want)
		}
	}
}

// What a typist changes without changing the story must not change the form.
func TestNormaliseForgetsTyping(t *testing.T) {
	base := "夜间标的车在路口追尾前方车辆，BMW X前保险杠受损1200元。已报警"
	want := Normalise(base, MaskCodes)
	for name, s := range map[string]string{
		"width": strings.Map(func(r rune) rune {
			if r > ' ' && r < 0x7F {
				return r + 0xFEE0
			}
			return r
		}, base),
		"case": strings.ToLower(base), "punctuation": strings.ReplaceAll(base, "，", " -- "),
		"amount": strings.ReplaceAll(base, "1200", "98,765.4"), "NFD": norm.NFD.String(base),
		"ends": "\n\t " + base + "!!", "joiner": strings.ReplaceAll(base, "追", "追\u2060"),
	} {
		if got := Normalise(s, MaskCodes); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// The quick way past NFKC must be NFKC.
func TestSimpleRunesNeedOnlyNarrowing(t *testing.T) {
	n := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) || !simple(string(r)) {
			continue
		}
		n++
		want := strings.ToLower(norm.NFKC.String(string(r)))
		got := string(narrow(r))
		sep := func(s string) bool {
			return strings.IndexFunc(s, unicode.IsLetter) < 0 && strings.IndexFunc(s, unicode.IsNumber) < 0
		}
		if got != want && !(sep(got) && sep(want)) {
			t.Fatalf("%U: narrow gives %q, NFKC %q", r, got, want)
		}
	}
	if n < 20000 {
		t.Fatalf("only %d runes are simple", n)
	}
}

func TestFingerprintCounts(t *testing.T) {
	x := mustNew(t, Options{MaxRunes: 64})
	f := x.Read(nil, "损失1200元，OK")
	if f.Runes != 9 || f.Digits != 4 || f.Cut || f.Repaired || f.Normal() != "损失0元ok" {
		t.Errorf("%d runes, %d digits, cut %v, repaired %v, %q", f.Runes, f.Digits, f.Cut, f.Repaired, f.Normal())
	}
	f = x.Read(f, strings.Repeat("车", 65))
	if !f.Cut || f.Runes != 64 {
		t.Errorf("cut %v, %d runes", f.Cut, f.Runes)
	}
	if f = x.Read(f, strings.Repeat("车", 64)); f.Cut {
		t.Error("a text of just MaxRunes is cut")
	}
	if f = x.Read(f, "a\xffb"); !f.Repaired {
		t.Error("a text that is not UTF-8 was not repaired")
	}
}

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"", "京A·12345，撞", "a\xff1.2", "J\u030c\u0323K", "\ufdfa\u0345", "12a.b3 4:5", "ﾊﾟ\u3099가", "\uff8a \uff9e0", strings.Repeat("\u0301", 100), "İ\u0307Σ", "ᾈ\u0345"} {
		f.Add(s, uint8(0))
		f.Add(s, uint8(1))
	}
	f.Fuzz(func(t *testing.T, s string, mode uint8) {
		d := Digits(mode % 3)
		once := Normalise(s, d)
		if !utf8.ValidString(once) || utf8.RuneCountInString(once) > 8192 || strings.TrimSpace(once) != once || strings.Contains(once, "  ") {
			t.Fatalf("Normalise(%q) = %q", s, once)
		}
		if again := Normalise(once, d); again != once {
			t.Fatalf("Normalise(%+q) = %+q, and of that %+q", s, once, again)
		}
	})
}
