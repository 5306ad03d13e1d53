package synth

import (
	"math"
	"time"

	"claimsieve/datasets"
)

// claimRow is a claim with its place in the order of report and what the
// claims system lost of it.
type claimRow struct {
	*claim
	w       *world
	at      int
	missing uint16
}

// The values that the claims system may lack, as bits of claimRow.missing.
const (
	noAge = 1 << iota
	noPrice
	noVehicleAge
	noWitnesses
	noPolice
	noEstimate
	noNarrative
	noReporter
	noHour
	noChannel
	noParts
)

// missingRates are the chances of the bits, in their order.
var missingRates = []float64{.04, .03, .02, .08, .02, .05, .03, .01, .02, .01, .10}

// claimRows draws what is missing: completely at random.
func (s *simulation) claimRows() []claimRow {
	rows := make([]claimRow, len(s.claims))
	for i := range rows {
		d := roll(s.cfg.Seed, storyStream, s.claims[i].slot)
		rows[i] = claimRow{claim: &s.claims[i], w: s.world, at: i}
		for bit, rate := range missingRates {
			if d.chance(rate) {
				rows[i].missing |= 1 << bit
			}
		}
	}
	return rows
}

func (r claimRow) lacks(bit uint16) bool { return r.missing&bit != 0 }

// survey and assessment results are there once they are known within the period.
func (r claimRow) hasSurvey() bool     { return r.surveyed != 0 && r.surveyed < r.w.end }
func (r claimRow) hasAssessment() bool { return r.assessed < r.w.end }

// unless hides a level that is missing.
func unless(hidden bool, level int) int {
	if hidden {
		return -1
	}
	return level
}

func numberUnless(hidden bool, x float64) float64 {
	if hidden {
		return math.NaN()
	}
	return x
}

// claimColumns returns the columns of the claims table.
func claimColumns() []column[claimRow] {
	columns := append(reportColumns(), policyColumns()...)
	for i := range columns {
		columns[i].Stage = datasets.Report
	}
	return append(columns, laterColumns()...)
}

// reportColumns exist from the report on.
func reportColumns() []column[claimRow] {
	return []column[claimRow]{
		idColumn("claim_id", "Claim", "赔案号", func(r claimRow, to []byte) []byte { return writeClaimID(to, r.at) }),
		timeColumn("happened_at", "Time of loss", "出险时间", func(r claimRow) int64 { return r.happened }),
		timeColumn("reported_at", "Time of report", "报案时间", func(r claimRow) int64 { return r.reported }),
		idColumn("driver_id", "Driver", "驾驶员", func(r claimRow, to []byte) []byte { return writeID(to, personPrefix, r.driver) }).
			names("person.driver").class(datasets.Personal),
		idColumn("reporter_phone", "Reporter's telephone", "报案电话", func(r claimRow, to []byte) []byte {
			if r.lacks(noReporter) {
				return to
			}
			return writeID(to, phonePrefix, r.w.phoneOf(r.claim, r.reportBy))
		}).names("phone").class(datasets.Personal),
		wordColumn("reporter_role", "Who reports", "报案人身份", reporterWords, func(r claimRow) int { return unless(r.lacks(noReporter), int(r.reporter)) }),
		wordColumn("accident_type", "Type of accident", "事故类型", accidentWords, func(r claimRow) int { return int(r.accident) }),
		wordColumn("region", "Region", "区域", regionWords, func(r claimRow) int { return int(r.region) }),
		intColumn("hour_of_loss", "Hour of loss, 0 to 23", "出险小时", func(r claimRow) (int64, bool) {
			return r.happened % daySeconds / int64(time.Hour/time.Second), !r.lacks(noHour)
		}),
		boolColumn("police_reported", "Police called", "是否报警", func(r claimRow) (bool, bool) { return r.police == 1, !r.lacks(noPolice) }),
		intColumn("witnesses", "Witnesses, 3 means 3 or more", "目击证人数", func(r claimRow) (int64, bool) { return int64(r.witnesses), !r.lacks(noWitnesses) }),
		intColumn("driver_age", "Driver's age in years", "驾驶员年龄", func(r claimRow) (int64, bool) { return int64(r.driverAge), !r.lacks(noAge) }).class(datasets.Personal),
		intColumn("previous_claims_12m", "Claims of the insured reported in the 365 days before", "前12个月索赔次数", func(r claimRow) (int64, bool) { return int64(r.previous), true }),
		floatColumn("estimated_loss", "Loss as estimated at the report, yuan", "报损金额（元）", func(r claimRow) float64 { return numberUnless(r.lacks(noEstimate), r.estimate) }),
		textColumn("narrative", "What is said to have happened", "出险经过", func(r claimRow, to []byte) []byte {
			if r.lacks(noNarrative) {
				return to
			}
			return r.w.tell(to, r.claim)
		}).class(datasets.Personal),
	}
}

