package catalogue

// ckbBench are the texts of measuring a hub.
var ckbBench = map[string]string{
	"Measure a hub on this machine": "ناوەندێک لەسەر ئەم ئامێرە بپێوە",
	`Measures hubs that it starts on loopback, with everything on, and writes a report:

  filing    signed filings a second over mutual TLS, and a lone one's latency
  stages    where the time of a filing goes
  inbox     how soon a platform hears of a filing
  watchers  what those who wait cost, and how soon all have an event
  growth    what a large archive changes
  soak      whether a hub stays as it is under load for a while

Every figure stands beside a baseline that is measured in turns with it, and the ratio
is what counts: the machine may have been busy with other things. All of it takes about
half an hour and ten gigabytes of disk; --quick shows in a minute that it works, with
figures of no worth. With more than one engine all is measured on the first, and on the
others what tells them from it: filing, inbox.`: `ئەو ناوەندانە دەپێوێت کە خۆی لەسەر ئەم ئامێرە دەیانخاتە کار، هەموو شتێکیان کارایە، و ڕاپۆرتێک دەنووسێت:

  filing    داواکاریی واژۆکراو لە چرکەیەکدا بە TLS ی دوولایەنە، و کاتی داواکارییەکی تەنیا
  stages    کاتی پێشکەشکردن لە کوێ خەرج دەبێت
  inbox     پلاتفۆرم کەی هەواڵی پێشکەشکردن دەزانێت
  watchers  چاوەڕوانکەران چەندیان تێ دەچێت، و کەی ڕووداوێک بە هەموویان دەگات
  growth    ئەرشیفێکی گەورە چی دەگۆڕێت
  soak      ئایا ناوەندێک لەژێر باردا بۆ ماوەیەک وەک خۆی دەمێنێتەوە

لەتەنیشت هەر ژمارەیەک بنەمایەک هەیە کە بە نۆرە لەگەڵی دەپێورێت، و ڕێژەکە گرنگە: ڕەنگە ئامێرەکە
سەرقاڵی شتی تر بووبێت. هەمووی نزیکەی نیو کاتژمێر و دە گیگابایتی دیسک دەخایەنێت؛ --quick لە
خولەکێکدا نیشانی دەدات کە کار دەکات، بە ژمارەی بێ نرخ.
ئەگەر زیاتر لە بزوێنەرێک ناوبرا، هەموو شت لەسەر یەکەم دەپێورێت و لەسەر ئەوانی تر
ئەوەی جیایان دەکاتەوە: filing و inbox.`,
	"only these: filing, stages, inbox, watchers, growth, soak":                                "تەنها ئەمانە: filing, stages, inbox, watchers, growth, soak",
	"the engines under the hub: sqlite, postgres for a server that is started for it, or both": "بزوێنەرەکانی ژێر ناوەند: sqlite، یان postgres بۆ خزمەتکارێک کە بۆی دەخرێتە کار، یان هەردووکیان",
	"--store must name an engine": "دەبێت --store بزوێنەرێک ناو ببات",
	"write the report to this file, with its charts beside it, in place of standard output": "ڕاپۆرتەکە لەم فایلەدا بنووسە و هێڵکارییەکانی لەتەنیشتی، لە جیاتی دەرچەی ستاندارد",
	"only show that it works": "تەنها نیشانی بدە کە کار دەکات",
	"folder on the disk that is measured; what is made there is removed":   "بوخچەیەک لەسەر ئەو دیسکەی دەپێورێت؛ ئەوەی تێیدا دروست دەکرێت لادەبرێت",
	"write a profile of the processors, for 'go tool pprof', to this file": "پرۆفایلێکی پرۆسێسەرەکان بۆ 'go tool pprof' لەم فایلەدا بنووسە",
	"filing: how many file at a time":                                      "filing: چەند کەس لە یەک کاتدا پێشکەش دەکەن",
	"filing: rounds of baseline and hub in turns":                          "filing: خولەکانی بنەما و ناوەند بە نۆرە",
	"filing: about how long a round takes":                                 "filing: خولێک نزیکەی چەند دەخایەنێت",
	"stages: about how long each is repeated":                              "stages: هەر یەکە نزیکەی چەند دووبارە دەکرێتەوە",
	"stages: filings that share a commit":                                  "stages: ئەو پێشکەشکردنانەی یەک جێگیرکردنیان هەیە",
	"inbox: filings, one after the other":                                  "inbox: پێشکەشکردنەکان یەک لە دوای یەک",
	"watchers: how many wait, up to 10,000":                                "watchers: چەند کەس چاوەڕێن، تا 10000",
	"watchers: how many share a connection; 1: none":                       "watchers: چەند کەس یەک پەیوەندی دابەش دەکەن؛ 1: هیچ",
	"growth: requests in the archive, in rising order":                     "growth: داواکارییەکانی ئەرشیف، بە ڕیزی بەرزبوونەوە",
	"soak: for how long":                                                   "soak: بۆ ماوەی چەند",
	"soak: cases under way at a time":                                      "soak: ئەو دۆسیانەی لە یەک کاتدا لە کاردان",
}
