package catalogue

// arPlatform are the texts of a platform's desk.
var arPlatform = map[string]string{
	"A platform's desk: inbox, acknowledge, ask, answer":                "مكتب المنصة: الوارد والإقرار والاستيضاح والجواب",
	"List the requests that wait for the platform (--state for others)": "سرد الطلبات التي تنتظر المنصة (--state لغيرها)",
	"Read the answer's parts that were given; what is sealed stays so":  "قراءة ما أُعطي من أجزاء الجواب؛ والمختوم يبقى مختومًا",
	"Download a request's attachments, check and open them":             "تنزيل مرفقات طلب والتحقق منها وفتحها",
	`Downloads every attachment that a request lists, checks that it is what the authority has
signed, opens it with the profile's answer-key.txt, and puts it into a folder. Files are
named by their digest, never by what the sender calls them; the list that is printed says
which is which. What was interrupted goes on where it ended.`: `ينزّل كل مرفق يسرده الطلب، ويتحقق من أنه ما وقّعته السلطة، ويفتحه بالملف answer-key.txt من
ملف التعريف، ويضعه في مجلد. تُسمّى الملفات ببصماتها لا بما يسمّيها المرسل؛ والقائمة المطبوعة
تبيّن أيها هو أيها. ما انقطع يُتابَع من حيث انتهى.`,
	"folder to put the files into":                   "المجلد الذي توضع فيه الملفات",
	"Confirm that the platform has a request":        "الإقرار بأن الطلب وصل إلى المنصة",
	"the platform's own number for it":               "رقمه الخاص لدى المنصة",
	"Ask the authority something":                    "استيضاح أمر من السلطة",
	"the selectors that it is about":                 "المحدِّدات التي يتعلق بها",
	"Object to a request, and propose a smaller one": "الاعتراض على طلب واقتراح أضيق منه",
	"Refuse a request as a whole":                    "رفض طلب برمته",
	"Give an answer, or a part of one":               "إعطاء جواب أو جزء منه",
	"Confirm that what was to be preserved is kept":  "تأكيد أن ما طُلب حفظه محفوظ",
	"Ask for more time to answer":                    "طلب مهلة إضافية للجواب",
	"Attest that what was gathered, or recalled, was deleted, after a withdrawal, a lapse or a recall": "الإقرار بحذف ما جُمع أو استُرجع بعد السحب أو السقوط أو الاسترجاع",
	"Take parts of the answer back that were wrong":                                                    "استرجاع أجزاء خاطئة من الجواب",
	"number of a part; may be repeated":                                                                "رقم جزء؛ ويجوز تكراره",
	"Record that the person concerned was told":                                                        "تسجيل أن الشخص المعني قد أُبلغ",
	"Answer requests with a program":                                                                   "الإجابة عن الطلبات ببرنامج",
	`Watches the inbox, acknowledges what comes, and runs CMD once for each request that
waits for the platform, through 'sh -c'. CMD reads one JSON object from standard input:

  {"request": …, "events": […]}     the request as it stands, and its history

and writes one JSON object to standard output, with exactly one of

  {"answer": …}                     an Answer of the contract; "final": true ends it
  {"clarification": …}              a Clarification: a question to the authority
  {"objection": …}                  an Objection
  {"refusal": …}                    a Refusal
  {"preservation": …}               a PreservationConfirmation
  {"later": "15m"}                  nothing now; ask again after this time

Field names are the contract's. If CMD fails or its output is none of these, it is run
again after a pause that grows. What it writes to standard error goes to this
command's. A request that is withdrawn or narrowed in the meantime ends CMD.

With --state-dir the command goes on where it stopped. With --takeover several of
them share an inbox, each with a state folder of its own.`: `يراقب الوارد ويقرّ بما يصل، ويشغّل CMD مرة لكل طلب ينتظر المنصة، بواسطة 'sh -c'.
يقرأ CMD كائن JSON واحدًا من الدخل القياسي:

  {"request": …, "events": […]}     الطلب كما هو، وتاريخه

ويكتب كائن JSON واحدًا على الخرج القياسي، فيه واحد فقط من

  {"answer": …}                     رسالة Answer من العقد؛ ويختمها "final": true
  {"clarification": …}              رسالة Clarification: سؤال إلى السلطة
  {"objection": …}                  رسالة Objection
  {"refusal": …}                    رسالة Refusal
  {"preservation": …}               رسالة PreservationConfirmation
  {"later": "15m"}                  لا شيء الآن؛ ليُسأل ثانية بعد هذه المدة

أسماء الحقول هي أسماء العقد. إذا فشل CMD أو لم يكن خرجه شيئًا مما ذُكر أُعيد تشغيله بعد
مهلة تتزايد. ما يكتبه على خرج الأخطاء يظهر على خرج الأخطاء لهذا الأمر. وسحب الطلب أو
تضييقه في الأثناء ينهي CMD.

مع --state-dir يتابع الأمر من حيث توقف. ومع --takeover يتشارك عدة منها الوارد، ولكل
منها مجلد حالة خاص به.`,
	"command that answers a request":                                                  "الأمر الذي يجيب عن طلب",
	"folder that remembers what was taken on":                                         "المجلد الذي يتذكر ما بدأ العمل فيه",
	"how many commands may run at a time":                                             "كم أمرًا يجوز تشغيله في آن واحد",
	"share the inbox with others, and go on with what another left lying for so long": "مشاركة الوارد مع غيره، وإكمال ما تركه غيره هذه المدة",
}
