package synth

import "claimsieve/datasets"

// surveyColumns exist from the survey on; before it, and for claims that nobody
// surveyed, they are null.
func surveyColumns() []column[*claimRow] {
	finding := func(of func(*claimRow) int8) func(*claimRow) int {
		return func(r *claimRow) int { return unless(!r.hasSurvey(), int(of(r))) }
	}
	return append([]column[*claimRow]{
		timeColumn("surveyed_at", "Time of survey", "查勘时间", func(r *claimRow) int64 {
			if r.hasSurvey() {
				return r.surveyed
			}
			return 0
		}),
		wordColumn("survey_method", "How it was surveyed", "查勘方式", methodWords, finding(func(r *claimRow) int8 { return r.method })),
		wordColumn("survey_damage_match", "Damage fits the account", "损失与经过是否相符", matchWords, finding(func(r *claimRow) int8 { return r.match })),
		wordColumn("survey_scene", "State of the scene", "现场状态", sceneWords, finding(func(r *claimRow) int8 { return r.scene })),
		intColumn("injured_count", "Injured persons", "受伤人数", func(r *claimRow) (int64, bool) { return int64(r.injured), r.hasSurvey() }),
		wordColumn("injury_severity", "Worst injury", "伤情程度", severityWords, finding(func(r *claimRow) int8 { return r.severity })).class(datasets.Sensitive),
	}, observedColumns()...)
}

// observedColumns are what the surveyor sees and hears.
func observedColumns() []column[*claimRow] {
	return []column[*claimRow]{
		idColumn("surveyor_id", "Surveyor", "查勘员", func(r *claimRow, to []byte) []byte {
			if !r.hasSurvey() {
				return to
			}
			return r.w.writeID(to, surveyorPrefix, r.surveyor)
		}).names("staff.surveyor").class(datasets.Personal),
		intColumn("survey_minutes", "Length of the survey in minutes", "查勘时长（分钟）", func(r *claimRow) (int64, bool) {
			return int64(r.minutes), r.hasSurvey() && !r.lacks(noMinutes)
		}),
		intColumn("impact_points", "Points of impact on the vehicle, 0 where nothing hit it", "碰撞点数", func(r *claimRow) (int64, bool) {
			return int64(r.impacts), r.hasSurvey() && !r.lacks(noImpacts)
		}),
		boolColumn("airbag_deployed", "Airbag deployed", "气囊是否弹出", func(r *claimRow) (bool, bool) { return r.airbag, r.hasSurvey() && !r.lacks(noAirbag) }),
		boolColumn("statements_agree", "Statements of the parties agree", "当事人陈述是否一致", func(r *claimRow) (bool, bool) {
			return r.agree, r.hasSurvey() && !r.lacks(noStatements)
		}),
		boolColumn("parties_acquainted", "Parties knew each other before; null without another party", "各方是否相识", func(r *claimRow) (bool, bool) {
			return r.acquainted, r.hasSurvey() && r.met
		}),
	}
}
