package catalogue

// ckbPlatform are the texts of a platform's desk.
var ckbPlatform = map[string]string{
	"A platform's desk: inbox, acknowledge, ask, answer":                "نووسینگەی پلاتفۆرم: هاتووەکان، وەرگرتن، پرسیار، وەڵام",
	"List the requests that wait for the platform (--state for others)": "ئەو داواکارییانە ڕیز بکە کە چاوەڕێی پلاتفۆرمن (--state بۆ ئەوانی تر)",
	"Read the answer's parts that were given; what is sealed stays so":  "ئەو بەشانەی وەڵام بخوێنەوە کە دراون؛ ئەوەی مۆرکراوە وا دەمێنێتەوە",
	"Download a request's attachments, check and open them":             "هاوپێچەکانی داواکارییەک دابگرە، بیانپشکنە و بیانکەرەوە",
	`Downloads every attachment that a request lists, checks that it is what the authority has
signed, opens it with the profile's answer-key.txt, and puts it into a folder. Files are
named by their digest, never by what the sender calls them; the list that is printed says
which is which. What was interrupted goes on where it ended.`: `هەر هاوپێچێک کە داواکارییەکە ڕیزی کردووە دادەگرێت، دەپشکنێت کە ئەوەیە دەسەڵات واژۆی کردووە،
بە answer-key.txt ی پرۆفایلەکە دەیکاتەوە و دەیخاتە بوخچەیەک. فایلەکان بە پوختەیان ناو
دەنرێن، نەک بەو ناوەی نێرەر لێیان دەنێت؛ لیستی چاپکراو دەڵێت کامیان کامەیە. ئەوەی پچڕاوە
لەو شوێنەوە درێژەی پێ دەدرێت کە تێیدا وەستاوە.`,
	"folder to put the files into":                   "ئەو بوخچەیەی فایلەکانی تێ دەخرێن",
	"Confirm that the platform has a request":        "پشتڕاستی بکەرەوە کە داواکارییەکە گەیشتووەتە پلاتفۆرم",
	"the platform's own number for it":               "ژمارەی تایبەتی لەلای پلاتفۆرم",
	"Ask the authority something":                    "شتێک لە دەسەڵات بپرسە",
	"the selectors that it is about":                 "ئەو دیاریکەرانەی پەیوەندی پێوەیانە",
	"Object to a request, and propose a smaller one": "ناڕەزایی لە داواکارییەک دەربڕە و یەکێکی تەسکتر پێشنیار بکە",
	"Refuse a request as a whole":                    "داواکارییەک بە تەواوی ڕەت بکەرەوە",
	"Give an answer, or a part of one":               "وەڵامێک یان بەشێکی بدە",
	"Confirm that what was to be preserved is kept":  "پشتڕاستی بکەرەوە کە ئەوەی دەبوو بپارێزرێت پارێزراوە",
	"Ask for more time to answer":                    "ماوەی زیاتر بۆ وەڵام داوا بکە",
	"Attest that what was gathered, or recalled, was deleted, after a withdrawal, a lapse or a recall": "دان بەوەدا بنێ کە ئەوەی کۆکراوەتەوە یان گێڕدراوەتەوە سڕاوەتەوە، دوای کشاندنەوە، هەڵوەشانەوە یان گێڕانەوە",
	"Take parts of the answer back that were wrong":                                                    "بەشە هەڵەکانی وەڵام بگێڕەوە",
	"number of a part; may be repeated":                                                                "ژمارەی بەشێک؛ دەکرێت دووبارە ببێتەوە",
	"Record that the person concerned was told":                                                        "تۆماری بکە کە کەسی پەیوەندیدار ئاگادار کراوەتەوە",
	"Answer requests with a program":                                                                   "بە بەرنامەیەک وەڵامی داواکارییەکان بدەرەوە",
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
them share an inbox, each with a state folder of its own.`: `چاودێریی هاتووەکان دەکات، وەرگرتنیان پشتڕاست دەکاتەوە و بۆ هەر داواکارییەک کە چاوەڕێی
پلاتفۆرمە یەک جار CMD لە ڕێگەی 'sh -c' ەوە دەخاتە کار. CMD یەک شتی JSON لە هاتەی ستاندارد
دەخوێنێتەوە:

  {"request": …, "events": […]}     داواکارییەکە وەک ئێستا و مێژووەکەی

و یەک شتی JSON لەسەر دەرچەی ستاندارد دەنووسێت، تەنها یەکێک لەمانەی تێدا بێت

  {"answer": …}                     Answer ی گرێبەستەکە؛ "final": true کۆتایی پێ دەهێنێت
  {"clarification": …}              Clarification: پرسیارێک لە دەسەڵات
  {"objection": …}                  Objection بۆ ناڕەزایی
  {"refusal": …}                    Refusal بۆ ڕەتکردنەوە
  {"preservation": …}               PreservationConfirmation بۆ پاراستن
  {"later": "15m"}                  ئێستا هیچ؛ دوای ئەم ماوەیە دووبارە بپرسە

ناوی خانەکان هی گرێبەستەکەن. ئەگەر CMD سەرنەکەوێت یان دەرچەکەی هیچ کام لەمانە نەبێت، دوای
وچانێک کە درێژ دەبێتەوە دووبارە دەخرێتە کار. ئەوەی لەسەر دەرچەی هەڵە دەینووسێت دەچێتە هی ئەم
فەرمانە. کشاندنەوە یان تەسککردنەوەی داواکارییەکە لەو ماوەیەدا کۆتایی بە CMD دەهێنێت.

بە --state-dir فەرمانەکە لەو شوێنەوە درێژە دەدات کە وەستاوە. بە --takeover چەند دانەیەکیان
هاتووەکان دابەش دەکەن، هەر یەکە بوخچەی دۆخی خۆی هەیە.`,
	"command that answers a request":                                                  "ئەو فەرمانەی وەڵامی داواکارییەک دەداتەوە",
	"folder that remembers what was taken on":                                         "ئەو بوخچەیەی لەبیریەتی چی دەستی پێ کراوە",
	"how many commands may run at a time":                                             "چەند فەرمان دەکرێت لە یەک کاتدا کار بکەن",
	"share the inbox with others, and go on with what another left lying for so long": "هاتووەکان لەگەڵ ئەوانی تر دابەش بکە، و درێژە بەوە بدە کە یەکێکی تر ئەم ماوەیە جێی هێشتووە",
}
