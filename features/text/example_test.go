package text_test

import (
	"fmt"

	"claimsieve/features/text"
)

func Example() {
	x, err := text.New(text.Options{Phrase: 8, Tellers: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	answers, err := x.Batch([]text.Story{
		{ID: 1, Time: 10, Owner: 501, Text: "夜间标的车在路口追尾前方车辆，前保险杠受损，损失1200元，现场无监控。"},
		{ID: 2, Time: 25, Owner: 777, Text: "夜间标的车在路口追尾前方车辆,前保险杠受损,损失 98,000元,现场无监控"},
		{ID: 3, Time: 25, Owner: 501, Text: "停车后返回发现车门有划痕，前保险杠受损，损失待定"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, a := range answers {
		fmt.Printf("%d: near %d, of others %d, nearest %d at %.2f, phrase %q\n", i+1, a.All.Near, a.Others.Near, a.All.Nearest.ID, a.All.Nearest.Jaccard, a.Phrase)
	}
	// Output:
	// 1: near 0, of others 0, nearest 0 at 0.00, phrase ""
	// 2: near 1, of others 1, nearest 1 at 1.00, phrase "夜间标的车在路口追尾前方车辆前保险杠受损损失0元现场无监控"
	// 3: near 0, of others 0, nearest 0 at 0.00, phrase ""
}
