package catalogue

// ckbTrust are the texts of trust, the directory and certificates.
var ckbTrust = map[string]string{
	"Say whose signatures count: the certification authorities of others": "بڵێ واژۆی کێ حسابی بۆ دەکرێت: دەستەکانی بڕوانامەدانی ئەوانی تر",
	`What the other side signs is checked against certification authorities that you keep
yourself, in the profile's folder trust/, and not against what the hub says. Add your own
organisation and each one that you deal with, once.`: `ئەوەی لایەنی بەرامبەر واژۆی دەکات بەو دەستانەی بڕوانامەدان دەپشکنرێت کە خۆت هەڵیاندەگریت، لە
بوخچەی trust/ ی پرۆفایلەکەدا، نەک بەوەی ناوەندەکە دەیڵێت. دامەزراوەی خۆت و هەر دامەزراوەیەک
کە کاری لەگەڵ دەکەیت یەک جار زیاد بکە.`,
	"Trust an organisation's certification authorities": "متمانە بە دەستەکانی بڕوانامەدانی دامەزراوەیەک بکە",
	`Reads the organisation's certification authorities, and the keys that attachments for it
are sealed to, from the hub's directory, and keeps them if their fingerprints (SHA-256 of
each certificate, and of each key's text) are those given with --fingerprint. Have these
told to you by the organisation itself, not by the hub: without --fingerprint the command
shows what the hub says and keeps nothing.`: `دەستەکانی بڕوانامەدانی دامەزراوەکە، و ئەو کلیلانەی هاوپێچی بۆ مۆر دەکرێت، لە پێڕستی ناوەندەکە
دەخوێنێتەوە، و هەڵیاندەگرێت ئەگەر پەنجەمۆرەکانیان (SHA-256 ی هەر بڕوانامەیەک و دەقی هەر کلیلێک)
ئەوانە بن کە بە --fingerprint دراون. لە خودی دامەزراوەکە وەریبگرە نەک لە ناوەندەکە: بێ --fingerprint
فەرمانەکە ئەوە نیشان دەدات کە ناوەندەکە دەیڵێت و هیچ هەڵناگرێت.`,
	"SHA-256 of a certification authority's certificate, or of a key to seal to, in hexadecimal digits; one for each": "SHA-256 ی بڕوانامەی دەستەیەک یان کلیلێکی مۆرکردن، بە ژمارەی شازدەیی؛ یەک بۆ هەر یەکە",
	"List whom this profile trusts to sign": "ئەوانە ڕیز بکە کە ئەم پرۆفایلە متمانەی بە واژۆیان هەیە",
	"Trust an organisation no longer":       "چیتر متمانە بە دامەزراوەیەک مەکە",
	"signs everything":                      "هەموو شتێک واژۆ دەکات",
	"may not sign":                          "ڕەنگە واژۆ نەکات",
	"Who takes part: list, show; for operators register, update, suspend": "کێ بەشدارە: ڕیزکردن، نیشاندان؛ بۆ بەڕێوەبەران تۆمارکردن، گۆڕین، ڕاگرتن",
	"List the authorities and platforms":                                  "دەسەڵات و پلاتفۆرمەکان ڕیز بکە",
	"Show an entry: whom to reach, what a platform holds and accepts":     "تۆمارێک نیشان بدە: پەیوەندی بە کێوە دەکرێت، پلاتفۆرم چی هەیە و چی قبووڵ دەکات",
	"Make an entry (operators)":                                           "تۆمارێک دروست بکە (بۆ بەڕێوەبەران)",
	`Makes the entry that a file describes: a RegisterParticipantRequest of the contract,
in YAML or JSON, with one of authority, platform and oversight_body. --ca puts the PEM
file of the organisation's certification authorities in.`: `ئەو تۆمارە دروست دەکات کە فایلێک وەسفی دەکات: RegisterParticipantRequest ی گرێبەستەکە، بە YAML یان
JSON، یەکێک لە authority و platform و oversight_body ی تێدایە. --ca فایلی PEM ی دەستەکانی
بڕوانامەدانی دامەزراوەکەی تێ دەخات.`,
	"PEM file of the organisation's certification authorities": "فایلی PEM ی دەستەکانی بڕوانامەدانی دامەزراوەکە",
	"PEM file of its revocation lists":                         "فایلی PEM ی لیستەکانی هەڵوەشاندنەوەی",
	`Reads the entry, changes what the flags name, and puts it back, unless somebody else
changed it in between. New certificates and lists are in force at once.`: `تۆمارەکە دەخوێنێتەوە، ئەوە دەگۆڕێت کە هەڵبژاردەکان ناوی دەبەن، و دەیگێڕێتەوە، مەگەر کەسێکی تر لەو
ماوەیەدا گۆڕیبێتی. بڕوانامە و لیستە نوێکان دەستبەجێ کاریان پێ دەکرێت.`,
	"file with a platform's Capabilities, in YAML or JSON":      "فایلێک Capabilities ی پلاتفۆرمێکی تێدایە، بە YAML یان JSON",
	"Take a participant out, open streams included (operators)": "بەشداربوویەک دەربکە، لەگەڵ کەناڵە کراوەکانی (بۆ بەڕێوەبەران)",
	"End a suspension (operators)":                              "کۆتایی بە ڕاگرتنێک بهێنە (بۆ بەڕێوەبەران)",
	"why":                                                       "هۆکارەکە",
	"Make certificates: an authority, its certificates, its revocation list": "بڕوانامە دروست بکە: دەستەیەک، بڕوانامەکانی، لیستی هەڵوەشاندنەوەی",
	`Makes certificates for an organisation that has no certification authority of its
own. The authority's folder holds its key: keep it offline. The hub's operator needs
ca.pem and crl.pem for the directory, and never the key.`: `بڕوانامە بۆ دامەزراوەیەک دروست دەکات کە دەستەی بڕوانامەدانی خۆی نییە. بوخچەی دەستەکە کلیلەکەی
تێدایە: لە تۆڕ دووری بخەرەوە. بەڕێوەبەری ناوەند پێویستی بە ca.pem و crl.pem هەیە بۆ پێڕست، و هەرگیز
بە کلیلەکە نا.`,
	"Make a certification authority":                       "دەستەیەکی بڕوانامەدان دروست بکە",
	"the organisation's trust domain":                      "بواری متمانەی دامەزراوەکە",
	"Issue a certificate":                                  "بڕوانامەیەک دەربکە",
	"the holder's role":                                    "ڕۆڵی خاوەنەکەی",
	"the holder's name in the SPIFFE ID":                   "ناوی خاوەنەکەی لە SPIFFE ID",
	"folder for cert.pem and key.pem":                      "بوخچە بۆ cert.pem و key.pem",
	"for a hub: names and addresses that it is reached by": "بۆ ناوەند: ئەو ناو و ناونیشانانەی پێیان دەگەیتە ئەوێ",
	"how many days it is valid":                            "چەند ڕۆژ کاری پێ دەکرێت",
	"Revoke a certificate and make a new revocation list":  "بڕوانامەیەک هەڵبوەشێنەوە و لیستێکی نوێی هەڵوەشاندنەوە دروست بکە",
	`Revokes the certificate in the file CERT. It is refused once the new crl.pem is in
the hub's directory: 'liaison directory update NAME --crl DIR/crl.pem'.`: `بڕوانامەی ناو فایلی CERT هەڵدەوەشێنێتەوە. کاتێک crl.pem ی نوێ لە پێڕستی ناوەندەکەدا بێت ڕەت دەکرێتەوە:
'liaison directory update NAME --crl DIR/crl.pem'`,
	"Make a current revocation list": "لیستێکی نوێی هەڵوەشاندنەوە دروست بکە",
	`Makes crl.pem anew. A list that is not renewed in time shuts out the whole
organisation: make one every day.`: `crl.pem سەرلەنوێ دروست دەکات. لیستێک کە لە کاتی خۆیدا نوێ نەکرێتەوە هەموو دامەزراوەکە دەکاتە دەرەوە:
هەموو ڕۆژێک یەکێک دروست بکە.`,
	"Show what a certificate says": "نیشانی بدە بڕوانامەیەک چی دەڵێت",
	"none":                         "هیچ",
	"authority":                    "دەستەی بڕوانامەدان",
	"serial":                       "ژمارەی زنجیرە",
	"valid from":                   "کارپێکراو لە",
	"valid until":                  "کارپێکراو تا",
	"names":                        "ناوەکان",
}
