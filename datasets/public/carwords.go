package public

import "claimsieve/datasets"

// words are the values that a column of the public file may have.
type words []string

var (
	monthWords   = words{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
	weekdayWords = words{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
	yesNo        = words{"No", "Yes"}
)

// index returns the place of s in w, or -1.
func (w words) index(s string) int {
	for i, k := range w {
		if k == s {
			return i
		}
	}
	return -1
}

// carField is one column of the public car claims file and the column of the
// claims table that it becomes.
type carField struct {
	header    string // in the file
	spec      datasets.ColumnSpec
	words     words // accepted values; nil for whole numbers
	low, high int64 // accepted whole numbers when words is nil
	zero      bool  // "0" is accepted too and means not recorded
}

func nominal(header, name, en, zh string, w ...string) carField {
	return carField{header: header, words: w, spec: datasets.ColumnSpec{
		Name: name, Type: datasets.Category, Stage: datasets.Report, Title: datasets.Title{EN: en, ZH: zh}}}
}

func whole(header, name, en, zh string, low, high int64) carField {
	return carField{header: header, low: low, high: high, spec: datasets.ColumnSpec{
		Name: name, Type: datasets.Int, Stage: datasets.Report, Title: datasets.Title{EN: en, ZH: zh}}}
}

func (f carField) personal() carField {
	f.spec.Class = datasets.Personal
	return f
}

func (f carField) orZero() carField {
	f.zero = true
	return f
}

func (f carField) typed(t datasets.Type, role string) carField {
	f.spec.Type, f.spec.Role = t, role
	return f
}

// carFields are the columns of the public file in file order. Words keep the
// file's own spelling ("Accura", "Porche", "Mecedes", "Nisson"), because
// published results do.
var carFields = []carField{
	nominal("Month", "month_of_loss", "Month of loss", "出险月份", monthWords...),
	whole("WeekOfMonth", "week_of_loss", "Week of the month of loss", "出险周次", 1, 5),
	nominal("DayOfWeek", "weekday_of_loss", "Weekday of loss", "出险星期", weekdayWords...),
	nominal("Make", "make", "Make of the vehicle", "车辆品牌", "Accura", "BMW", "Chevrolet", "Dodge", "Ferrari", "Ford",
		"Honda", "Jaguar", "Lexus", "Mazda", "Mecedes", "Mercury", "Nisson", "Pontiac", "Porche", "Saab", "Saturn", "Toyota", "VW"),
	nominal("AccidentArea", "accident_area", "Area of the accident", "出险区域", "Rural", "Urban"),
	nominal("DayOfWeekClaimed", "weekday_of_claim", "Weekday of the claim", "报案星期", weekdayWords...).orZero(),
	nominal("MonthClaimed", "month_of_claim", "Month of the claim", "报案月份", monthWords...).orZero(),
	whole("WeekOfMonthClaimed", "week_of_claim", "Week of the month of the claim", "报案周次", 1, 5),
	nominal("Sex", "sex", "Sex of the policy holder", "投保人性别", "Female", "Male").personal(),
	nominal("MaritalStatus", "marital_status", "Marital status of the policy holder", "投保人婚姻状况", "Divorced", "Married", "Single", "Widow").personal(),
	whole("Age", "age", "Age of the policy holder in years", "投保人年龄", 14, 110).orZero().personal(),
	nominal("Fault", "fault", "Party at fault", "责任方", "Policy Holder", "Third Party"),
	nominal("PolicyType", "policy_type", "Kind of policy", "保单类型", "Sedan - All Perils", "Sedan - Collision", "Sedan - Liability",
		"Sport - All Perils", "Sport - Collision", "Sport - Liability", "Utility - All Perils", "Utility - Collision", "Utility - Liability"),
	nominal("VehicleCategory", "vehicle_category", "Category of the vehicle", "车辆类别", "Sedan", "Sport", "Utility"),
	nominal("VehiclePrice", "vehicle_price", "Price band of the vehicle", "车辆价格区间", "less than 20000", "20000 to 29000",
		"30000 to 39000", "40000 to 59000", "60000 to 69000", "more than 69000"),
	whole("FraudFound_P", "", "", "", 0, 1),
	whole("PolicyNumber", "", "", "", 1, 99_999),
	whole("RepNumber", "rep_number", "Representative who handled the claim", "经办人编号", 1, 16).typed(datasets.Category, "staff"),
	nominal("Deductible", "deductible", "Deductible", "免赔额", "300", "400", "500", "700").typed(datasets.Int, ""),
	whole("DriverRating", "driver_rating", "Driver rating", "驾驶员评级", 1, 4),
	nominal("Days_Policy_Accident", "days_policy_accident", "Days from policy to accident", "投保至出险天数区间", "none", "1 to 7", "8 to 15", "15 to 30", "more than 30"),
	nominal("Days_Policy_Claim", "days_policy_claim", "Days from policy to claim", "投保至报案天数区间", "none", "1 to 7", "8 to 15", "15 to 30", "more than 30"),
	nominal("PastNumberOfClaims", "past_number_of_claims", "Number of past claims", "历史索赔次数区间", "none", "1", "2 to 4", "more than 4"),
	nominal("AgeOfVehicle", "age_of_vehicle", "Age of the vehicle", "车龄区间", "new", "2 years", "3 years", "4 years", "5 years", "6 years", "7 years", "more than 7"),
	nominal("AgeOfPolicyHolder", "age_of_policy_holder", "Age band of the policy holder", "投保人年龄区间", "16 to 17", "18 to 20", "21 to 25",
		"26 to 30", "31 to 35", "36 to 40", "41 to 50", "51 to 65", "over 65").personal(),
	nominal("PoliceReportFiled", "police_report_filed", "Police report filed", "是否报警", yesNo...).typed(datasets.Bool, ""),
	nominal("WitnessPresent", "witness_present", "Witness present", "是否有目击证人", yesNo...).typed(datasets.Bool, ""),
	nominal("AgentType", "agent_type", "Kind of agent", "代理人类型", "External", "Internal"),
	nominal("NumberOfSuppliments", "number_of_suppliments", "Number of supplements to the claim", "补充索赔次数区间", "none", "1 to 2", "3 to 5", "more than 5"),
	nominal("AddressChange_Claim", "address_change_claim", "Time since the change of address", "地址变更距索赔时间区间", "no change", "under 6 months", "1 year", "2 to 3 years", "4 to 8 years"),
	nominal("NumberOfCars", "number_of_cars", "Number of cars on the policy", "保单车辆数区间", "1 vehicle", "2 vehicles", "3 to 4", "5 to 8", "more than 8"),
	whole("Year", "year", "Year of the claim; equals the published split, not for models", "索赔年份（对应公开划分，不作为模型输入）", 1994, 1996),
	nominal("BasePolicy", "base_policy", "Base policy", "基本险种", "All Perils", "Collision", "Liability"),
}

// fieldAt returns the place of a header among carFields. It panics for an
// unknown one, because only this package asks.
func fieldAt(header string) int {
	for i, f := range carFields {
		if f.header == header {
			return i
		}
	}
	panic("BUG: no car claims column " + header)
}
