package catalogue

// arTrust are the texts of trust, the directory and certificates.
var arTrust = map[string]string{
	"Say whose signatures count: the certification authorities of others": "بيان من يُعتدّ بتوقيعه: هيئات التصديق لدى الآخرين",
	`What the other side signs is checked against certification authorities that you keep
yourself, in the profile's folder trust/, and not against what the hub says. Add your own
organisation and each one that you deal with, once.`: `يُتحقق مما يوقّعه الطرف الآخر بهيئات تصديق تحتفظ بها أنت، في المجلد trust/ من ملف التعريف، لا بما
يقوله المركز. أضف جهتك وكل جهة تتعامل معها، مرة واحدة.`,
	"Trust an organisation's certification authorities": "الوثوق بهيئات التصديق لجهة",
	`Reads the organisation's certification authorities, and the keys that attachments for it
are sealed to, from the hub's directory, and keeps them if their fingerprints (SHA-256 of
each certificate, and of each key's text) are those given with --fingerprint. Have these
told to you by the organisation itself, not by the hub: without --fingerprint the command
shows what the hub says and keeps nothing.`: `يقرأ من دليل المركز هيئات التصديق للجهة والمفاتيح التي تُختم لها مرفقاتها، ويحتفظ بها إذا كانت بصماتها
(SHA-256 لكل شهادة ولنص كل مفتاح) هي المذكورة مع --fingerprint. خذها من الجهة نفسها لا من المركز:
من دون --fingerprint يعرض الأمر ما يقوله المركز ولا يحتفظ بشيء.`,
	"SHA-256 of a certification authority's certificate, or of a key to seal to, in hexadecimal digits; one for each": "SHA-256 لشهادة هيئة تصديق أو لمفتاح يُختم له، بالأرقام الست عشرية؛ واحدة لكل منها",
	"List whom this profile trusts to sign": "سرد من يثق ملف التعريف هذا بتوقيعهم",
	"Trust an organisation no longer":       "التوقف عن الوثوق بجهة",
	"signs everything":                      "توقّع كل شيء",
	"may not sign":                          "قد لا توقّع",
	"Who takes part: list, show; for operators register, update, suspend": "من يشارك: السرد والعرض؛ وللمشغّلين التسجيل والتعديل والإيقاف",
	"List the authorities and platforms":                                  "سرد السلطات والمنصات",
	"Show an entry: whom to reach, what a platform holds and accepts":     "عرض قيد: بمن يُتصل، وما تحتفظ به المنصة وتقبله",
	"Make an entry (operators)":                                           "إنشاء قيد (للمشغّلين)",
	`Makes the entry that a file describes: a RegisterParticipantRequest of the contract,
in YAML or JSON, with one of authority, platform and oversight_body. --ca puts the PEM
file of the organisation's certification authorities in.`: `ينشئ القيد الذي يصفه ملف: رسالة RegisterParticipantRequest من العقد، بصيغة YAML أو JSON، فيها واحد
من authority و platform و oversight_body. يضيف --ca ملف PEM لهيئات التصديق لدى الجهة.`,
	"PEM file of the organisation's certification authorities": "ملف PEM لهيئات التصديق لدى الجهة",
	"PEM file of its revocation lists":                         "ملف PEM لقوائم الإبطال لديها",
	`Reads the entry, changes what the flags name, and puts it back, unless somebody else
changed it in between. New certificates and lists are in force at once.`: `يقرأ القيد ويغيّر ما تذكره الخيارات ثم يعيده، ما لم يغيّره شخص آخر في الأثناء. تسري الشهادات
والقوائم الجديدة فورًا.`,
	"file with a platform's Capabilities, in YAML or JSON":      "ملف فيه Capabilities لمنصة، بصيغة YAML أو JSON",
	"Take a participant out, open streams included (operators)": "إخراج مشارك مع قنواته المفتوحة (للمشغّلين)",
	"End a suspension (operators)":                              "إنهاء إيقاف (للمشغّلين)",
	"why":                                                       "السبب",
	"Make certificates: an authority, its certificates, its revocation list": "إنشاء الشهادات: هيئة تصديق وشهاداتها وقائمة إبطالها",
	`Makes certificates for an organisation that has no certification authority of its
own. The authority's folder holds its key: keep it offline. The hub's operator needs
ca.pem and crl.pem for the directory, and never the key.`: `ينشئ شهادات لجهة ليست لها هيئة تصديق خاصة. مفتاح الهيئة في مجلدها، فأبقه غير متصل بالشبكة. يحتاج
مشغّل المركز إلى ca.pem و crl.pem لأجل الدليل، ولا يحتاج إلى المفتاح أبدًا.`,
	"Make a certification authority":                       "إنشاء هيئة تصديق",
	"the organisation's trust domain":                      "نطاق ثقة الجهة",
	"Issue a certificate":                                  "إصدار شهادة",
	"the holder's role":                                    "دور حاملها",
	"the holder's name in the SPIFFE ID":                   "اسم حاملها في SPIFFE ID",
	"folder for cert.pem and key.pem":                      "مجلد لأجل cert.pem و key.pem",
	"for a hub: names and addresses that it is reached by": "للمركز: الأسماء والعناوين التي يُوصل بها إليه",
	"how many days it is valid":                            "كم يومًا تكون صالحة",
	"Revoke a certificate and make a new revocation list":  "إبطال شهادة وإنشاء قائمة إبطال جديدة",
	`Revokes the certificate in the file CERT. It is refused once the new crl.pem is in
the hub's directory: 'liaison directory update NAME --crl DIR/crl.pem'.`: `يبطل الشهادة التي في الملف CERT. تُرفض متى صار crl.pem الجديد في دليل المركز:
'liaison directory update NAME --crl DIR/crl.pem'`,
	"Make a current revocation list": "إنشاء قائمة إبطال حديثة",
	`Makes crl.pem anew. A list that is not renewed in time shuts out the whole
organisation: make one every day.`: "ينشئ crl.pem من جديد. القائمة التي لا تُجدَّد في وقتها تُبقي الجهة كلها خارجًا، فأنشئ واحدة كل يوم.",
	"Show what a certificate says": "عرض ما تقوله شهادة",
	"none":                         "لا شيء",
	"authority":                    "هيئة تصديق",
	"serial":                       "الرقم التسلسلي",
	"valid from":                   "صالحة من",
	"valid until":                  "صالحة إلى",
	"names":                        "الأسماء",
}
