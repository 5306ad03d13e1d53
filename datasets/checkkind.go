package datasets

import "slices"

// Kind is the stable code of what a finding is about, such as duplicate_key. A
// dataset names kinds under quality: block.
type Kind string

// The kinds of findings of [Check]; what each means is in docs/data-quality.md.
const (
	MissingFile          Kind = "missing_file"
	UnreadableFile       Kind = "unreadable_file"
	MissingColumn        Kind = "missing_column"
	WrongType            Kind = "wrong_type"
	UnreadableValue      Kind = "unreadable_value"
	UnreadableCodes      Kind = "unreadable_codes"
	NoClaims             Kind = "no_claims"
	NoOutcomes           Kind = "no_outcomes"
	NullKey              Kind = "null_key"
	DuplicateKey         Kind = "duplicate_key"
	DuplicateRow         Kind = "duplicate_row"
	CopiedRow            Kind = "copied_row"
	NearDuplicate        Kind = "near_duplicate"
	NullColumn           Kind = "null_column"
	NullKnownAt          Kind = "null_known_at"
	DateOutOfRange       Kind = "date_out_of_range"
	DefaultDate          Kind = "default_date"
	UniformFill          Kind = "uniform_fill"
	NotANumber           Kind = "not_a_number"
	InfiniteValue        Kind = "infinite_value"
	MalformedIdentifier  Kind = "malformed_identifier"
	WrongCheckDigit      Kind = "wrong_check_digit"
	OldIdentifier        Kind = "old_identifier"
	UnknownCode          Kind = "unknown_code"
	KnownBeforeHappened  Kind = "known_before_happened"
	LateRow              Kind = "late_row"
	MissingMonth         Kind = "missing_month"
	MissingDays          Kind = "missing_days"
	BrokenReference      Kind = "broken_reference"
	UnknownConclusion    Kind = "unknown_conclusion"
	OutcomeWithoutClaim  Kind = "outcome_without_claim"
	EarlyConclusion      Kind = "early_conclusion"
	RepeatedOutcome      Kind = "repeated_outcome"
	BadPropensity        Kind = "bad_propensity"
	FlagContradiction    Kind = "flag_contradiction"
	MissingFlag          Kind = "missing_flag"
	TypesWithoutFraud    Kind = "types_without_fraud"
	RefusalContradiction Kind = "refusal_contradiction"
	RefusalWithoutReason Kind = "refusal_without_reason"
	ReasonWithoutRefusal Kind = "reason_without_refusal"
	PaidDespiteFraud     Kind = "paid_despite_fraud"
	RecoveredOutOfRange  Kind = "recovered_out_of_range"
	TableRemoved         Kind = "table_removed"
	ColumnRemoved        Kind = "column_removed"
	ColumnAdded          Kind = "column_added"
	VanishedRows         Kind = "vanished_rows"
	ChangedValues        Kind = "changed_values"
	DistributionShift    Kind = "distribution_shift"
	WorsenedDelay        Kind = "worsened_delay"
)

// KindRule is what is known about a kind of finding.
type KindRule struct {
	Kind      Kind
	Dimension Dimension // that its rows count against; NoDimension for none
	Blocks    bool      // it is a fault unless the dataset lists what blocks
	Always    bool      // it is a fault whatever the dataset says: nothing can be read
	Title     Title
}

// The rows below say Blocks and Always by words.
const (
	note   = iota // a note unless the dataset says otherwise
	fault         // a fault unless the dataset says otherwise
	always        // a fault in any case
)

func rule(k Kind, d Dimension, severity int, en, zh string) KindRule {
	return KindRule{Kind: k, Dimension: d, Blocks: severity >= fault, Always: severity == always, Title: Title{EN: en, ZH: zh}}
}

