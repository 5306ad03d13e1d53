package conformance

import (
	"strings"

	"claimsieve/datasets"
)

func direct(column, matches string) keying {
	return keying{by: []string{column}, matches: []string{matches}}
}

func through(columns ...string) keying { return keying{by: columns, tuple: columns, through: true} }

func tuple(by, tuple []string) keying { return keying{by: by, tuple: tuple} }

func role(table, column, as string, matches ...string) keying {
	return keying{table: table, by: []string{column}, as: as, matches: matches}
}

var ownRows = keying{by: []string{"claim_id"}, own: true}

// keyings are the ways to find an event's key, by the table of the events, as
// docs/features.md says: the column of the same name, the one column of the same
// role, else the claim of the row; with a role, any column of it.
var keyings = map[string][]keying{
	"claims": {direct("vehicle_id", "vehicle_id"), direct("driver_id", "driver_id"), direct("reporter_phone", "reporter_phone"), direct("region", "region"),
		direct("unit", "unit"), direct("police", "police"), direct("policy_id", "policy_id"), direct("shop_id", "shop_id"), direct("staff_id", "staff_id"),
		role("", "driver_id", "person", "driver_id", "holder_id"), role("", "holder_id", "person.insured", "holder_id"), role("", "holder_id", "person", "driver_id", "holder_id"),
		tuple([]string{"region", "vehicle_id"}, []string{"region", "vehicle_id"}), tuple([]string{"unit", "police"}, []string{"unit", "police"}),
		tuple([]string{"shop_id", "region"}, []string{"shop_id", "region"}),
		role("parties", "phone", "", "reporter_phone"), role("parties", "phone", "phone", "reporter_phone"), role("parties", "party_id", "person", "driver_id", "holder_id"),
		role("parties", "car", "vehicle", "vehicle_id"), role("parties", "car", "", "vehicle_id"), role("parties", "region", "", "region")},
	"parties": {direct("vehicle_id", "car"), direct("reporter_phone", "phone"), direct("region", "region"), direct("driver_id", "party_id"), through("unit"), through("shop_id"),
		through("vehicle_id", "region"), through("policy_id", "unit"),
		role("", "driver_id", "person", "party_id"), role("parties", "phone", "", "phone"), role("parties", "account", "", "account"), role("parties", "party_id", "person", "party_id"), ownRows},
	"payments": {direct("unit", "unit"), through("vehicle_id"), through("region"), role("parties", "account", "account", "payee"), role("parties", "account", "", "payee"), through("vehicle_id", "region"), ownRows},
	"policies": {direct("policy_id", "policy_id"), direct("holder_id", "holder"), role("", "driver_id", "person.insured", "holder"), role("parties", "party_id", "person", "holder")},
	"outcomes": {through("vehicle_id"), through("region")},
}

// keying draws a way for a table that a pipeline of the stage may use.
func (d dice) keying(w *world, of string, stage datasets.Stage) keying {
	for {
		k := one(d, keyings[of]...)
		asked := k.table
		if asked == "" {
			asked = "claims"
		}
		if w.stageOf(asked, k.by...) > stage {
			continue
		}
		if k.table != "" {
			k.over = one(d, "", "max", "min", "sum", "mean")
		}
		return k
	}
}

// words writes a keying as in a pipeline.
func (k keying) words() string {
	by := strings.Join(k.by, ", ")
	if k.table != "" {
		by = k.table + "." + by
	}
	if len(k.by) > 1 {
		by = "[" + by + "]"
	}
	out := "by: " + by
	if k.as != "" {
		out += ", as: " + k.as
	}
	if k.over != "" {
		out += ", over: " + k.over
	}
	return out
}
