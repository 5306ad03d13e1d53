package codes

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"claimsieve/datasets/strictyaml"
)

// The tables that come with the program.
const (
	FraudTypes      = "fraud_types"      // 欺诈类型: the appendix's 16 categories and 28 leaves
	FraudFlags      = "fraud_flags"      // 欺诈标志 of Article 26
	VehicleRisk     = "vehicle_risk"     // 车辆风险类型; the industry's codes are not public: our own list
	PersonRisk      = "person_risk"      // 人员风险类型; our own list
	InstitutionRisk = "institution_risk" // 机构风险类型; our own list
	RefusalReasons  = "refusal_reasons"  // 拒赔原因; our own list
)

// Names returns the names of the tables that come with the program, sorted.
func Names() []string {
	return []string{FraudFlags, FraudTypes, InstitutionRisk, PersonRisk, RefusalReasons, VehicleRisk}
}

//go:embed tables/*.csv
var files embed.FS

// embedded parses all tables once; a fault in one is a fault in the program.
var embedded = sync.OnceValue(func() map[string]*Table {
	tables := map[string]*Table{}
	for _, name := range Names() {
		data, err := files.ReadFile("tables/" + name + ".csv")
		if err != nil {
			panic("BUG: the code table " + name + " is not embedded: " + err.Error())
		}
		t, err := Read(name, data)
		if err != nil {
			panic("BUG: the embedded code table is faulty: " + err.Error())
		}
		tables[name] = t
	}
	return tables
})

// Embedded returns the table of that name that comes with the program, or an
// error that lists the names there are.
func Embedded(name string) (*Table, error) {
	if t := embedded()[name]; t != nil {
		return t, nil
	}
	return nil, fmt.Errorf("cannot use code table %q: want one of %s%s", name, strings.Join(Names(), ", "), strictyaml.DidYouMean(name, Names()))
}