var kindRules = []KindRule{
	rule(MissingFile, NoDimension, always, "file is missing", "文件缺失"),
	rule(UnreadableFile, NoDimension, always, "file cannot be read", "文件无法读取"),
	rule(MissingColumn, NoDimension, always, "column is missing", "字段缺失"),
	rule(WrongType, NoDimension, always, "column has another type", "字段类型不符"),
	rule(UnreadableValue, NoDimension, always, "value cannot be read", "字段值无法读取"),
	rule(UnreadableCodes, NoDimension, always, "code table cannot be read", "代码表无法读取"),
	rule(NoClaims, Completeness, fault, "no claims", "无赔案"),
	rule(NoOutcomes, Completeness, note, "no outcomes", "无调查结论"),
	rule(NullKey, Completeness, fault, "key is null or empty", "主键为空"),
	rule(DuplicateKey, Truth, fault, "key is repeated", "主键重复"),
	rule(DuplicateRow, Truth, note, "row is repeated", "整行重复"),
	rule(CopiedRow, Truth, note, "claim repeated under another key", "换号复制的赔案"),
	rule(NearDuplicate, Truth, note, "same vehicle or person at the same instant", "同车或同人同时出险"),
	rule(NullColumn, Completeness, note, "column is null throughout", "字段全空"),
	rule(NullKnownAt, Completeness, fault, "no instant from which the row is known", "知悉时间为空"),
	rule(DateOutOfRange, StandardForm, fault, "date before 1900 or after 2199", "日期超出范围"),
	rule(DefaultDate, Truth, note, "default date", "默认日期"),
	rule(UniformFill, Truth, note, "uniform filling", "统一赋值"),
	rule(NotANumber, Completeness, note, "value is NaN", "非数值"),
	rule(InfiniteValue, StandardForm, fault, "value is infinite", "无穷值"),
	rule(MalformedIdentifier, StandardForm, note, "identifier of wrong form", "证件或号码格式错误"),
	rule(WrongCheckDigit, Truth, note, "wrong check digit", "校验位错误"),
	rule(OldIdentifier, StandardForm, note, "identity number in the old form", "旧版身份证号"),
	rule(UnknownCode, StandardForm, note, "code is in no table", "代码不在代码表"),
	rule(KnownBeforeHappened, Accuracy, fault, "known before it happened", "知悉早于发生"),
	rule(LateRow, Timeliness, note, "row became known late", "迟报"),
	rule(MissingMonth, Timeliness, note, "month without rows", "整月无数据"),
	rule(MissingDays, Timeliness, note, "days without rows", "连续多日无数据"),
	rule(BrokenReference, Accuracy, note, "claim is not in the claims table", "引用的赔案不存在"),
	rule(UnknownConclusion, StandardForm, fault, "unknown conclusion", "结论代码未知"),
	rule(OutcomeWithoutClaim, Accuracy, fault, "outcome without its claim", "结论无对应赔案"),
	rule(EarlyConclusion, Accuracy, fault, "concluded before it was known", "结论早于报案"),
	rule(RepeatedOutcome, NoDimension, note, "claim with several conclusions", "同一赔案多次结论"),
	rule(BadPropensity, Accuracy, fault, "propensity is no probability", "入选概率不在0至1"),
	rule(FlagContradiction, Accuracy, note, "fraud flag against conclusion", "欺诈标志与结论矛盾"),
	rule(MissingFlag, Completeness, note, "fraud flag is missing", "欺诈标志缺失"),
	rule(TypesWithoutFraud, Accuracy, note, "fraud types without fraud", "无欺诈却有欺诈类型"),
	rule(RefusalContradiction, Accuracy, note, "refused against conclusion", "是否拒赔与结论矛盾"),
	rule(RefusalWithoutReason, Completeness, note, "refusal without reason", "拒赔无原因"),
	rule(ReasonWithoutRefusal, Accuracy, note, "reason without refusal", "未拒赔却有拒赔原因"),
	rule(PaidDespiteFraud, Accuracy, note, "paid although refused or withdrawn", "欺诈拒赔或放弃仍有赔款"),
	rule(RecoveredOutOfRange, Accuracy, note, "recovered amount out of range", "减损金额超出范围"),
	rule(TableRemoved, Completeness, note, "table is gone", "表被移除"),
	rule(ColumnRemoved, Completeness, note, "column is gone", "字段被移除"),
	rule(ColumnAdded, NoDimension, note, "column is new", "新增字段"),
	rule(VanishedRows, Completeness, note, "rows are gone", "记录消失"),
	rule(ChangedValues, Truth, note, "values were changed", "数值被改动"),
	rule(DistributionShift, NoDimension, note, "distribution has shifted", "分布偏移"),
	rule(WorsenedDelay, Timeliness, note, "rows become known later than before", "报送时效变差"),
}

// Kinds returns what is known about every kind of finding, in a fixed order.
func Kinds() []KindRule { return slices.Clone(kindRules) }

// Title returns the kind's name for people, empty for a kind that is not known.
func (k Kind) Title() Title { return k.rule().Title }

// rule returns the kind's rule; that of an unknown kind is empty.
func (k Kind) rule() KindRule {
	for _, r := range kindRules {
		if r.Kind == k {
			return r
		}
	}
	return KindRule{}
}

func kindNames() []string {
	names := make([]string, len(kindRules))
	for i, r := range kindRules {
		names[i] = string(r.Kind)
	}
	return names
}