// policyColumns repeat what the claims system knows of the policy and vehicle.
func policyColumns() []column[claimRow] {
	return []column[claimRow]{
		idColumn("policy_id", "Policy", "保单号", func(r claimRow, to []byte) []byte { return writeID(to, policyPrefix, int(r.policy)) }).names("policy"),
		idColumn("holder_id", "Insured", "被保险人", func(r claimRow, to []byte) []byte { return writeID(to, personPrefix, r.holder) }).
			names("person.insured").class(datasets.Personal),
		idColumn("vehicle_id", "Insured vehicle", "标的车", func(r claimRow, to []byte) []byte { return writeID(to, vehiclePrefix, r.vehicle) }).
			names("vehicle").class(datasets.Personal),
		dateColumn("policy_issued_on", "Policy issued on", "保单签发日期", func(r claimRow) int { return r.issued }),
		dateColumn("policy_start_on", "Policy starts on", "保险起期", func(r claimRow) int { return r.start }),
		wordColumn("channel", "Sales channel", "销售渠道", channelWords, func(r claimRow) int { return unless(r.lacks(noChannel), int(r.channel)) }),
		wordColumn("cover_type", "Type of cover", "险别", coverWords, func(r claimRow) int { return int(r.cover) }),
		floatColumn("sum_insured", "Sum insured, yuan", "保险金额（元）", func(r claimRow) float64 { return float64(r.sum) }),
		intColumn("vehicle_age", "Vehicle's age in years", "车龄", func(r claimRow) (int64, bool) { return int64(r.vehicleAge), !r.lacks(noVehicleAge) }),
		floatColumn("vehicle_price", "Vehicle's price when new, yuan", "新车购置价（元）", func(r claimRow) float64 { return numberUnless(r.lacks(noPrice), float64(r.price)) }),
	}
}

// laterColumns exist from the survey or the assessment on; before, they are null.
func laterColumns() []column[claimRow] {
	finding := func(of func(claimRow) int8) func(claimRow) int {
		return func(r claimRow) int { return unless(!r.hasSurvey(), int(of(r))) }
	}
	return []column[claimRow]{
		timeColumn("surveyed_at", "Time of survey", "查勘时间", func(r claimRow) int64 {
			if r.hasSurvey() {
				return r.surveyed
			}
			return 0
		}).at(datasets.Survey),
		wordColumn("survey_method", "How it was surveyed", "查勘方式", methodWords, finding(func(r claimRow) int8 { return r.method })).at(datasets.Survey),
		wordColumn("survey_damage_match", "Damage fits the account", "损失与经过是否相符", matchWords, finding(func(r claimRow) int8 { return r.match })).at(datasets.Survey),
		wordColumn("survey_scene", "State of the scene", "现场状态", sceneWords, finding(func(r claimRow) int8 { return r.scene })).at(datasets.Survey),
		intColumn("injured_count", "Injured persons", "受伤人数", func(r claimRow) (int64, bool) { return int64(r.injured), r.hasSurvey() }).at(datasets.Survey),
		timeColumn("assessed_at", "Time of assessment", "定损时间", func(r claimRow) int64 {
			if r.hasAssessment() {
				return r.assessed
			}
			return 0
		}).at(datasets.Assessment),
		idColumn("repair_shop_id", "Repair shop", "修理厂", func(r claimRow, to []byte) []byte {
			if !r.hasAssessment() || !r.repaired() {
				return to
			}
			return writeID(to, shopPrefix, r.shop)
		}).at(datasets.Assessment).names("repair_shop"),
		idColumn("appraiser_id", "Loss appraiser", "定损员", func(r claimRow, to []byte) []byte {
			if !r.hasAssessment() {
				return to
			}
			return writeID(to, appraiserPrefix, r.appraiser)
		}).at(datasets.Assessment).names("person.appraiser").class(datasets.Personal),
		floatColumn("claimed_amount", "Amount claimed, yuan", "索赔金额（元）", func(r claimRow) float64 { return numberUnless(!r.hasAssessment(), r.claimed) }).at(datasets.Assessment),
		floatColumn("parts_share", "Share of parts in the amount, 0 to 1", "配件占比", func(r claimRow) float64 {
			return numberUnless(!r.hasAssessment() || !r.repaired() || r.lacks(noParts), r.parts)
		}).at(datasets.Assessment),
	}
}
