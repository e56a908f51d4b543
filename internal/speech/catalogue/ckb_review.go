package catalogue

// ckbReview are the texts of reviews and disputes.
var ckbReview = map[string]string{
	"A reviewer's desk: read, object, clear, decide": "مێزی پێداچوونەوەکار: خوێندنەوە، ناڕەزایی، ڕێگەدان، بڕیاردان",
	`An independent body that a request names as its reviewer reads it from the moment it is
before the platform, and never an answer. While it may object nothing is handed over.`: `لایەنێکی سەربەخۆ کە داواکاری وەک پێداچوونەوەکار ناوی دەبات، لەو کاتەوە دەیخوێنێتەوە کە
لەبەردەم پلاتفۆرمە و هەرگیز وەڵام ناخوێنێتەوە. تا بتوانێت ناڕەزایی دەرببڕێت هیچ نادرێت.`,
	"List the requests that name the body as reviewer":                                    "ڕیزکردنی ئەو داواکارییانەی لایەنەکە وەک پێداچوونەوەکار ناو دەبەن",
	"Object to a request: to some of its selectors, or to the whole":                      "ناڕەزایی لە داواکارییەک: لە هەندێک دیاریکەری یان لە هەمووی",
	"a selector that it is about; without any: the whole request, which is refused by it": "دیاریکەرێک کە پەیوەندی پێوەی هەیە؛ بەبێ هیچ: هەموو داواکارییەکە، کە پێی ڕەت دەکرێتەوە",
	"Let the platform hand over at once":                                                  "ڕێگە بدە پلاتفۆرم یەکسەر بیدات",
	"Decide a dispute, or lift the bar on selectors":                                      "بڕیاردان لە ناکۆکییەک، یان لابردنی ڕێگری لە دیاریکەرەکان",
	"what became of the objection: overruled, sustained, sustained-in-part":               "ناڕەزاییەکە چی لێ هات: overruled، sustained، sustained-in-part",
	"a selector for which the objection is sustained, with --outcome sustained-in-part":   "دیاریکەرێک کە ناڕەزاییەکەی بۆ پەسەند کراوە، لەگەڵ --outcome sustained-in-part",
	"--outcome must be one of %s":                                                         "--outcome دەبێت یەکێک بێت لە %s",
	"Maintain an objection that the authority has upheld the request against":             "سووربوون لەسەر ناڕەزاییەک کە دەسەڵات لە دژی سوورە لەسەر داواکارییەکە",
	"Record a court's decision that went against the authority":                           "تۆمارکردنی بڕیاری دادگا کە دژی دەسەڵاتە",
	"Record a court's decision that went against the platform":                            "تۆمارکردنی بڕیاری دادگا کە دژی پلاتفۆرمە",
	"REQUEST_STATE_IN_DISPUTE":                                                            "لە ناکۆکیدا",
	"the objection is overruled: %s":                                                      "ناڕەزاییەکە ڕەت کرایەوە: %s",
	"the objection is sustained: %s":                                                      "ناڕەزاییەکە پەسەند کرا: %s",
	"the objection is sustained for %s: %s":                                               "ناڕەزاییەکە بۆ %s پەسەند کرا: %s",
	"the reviewer objects to %s: %s":                                                      "پێداچوونەوەکار ناڕازییە لە %s: %s",
	"the reviewer objects to the whole: %s":                                               "پێداچوونەوەکار لە هەمووی ناڕازییە: %s",
	"the reviewer does not object %s":                                                     "پێداچوونەوەکار ناڕەزایی نییە %s",
	"the reviewer said nothing in time; nobody has cleared the request":                   "پێداچوونەوەکار لە کاتی خۆیدا هیچی نەوت؛ کەس ڕێگەی بە داواکارییەکە نەدا",
}
