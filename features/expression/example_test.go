package expression_test

import (
	"fmt"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"claimsieve/datasets"
	"claimsieve/features/expression"
)

// A claim is early when it was reported within 30 days of the policy's start,
// and the answer is missing where one of the dates is.
func ExampleCompile() {
	columns := map[string]datasets.Type{"reported_at": datasets.Time, "policy_start": datasets.Date}
	p, err := expression.Compile("days(reported_at - policy_start) < 30",
		func(name string) (datasets.Type, bool) { t, ok := columns[name]; return t, ok },
		[]string{"policy_start", "reported_at"})
	if err != nil {
		fmt.Println(err)
		return
	}
	b := array.NewRecordBuilder(memory.DefaultAllocator, arrow.NewSchema([]arrow.Field{
		{Name: "reported_at", Type: datasets.Time.Arrow(), Nullable: true},
		{Name: "policy_start", Type: datasets.Date.Arrow(), Nullable: true},
	}, nil))
	const day = 24 * 60 * 60 * 1_000_000
	b.Field(0).(*array.TimestampBuilder).AppendValues([]arrow.Timestamp{19005*day + 1, 19100 * day, 0}, []bool{true, true, false})
	b.Field(1).(*array.Date32Builder).AppendValues([]arrow.Date32{19000, 19000, 19000}, nil)
	early, err := p.Eval(b.NewRecord())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Type(), p.Inputs(), early.Truths)
	// Output: bool [reported_at policy_start] [true false missing]
}
