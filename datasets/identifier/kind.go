package identifier

import (
	"fmt"
	"strings"
)

// Kind is a kind of identifier. The zero value is no kind.
type Kind uint8

// The kinds of identifiers. Their names are the last parts of column roles:
// a column with the role person.driver.id_number holds IDNumber.
const (
	NoKind     Kind = iota
	IDNumber        // id_number: resident identity number, 公民身份号码
	VIN             // vin: vehicle identification number, 车辆识别代号
	Plate           // plate: number of a motor vehicle's plate, 机动车号牌
	CreditCode      // credit_code: unified social credit code, 统一社会信用代码
	BankCard        // bank_card: bank card number, 银行卡号
	Mobile          // mobile: mobile telephone number, 手机号码
)

// kinds says how each kind is called, in roles and by people, which standard
// it follows and what checks it.
var kinds = [...]struct {
	name, title, standard string
	check                 func(text string) error
}{
	NoKind:     {},
	IDNumber:   {"id_number", "resident identity number", "GB 11643-1999", idNumber},
	VIN:        {"vin", "vehicle identification number", "GB 16735-2019, ISO 3779", vin},
	Plate:      {"plate", "number plate", "GA 36-2018", plate},
	CreditCode: {"credit_code", "unified social credit code", "GB 32100-2015", creditCode},
	BankCard:   {"bank_card", "bank card number", "ISO/IEC 7812-1", bankCard},
	Mobile:     {"mobile", "mobile telephone number", "mainland numbering plan of 2017, ITU-T E.164", mobile},
}

// String returns the kind's name in roles, such as "vin", or "" for NoKind.
func (k Kind) String() string {
	if int(k) < len(kinds) {
		return kinds[k].name
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Title returns the kind's name for people, such as "vehicle identification
// number"; "" for NoKind and for a kind that does not exist.
func (k Kind) Title() string {
	if int(k) < len(kinds) {
		return kinds[k].title
	}
	return ""
}

// Standard returns the standard that the kind follows, such as "GB 11643-1999";
// "" for NoKind and for a kind that does not exist.
func (k Kind) Standard() string {
	if int(k) < len(kinds) {
		return kinds[k].standard
	}
	return ""
}

// ByRole returns the kind of identifier that a column with this role holds. The
// part after the last point decides: person.id_number, person.driver.id_number
// and id_number are all IDNumber. It returns NoKind and false for any other
// role; vehicle, phone and account alone name an entity in the insurer's own
// numbering and are no kind.
func ByRole(role string) (Kind, bool) {
	name := role[strings.LastIndexByte(role, '.')+1:]
	for k := IDNumber; int(k) < len(kinds); k++ {
		if kinds[k].name == name {
			return k, true
		}
	}
	return NoKind, false
}
