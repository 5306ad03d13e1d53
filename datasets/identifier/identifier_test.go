package identifier

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// genuine are examples of the standards and public test numbers.
var genuine = map[Kind][]string{
	IDNumber: {
		"11010519491231002X", "440524188001010014", // the examples of GB 11643-1999
	},
	VIN: {
		"11111111111111111", "1M8GDM9AXKP042788", // the examples of 49 CFR 565 and of its explanations
		"WVWZZZ1JZXW000001", // a European number: no check digit in place 9
	},
	Plate: {
		"京A12345", "粤B1C2D3", "沪AD12345", "浙AFA1234", "京AA12345", "苏E12345D", "京A12345F",
		"京A1234警", "京A1234学", "冀B12AB挂", "粤Z1234港", "粤Z12A4澳", "沪A0023领", "014578使", "使014578", "京A1234试", "京A1234超", "京X1234应急",
	},
	CreditCode: {
		"91350100M000100Y43", // the example of GB 32100-2015
	},
	BankCard: {
		"4111111111111111", "5555555555554444", "6011111111111117", "6200000000000005", "6205500000000000004", "4222222222222",
	},
	Mobile: {"13800138000", "19912345678"},
}

func TestGenuineNumbersPass(t *testing.T) {
	for kind, texts := range genuine {
		for _, text := range texts {
			if err := Check(kind, text); err != nil {
				t.Error(err)
			}
		}
	}
	if !luhn("79927398713") || luhn("79927398710") {
		t.Error("the textbook example of the Luhn formula fails")
	}
}

func TestWrongNumbersFailWithTheirReason(t *testing.T) {
	for _, c := range []struct {
		kind         Kind
		text, reason string
	}{
		{IDNumber, "110105194912310021", "check character is wrong"},
		{IDNumber, "11010519491231002x", "small letter"},
		{IDNumber, "1101051949123100２X", "full width"},
		{IDNumber, "11010519491231X02X", "can only be the last"},
		{IDNumber, "110105194902290020", "no day of the calendar"},
		{IDNumber, "110105174912310029", "year of birth"},
		{IDNumber, "000105194912310029", "no province"},
		{IDNumber, "990105194912310029", "no province"},
		{IDNumber, "1101051949123100", "has 16 characters"},
		{IDNumber, "110105491331002", "no day of the calendar"},
		{IDNumber, "11010549123100X", "with an X"},
		{IDNumber, "110105********002X", "masked"},
		{VIN, "1M8GDM9A1KP042788", "check digit"},
		{VIN, "1M8GDM9AXKP04278", "has 16 characters"},
		{VIN, "IM8GDM9AXKP042788", "character 1 is none of"},
		{VIN, "1M8GDM9AXKP042 788", "character 15 is a space"},
		{VIN, "1M8GDM9AXKP04278B", "the last three"},
		{Plate, "京A·12345", "character 3 is a separator"},
		{Plate, "京AI2345", "character 3 is none of"},
		{Plate, "京A1234", "form of no plate"},
		{Plate, "京AL12345", "form of no plate"},
		{Plate, "京a12345", "small letter"},
		{Plate, "A123456", "does not begin with"},
		{Plate, "中A12345", "character 1 is none of"},
		{CreditCode, "91350100M000100Y44", "check character is wrong"},
		{CreditCode, "91350100M000100S43", "character 16 is none of"},
		{CreditCode, "9135010AM000100Y43", "digits of a region"},
		{CreditCode, "91350100M000100Y4", "has 17 characters"},
		{BankCard, "4111111111111112", "check digit"},
		{BankCard, "4111 1111 1111 1111", "space"},
		{BankCard, "0000000000000000", "one digit repeated"},
		{BankCard, "42", "has 2 digits"},
		{Mobile, "12800138000", "13 to 19"},
		{Mobile, "+8613800138000", "prefix"},
		{Mobile, "1380013800", "has 10 digits"},
		{Mobile, "", "empty"},
		{Mobile, "1\xff", "UTF-8"},
		{Mobile, strings.Repeat("1", 1000), "more than 64 bytes"},
		{NoKind, "1", "kind 0"},
		{Mobile + 1, "1", "kind 7"},
	} {
		if err := Check(c.kind, c.text); err == nil || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%s %q: %v, want %q in it", c.kind, c.text, err, c.reason)
		}
	}
}

