package catalogue

// arOversight are the texts of auditors, and of the laws by which requests are approved.
var arOversight = map[string]string{
	"An auditor's desk: how requests are conducted, never whom they are about": "مكتب المدقق: كيف تجري الطلبات، لا بشأن من هي",
	`Shows how requests were conducted of which a party is overseen by the auditor's body:
states, times, delays, grounds, reviews, disputes, how much was found. Each access is
recorded first, in the history of each request that is shown, where both parties see it.`: `يعرض كيف جرت الطلبات التي تشرف جهة المدقق على أحد طرفيها: الحالات والأوقات والتأخير والأسباب
والمراجعات والنزاعات وكم وُجد. يُسجَّل كل اطلاع أولاً في تاريخ كل طلب يُعرض، حيث يراه الطرفان.`,
	"List how requests were conducted":                                               "سرد كيفية جريان الطلبات",
	"Show how a request was conducted":                                               "عرض كيفية جريان طلب",
	"List a request's events without what they say, each proved to be in the ledger": "سرد أحداث طلب دون ما تقوله، وكل منها مثبت في السجل",
	"only of this authority":                                                         "لهذه السلطة فقط",
	"only to this platform":                                                          "إلى هذه المنصة فقط",
	"ACKNOWLEDGED":                                                                   "الإقرار",
	"BY":                                                                             "بواسطة",
	"EVENT":                                                                          "الحدث",
	"GROUNDS":                                                                        "الأسباب",
	"LEAF":                                                                           "الورقة",
	"MISSED":                                                                         "الفوات",
	"PARTIES":                                                                        "الطرفان",
	"REVIEW":                                                                         "المراجعة",
	"DISPUTES":                                                                       "النزاعات",
	"SIGNATURE":                                                                      "التوقيع",
	"TIME":                                                                           "الوقت",
	"URGENCY":                                                                        "الاستعجال",
	"WHAT":                                                                           "الأمر",
	"COUNTRY":                                                                        "البلد",
	"TIER":                                                                           "الدرجة",
	"LOWEST LEVEL":                                                                   "أدنى مستوى",
	"COUNTRY is required":                                                            "الوسيط COUNTRY مطلوب",
	"Show by whom at least requests are approved in a country; -f changes it (operators)": "عرض أدنى من يوافق على الطلبات في بلد؛ و -f يغيّره (للمشغّلين)",
	`Shows what is in force in a country, "IQ": for each tier of data the lowest level that may
approve a request for it. Without COUNTRY it lists the countries that have a policy of
their own; in all others the default holds. -f puts the levels of a CountryPolicy, in YAML
or JSON, in force, unless somebody else changed it in between.`: `يعرض ما هو نافذ في بلد مثل "IQ": لكل درجة من البيانات أدنى مستوى يجوز له أن يوافق على طلبها. من
دون COUNTRY يسرد البلدان التي لها سياسة خاصة؛ وفي سواها تسري السياسة المبدئية. يضع -f مستويات
CountryPolicy بصيغة YAML أو JSON موضع التنفيذ، ما لم يغيّرها شخص آخر في الأثناء.`,
	"the file is about %q": "الملف بشأن %q",
	"file with an authority's FilingPolicy, in YAML or JSON":                                   "ملف فيه FilingPolicy لسلطة، بصيغة YAML أو JSON",
	"--policy: only authorities have one":                                                      "--policy: للسلطات وحدها",
	"Change an entry: certificates, revocation lists, capabilities, filing policy (operators)": "تعديل قيد: الشهادات وقوائم الإبطال والقدرات وسياسة التقديم (للمشغّلين)",
	"nothing to change: name --ca, --crl, --capabilities or --policy":                          "لا شيء يُغيَّر: اذكر --ca أو --crl أو --capabilities أو --policy",
	"NAME must be authorities/ID or countries/IQ, not %q":                                      "يجب أن يكون NAME على شكل authorities/ID أو countries/IQ لا %q",
	"Keep your own copy of who may approve what":                                               "الاحتفاظ بنسختك الخاصة ممن يجوز له أن يوافق على ماذا",
	`Keeps an authority's FilingPolicy (NAME is authorities/ID) or a country's CountryPolicy
(NAME is countries/IQ), in YAML or JSON, as the authority told it to you and not the hub.
What an authority of which you keep a policy has approved is then held against it: a
request that was approved at too low a level does not reach your program.`: `يحتفظ بـ FilingPolicy لسلطة (NAME على شكل authorities/ID) أو CountryPolicy لبلد (NAME على شكل
countries/IQ) بصيغة YAML أو JSON، كما أخبرتك بها السلطة لا المركز. وما وافقت عليه سلطة تحتفظ بسياستها
يقاس بها: الطلب الذي وافق عليه مستوى أدنى مما يلزم لا يصل إلى برنامجك.`,
	"nobody who may has approved the request": "لم يوافق على الطلب أحد ممن يحق لهم ذلك",
}
