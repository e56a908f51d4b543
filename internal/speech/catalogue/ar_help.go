package catalogue

// arHelp are the texts of what every command has in common.
var arHelp = map[string]string{
	"Usage:":              "الاستخدام:",
	"Examples:":           "أمثلة:",
	"Available Commands:": "الأوامر المتاحة:",
	"Flags:":              "الخيارات:",
	"Global Flags:":       "الخيارات العامة:",
	"Use '%s' for more information about a command.": "استخدم '%s' لمزيد من المعلومات عن أمر.",
	"(default %s)":   "(القيمة المبدئية %s)",
	"show this help": "عرض هذه المساعدة",
	"File and answer data-breach disclosure requests": "تقديم طلبات الإفصاح عن خروقات البيانات والإجابة عنها",
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
130  interrupted`: `ينقل Liaison طلبات الإفصاح عن خروقات البيانات بين السلطات والمنصات عبر TLS
المتبادل، من خلال مركز يُلزم الطرفين بالبروتوكول.

للتجربة:    liaison demo
للإعداد:    liaison hub init DIR --example ثم liaison hub serve DIR

ملف التعريف مجلد يحوي cert.pem و key.pem و hub-ca.pem و profile.yaml، وهو يبيّن
من أنت وأين المركز. سمِّه بالخيار --profile أو بالمتغير LIAISON_PROFILE.

رموز الخروج:
  0  نجح الأمر
  1  حدث فشل
  2  الأمر أو مدخلاته غير صحيحة، والحقل مذكور
  3  لا يوجد شيء كهذا، أو لا يحق لك الاطلاع عليه
  4  لا يحق لك: الدور أو الشهادة أو الإيقاف
  5  ليس الآن: حالة الطلب، أو غيّره شخص آخر (etag)
  6  تعذّر الوصول إلى المركز أو هو مشغول، فأعد المحاولة
  7  لا يوثق بالمركز أو بالطرف الآخر: توقيع أو إثبات أو تاريخ
     لا يصح
130  قوطع الأمر`,
	"folder that says who you are and where the hub is":                                "المجلد الذي يبيّن من أنت وأين المركز",
	"address of the hub, HOST:PORT, in place of the profile's":                         "عنوان المركز HOST:PORT بدلاً من عنوان ملف التعريف",
	"table for people, json for programs (one object a line)":                          "table للأشخاص، و json للبرامج (كائن في كل سطر)",
	"language to speak: en, ar or ckb; else that of LIAISON_LANGUAGE or of the locale": "اللغة: en أو ar أو ckb؛ وإلا فلغة LIAISON_LANGUAGE أو لغة النظام",
	"Print the version":                                "عرض رقم الإصدار",
	"Write the manual pages into a folder":             "كتابة صفحات الدليل في مجلد",
	"Play the whole story on this machine, in seconds": "عرض القصة كاملة على هذا الجهاز في ثوانٍ",
	`Starts a hub on loopback with its public-key infrastructure, a ministry's officer, a
judge and a messenger, all in this process and over real mutual TLS, and plays a case
from filing to receipt. Nothing is left behind; with --keep DIR the hub's folder is.`: `يشغّل مركزًا على هذا الجهاز مع بنية مفاتيحه العامة، وموظفًا في وزارة وقاضيًا
ومنصة مراسلة، كلهم في هذه العملية وعبر TLS متبادل حقيقي، ويعرض قضية من تقديم
الطلب إلى تأكيد الاستلام. لا يبقى شيء بعد ذلك؛ ومع --keep DIR يبقى مجلد المركز.`,
	"make the hub's folder here, and leave it to go on with": "إنشاء مجلد المركز هنا وإبقاؤه للمتابعة",
	"Help about any command":                                 "المساعدة بشأن أي أمر",
	`Help provides help for any command in the application.
Simply type liaison help [path to command] for full details.`: `يعرض المساعدة بشأن أي أمر.
اكتب liaison help [path to command] للتفاصيل الكاملة.`,
}