func TestOldFormIsRecognised(t *testing.T) {
	if err := Check(IDNumber, "110105491231002"); !errors.Is(err, ErrOldForm) {
		t.Error(err)
	}
	if err := Check(IDNumber, "11010549123100"); errors.Is(err, ErrOldForm) {
		t.Error(err)
	}
}

func TestRoles(t *testing.T) {
	for role, want := range map[string]Kind{
		"person.id_number": IDNumber, "person.driver.id_number": IDNumber, "vehicle.vin": VIN, "vehicle.plate": Plate, "vin": VIN,
		"institution.credit_code": CreditCode, "account.bank_card": BankCard, "phone.mobile": Mobile,
		"": NoKind, ".": NoKind, "phone": NoKind, "vehicle": NoKind, "vin.old": NoKind, "myvin": NoKind,
	} {
		got, ok := ByRole(role)
		if got != want || ok != (want != NoKind) {
			t.Errorf("role %q: %v, %v", role, got, ok)
		}
	}
	for k := IDNumber; k <= Mobile; k++ {
		if got, _ := ByRole(k.String()); got != k || k.Title() == "" || k.Standard() == "" {
			t.Errorf("%v has no name, title or standard of its own", k)
		}
	}
}

// idOf composes an identity number with its check character by the recursive
// method of ISO 7064, 7.1, which shares nothing with weights.
func idOf(body string) string {
	p := 0
	for _, c := range body {
		p = (p + int(c-'0')) * 2 % 11
	}
	return body + string("0123456789X"[(12-p)%11])
}

func randomID(r *rand.Rand) string {
	return idOf(fmt.Sprintf("%d%04d%d%02d%02d%03d", []int{11, 37, 54, 65}[r.IntN(4)], r.IntN(10000), 1900+r.IntN(110), 1+r.IntN(12), 1+r.IntN(28), r.IntN(1000)))
}

// randomOf composes a number by trying every check character in its place:
// exactly one must be right.
func randomOf(t *testing.T, r *rand.Rand, kind Kind) string {
	t.Helper()
	at, body, alphabet := 0, []byte(nil), digits
	pick := func(n int, from string) {
		for range n {
			body = append(body, from[r.IntN(len(from))])
		}
	}
	switch kind {
	case IDNumber:
		return randomID(r)
	case VIN:
		pick(1, "LH12345")
		pick(13, vinAlphabet)
		pick(3, digits)
		at, alphabet = 8, digits+"X"
	case CreditCode:
		pick(2, creditAlphabet)
		pick(6, digits)
		pick(10, creditAlphabet)
		at, alphabet = 17, creditAlphabet
	case BankCard:
		pick(13+r.IntN(7), digits)
		at = len(body) - 1
	}
	var found string
	for _, c := range alphabet {
		body[at] = byte(c)
		if Check(kind, string(body)) == nil {
			if found != "" {
				t.Fatalf("%s: two check characters fit: %s and %s", kind, found, body)
			}
			found = string(body)
		}
	}
	if found == "" {
		t.Fatalf("%s: no check character fits %s", kind, body)
	}
	return found
}

// TestOneWrongCharacterIsFound holds each scheme to its promise.
func TestOneWrongCharacterIsFound(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	alphabets := map[Kind]string{IDNumber: digits + "X", VIN: vinAlphabet, CreditCode: creditAlphabet, BankCard: digits}
	for kind := IDNumber; kind <= BankCard; kind++ {
		if kind == Plate {
			continue // plates have no check character
		}
		for range 100 {
			good := randomOf(t, r, kind)
			if err := Check(kind, good); err != nil {
				t.Fatal(err)
			}
			for i := range len(good) {
				if kind == VIN && i < 2 {
					continue // they say whether there is a check digit
				}
				for _, c := range alphabets[kind] {
					bad := good[:i] + string(c) + good[i+1:]
					if bad == good || kind == VIN && i != 8 && vinLetterValue(bad[i]) == vinLetterValue(good[i]) {
						continue
					}
					if Check(kind, bad) == nil {
						t.Fatalf("%s: %s passes beside %s", kind, bad, good)
					}
				}
			}
		}
	}
}

// vinLetterValue computes what the table of ISO 3779 lists: letters count
// 1 to 9 along the alphabet, starting again at J and at 2 with S.
func vinLetterValue(c byte) int {
	switch {
	case c <= '9':
		return int(c - '0')
	case c <= 'H':
		return int(c-'A') + 1
	case c <= 'R':
		return int(c-'J') + 1
	}
	return int(c-'S') + 2
}

