package synth

import "claimsieve/datasets"

// assessmentColumns exist from the assessment on; before, they are null.
func assessmentColumns() []column[*claimRow] {
	return append([]column[*claimRow]{
		timeColumn("assessed_at", "Time of assessment", "定损时间", func(r *claimRow) int64 {
			if r.hasAssessment() {
				return r.assessed
			}
			return 0
		}),
		idColumn("repair_shop_id", "Repair shop", "修理厂", func(r *claimRow, to []byte) []byte {
			if !r.hasRepair() {
				return to
			}
			return r.w.writeID(to, shopPrefix, r.shop)
		}).names("repair_shop"),
		idColumn("appraiser_id", "Loss appraiser", "定损员", func(r *claimRow, to []byte) []byte {
			if !r.hasAssessment() {
				return to
			}
			return r.w.writeID(to, appraiserPrefix, r.appraiser)
		}).names("person.appraiser").class(datasets.Personal),
		floatColumn("claimed_amount", "Amount claimed, yuan", "索赔金额（元）", func(r *claimRow) float64 { return numberUnless(!r.hasAssessment(), r.claimed) }),
		floatColumn("parts_share", "Share of parts in the amount, 0 to 1", "配件占比", func(r *claimRow) float64 {
			return numberUnless(!r.hasRepair() || r.lacks(noParts), r.parts)
		}),
		floatColumn("guide_amount", "What the damage should cost by the guide, yuan", "定损指导金额（元）", func(r *claimRow) float64 {
			return numberUnless(!r.hasAssessment() || r.lacks(noGuide), r.guide)
		}),
		floatColumn("labour_hours", "Hours of labour", "维修工时", func(r *claimRow) float64 { return numberUnless(!r.hasRepair() || r.lacks(noHours), r.hours) }),
		intColumn("replaced_parts", "Parts replaced", "更换配件数", func(r *claimRow) (int64, bool) { return int64(r.replaced), r.hasRepair() }),
		boolColumn("original_parts", "Parts of the vehicle's maker", "是否原厂配件", func(r *claimRow) (bool, bool) {
			return r.original, r.hasRepair() && !r.lacks(noOriginal)
		}),
	}, evidenceColumns()...)
}

// evidenceColumns are the proofs of the accident and who is to be paid.
func evidenceColumns() []column[*claimRow] {
	return []column[*claimRow]{
		boolColumn("intermediary_involved", "An intermediary handles the claim", "是否有中介介入", func(r *claimRow) (bool, bool) { return r.intermediary, r.hasAssessment() }),
		boolColumn("police_document", "Document of the traffic police", "有无交警认定书", func(r *claimRow) (bool, bool) { return r.document, r.hasAssessment() }),
		boolColumn("cctv", "Recorded by a camera", "有无监控录像", func(r *claimRow) (bool, bool) { return r.cctv, r.hasAssessment() && !r.lacks(noCamera) }),
		boolColumn("payee_is_insured", "Payee is the insured", "收款人是否为被保险人", func(r *claimRow) (bool, bool) { return r.payee == r.holder, r.hasAssessment() }),
	}
}

// injuryColumns are what the injured cost; they are null without injury.
func injuryColumns() []column[*claimRow] {
	return []column[*claimRow]{
		idColumn("hospital_id", "Hospital; null without injury", "就诊医院", func(r *claimRow, to []byte) []byte {
			if !r.hasAssessment() || r.hospital < 0 {
				return to
			}
			return r.w.writeID(to, hospitalPrefix, r.hospital)
		}).names("hospital").class(datasets.Sensitive),
		floatColumn("medical_amount", "Medical costs, yuan; null without injury", "医疗费用（元）", func(r *claimRow) float64 {
			return numberUnless(!r.hasAssessment() || r.lacks(noMedical), r.medical)
		}).class(datasets.Sensitive),
		intColumn("lost_work_days", "Days of work lost; null without injury or after a death", "误工天数", func(r *claimRow) (int64, bool) {
			return int64(r.lostDays), r.hasAssessment() && r.lostDays >= 0 && !r.lacks(noLostDays)
		}).class(datasets.Sensitive),
		intColumn("disability_grade", "Grade of disability, 1 the worst to 10; null for none", "伤残等级", func(r *claimRow) (int64, bool) {
			return int64(r.grade), r.hasAssessment() && r.grade > 0
		}).class(datasets.Sensitive),
		idColumn("appraisal_institution_id", "Institution that appraised disability or cause; null for none", "鉴定机构", func(r *claimRow, to []byte) []byte {
			if !r.hasAssessment() || r.institution < 0 {
				return to
			}
			return r.w.writeID(to, institutionPrefix, r.institution)
		}).names("appraisal_institution"),
	}
}

// auditColumns exist from the last closing of the file on; while it is open,
// they are null.
func auditColumns() []column[*claimRow] {
	return []column[*claimRow]{
		timeColumn("closed_at", "Time of the last closing", "结案时间", func(r *claimRow) int64 { return r.closed }),
		floatColumn("paid_amount", "Amount that the insurer bears, yuan", "赔付金额（元）", func(r *claimRow) float64 { return numberUnless(r.closed == 0, r.paid) }),
		intColumn("reopened", "Times that the file was opened again", "重开次数", func(r *claimRow) (int64, bool) { return int64(r.reopened), r.closed != 0 }),
		intColumn("supplements", "Later additions to the assessment", "追加定损次数", func(r *claimRow) (int64, bool) { return int64(r.supplements), r.closed != 0 }),
	}
}
