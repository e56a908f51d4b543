package catalogue

// arDesk are the texts of an authority's desk, and what both desks read.
var arDesk = map[string]string{
	"An authority's desk: file, approve, reply, read": "مكتب السلطة: التقديم والموافقة والرد والقراءة",
	"File a request": "تقديم طلب",
	`Files the request that a file describes: a RequestSpec of the contract, in YAML or
JSON. An emergency comes before the platform at once, everything else after an
approver, another person, has approved it. The request is signed with the profile's key,
and its answer will be sealed to the profile's answer key ('authority keys new') unless
the file names answer_recipients. Files given with --attach are sealed for the platform,
listed as evidence, and uploaded once the request is filed; 'upload' goes on with what was
interrupted.`: `يقدّم الطلب الذي يصفه ملف: رسالة RequestSpec من العقد، بصيغة YAML أو JSON.
يصل الطلب الطارئ إلى المنصة فورًا، وما عداه بعد أن يوافق عليه شخص آخر هو
مسؤول الموافقة. يُوقَّع الطلب بمفتاح ملف التعريف، ويُختم جوابه لمفتاح الجواب في
ملف التعريف ('authority keys new') ما لم يذكر الملف answer_recipients. الملفات
المذكورة مع --attach تُختم للمنصة وتُدرج أدلةً وتُرفع بعد تقديم الطلب؛ ويتابع
'upload' ما انقطع.`,
	"file to seal, list as evidence and upload; may stand several times":                                "ملف يُختم ويُدرج دليلاً ويُرفع؛ ويجوز تكراره",
	"file in YAML or JSON, - for standard input":                                                        "ملف بصيغة YAML أو JSON، أو - للدخل القياسي",
	"print the call as JSON, for grpcurl, instead of making it; with a profile it is signed and sealed": "طباعة الاستدعاء بصيغة JSON لأجل grpcurl بدلاً من تنفيذه؛ ومع ملف تعريف يكون موقّعًا ومختومًا",
	"Approve what an officer filed":                                                                     "الموافقة على ما قدّمه موظف",
	`Approves a request as the second pair of eyes. Read it first, with show; its etag
there says which version you read. Without --etag the request is shown and the
version that was shown is approved.`: `يوافق على طلب بوصفك الشخص الثاني. اقرأه أولاً بالأمر show؛ ويبيّن etag فيه أي
نسخة قرأت. من دون --etag يُعرض الطلب وتكون الموافقة على النسخة المعروضة.`,
	"the version that was read":                     "النسخة التي قُرئت",
	"a remark, which the platform sees":             "ملاحظة تراها المنصة",
	"Reject what an officer filed":                  "رد ما قدّمه موظف",
	"List requests":                                 "سرد الطلبات",
	"List all requests":                             "سرد جميع الطلبات",
	"Show a request in full, with its history":      "عرض طلب كاملاً مع تاريخه",
	"Show events as they happen, until interrupted": "عرض الأحداث حين وقوعها حتى المقاطعة",
	"begin after the event of this number":          "البدء بعد الحدث الذي هذا رقمه",
	"show only what happens from now on":            "إظهار ما يحدث من الآن فصاعدًا فقط",
	"--after and --new exclude each other":          "لا يجتمع --after و--new",
	`Shows which step was taken and by whom: first all that have happened, then each new one
as it happens, until interrupted. --after leaves out what happened up to an event, --new
all that has happened.`: `يعرض أي خطوة اتُّخذت ومن اتخذها: كل ما حدث أولاً، ثم كل جديد عند حدوثه، حتى يقاطَع. ويُسقط
--after ما حدث حتى حدث معيّن، ويُسقط --new كل ما حدث من قبل.`,
	"stop after so many events; 0: never":                 "التوقف بعد هذا العدد من الأحداث؛ 0: أبدًا",
	"Wait until a request needs you, is answered or over": "الانتظار حتى يحتاج الطلب إليك أو يُجاب عنه أو ينتهي",
	`Waits until a request is in one of the states of --state; without it, until it needs
the authority (a question, an objection), is answered, or is over. If that does not come
within --timeout, the exit code is 5: not now.`: `ينتظر حتى يصير الطلب في إحدى حالات --state؛ ومن دونها حتى يحتاج إلى السلطة
(سؤال أو اعتراض) أو يُجاب عنه أو ينتهي. إذا لم يحدث ذلك خلال --timeout فرمز الخروج
هو 5: ليس الآن.`,
	"the states to wait for, such as ANSWERED,REFUSED":        "الحالات المنتظرة، مثل ANSWERED,REFUSED",
	"give up after this time, such as 30s; 0: never":          "التخلي بعد هذه المدة، مثل 30s؛ 0: أبدًا",
	"Verify, decrypt and read the answer: who was identified": "التحقق من الجواب وفك ختمه وقراءته: من حُددت هويته",
	`Reads the answer's parts, checks that each is what the platform signed for exactly this
request, within what was asked and in the ledger, and opens it with the profile's answer
key. What does not hold is not shown: exit code 7.`: `يقرأ أجزاء الجواب، ويتحقق من أن كل جزء هو ما وقّعته المنصة لهذا الطلب تحديدًا، وأنه
ضمن ما طُلب وفي السجل، ثم يفتحه بمفتاح الجواب في ملف التعريف. ما لا يصح لا يُعرض:
رمز الخروج 7.`,
	"Reply to what the platform asked":                                                    "الرد على ما سألت عنه المنصة",
	"Narrow a request: say what stays":                                                    "تضييق طلب: بيان ما يبقى",
	"Uphold a request against an objection":                                               "التمسك بالطلب رغم الاعتراض",
	"Take a request back":                                                                 "سحب طلب",
	"Validate an emergency afterwards":                                                    "المصادقة اللاحقة على حالة طارئة",
	"number of the decision that validates it":                                            "رقم القرار الذي يصادق عليه",
	"Extend a preservation, once":                                                         "تمديد حفظ البيانات مرة واحدة",
	"until when (RFC 3339, such as 2026-12-01T16:00:00+03:00)":                            "إلى متى (RFC 3339 مثل 2026-12-01T16:00:00+03:00)",
	"Grant the time that the platform asked for":                                          "منح المهلة التي طلبتها المنصة",
	"Decline to grant the time that the platform asked for":                               "رفض المهلة التي طلبتها المنصة",
	"Attest that the answers were deleted, after a withdrawal or a lapse":                 "الإقرار بحذف الأجوبة بعد السحب أو السقوط",
	"Confirm that what the platform recalled is not used any more":                        "تأكيد أن ما استرجعته المنصة لم يعد يُستخدم",
	"Confirm that the whole answer was read":                                              "تأكيد أن الجواب كله قُرئ",
	"what to say; - for standard input":                                                   "ما يقال؛ - للدخل القياسي",
	"file in YAML or JSON that says it all, - for standard input":                         "ملف بصيغة YAML أو JSON فيه كل شيء، أو - للدخل القياسي",
	"take the step only if the request still has this etag":                               "اتخاذ الخطوة فقط إذا كان etag الطلب لا يزال كذلك",
	"only in these states, such as FILED,ACKNOWLEDGED":                                    "في هذه الحالات فقط، مثل FILED,ACKNOWLEDGED",
	"only with this organisation at the other end":                                        "مع هذه الجهة في الطرف الآخر فقط",
	"only with this reference: the authority's, the platform's or the order's own number": "بهذا المرجع فقط: رقم السلطة أو المنصة أو الأمر",
	"only routine or emergency":                                                           "routine أو emergency فقط",
	"only filed at this time or later (RFC 3339)":                                         "المقدَّمة في هذا الوقت أو بعده فقط (RFC 3339)",
	"only filed before this time (RFC 3339)":                                              "المقدَّمة قبل هذا الوقت فقط (RFC 3339)",
	"newest first":                                                                        "الأحدث أولاً",
	"Go on with uploading a request's attachments":                                        "متابعة رفع مرفقات طلب",
	`Uploads what waits in the profile's outbox of the attachments that a request lists, as
'file --attach' left it when it was interrupted. What the hub has of a file already is not
sent again.`: `يرفع ما ينتظر في outbox ملف التعريف من المرفقات التي يسردها الطلب، كما تركها
'file --attach' حين انقطع. ما لدى المركز من ملف لا يُرسل ثانية.`,
	"Make and show the keys that open answers and attachments": "إنشاء المفاتيح التي تفتح الأجوبة والمرفقات وعرضها",
	"Make a key that answers or attachments are sealed to":     "إنشاء مفتاح تُختم له الأجوبة أو المرفقات",
	`Makes a hybrid post-quantum key of the age format (age-encryption.org/v1) and keeps its
secret half in the profile's answer-key.txt, or in --out. From then on the answer to every
request that this profile files is sealed to it. Whoever has the file reads the answers;
without it nobody does, ever: keep a copy in a safe place. The public half is printed, to
seal to several people by answer_recipients of a request. A platform gives it to the hub's
operator, for attachment_recipients of its directory entry: attachments for the platform
are sealed to it.`: `ينشئ مفتاحًا هجينًا مقاومًا للحوسبة الكمومية بصيغة age (age-encryption.org/v1) ويحفظ نصفه
السري في answer-key.txt من ملف التعريف أو في --out. منذئذ يُختم له جواب كل طلب يقدّمه
ملف التعريف هذا. من لديه الملف يقرأ الأجوبة، ومن دونه لا يقرؤها أحد أبدًا، فاحتفظ بنسخة في
مكان آمن. يُطبع النصف العلني، ليُختم لعدة أشخاص بواسطة answer_recipients في الطلب. وتعطيه
المنصة لمشغّل المركز من أجل attachment_recipients في قيدها في الدليل، فتُختم له مرفقاتها.`,
	"file to keep the secret half in":                      "ملف يُحفظ فيه النصف السري",
	"Show the public halves of this profile's answer keys": "عرض الأنصاف العلنية لمفاتيح الجواب في ملف التعريف هذا",
	"file that has the secret halves":                      "الملف الذي فيه الأنصاف السرية",
}