func TestExchangedNeighboursAreFound(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for kind := IDNumber; kind <= BankCard; kind++ {
		if kind == Plate {
			continue
		}
		for range 500 {
			good := randomOf(t, r, kind)
			for i := range len(good) - 1 {
				a, b := good[i], good[i+1]
				bad := good[:i] + string([]byte{b, a}) + good[i+2:]
				switch {
				case a == b:
					continue
				case kind == VIN && (i < 2 || i == 7 || i == 8 && (a == 'X' || b == 'X') || vinLetterValue(a) == vinLetterValue(b)):
					continue
				case kind == BankCard && (a == '0' && b == '9' || a == '9' && b == '0'):
					if Check(kind, bad) != nil {
						t.Fatalf("the comment says that %s passes as %s does", bad, good)
					}
					continue
				}
				if Check(kind, bad) == nil {
					t.Fatalf("%s: %s passes beside %s", kind, bad, good)
				}
			}
		}
	}
}

// TestVINPlaces8And9 shows the exception that the comment of vin names.
func TestVINPlaces8And9(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	seen := 0
	for range 500 {
		good := randomOf(t, r, VIN)
		if good[7] > '9' || good[8] > '9' {
			continue
		}
		seen++
		if err := Check(VIN, good[:7]+good[8:9]+good[7:8]+good[9:]); err != nil {
			t.Error(err)
		}
	}
	if seen < 20 {
		t.Errorf("only %d numbers have digits there", seen)
	}
}

// TestCreditCodeExchangesAnywhere checks the promise about any two places.
func TestCreditCodeExchangesAnywhere(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 100 {
		good := []byte(randomOf(t, r, CreditCode))
		for i := range good {
			for j := range i {
				if good[i] == good[j] || i == 17 && j == 0 {
					continue
				}
				bad := append([]byte(nil), good...)
				bad[i], bad[j] = bad[j], bad[i]
				if Check(CreditCode, string(bad)) == nil {
					t.Fatalf("%s passes beside %s", bad, good)
				}
			}
		}
	}
}

// TestVINCheckDigitOnlyWhereCompulsory changes the maker's country and nothing else.
func TestVINCheckDigitOnlyWhereCompulsory(t *testing.T) {
	for first, want := range map[string]bool{"LS": true, "HA": true, "1M": true, "4T": true, "7F": true, "70": true, "7A": false, "WV": false, "JT": false, "VF": false, "6T": false, "93": false} {
		passes := 0
		for _, c := range digits + "X" {
			if Check(VIN, first+"8GDM9A"+string(c)+"KP042788") == nil {
				passes++
			}
		}
		if want && passes != 1 || !want && passes != 11 {
			t.Errorf("%s: %d of 11 check digits pass", first, passes)
		}
	}
}

func TestMask(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "1": "*", "123456": "******", "京A12345": "***2345", "11010519491231002X": "**************002X",
		"123\n\xff\x006": "***???6", strings.Repeat("京", 1000): strings.Repeat("*", 32) + "京京京京",
	} {
		if got := Mask(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzCheck(f *testing.F) {
	for kind, texts := range genuine {
		for _, text := range texts {
			f.Add(uint8(kind), text)
		}
	}
	f.Add(uint8(7), "")
	f.Add(uint8(1), "\xff\xfe")
	f.Add(uint8(1), "110105491231002")
	f.Fuzz(func(t *testing.T, kind uint8, text string) {
		err := Check(Kind(kind), text)
		if masked := Mask(text); !utf8.ValidString(masked) || utf8.RuneCountInString(masked) > 36 {
			t.Fatalf("%q is masked as %q", text, masked)
		}
		if err == nil {
			if strings.TrimSpace(text) != text || len(text) > 24 || strings.ToUpper(text) != text {
				t.Fatalf("%q passes as %s", text, Kind(kind))
			}
			return
		}
		reason := errors.Unwrap(err)
		if reason == nil {
			if kind != 0 && int(kind) < len(kinds) {
				t.Fatalf("%v has no reason", err)
			}
			return
		}
		if len(text) > 6 && strings.Contains(err.Error(), text) {
			t.Fatalf("%v repeats the identifier", err)
		}
		if len(err.Error()) > 600 {
			t.Fatalf("the error has %d bytes", len(err.Error()))
		}
	})
}
