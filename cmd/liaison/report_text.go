package main

import (
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

// reportLanguages are those that the report can be read in, the first of them unless said
// otherwise.
var reportLanguages = []language.Tag{language.English, language.Arabic, language.MustParse("ckb")}

// reportTexts are the report's texts in the order of reportLanguages. A text's key is what
// the code calls it, or a value of the contract's enumerations.
var reportTexts = map[string][3]string{
	"title":     {"Transparency report", "تقرير الشفافية", "ڕاپۆرتی شەفافیەت"},
	"intro":     {"Requests for disclosure after breaches of personal data, and what became of them.", "طلبات الإفصاح بعد تسريب البيانات الشخصية، وما آلت إليه.", "داواکارییەکانی ئاشکراکردن دوای دزەکردنی داتای کەسی، و ئەوەی بەسەریان هات."},
	"period":    {"Period", "الفترة", "ماوە"},
	"authority": {"Authority", "السلطة", "دەسەڵات"},
	"platform":  {"Platform", "المنصة", "پلاتفۆرم"},
	"all":       {"all", "الكل", "هەموو"},
	"quarter 1": {"First quarter of %s", "الربع الأول من %s", "چارەکی یەکەمی %s"},
	"quarter 2": {"Second quarter of %s", "الربع الثاني من %s", "چارەکی دووەمی %s"},
	"quarter 3": {"Third quarter of %s", "الربع الثالث من %s", "چارەکی سێیەمی %s"},
	"quarter 4": {"Fourth quarter of %s", "الربع الرابع من %s", "چارەکی چوارەمی %s"},
	"month 1":   {"January %s", "كانون الثاني %s", "کانوونی دووەمی %s"},
	"month 2":   {"February %s", "شباط %s", "شوباتی %s"},
	"month 3":   {"March %s", "آذار %s", "ئازاری %s"},
	"month 4":   {"April %s", "نيسان %s", "نیسانی %s"},
	"month 5":   {"May %s", "أيار %s", "ئایاری %s"},
	"month 6":   {"June %s", "حزيران %s", "حوزەیرانی %s"},
	"month 7":   {"July %s", "تموز %s", "تەمووزی %s"},
	"month 8":   {"August %s", "آب %s", "ئابی %s"},
	"month 9":   {"September %s", "أيلول %s", "ئەیلوولی %s"},
	"month 10":  {"October %s", "تشرين الأول %s", "تشرینی یەکەمی %s"},
	"month 11":  {"November %s", "تشرين الثاني %s", "تشرینی دووەمی %s"},
	"month 12":  {"December %s", "كانون الأول %s", "کانوونی یەکەمی %s"},

	"glance":     {"At a glance", "لمحة سريعة", "بە کورتی"},
	"requests":   {"Requests", "الطلبات", "داواکارییەکان"},
	"decided":    {"Requests decided", "الطلبات المبتوت فيها", "داواکارییە یەکلاکراوەکان"},
	"missed":     {"Deadlines missed", "المواعيد الفائتة", "وادە لەدەستچووەکان"},
	"validated":  {"Emergencies validated", "حالات طارئة صودق عليها", "فریاگوزارییە پەسەندکراوەکان"},
	"lapsed":     {"Emergencies lapsed", "حالات طارئة سقطت", "فریاگوزارییە بەسەرچووەکان"},
	"recalls":    {"Answers recalled", "إجابات سُحبت", "وەڵامە کشێنراوەکان"},
	"people":     {"People affected", "الأشخاص المتضررون", "کەسانی زیانلێکەوتوو"},
	"parties":    {"Parties identified", "أطراف جرى تحديدها", "لایەنە ناسێنراوەکان"},
	"kind":       {"By kind", "حسب النوع", "بەپێی جۆر"},
	"urgency":    {"By urgency", "حسب الاستعجال", "بەپێی بەپەلەیی"},
	"basis":      {"By legal basis", "حسب الأساس القانوني", "بەپێی بنەمای یاسایی"},
	"outcome":    {"By outcome", "حسب المآل", "بەپێی ئەنجام"},
	"result":     {"By what was answered", "حسب مضمون الإجابة", "بەپێی ناوەڕۆکی وەڵام"},
	"ground":     {"By ground against them", "حسب سبب الاعتراض أو الرفض", "بەپێی هۆکاری ناڕەزایی یان ڕەتکردنەوە"},
	"times":      {"Time to answer", "مدة الإجابة", "ماوەی وەڵامدانەوە"},
	"answered":   {"Answered", "أُجيبت", "وەڵامدراوە"},
	"median":     {"Half within", "النصف خلال", "نیوەیان لە ماوەی"},
	"percentile": {"Nine of ten within", "تسعة من كل عشرة خلال", "نۆ لە هەر دە لە ماوەی"},
	"net":        {"without waiting for the authority", "دون انتظار السلطة", "بەبێ چاوەڕوانی دەسەڵات"},
	"whole":      {"all in all", "المدة الكلية", "بە گشتی"},
	"what":       {"What", "البند", "بابەت"},
	"count":      {"Count", "العدد", "ژمارە"},
	"share":      {"Share", "الحصة", "پشک"},
	"hours":      {"%s hours", "ساعات: %s", "کاتژمێر: %s"},
	"days":       {"%s days", "أيام: %s", "ڕۆژ: %s"},
	"over":       {"over %s", "أكثر من %s", "زیاتر لە %s"},
	"suppressed": {"too few", "قليل جدًا", "زۆر کەم"},
	"none told":  {"Too few in every row to be told.", "الأعداد قليلة في كل صف بحيث لا تُذكر.", "لە هەموو ڕیزێکدا ژمارەکان زۆر کەمن بۆ ئەوەی باس بکرێن."},
	"others":     {"Too few to be told: %s", "أعداد أقل من أن تُذكر: %s", "کەمتر لەوەی باس بکرێن: %s"},
	"notes":      {"How to read this", "كيف يُقرأ هذا التقرير", "چۆن ئەمە بخوێنرێتەوە"},
	"note time":  {"Everything counts in the period in which it happened: an answer in the month of the answer, whenever its request was made. A report never changes.", "يُحتسب كل شيء في الفترة التي وقع فيها: الإجابة في شهر الإجابة، متى قُدّم طلبها. ولا يتغير التقرير أبدًا.", "هەموو شتێک لەو ماوەیەدا دەژمێردرێت کە تێیدا ڕوویداوە: وەڵام لە مانگی وەڵامەکەدا، داواکارییەکەی هەر کاتێک پێشکەش کرابێت. ڕاپۆرت هەرگیز ناگۆڕێت."},
	"note small": {"Counts are released in lots of %s, for each authority and platform and apart for emergencies. What does not fill a lot waits for a later period, so that nobody can be singled out, and no subtraction of two reports shows a smaller number. A count can be a little less, or more, than what happened.", "تُنشر الأعداد في مجموعات من %s، لكل سلطة ومنصة على حدة، وتُفرد الحالات الطارئة. وما لا يكمل مجموعة ينتظر فترة لاحقة، كي لا يُعرف شخص بعينه، ولا يُظهر طرحُ تقرير من آخر عددًا أصغر. وقد يقل العدد قليلًا عما وقع أو يزيد.", "ژمارەکان بە کۆمەڵەی %s دانەیی بڵاودەکرێنەوە، بۆ هەر دەسەڵات و پلاتفۆرمێک بە جیا، و فریاگوزارییەکان بە جیا. ئەوەی کۆمەڵەیەک پڕ ناکاتەوە چاوەڕێی ماوەیەکی دواتر دەکات، بۆ ئەوەی کەس نەناسرێتەوە، و لێدەرکردنی ڕاپۆرتێک لە یەکێکی تر ژمارەی بچووکتر پیشان نادات. ژمارەیەک دەکرێت کەمێک کەمتر یان زیاتر بێت لەوەی ڕوویداوە."},
	"note drill": {"Drills are left out. What was deleted from the hub is counted.", "لا تُحتسب التمارين. ويُحتسب ما حُذف من المركز.", "مەشقەکان ناژمێردرێن. ئەوەی لە ناوەندەکە سڕاوەتەوە دەژمێردرێت."},
	"note law":   {"After Regulation (EU) 2023/1543, article 28, and the Digital Services Act, articles 15 and 24.", "على منوال اللائحة (الاتحاد الأوروبي) 2023/1543، المادة 28، وقانون الخدمات الرقمية، المادتين 15 و24.", "بەپێی ڕێسای (یەکێتی ئەوروپا) 2023/1543، ماددەی 28، و یاسای خزمەتگوزارییە دیجیتاڵییەکان، ماددەکانی 15 و 24."},

	"REQUEST_KIND_UNSPECIFIED": {"Not known any more", "لم يعد معروفًا", "چیتر نازانرێت"},
	"REQUEST_KIND_DISCLOSE":    {"Disclose", "إفصاح", "ئاشکراکردن"},
	"REQUEST_KIND_PRESERVE":    {"Preserve", "حفظ", "پاراستن"},
	"REQUEST_KIND_EXISTENCE":   {"Is there data", "وجود بيانات", "بوونی داتا"},

	"URGENCY_ROUTINE":   {"Routine", "اعتيادي", "ئاسایی"},
	"URGENCY_EMERGENCY": {"Emergency", "طارئ", "فریاگوزاری"},

	"LEGAL_BASIS_KIND_UNSPECIFIED":                    {"Not known any more", "لم يعد معروفًا", "چیتر نازانرێت"},
	"LEGAL_BASIS_KIND_COURT_ORDER":                    {"Court order", "أمر قضائي", "فەرمانی دادگا"},
	"LEGAL_BASIS_KIND_PROSECUTOR_ORDER":               {"Prosecutor’s order", "أمر الادعاء العام", "فەرمانی داواکاری گشتی"},
	"LEGAL_BASIS_KIND_ADMINISTRATIVE_ORDER_VALIDATED": {"Administrative order, validated", "أمر إداري مصادق عليه", "فەرمانی کارگێڕیی پەسەندکراو"},
	"LEGAL_BASIS_KIND_ADMINISTRATIVE_ORDER":           {"Administrative order alone", "أمر إداري وحده", "تەنها فەرمانی کارگێڕی"},
	"LEGAL_BASIS_KIND_DATA_PROTECTION_POWER":          {"Data-protection authority’s power", "صلاحية سلطة حماية البيانات", "دەسەڵاتی دەستەی پاراستنی داتا"},
	"LEGAL_BASIS_KIND_EMERGENCY_STATUTE":              {"Emergency statute", "قانون الطوارئ", "یاسای فریاگوزاری"},
	"LEGAL_BASIS_KIND_TREATY":                         {"Treaty", "معاهدة", "پەیماننامە"},

	"REQUEST_OUTCOME_UNSPECIFIED": {"Not known any more", "لم يعد معروفًا", "چیتر نازانرێت"},
	"REQUEST_OUTCOME_ANSWERED":    {"Answered", "أُجيب", "وەڵامدراوە"},
	"REQUEST_OUTCOME_PRESERVED":   {"Preserved", "حُفظت البيانات", "پارێزرا"},
	"REQUEST_OUTCOME_REFUSED":     {"Refused by the platform", "رفضته المنصة", "پلاتفۆرم ڕەتی کردەوە"},
	"REQUEST_OUTCOME_WITHDRAWN":   {"Taken back by the authority", "سحبته السلطة", "دەسەڵات کشاندیەوە"},
	"REQUEST_OUTCOME_REJECTED":    {"Rejected by the authority’s second person", "رفضه الشخص الثاني في السلطة", "کەسی دووەمی دەسەڵات ڕەتی کردەوە"},

	"ANSWER_RESULT_UNSPECIFIED": {"Not known any more", "لم يعد معروفًا", "چیتر نازانرێت"},
	"ANSWER_RESULT_IDENTIFIED":  {"A party was identified", "حُدّد طرف", "لایەنێک ناسێنرا"},
	"ANSWER_RESULT_EXISTS":      {"There is data", "توجد بيانات", "داتا هەیە"},
	"ANSWER_RESULT_WITHHELD":    {"Withheld", "حُجبت", "پێنەدرا"},
	"ANSWER_RESULT_NOTHING":     {"Nothing to give", "لا شيء يُعطى", "هیچ نییە بدرێت"},

	"GROUND_CODE_UNSPECIFIED":              {"Not known any more", "لم يعد معروفًا", "چیتر نازانرێت"},
	"GROUND_CODE_INCOMPLETE":               {"Incomplete", "غير مكتمل", "ناتەواو"},
	"GROUND_CODE_MANIFEST_ERROR":           {"Manifest error", "خطأ ظاهر", "هەڵەی ئاشکرا"},
	"GROUND_CODE_INSUFFICIENT_TO_IDENTIFY": {"Not enough to identify", "غير كافٍ للتحديد", "بۆ ناسینەوە بەس نییە"},
	"GROUND_CODE_DATA_NOT_HELD":            {"Data not held", "بيانات غير محفوظة", "داتاکە لا نییە"},
	"GROUND_CODE_NO_LONGER_HELD":           {"No longer held", "لم تعد محفوظة", "چیتر لا نییە"},
	"GROUND_CODE_IMPOSSIBLE_IN_FACT":       {"Impossible in fact", "استحالة فعلية", "بە کردار نەکراو"},
	"GROUND_CODE_AUTHORITY_NOT_COMPETENT":  {"Authority not competent", "السلطة غير مختصة", "دەسەڵات تایبەتمەند نییە"},
	"GROUND_CODE_NOT_VALIDATED":            {"Not validated", "غير مصادق عليه", "پەسەند نەکراوە"},
	"GROUND_CODE_NO_LEGAL_BASIS":           {"No legal basis", "لا أساس قانوني", "بنەمای یاسایی نییە"},
	"GROUND_CODE_OFFENCE_NOT_COVERED":      {"Offence not covered", "جريمة غير مشمولة", "تاوانەکە ناگرێتەوە"},
	"GROUND_CODE_SERVICE_NOT_COVERED":      {"Service not covered", "خدمة غير مشمولة", "خزمەتگوزارییەکە ناگرێتەوە"},
	"GROUND_CODE_IMMUNITY_OR_PRIVILEGE":    {"Immunity or privilege", "حصانة أو امتياز مهني", "پارێزبەندی یان ئیمتیاز"},
	"GROUND_CODE_PRESS_OR_EXPRESSION":      {"Freedom of press or expression", "حرية الصحافة أو التعبير", "ئازادیی ڕۆژنامەگەری یان دەربڕین"},
	"GROUND_CODE_FUNDAMENTAL_RIGHTS":       {"Fundamental rights", "حقوق أساسية", "مافە بنەڕەتییەکان"},
	"GROUND_CODE_ALREADY_JUDGED":           {"Already judged", "سبق الفصل فيه", "پێشتر بڕیاری لێدراوە"},
	"GROUND_CODE_NO_DOUBLE_CRIMINALITY":    {"No offence where the platform is", "ليس جريمة في بلد المنصة", "لە وڵاتی پلاتفۆرم تاوان نییە"},
	"GROUND_CODE_DISPROPORTIONATE":         {"Disproportionate", "غير متناسب", "ناهاوسەنگ"},
	"GROUND_CODE_CONFLICT_OF_LAW":          {"Conflict of law", "تنازع قوانين", "ناکۆکیی یاساکان"},
	"GROUND_CODE_AUTHENTICITY_DOUBTED":     {"Authenticity doubted", "شك في صحة المصدر", "گومان لە ڕەسەنایەتی"},
	"GROUND_CODE_EMERGENCY_NOT_SHOWN":      {"Emergency not shown", "لم تثبت الحالة الطارئة", "فریاگوزاری نەسەلمێنراوە"},
	"GROUND_CODE_DUPLICATE":                {"Duplicate", "مكرر", "دووبارە"},
	"GROUND_CODE_OTHER":                    {"Other", "سبب آخر", "هۆکاری تر"},
}

// reportCatalog has the texts as golang.org/x/text/message reads them.
var reportCatalog = func() catalog.Catalog {
	b := catalog.NewBuilder(catalog.Fallback(reportLanguages[0]))
	for key, texts := range reportTexts {
		for i, text := range texts {
			if err := b.SetString(reportLanguages[i], key, text); err != nil {
				panic(err) // a text of this file, which every test reads
			}
		}
	}
	return b
}()

// words are a report's words in a language.
type words struct {
	tag     language.Tag
	printer *message.Printer
}

// wordsIn returns the words in a language, "en", "ar" or "ckb"; English for none.
func wordsIn(name string) (words, error) {
	if name == "" {
		name = "en"
	}
	for _, tag := range reportLanguages {
		if tag.String() == name {
			return words{tag: tag, printer: message.NewPrinter(tag, message.Catalog(reportCatalog))}, nil
		}
	}
	return words{}, usage("--language must be en, ar or ckb, not %q", name)
}

// say returns a text, with what it is about in it.
func (w words) say(key string, about ...any) string { return w.printer.Sprintf(key, about...) }

// rightToLeft says which way the language is written.
func (w words) rightToLeft() bool { return w.tag != language.English }

// number writes a number as it is usual: "12,500", and "١٢٬٥٠٠" in Arabic and in Central
// Kurdish as they are written in Iraq.
func (w words) number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return w.digits(digits)
}

var easternDigits = strings.NewReplacer("0", "٠", "1", "١", "2", "٢", "3", "٣", "4", "٤", "5", "٥", "6", "٦", "7", "٧", "8", "٨", "9", "٩", ",", "٬")

// digits writes the digits of a text, such as a year, as the language does.
func (w words) digits(text string) string {
	if w.rightToLeft() {
		return easternDigits.Replace(text)
	}
	return text
}
