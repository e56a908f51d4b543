package catalogue

const (
	attachmentsMore = "The hub has %d attachments more of %s."
	cosignedBy      = "Cosigned by %d of the witnesses that this profile knows:"
	readAgain       = "The officer reads the whole ledger again: %d events, each hashed anew and proved, and %d signatures hold."
)

// enCounted are the texts that hang on a number, in English where its forms differ.
var enCounted = map[string]forms{
	attachmentsMore: {arg: 1, one: "The hub has one attachment more of %[2]s.", other: attachmentsMore},
	cosignedBy:      {arg: 1, one: "Cosigned by one of the witnesses that this profile knows:", other: cosignedBy},
}

var arCounted = map[string]forms{
	attachmentsMore: {
		arg: 1, zero: "ليس لدى المركز مرفق جديد من %[2]s.", one: "لدى المركز مرفق واحد آخر من %[2]s.", two: "لدى المركز مرفقان آخران من %[2]s.",
		few: "لدى المركز %[1]d مرفقات أخرى من %[2]s.", many: "لدى المركز %[1]d مرفقًا آخر من %[2]s.", other: "لدى المركز %[1]d مرفق آخر من %[2]s.",
	},
	cosignedBy: {
		arg: 1, zero: "لم يوقّع عليها أحد من الشهود الذين يعرفهم ملف التعريف هذا:", one: "وقّع عليها شاهد واحد من الشهود الذين يعرفهم ملف التعريف هذا:",
		two: "وقّع عليها شاهدان من الشهود الذين يعرفهم ملف التعريف هذا:", few: "وقّع عليها %[1]d شهود ممن يعرفهم ملف التعريف هذا:",
		many: "وقّع عليها %[1]d شاهدًا ممن يعرفهم ملف التعريف هذا:", other: "وقّع عليها %[1]d شاهد ممن يعرفهم ملف التعريف هذا:",
	},
	readAgain: {
		arg: 1, one: "يقرأ الموظف السجل كله من جديد: حدث واحد حُسبت بصمته ثانية وأُثبت، والتواقيع الصحيحة %[2]d.",
		two:   "يقرأ الموظف السجل كله من جديد: حدثان حُسبت بصمة كل منهما ثانية وأُثبت، والتواقيع الصحيحة %[2]d.",
		few:   "يقرأ الموظف السجل كله من جديد: %[1]d أحداث حُسبت بصمة كل منها ثانية وأُثبت، والتواقيع الصحيحة %[2]d.",
		many:  "يقرأ الموظف السجل كله من جديد: %[1]d حدثًا حُسبت بصمة كل منها ثانية وأُثبت، والتواقيع الصحيحة %[2]d.",
		other: "يقرأ الموظف السجل كله من جديد: %[1]d حدث حُسبت بصمة كل منها ثانية وأُثبت، والتواقيع الصحيحة %[2]d.",
	},
}

// ckbCounted: Central Kurdish leaves what is counted in the singular.
var ckbCounted = map[string]forms{
	attachmentsMore: {
		arg: 1, one: "ناوەندەکە یەک هاوپێچی تری %[2]s ی هەیە.", other: "ناوەندەکە %[1]d هاوپێچی تری %[2]s ی هەیە.",
	},
	cosignedBy: {
		arg: 1, one: "یەکێک لەو شایەتانەی ئەم پرۆفایلە دەیانناسێت واژۆی کردووە:", other: "%[1]d لەو شایەتانەی ئەم پرۆفایلە دەیانناسێت واژۆیان کردووە:",
	},
	readAgain: {
		arg: 1, one: "فەرمانبەرەکە هەموو دەفتەرەکە دەخوێنێتەوە: یەک ڕووداو دووبارە پوختە کرا و سەلمێنرا، و %[2]d واژۆ دروستن.",
		other: "فەرمانبەرەکە هەموو دەفتەرەکە دەخوێنێتەوە: %[1]d ڕووداو، هەر یەکە دووبارە پوختە کرا و سەلمێنرا، و %[2]d واژۆ دروستن.",
	},
}
