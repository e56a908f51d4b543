package catalogue

// ckbOversight are the texts of auditors, and of the laws by which requests are approved.
var ckbOversight = map[string]string{
	"An auditor's desk: how requests are conducted, never whom they are about": "نووسینگەی وردبین: داواکارییەکان چۆن بەڕێوە دەچن، هەرگیز نەک دەربارەی کێن",
	`Shows how requests were conducted of which a party is overseen by the auditor's body:
states, times, delays, grounds, reviews, disputes, how much was found. Each access is
recorded first, in the history of each request that is shown, where both parties see it.`: `نیشانی دەدات ئەو داواکارییانە چۆن بەڕێوە چوون کە دەستەی وردبینەکە سەرپەرشتیی لایەنێکیان دەکات: دۆخ،
کات، دواکەوتن، هۆکار، پێداچوونەوە، ناکۆکی و چەند دۆزراوەتەوە. هەر سەیرکردنێک یەکەم جار لە
مێژووی هەر داواکارییەکدا کە نیشان دەدرێت تۆمار دەکرێت، کە هەردوو لا دەیبینن.`,
	"List how requests were conducted":                                               "ڕیزی بکە داواکارییەکان چۆن بەڕێوە چوون",
	"Show how a request was conducted":                                               "نیشانی بدە داواکارییەک چۆن بەڕێوە چووە",
	"List a request's events without what they say, each proved to be in the ledger": "ڕووداوەکانی داواکارییەک ڕیز بکە بێ ئەوەی دەیڵێن، هەر یەکە سەلمێنراوە کە لە دەفتەرەکەدایە",
	"only of this authority":                                                         "تەنها هی ئەم دەسەڵاتە",
	"only to this platform":                                                          "تەنها بۆ ئەم پلاتفۆرمە",
	"ACKNOWLEDGED":                                                                   "وەرگیرا",
	"BY":                                                                             "لەلایەن",
	"EVENT":                                                                          "ڕووداو",
	"GROUNDS":                                                                        "هۆکارەکان",
	"LEAF":                                                                           "گەڵا",
	"MISSED":                                                                         "تێپەڕین",
	"PARTIES":                                                                        "لایەنەکان",
	"REVIEW":                                                                         "پێداچوونەوە",
	"DISPUTES":                                                                       "ناکۆکییەکان",
	"SIGNATURE":                                                                      "واژۆ",
	"TIME":                                                                           "کات",
	"URGENCY":                                                                        "پەلەیی",
	"WHAT":                                                                           "چی",
	"COUNTRY":                                                                        "وڵات",
	"TIER":                                                                           "پلە",
	"LOWEST LEVEL":                                                                   "نزمترین ئاست",
	"COUNTRY is required":                                                            "COUNTRY پێویستە",
	"Show by whom at least requests are approved in a country; -f changes it (operators)": "نیشانی بدە لە وڵاتێکدا لانیکەم کێ بە داواکارییەکان ڕازی دەبێت؛ -f دەیگۆڕێت (بۆ بەڕێوەبەران)",
	`Shows what is in force in a country, "IQ": for each tier of data the lowest level that may
approve a request for it. Without COUNTRY it lists the countries that have a policy of
their own; in all others the default holds. -f puts the levels of a CountryPolicy, in YAML
or JSON, in force, unless somebody else changed it in between.`: `نیشانی دەدات لە وڵاتێکدا وەک "IQ" چی کاری پێ دەکرێت: بۆ هەر پلەیەکی زانیاری نزمترین ئاست کە دەکرێت
بە داواکارییەکەی ڕازی بێت. بێ COUNTRY ئەو وڵاتانە ڕیز دەکات کە سیاسەتی خۆیان هەیە؛ لەوانی تردا
سیاسەتی بنەڕەتی کاری پێ دەکرێت. -f ئاستەکانی CountryPolicy بە YAML یان JSON دەخاتە کار، مەگەر
کەسێکی تر لەو ماوەیەدا گۆڕیبێتی.`,
	"the file is about %q": "فایلەکە دەربارەی %q ە",
	"file with an authority's FilingPolicy, in YAML or JSON":                                   "فایلێک FilingPolicy ی دەسەڵاتێکی تێدایە، بە YAML یان JSON",
	"--policy: only authorities have one":                                                      "--policy: تەنها دەسەڵاتەکان هەیانە",
	"Change an entry: certificates, revocation lists, capabilities, filing policy (operators)": "تۆمارێک بگۆڕە: بڕوانامە، لیستی هەڵوەشاندنەوە، تواناکان، سیاسەتی پێشکەشکردن (بۆ بەڕێوەبەران)",
	"nothing to change: name --ca, --crl, --capabilities or --policy":                          "هیچ بۆ گۆڕین نییە: --ca یان --crl یان --capabilities یان --policy ناو ببە",
	"NAME must be authorities/ID or countries/IQ, not %q":                                      "دەبێت NAME بە شێوەی authorities/ID یان countries/IQ بێت نەک %q",
	"Keep your own copy of who may approve what":                                               "وێنەی خۆت لەوەی کێ دەکرێت بە چی ڕازی بێت هەڵبگرە",
	`Keeps an authority's FilingPolicy (NAME is authorities/ID) or a country's CountryPolicy
(NAME is countries/IQ), in YAML or JSON, as the authority told it to you and not the hub.
What an authority of which you keep a policy has approved is then held against it: a
request that was approved at too low a level does not reach your program.`: `FilingPolicy ی دەسەڵاتێک (NAME بە شێوەی authorities/ID) یان CountryPolicy ی وڵاتێک (NAME بە شێوەی
countries/IQ) بە YAML یان JSON هەڵدەگرێت، وەک دەسەڵاتەکە پێی وتوویت نەک ناوەندەکە. ئەوەی دەسەڵاتێک
پێی ڕازی بووە کە سیاسەتەکەیت هەڵگرتووە، پێی دەپێورێت: داواکارییەک کە لە ئاستێکی زۆر نزمدا پێی ڕازی
بوون ناگاتە بەرنامەکەت.`,
	"nobody who may has approved the request": "هیچ کەسێک کە بۆی هەیە بە داواکارییەکە ڕازی نەبووە",
}
