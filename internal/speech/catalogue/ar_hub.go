package catalogue

// arHub are the texts of a hub, its ledger and its witnesses.
var arHub = map[string]string{
	"Set up a hub and serve it": "إعداد مركز وتشغيله",
	"Make a hub's folder":       "إنشاء مجلد مركز",
	`Makes a folder with everything a hub needs: hub.yaml with every setting explained,
data/ for the archive, pki/ with the hub's own certification authority, and
profiles/operator. With --example also the example organisations, each with an
authority in pki/ and people in profiles/, to try things out:

  officer, approver              of the Ministry of Communications
  dpo-officer, dpo-approver      of the Data Protection Office
  agent                          of Messenger
  filehost-agent                 of Filehost
  auditor, reviewer              of the Parliamentary Privacy Commissioner
  operator                       of the hub`: `ينشئ مجلدًا فيه كل ما يحتاج إليه المركز: hub.yaml مع شرح كل إعداد، و data/ للأرشيف، و pki/ مع
هيئة التصديق الخاصة بالمركز، و profiles/operator. ومع --example أيضًا الجهات النموذجية، ولكل
منها هيئة تصديق في pki/ وأشخاص في profiles/ للتجربة:

  officer, approver              من وزارة الاتصالات
  dpo-officer, dpo-approver      من مكتب حماية البيانات
  agent                          من Messenger
  filehost-agent                 من Filehost
  auditor, reviewer              من المفوض البرلماني للخصوصية
  operator                       من المركز`,
	"with the example organisations":                                                       "مع الجهات النموذجية",
	"address that the hub will listen at, HOST:PORT":                                       "العنوان الذي سيستمع إليه المركز HOST:PORT",
	"names and addresses that the hub is reached by, besides localhost, 127.0.0.1 and ::1": "الأسماء والعناوين التي يُوصل بها إلى المركز، عدا localhost و 127.0.0.1 و ::1",
	"the archive: a file in the folder, or postgres://USER@HOST/DATABASE":                  "الأرشيف: ملف في المجلد، أو postgres://USER@HOST/DATABASE",
	"the hub's own trust domain":                                                           "نطاق الثقة الخاص بالمركز",
	"Serve a hub's folder until interrupted":                                               "تشغيل مجلد مركز حتى المقاطعة",
	`Serves the hub whose folder is DIR. When it is ready it prints "listening on
HOST:PORT" on standard output; the log goes to standard error. On SIGTERM or an
interrupt it ends streams, answers what is under way, and stops with exit code 0.`: `يشغّل المركز الذي مجلده DIR. حين يصير جاهزًا يطبع "listening on HOST:PORT" على الخرج
القياسي؛ ويذهب سجل التشغيل إلى خرج الأخطاء. عند SIGTERM أو المقاطعة ينهي القنوات، ويجيب عما
بدأ، ويتوقف برمز الخروج 0.`,
	"address to listen at, HOST:PORT, in place of hub.yaml's": "عنوان الاستماع HOST:PORT بدلاً مما في hub.yaml",
	"Check a hub's ledger, and cosign it":                     "التحقق من سجل مركز والتوقيع معه عليه",
	`A hub's ledger has a leaf for every event. Whoever takes part checks it all the time
without being asked to; these commands look at it as a whole. docs/ledger.md has the
formats.`: `في سجل المركز ورقة لكل حدث. كل مشارك يتحقق منه طوال الوقت دون أن يُطلب منه؛ وهذه الأوامر تنظر
إليه كاملاً. الصيغ في docs/ledger.md`,
	"Show the newest checkpoint, checked against what was seen before": "عرض أحدث نقطة تحقق بعد مقارنتها بما شوهد من قبل",
	`Shows how far the ledger has grown, as a signed note, after checking that it goes on
from the last one that this profile has seen. With --key it shows the hub's key, as the
hub says it, for hub_key in profile.yaml: have it confirmed by another way first.`: `يعرض إلى أين بلغ السجل، كمذكرة موقّعة، بعد التحقق من أنه يتابع آخر ما رآه ملف التعريف هذا. ومع
--key يعرض مفتاح المركز كما يقوله المركز، لأجل hub_key في profile.yaml؛ فتحقق منه أولاً بطريق آخر.`,
	"show the hub's key instead":                 "عرض مفتاح المركز بدلاً من ذلك",
	"Read the whole ledger and check everything": "قراءة السجل كله والتحقق من كل شيء",
	`Builds the tree anew from every leaf's hash and holds it against the checkpoint; reads
every event that your organisation may see, hashes it again, checks its proof, its
place and its signature, and that none is missing. Exit code 7 if anything does not
hold. Progress is told on standard error.`: `يبني الشجرة من جديد من بصمة كل ورقة ويقارنها بنقطة التحقق؛ ويقرأ كل حدث يحق لجهتك الاطلاع عليه،
ويحسب بصمته ثانية، ويتحقق من إثباته وموضعه وتوقيعه ومن أنه لا ينقص شيء. رمز الخروج 7 إذا لم يصح
أمر. يُعرض التقدم على خرج الأخطاء.`,
	"Cosign ledgers as an independent witness": "التوقيع على السجلات بوصفك شاهدًا مستقلاً",
	`Serves a witness after C2SP tlog-witness: hubs submit their checkpoints to it, and it
cosigns those that go on from what it has seen. Whoever demands its cosignature is shown
the same ledger as everybody else. DIR holds its key and what it has seen; with --name a
new key is made there. One process a folder. Put a TLS proxy before it.`: `يشغّل شاهدًا وفق C2SP tlog-witness: ترسل إليه المراكز نقاط تحققها، فيوقّع ما يتابع منها ما رآه. من
يشترط توقيعه يُعرض عليه السجل نفسه الذي يُعرض على الجميع. في DIR مفتاحه وما رآه؛ ومع --name يُنشأ
فيه مفتاح جديد. عملية واحدة لكل مجلد. ضع أمامه وسيط TLS.`,
	"make a key of this name in DIR, print its public half, and end": "إنشاء مفتاح بهذا الاسم في DIR وطباعة نصفه العلني ثم الانتهاء",
	"public key of a ledger to cosign; may stand several times":      "المفتاح العلني لسجل يُوقّع عليه؛ ويجوز تكراره",
	"address to listen at, HOST:PORT":                                "عنوان الاستماع HOST:PORT",
}
