package catalogue

// ckbDesk are the texts of an authority's desk, and what both desks read.
var ckbDesk = map[string]string{
	"An authority's desk: file, approve, reply, read": "نووسینگەی دەسەڵات: پێشکەشکردن، ڕەزامەندی، وەڵامدانەوە، خوێندنەوە",
	"File a request": "داواکارییەک پێشکەش بکە",
	`Files the request that a file describes: a RequestSpec of the contract, in YAML or
JSON. An emergency comes before the platform at once, everything else after an
approver, another person, has approved it. The request is signed with the profile's key,
and its answer will be sealed to the profile's answer key ('authority keys new') unless
the file names answer_recipients. Files given with --attach are sealed for the platform,
listed as evidence, and uploaded once the request is filed; 'upload' goes on with what was
interrupted.`: `ئەو داواکارییە پێشکەش دەکات کە فایلێک وەسفی دەکات: RequestSpec ی گرێبەستەکە، بە YAML
یان JSON. فریاگوزاری دەستبەجێ دەگاتە پلاتفۆرم، هەموو شتێکی تر دوای ئەوەی کەسێکی تر،
بەرپرسی ڕەزامەندی، ڕازی دەبێت. داواکارییەکە بە کلیلی پرۆفایلەکە واژۆ دەکرێت و وەڵامەکەی
بۆ کلیلی وەڵامی پرۆفایلەکە مۆر دەکرێت ('authority keys new')، مەگەر فایلەکە
answer_recipients ی تێدا بێت. ئەو فایلانەی بە --attach دەدرێن بۆ پلاتفۆرم مۆر دەکرێن، وەک
بەڵگە تۆمار دەکرێن و دوای پێشکەشکردن بار دەکرێن؛ 'upload' درێژە بەوە دەدات کە پچڕاوە.`,
	"file to seal, list as evidence and upload; may stand several times":                                "فایلێک بۆ مۆرکردن، تۆمارکردن وەک بەڵگە و بارکردن؛ دەکرێت دووبارە ببێتەوە",
	"file in YAML or JSON, - for standard input":                                                        "فایل بە YAML یان JSON، - بۆ هاتەی ستاندارد",
	"print the call as JSON, for grpcurl, instead of making it; with a profile it is signed and sealed": "بانگەکە وەک JSON بۆ grpcurl چاپ بکە لە جیاتی ئەنجامدانی؛ لەگەڵ پرۆفایل واژۆ و مۆر دەکرێت",
	"Approve what an officer filed":                                                                     "ڕازی ببە بەوەی فەرمانبەرێک پێشکەشی کردووە",
	`Approves a request as the second pair of eyes. Read it first, with show; its etag
there says which version you read. Without --etag the request is shown and the
version that was shown is approved.`: `وەک کەسی دووەم بە داواکارییەک ڕازی دەبێت. یەکەم جار بە show بیخوێنەوە؛ etag ی ئەوێ دەڵێت
کام وەشانت خوێندووەتەوە. بێ --etag داواکارییەکە نیشان دەدرێت و ڕەزامەندی بۆ ئەو
وەشانەیە کە نیشان دراوە.`,
	"the version that was read":                     "ئەو وەشانەی خوێنراوەتەوە",
	"a remark, which the platform sees":             "تێبینییەک کە پلاتفۆرم دەیبینێت",
	"Reject what an officer filed":                  "ئەوەی فەرمانبەرێک پێشکەشی کردووە ڕەت بکەرەوە",
	"List requests":                                 "داواکارییەکان ڕیز بکە",
	"List all requests":                             "هەموو داواکارییەکان ڕیز بکە",
	"Show a request in full, with its history":      "داواکارییەک بە تەواوی لەگەڵ مێژووەکەی نیشان بدە",
	"Show events as they happen, until interrupted": "ڕووداوەکان کاتی ڕوودانیان نیشان بدە تا دەپچڕێنرێت",
	"begin after the event of this number":          "لە دوای ئەو ڕووداوەوە دەست پێ بکە کە ئەم ژمارەیەی هەیە",
	"show only what happens from now on":            "تەنها ئەوە نیشان بدە کە لە ئێستاوە ڕوو دەدات",
	"--after and --new exclude each other":          "--after و --new پێکەوە نابن",
	`Shows which step was taken and by whom: first all that have happened, then each new one
as it happens, until interrupted. --after leaves out what happened up to an event, --new
all that has happened.`: `نیشان دەدات چ هەنگاوێک نراوە و کێ ناویەتی: یەکەم هەموو ئەوەی ڕوویداوە، پاشان هەر شتێکی نوێ
کاتێک ڕوو دەدات، تا دەوەستێنرێت. --after ئەوە جێ دەهێڵێت کە تا ڕووداوێک ڕوویداوە،
--new هەموو ئەوەی ڕوویداوە.`,
	"stop after so many events; 0: never":                 "دوای ئەوەندە ڕووداوە بوەستە؛ 0: هەرگیز",
	"Wait until a request needs you, is answered or over": "چاوەڕێ بە تا داواکارییەک پێویستی پێت دەبێت، وەڵام دەدرێتەوە یان تەواو دەبێت",
	`Waits until a request is in one of the states of --state; without it, until it needs
the authority (a question, an objection), is answered, or is over. If that does not come
within --timeout, the exit code is 5: not now.`: `چاوەڕێ دەکات تا داواکارییەک لە یەکێک لە دۆخەکانی --state دا دەبێت؛ بێ ئەوە، تا پێویستی بە
دەسەڵات دەبێت (پرسیار، ناڕەزایی)، وەڵام دەدرێتەوە یان تەواو دەبێت. ئەگەر لە ماوەی
--timeout دا ئەمە ڕوو نەدات، کۆدی دەرچوون 5 ە: ئێستا نا.`,
	"the states to wait for, such as ANSWERED,REFUSED":        "ئەو دۆخانەی چاوەڕێیان دەکرێت، وەک ANSWERED,REFUSED",
	"give up after this time, such as 30s; 0: never":          "دوای ئەم ماوەیە واز بهێنە، وەک 30s؛ 0: هەرگیز",
	"Verify, decrypt and read the answer: who was identified": "وەڵامەکە بپشکنە، مۆرەکەی بکەرەوە و بیخوێنەوە: کێ ناسرایەوە",
	`Reads the answer's parts, checks that each is what the platform signed for exactly this
request, within what was asked and in the ledger, and opens it with the profile's answer
key. What does not hold is not shown: exit code 7.`: `بەشەکانی وەڵام دەخوێنێتەوە، دەپشکنێت کە هەر یەکەیان ئەوەیە پلاتفۆرم بۆ هەمان ئەم داواکارییە
واژۆی کردووە، لە سنووری ئەوەدایە کە داوا کراوە و لە دەفتەرەکەدایە، و بە کلیلی وەڵامی
پرۆفایلەکە دەیکاتەوە. ئەوەی دروست نییە نیشان نادرێت: کۆدی دەرچوون 7.`,
	"Reply to what the platform asked":                                                    "وەڵامی ئەوە بدەرەوە کە پلاتفۆرم پرسیویەتی",
	"Narrow a request: say what stays":                                                    "داواکارییەک تەسک بکەرەوە: بڵێ چی دەمێنێتەوە",
	"Uphold a request against an objection":                                               "سەرەڕای ناڕەزایی سوور بە لەسەر داواکارییەک",
	"Take a request back":                                                                 "داواکارییەک بکشێنەوە",
	"Validate an emergency afterwards":                                                    "دواتر فریاگوزارییەک پەسەند بکە",
	"number of the decision that validates it":                                            "ژمارەی ئەو بڕیارەی پەسەندی دەکات",
	"Extend a preservation, once":                                                         "پاراستن یەک جار درێژ بکەرەوە",
	"until when (RFC 3339, such as 2026-12-01T16:00:00+03:00)":                            "تا کەی (RFC 3339 وەک 2026-12-01T16:00:00+03:00)",
	"Grant the time that the platform asked for":                                          "ئەو ماوەیەی پلاتفۆرم داوای کردووە بیدە",
	"Decline to grant the time that the platform asked for":                               "ئەو ماوەیەی پلاتفۆرم داوای کردووە مەیدە",
	"Attest that the answers were deleted, after a withdrawal or a lapse":                 "دان بەوەدا بنێ کە وەڵامەکان سڕاونەتەوە، دوای کشاندنەوە یان هەڵوەشانەوە",
	"Confirm that what the platform recalled is not used any more":                        "پشتڕاستی بکەرەوە کە ئەوەی پلاتفۆرم گێڕاویەتییەوە چیتر بەکار ناهێنرێت",
	"Confirm that the whole answer was read":                                              "پشتڕاستی بکەرەوە کە هەموو وەڵامەکە خوێنراوەتەوە",
	"what to say; - for standard input":                                                   "ئەوەی دەوترێت؛ - بۆ هاتەی ستاندارد",
	"file in YAML or JSON that says it all, - for standard input":                         "فایلێک بە YAML یان JSON کە هەمووی تێدایە، - بۆ هاتەی ستاندارد",
	"take the step only if the request still has this etag":                               "هەنگاوەکە تەنها ئەگەر داواکارییەکە هێشتا ئەم etag ەی هەیە بنێ",
	"only in these states, such as FILED,ACKNOWLEDGED":                                    "تەنها لەم دۆخانەدا، وەک FILED,ACKNOWLEDGED",
	"only with this organisation at the other end":                                        "تەنها لەگەڵ ئەم دامەزراوەیە لە لایەنی بەرامبەر",
	"only with this reference: the authority's, the platform's or the order's own number": "تەنها بەم ژمارەیە: ژمارەی دەسەڵات، پلاتفۆرم یان فەرمانەکە",
	"only routine or emergency":                                                           "تەنها routine یان emergency",
	"only filed at this time or later (RFC 3339)":                                         "تەنها ئەوانەی لەم کاتەدا یان دواتر پێشکەش کراون (RFC 3339)",
	"only filed before this time (RFC 3339)":                                              "تەنها ئەوانەی پێش ئەم کاتە پێشکەش کراون (RFC 3339)",
	"newest first":                                                                        "نوێترین لە پێشەوە",
	"Go on with uploading a request's attachments":                                        "درێژە بە بارکردنی هاوپێچەکانی داواکارییەک بدە",
	`Uploads what waits in the profile's outbox of the attachments that a request lists, as
'file --attach' left it when it was interrupted. What the hub has of a file already is not
sent again.`: `ئەوە بار دەکات کە لە outbox ی پرۆفایلەکەدا چاوەڕێیە لە هاوپێچەکانی داواکارییەکە، وەک
'file --attach' کاتی پچڕان جێی هێشتووە. ئەوەی ناوەندەکە لە فایلێک هەیەتی دووبارە
نانێردرێتەوە.`,
	"Make and show the keys that open answers and attachments": "ئەو کلیلانە دروست بکە و نیشان بدە کە وەڵام و هاوپێچ دەکەنەوە",
	"Make a key that answers or attachments are sealed to":     "کلیلێک دروست بکە کە وەڵام یان هاوپێچی بۆ مۆر دەکرێت",
	`Makes a hybrid post-quantum key of the age format (age-encryption.org/v1) and keeps its
secret half in the profile's answer-key.txt, or in --out. From then on the answer to every
request that this profile files is sealed to it. Whoever has the file reads the answers;
without it nobody does, ever: keep a copy in a safe place. The public half is printed, to
seal to several people by answer_recipients of a request. A platform gives it to the hub's
operator, for attachment_recipients of its directory entry: attachments for the platform
are sealed to it.`: `کلیلێکی دووڕەگی دوای کوانتەم بە شێوازی age (age-encryption.org/v1) دروست دەکات و نیوەی
نهێنیی لە answer-key.txt ی پرۆفایلەکە یان لە --out هەڵدەگرێت. لەوە بەدوا وەڵامی هەر
داواکارییەک کە ئەم پرۆفایلە پێشکەشی دەکات بۆ ئەو مۆر دەکرێت. کێ فایلەکەی هەبێت وەڵامەکان
دەخوێنێتەوە؛ بێ ئەو هیچ کەس هەرگیز نایانخوێنێتەوە: وێنەیەکی لە شوێنێکی پارێزراو هەڵبگرە.
نیوەی گشتی چاپ دەکرێت، بۆ مۆرکردن بۆ چەند کەسێک بە answer_recipients ی داواکاری. پلاتفۆرم
دەیداتە بەڕێوەبەری ناوەندەکە بۆ attachment_recipients لە پێڕستدا: هاوپێچەکانی بۆ ئەو مۆر دەکرێن.`,
	"file to keep the secret half in":                      "ئەو فایلەی نیوەی نهێنیی تێدا هەڵدەگیرێت",
	"Show the public halves of this profile's answer keys": "نیوە گشتییەکانی کلیلەکانی وەڵامی ئەم پرۆفایلە نیشان بدە",
	"file that has the secret halves":                      "ئەو فایلەی نیوە نهێنییەکانی تێدایە",
}
