package synth

// Phrases of the narratives. They are chosen at random but for the accident
// and for the last ones, which a vague account has more of.
var (
	timePhrases = [4][]string{{"夜间", "凌晨", "深夜"}, {"早上", "清晨"}, {"上午", "中午", "下午"}, {"傍晚", "晚上"}}
	roadPhrases = []string{"路口", "高架桥", "小区门口", "国道", "辅路", "环岛", "乡村道路", "收费站附近"}
	parkPhrases = []string{"停车场", "小区内", "路边车位", "商场地下车库", "单位院内"}
	whatPhrases = [9][]string{
		{"追尾前方车辆", "因刹车不及与前车相撞", "被后车追尾"},
		{"变道时与旁车剐蹭", "与直行车辆发生侧面碰撞", "转弯时与来车相撞"},
		{"撞上护栏", "撞到路边石墩", "为避让行人撞上隔离带"},
		{"停放期间被撞", "停车后返回发现车辆受损", "倒车时碰到立柱"},
		{"车身被划", "发现车门有划痕", "多处漆面被刮花"},
		{"车辆被盗", "停放后车辆不见"},
		{"车辆被水淹", "涉水熄火"},
		{"发动机舱起火", "车辆自燃"},
		{"与电动车相撞致人受伤", "碰撞后乘客受伤", "与行人发生碰撞致伤"},
	}
	damagePhrases = []string{"前保险杠受损", "车灯破损", "车门变形", "后备箱受损", "多处受损", "叶子板受损", "损失待定"}

	// Endings; the first ones fit every accident, the last two need another side.
	clearPhrases = []string{"已拍照留存", "现场等待查勘", "有行车记录仪视频", "双方已留联系方式", "责任双方无异议"}
	vaguePhrases = []string{"具体经过记不清", "现场无监控", "希望尽快赔付", "对方已离开", "未留联系方式"}
)

// narratives have numbers of their own in the story stream, beside the missing values.
const narrativeOffset = 1 << 40

// tell appends the claim's narrative.
func (w *world) tell(to []byte, c *claim) []byte {
	d := roll(w.cfg.Seed, storyStream, narrativeOffset+c.slot)
	pick := func(phrases []string) { to = append(to, phrases[d.below(len(phrases))]...) }
	if c.reporter == driverReporter {
		to = append(to, "驾驶员称"...)
	}
	pick(timePhrases[c.band])
	to = append(to, "标的车在"...)
	if c.accident >= parkedAccident && c.accident <= theftAccident {
		pick(parkPhrases)
	} else {
		pick(roadPhrases)
	}
	pick(whatPhrases[c.accident])
	if c.accident != theftAccident {
		to = append(to, "，"...)
		pick(damagePhrases)
	}
	if c.police == 1 {
		to = append(to, "，已报警"...)
	}
	to = append(to, "，"...)
	endings, vague := clearPhrases, 0.1
	if c.tone == 1 {
		vague = 0.9
	}
	if d.chance(vague) {
		endings = vaguePhrases
	}
	if c.accident > 1 && c.accident != injuryAccident {
		endings = endings[:3]
	}
	pick(endings)
	return append(to, "。"...)
}
