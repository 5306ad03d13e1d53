package synth

import (
	"time"

	"claimsieve/datasets"
)

// reportColumns exist from the report on.
func reportColumns() []column[*claimRow] {
	return []column[*claimRow]{
		idColumn("claim_id", "Claim", "赔案号", func(r *claimRow, to []byte) []byte { return writeClaimID(to, r.at) }),
		timeColumn("happened_at", "Time of loss", "出险时间", func(r *claimRow) int64 { return r.happened }),
		timeColumn("reported_at", "Time of report", "报案时间", func(r *claimRow) int64 { return r.reported }),
		idColumn("driver_id", "Driver", "驾驶员", func(r *claimRow, to []byte) []byte { return r.w.writeID(to, personPrefix, r.driver) }).
			names("person.driver").class(datasets.Personal),
		idColumn("reporter_phone", "Reporter's telephone", "报案电话", func(r *claimRow, to []byte) []byte {
			if r.lacks(noReporter) {
				return to
			}
			return r.w.writeID(to, phonePrefix, r.w.phoneOf(r.claim, r.reportBy))
		}).names("phone").class(datasets.Personal),
		wordColumn("reporter_role", "Who reports", "报案人身份", reporterWords, func(r *claimRow) int { return unless(r.lacks(noReporter), int(r.reporter)) }),
		wordColumn("accident_type", "Type of accident", "事故类型", accidentWords, func(r *claimRow) int { return int(r.accident) }),
		wordColumn("region", "Region", "区域", regionWords, func(r *claimRow) int { return int(r.region) }),
		intColumn("hour_of_loss", "Hour of loss, 0 to 23", "出险小时", func(r *claimRow) (int64, bool) {
			return r.happened % daySeconds / int64(time.Hour/time.Second), !r.lacks(noHour)
		}),
		boolColumn("police_reported", "Police called", "是否报警", func(r *claimRow) (bool, bool) { return r.police == 1, !r.lacks(noPolice) }),
		intColumn("witnesses", "Witnesses, 3 means 3 or more", "目击证人数", func(r *claimRow) (int64, bool) { return int64(r.witnesses), !r.lacks(noWitnesses) }),
		intColumn("driver_age", "Driver's age in years", "驾驶员年龄", func(r *claimRow) (int64, bool) { return int64(r.driverAge), !r.lacks(noAge) }).class(datasets.Personal),
		intColumn("previous_claims_12m", "Claims of the insured reported in the 365 days before", "前12个月索赔次数", func(r *claimRow) (int64, bool) { return int64(r.previous), true }),
		floatColumn("estimated_loss", "Loss as estimated at the report, yuan", "报损金额（元）", func(r *claimRow) float64 { return numberUnless(r.lacks(noEstimate), r.estimate) }),
		textColumn("narrative", "What is said to have happened", "出险经过", func(r *claimRow, to []byte) []byte {
			if r.lacks(noNarrative) {
				return to
			}
			return r.w.tell(to, r.claim)
		}).class(datasets.Personal),
	}
}

// policyColumns repeat what the claims system knows of the policy and vehicle.
func policyColumns() []column[*claimRow] {
	return []column[*claimRow]{
		idColumn("policy_id", "Policy", "保单号", func(r *claimRow, to []byte) []byte { return r.w.writeID(to, policyPrefix, int(r.policy)) }).names("policy"),
		idColumn("holder_id", "Insured", "被保险人", func(r *claimRow, to []byte) []byte { return r.w.writeID(to, personPrefix, r.holder) }).
			names("person.insured").class(datasets.Personal),
		idColumn("vehicle_id", "Insured vehicle", "标的车", func(r *claimRow, to []byte) []byte { return r.w.writeID(to, vehiclePrefix, r.vehicle) }).
			names("vehicle").class(datasets.Personal),
		dateColumn("policy_issued_on", "Policy issued on", "保单签发日期", func(r *claimRow) int { return r.issued }),
		dateColumn("policy_start_on", "Policy starts on", "保险起期", func(r *claimRow) int { return r.start }),
		wordColumn("channel", "Sales channel", "销售渠道", channelWords, func(r *claimRow) int { return unless(r.lacks(noChannel), int(r.channel)) }),
		wordColumn("cover_type", "Type of cover", "险别", coverWords, func(r *claimRow) int { return int(r.cover) }),
		floatColumn("sum_insured", "Sum insured, yuan", "保险金额（元）", func(r *claimRow) float64 { return float64(r.sum) }),
		intColumn("vehicle_age", "Vehicle's age in years", "车龄", func(r *claimRow) (int64, bool) { return int64(r.vehicleAge), !r.lacks(noVehicleAge) }),
		floatColumn("vehicle_price", "Vehicle's price when new, yuan", "新车购置价（元）", func(r *claimRow) float64 { return numberUnless(r.lacks(noPrice), float64(r.price)) }),
	}
}

// intakeColumns say under which circumstances the loss happened and who takes
// the report for the insurer.
func intakeColumns() []column[*claimRow] {
	return []column[*claimRow]{
		wordColumn("weather", "Weather at the loss", "出险天气", weatherWords, func(r *claimRow) int { return unless(r.lacks(noWeather), int(r.weather)) }),
		wordColumn("road_type", "Kind of road", "道路类型", roadWords, func(r *claimRow) int { return unless(r.lacks(noRoad), int(r.road)) }),
		idColumn("branch_id", "Branch that keeps the policy", "承保机构", func(r *claimRow, to []byte) []byte {
			return r.w.writeID(to, branchPrefix, r.w.branchOf(r.claim))
		}).names("branch"),
		idColumn("broker_id", "Agent, broker or dealer who sold the policy; null in direct channels", "销售中介", func(r *claimRow, to []byte) []byte {
			if broker, ok := r.w.brokerOf(r.claim); ok {
				return r.w.writeID(to, brokerPrefix, broker)
			}
			return to
		}).names("broker").class(datasets.Personal),
		idColumn("handler_id", "Who takes the report", "报案受理人", func(r *claimRow, to []byte) []byte {
			return r.w.writeID(to, handlerPrefix, r.w.accompliceOr(r.claim, handlerOccasion, r.w.staff.handlers, ringHandlerPct))
		}).names("staff.handler").class(datasets.Personal),
	}
}
