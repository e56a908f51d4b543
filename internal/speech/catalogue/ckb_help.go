package catalogue

// ckbHelp are the texts of what every command has in common.
var ckbHelp = map[string]string{
	"Usage:":              "بەکارهێنان:",
	"Examples:":           "نموونەکان:",
	"Available Commands:": "فەرمانە بەردەستەکان:",
	"Flags:":              "هەڵبژاردەکان:",
	"Global Flags:":       "هەڵبژاردە گشتییەکان:",
	"Use '%s' for more information about a command.": "'%s' بەکار بهێنە بۆ زانیاریی زیاتر دەربارەی فەرمانێک.",
	"(default %s)":   "(بەهای بنەڕەتی %s)",
	"show this help": "ئەم یارمەتییە نیشان بدە",
	"File and answer data-breach disclosure requests": "داواکاریی ئاشکراکردنی دزەی زانیاری پێشکەش بکە و وەڵامی بدەرەوە",
	`Liaison carries data-breach disclosure requests between authorities and platforms
over mutual TLS, through a hub that holds both to the protocol.

Try it:    liaison demo
Set up:    liaison hub init DIR --example, then liaison hub serve DIR

A profile is a folder with cert.pem, key.pem, hub-ca.pem and profile.yaml: who you
are and where the hub is. Name it with --profile or LIAISON_PROFILE.

Exit codes:
  0  it worked
  1  something failed
  2  the command or its input is not valid; the field is named
  3  there is no such thing, or none that you may see
  4  you may not: role, certificate, suspension
  5  not now: the request's state, or somebody changed it (etag)
  6  the hub cannot be reached or is busy; try again
  7  the hub, or the other side, is not to be trusted: a signature, a proof or a
     history does not hold
130  interrupted`: `Liaison داواکاریی ئاشکراکردنی دزەی زانیاری لە نێوان دەسەڵات و پلاتفۆرمەکاندا دەگوازێتەوە
بە TLS ی دوولایەنە، لە ڕێگەی ناوەندێکەوە کە هەردوو لا بە پرۆتۆکۆلەکە پابەند دەکات.

بۆ تاقیکردنەوە:    liaison demo
بۆ دامەزراندن:    liaison hub init DIR --example دواتر liaison hub serve DIR

پرۆفایل بوخچەیەکە cert.pem و key.pem و hub-ca.pem و profile.yaml ی تێدایە: تۆ کێیت
و ناوەندەکە لە کوێیە. بە --profile یان LIAISON_PROFILE ناوی ببە.

کۆدەکانی دەرچوون:
  0  سەرکەوتوو بوو
  1  شتێک سەری نەگرت
  2  فەرمانەکە یان ئەوەی پێی دراوە دروست نییە؛ خانەکە ناو براوە
  3  شتی وا نییە، یان بۆت نییە بیبینیت
  4  بۆت نییە: ڕۆڵ، بڕوانامە، ڕاگرتن
  5  ئێستا نا: دۆخی داواکارییەکە، یان کەسێک گۆڕیویەتی (etag)
  6  ناگەیتە ناوەندەکە یان سەرقاڵە؛ دووبارە هەوڵ بدەرەوە
  7  متمانە بە ناوەندەکە یان لایەنی بەرامبەر ناکرێت: واژۆیەک، بەڵگەیەک یان
     مێژوویەک دروست نییە
130  پچڕێنرا`,
	"folder that says who you are and where the hub is":                                "ئەو بوخچەیەی دەڵێت تۆ کێیت و ناوەندەکە لە کوێیە",
	"address of the hub, HOST:PORT, in place of the profile's":                         "ناونیشانی ناوەند HOST:PORT لە جیاتی ئەوەی پرۆفایل",
	"table for people, json for programs (one object a line)":                          "table بۆ خەڵک، json بۆ بەرنامەکان (هەر دێڕێک شتێک)",
	"language to speak: en, ar or ckb; else that of LIAISON_LANGUAGE or of the locale": "زمان: en یان ar یان ckb؛ ئەگینا زمانی LIAISON_LANGUAGE یان هی سیستەم",
	"Print the version":                                "ژمارەی وەشان نیشان بدە",
	"Write the manual pages into a folder":             "لاپەڕەکانی ڕێبەر لە بوخچەیەکدا بنووسە",
	"Play the whole story on this machine, in seconds": "هەموو چیرۆکەکە لەسەر ئەم ئامێرە لە چەند چرکەیەکدا نیشان بدە",
	`Starts a hub on loopback with its public-key infrastructure, a ministry's officer, a
judge and a messenger, all in this process and over real mutual TLS, and plays a case
from filing to receipt. Nothing is left behind; with --keep DIR the hub's folder is.`: `ناوەندێک لەسەر ئەم ئامێرە دەخاتە کار لەگەڵ ژێرخانی کلیلە گشتییەکانی، فەرمانبەری
وەزارەتێک، دادوەرێک و نامەبەرێک، هەموویان لەم پرۆسەیەدا و بە TLS ی دوولایەنەی ڕاستەقینە،
و دۆسیەیەک لە پێشکەشکردنەوە تا پشتڕاستکردنەوەی وەرگرتن دەگێڕێتەوە. هیچ جێ ناهێڵێت؛
بە --keep DIR بوخچەی ناوەندەکە دەمێنێتەوە.`,
	"make the hub's folder here, and leave it to go on with": "بوخچەی ناوەند لێرە دروست بکە و بیهێڵەوە بۆ بەردەوامبوون",
	"Help about any command":                                 "یارمەتی دەربارەی هەر فەرمانێک",
	`Help provides help for any command in the application.
Simply type liaison help [path to command] for full details.`: `یارمەتی دەربارەی هەر فەرمانێک نیشان دەدات.
بۆ وردەکاریی تەواو بنووسە liaison help [path to command]`,
}
