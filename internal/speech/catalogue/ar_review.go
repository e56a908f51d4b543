package catalogue

// arReview are the texts of reviews and disputes.
var arReview = map[string]string{
	"A reviewer's desk: read, object, clear, decide": "مكتب المراجِع: القراءة والاعتراض والإجازة والبتّ",
	`An independent body that a request names as its reviewer reads it from the moment it is
before the platform, and never an answer. While it may object nothing is handed over.`: `جهة مستقلة يسمّيها الطلب مراجِعًا له تقرؤه منذ أن يكون أمام المنصة، ولا تقرأ جوابًا أبدًا.
وما دام لها أن تعترض لا يُسلَّم شيء.`,
	"List the requests that name the body as reviewer":                                    "سرد الطلبات التي تسمّي الجهة مراجِعًا",
	"Object to a request: to some of its selectors, or to the whole":                      "الاعتراض على طلب: على بعض محدِّداته أو عليه برمته",
	"a selector that it is about; without any: the whole request, which is refused by it": "محدِّد يتعلق به؛ ومن دون أي محدِّد: الطلب برمته، فيُرفض به",
	"Let the platform hand over at once":                                                  "السماح للمنصة بالتسليم فورًا",
	"Decide a dispute, or lift the bar on selectors":                                      "البتّ في نزاع، أو رفع المنع عن محدِّدات",
	"what became of the objection: overruled, sustained, sustained-in-part":               "ما آل إليه الاعتراض: overruled أو sustained أو sustained-in-part",
	"a selector for which the objection is sustained, with --outcome sustained-in-part":   "محدِّد قُبل الاعتراض بشأنه، مع --outcome sustained-in-part",
	"--outcome must be one of %s":                                                         "يجب أن يكون --outcome واحدًا من %s",
	"Maintain an objection that the authority has upheld the request against":             "التمسك باعتراض أصرّت السلطة على الطلب رغمه",
	"Record a court's decision that went against the authority":                           "تسجيل قرار محكمة صدر ضد السلطة",
	"Record a court's decision that went against the platform":                            "تسجيل قرار محكمة صدر ضد المنصة",
	"REQUEST_STATE_IN_DISPUTE":                                                            "قيد النزاع",
	"the objection is overruled: %s":                                                      "رُدّ الاعتراض: %s",
	"the objection is sustained: %s":                                                      "قُبل الاعتراض: %s",
	"the objection is sustained for %s: %s":                                               "قُبل الاعتراض بشأن %s: %s",
	"the reviewer objects to %s: %s":                                                      "يعترض المراجِع على %s: %s",
	"the reviewer objects to the whole: %s":                                               "يعترض المراجِع على الطلب برمته: %s",
	"the reviewer does not object %s":                                                     "لا يعترض المراجِع %s",
	"the reviewer said nothing in time; nobody has cleared the request":                   "لم يقل المراجِع شيئًا في الموعد؛ ولم يُجز أحد الطلب",
}
