package catalogue

// ckbHub are the texts of a hub, its ledger and its witnesses.
var ckbHub = map[string]string{
	"Set up a hub and serve it": "ناوەندێک دابمەزرێنە و بیخەرە کار",
	"Make a hub's folder":       "بوخچەی ناوەندێک دروست بکە",
	`Makes a folder with everything a hub needs: hub.yaml with every setting explained,
data/ for the archive, pki/ with the hub's own certification authority, and
profiles/operator. With --example also the example organisations, each with an
authority in pki/ and people in profiles/, to try things out:

  officer, approver              of the Ministry of Communications
  dpo-officer, dpo-approver      of the Data Protection Office
  agent                          of Messenger
  filehost-agent                 of Filehost
  auditor, reviewer              of the Parliamentary Privacy Commissioner
  operator                       of the hub`: `بوخچەیەک دروست دەکات هەموو ئەوەی تێدایە کە ناوەندێک پێویستیەتی: hub.yaml لەگەڵ ڕوونکردنەوەی هەر
ڕێکخستنێک، data/ بۆ ئەرشیف، pki/ لەگەڵ دەستەی بڕوانامەدانی خودی ناوەند، و profiles/operator.
بە --example دامەزراوە نموونەییەکانیش، هەر یەکە دەستەیەکی بڕوانامەدانی لە pki/ و کەسانی لە
profiles/ هەیە بۆ تاقیکردنەوە:

  officer, approver              هی وەزارەتی گەیاندن
  dpo-officer, dpo-approver      هی نووسینگەی پاراستنی زانیاری
  agent                          هی Messenger
  filehost-agent                 هی Filehost
  auditor, reviewer              هی کۆمیسیاری پەرلەمانیی تایبەتمەندی
  operator                       هی ناوەندەکە`,
	"with the example organisations":                                                       "لەگەڵ دامەزراوە نموونەییەکان",
	"address that the hub will listen at, HOST:PORT":                                       "ئەو ناونیشانەی ناوەندەکە گوێی لێ دەگرێت HOST:PORT",
	"names and addresses that the hub is reached by, besides localhost, 127.0.0.1 and ::1": "ئەو ناو و ناونیشانانەی پێیان دەگەیتە ناوەندەکە، جگە لە localhost و 127.0.0.1 و ::1",
	"the archive: a file in the folder, or postgres://USER@HOST/DATABASE":                  "ئەرشیف: فایلێک لە بوخچەکەدا، یان postgres://USER@HOST/DATABASE",
	"the hub's own trust domain":                                                           "بواری متمانەی خودی ناوەند",
	"Serve a hub's folder until interrupted":                                               "بوخچەی ناوەندێک بخەرە کار تا دەپچڕێنرێت",
	`Serves the hub whose folder is DIR. When it is ready it prints "listening on
HOST:PORT" on standard output; the log goes to standard error. On SIGTERM or an
interrupt it ends streams, answers what is under way, and stops with exit code 0.`: `ئەو ناوەندە دەخاتە کار کە بوخچەکەی DIR ە. کاتێک ئامادەیە "listening on HOST:PORT" لەسەر دەرچەی
ستاندارد چاپ دەکات؛ تۆماری کارەکان دەچێتە دەرچەی هەڵە. بە SIGTERM یان پچڕاندن کەناڵەکان کۆتایی پێ
دەهێنێت، وەڵامی ئەوە دەداتەوە کە دەستی پێ کراوە، و بە کۆدی دەرچوونی 0 دەوەستێت.`,
	"address to listen at, HOST:PORT, in place of hub.yaml's": "ناونیشانی گوێگرتن HOST:PORT لە جیاتی ئەوەی hub.yaml",
	"Check a hub's ledger, and cosign it":                     "دەفتەری ناوەندێک بپشکنە و لەگەڵی واژۆی بکە",
	`A hub's ledger has a leaf for every event. Whoever takes part checks it all the time
without being asked to; these commands look at it as a whole. docs/ledger.md has the
formats.`: `لە دەفتەری ناوەندێکدا بۆ هەر ڕووداوێک گەڵایەک هەیە. هەر بەشداربوویەک هەموو کات دەیپشکنێت بێ ئەوەی
داوای لێ بکرێت؛ ئەم فەرمانانە بە تەواوی سەیری دەکەن. شێوازەکان لە docs/ledger.md ن.`,
	"Show the newest checkpoint, checked against what was seen before": "نوێترین خاڵی پشکنین نیشان بدە، دوای بەراورد لەگەڵ ئەوەی پێشتر بینراوە",
	`Shows how far the ledger has grown, as a signed note, after checking that it goes on
from the last one that this profile has seen. With --key it shows the hub's key, as the
hub says it, for hub_key in profile.yaml: have it confirmed by another way first.`: `نیشانی دەدات دەفتەرەکە تا کوێ گەشەی کردووە، وەک یاداشتێکی واژۆکراو، دوای پشکنینی ئەوەی درێژەی
دوایین ئەوەیە کە ئەم پرۆفایلە بینیویەتی. بە --key کلیلی ناوەندەکە نیشان دەدات وەک خۆی دەیڵێت، بۆ
hub_key لە profile.yaml: یەکەم جار بە ڕێگەیەکی تر پشتڕاستی بکەرەوە.`,
	"show the hub's key instead":                 "لە جیاتی ئەوە کلیلی ناوەندەکە نیشان بدە",
	"Read the whole ledger and check everything": "هەموو دەفتەرەکە بخوێنەوە و هەموو شتێک بپشکنە",
	`Builds the tree anew from every leaf's hash and holds it against the checkpoint; reads
every event that your organisation may see, hashes it again, checks its proof, its
place and its signature, and that none is missing. Exit code 7 if anything does not
hold. Progress is told on standard error.`: `درەختەکە لە پوختەی هەر گەڵایەکەوە سەرلەنوێ دروست دەکاتەوە و لەگەڵ خاڵی پشکنین بەراوردی دەکات؛ هەر
ڕووداوێک دەخوێنێتەوە کە دامەزراوەکەت بۆی هەیە بیبینێت، دووبارە پوختەی دەکات، بەڵگە و شوێن و واژۆکەی
دەپشکنێت، و کە هیچیان کەم نییە. کۆدی دەرچوون 7 ئەگەر شتێک دروست نەبێت. پێشکەوتن لەسەر دەرچەی هەڵە
دەوترێت.`,
	"Cosign ledgers as an independent witness": "وەک شایەتێکی سەربەخۆ دەفتەرەکان واژۆ بکە",
	`Serves a witness after C2SP tlog-witness: hubs submit their checkpoints to it, and it
cosigns those that go on from what it has seen. Whoever demands its cosignature is shown
the same ledger as everybody else. DIR holds its key and what it has seen; with --name a
new key is made there. One process a folder. Put a TLS proxy before it.`: `شایەتێک بەپێی C2SP tlog-witness دەخاتە کار: ناوەندەکان خاڵی پشکنینیانی پێ دەنێرن، و ئەوانە واژۆ دەکات
کە درێژەی ئەوەن بینیویەتی. کێ داوای واژۆکەی بکات هەمان دەفتەری پێ نیشان دەدرێت کە بە هەمووان. DIR
کلیلەکەی و ئەوەی بینیویەتی تێدایە؛ بە --name کلیلێکی نوێی تێدا دروست دەکرێت. بۆ هەر بوخچەیەک یەک
پرۆسە. پرۆکسییەکی TLS لە پێشی دابنێ.`,
	"make a key of this name in DIR, print its public half, and end": "کلیلێک بەم ناوە لە DIR دروست بکە، نیوە گشتییەکەی چاپ بکە و تەواو بە",
	"public key of a ledger to cosign; may stand several times":      "کلیلی گشتیی دەفتەرێک بۆ واژۆکردن؛ دەکرێت دووبارە ببێتەوە",
	"address to listen at, HOST:PORT":                                "ناونیشانی گوێگرتن HOST:PORT",
}
