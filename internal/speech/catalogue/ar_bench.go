package catalogue

// arBench are the texts of measuring a hub.
var arBench = map[string]string{
	"Measure a hub on this machine": "قياس أداء مركز على هذا الجهاز",
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
others what tells them from it: filing, inbox.`: `يقيس مراكز يشغّلها على هذا الجهاز وكل شيء فيها مفعّل، ويكتب تقريرًا:

  filing    الطلبات الموقّعة المقدَّمة في الثانية عبر TLS المتبادل، وزمن الطلب الواحد
  stages    أين يُصرف وقت التقديم
  inbox     متى تعلم المنصة بالتقديم
  watchers  كلفة المنتظرين، ومتى يصل الحدث إليهم جميعًا
  growth    ما الذي يغيّره أرشيف كبير
  soak      هل يبقى المركز على حاله تحت الحمل مدةً

إلى جانب كل رقم خط أساس يقاس معه بالتناوب، والمهم هو النسبة: فربما كان الجهاز مشغولاً بغير ذلك.
يستغرق الكل نحو نصف ساعة وعشرة غيغابايت من القرص؛ ويُظهر --quick في دقيقة أنه يعمل، بأرقام لا
قيمة لها.
إذا ذُكر أكثر من محرك قيس كل شيء على الأول، وعلى غيره ما يميّزه عنه: filing وinbox.`,
	"only these: filing, stages, inbox, watchers, growth, soak":                                "هذه فقط: filing, stages, inbox, watchers, growth, soak",
	"the engines under the hub: sqlite, postgres for a server that is started for it, or both": "المحركات تحت المركز: sqlite، أو postgres لخادم يُشغَّل لأجله، أو كلاهما",
	"--store must name an engine": "يجب أن يذكر --store محركًا",
	"write the report to this file, with its charts beside it, in place of standard output": "كتابة التقرير في هذا الملف ورسومه إلى جانبه، بدلاً من الخرج القياسي",
	"only show that it works": "إظهار أنه يعمل فقط",
	"folder on the disk that is measured; what is made there is removed":   "مجلد على القرص الذي يقاس؛ وما يُنشأ فيه يُزال",
	"write a profile of the processors, for 'go tool pprof', to this file": "كتابة ملف أداء للمعالجات، لأجل 'go tool pprof'، في هذا الملف",
	"filing: how many file at a time":                                      "filing: كم يقدّمون في آن واحد",
	"filing: rounds of baseline and hub in turns":                          "filing: جولات خط الأساس والمركز بالتناوب",
	"filing: about how long a round takes":                                 "filing: المدة التقريبية للجولة",
	"stages: about how long each is repeated":                              "stages: المدة التقريبية لتكرار كل مرحلة",
	"stages: filings that share a commit":                                  "stages: الطلبات التي تشترك في تثبيت واحد",
	"inbox: filings, one after the other":                                  "inbox: عدد الطلبات واحدًا تلو الآخر",
	"watchers: how many wait, up to 10,000":                                "watchers: عدد المنتظرين، حتى 10000",
	"watchers: how many share a connection; 1: none":                       "watchers: كم يتشاركون اتصالاً؛ 1: لا أحد",
	"growth: requests in the archive, in rising order":                     "growth: الطلبات في الأرشيف، تصاعديًا",
	"soak: for how long":                                                   "soak: المدة",
	"soak: cases under way at a time":                                      "soak: القضايا الجارية في آن واحد",
}
