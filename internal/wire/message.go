package wire

import (
	"context"

	"golang.org/x/text/language"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/metadata"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// supported are the languages that errors are told in, the first one where nothing
// else fits. Central Kurdish is "ckb" (ISO 639-3).
var supported = language.NewMatcher([]language.Tag{
	language.English,
	language.Arabic,
	language.MustParse("ckb"),
})

// locales are the BCP 47 tags of supported, in its order.
var locales = []string{"en", "ar", "ckb"}

// localized returns the reason's sentence in the language that fits best what the
// caller's accept-language metadata (RFC 9110, section 12.5.4) asks for.
func localized(ctx context.Context, r liaisonv1.Reason) *errdetails.LocalizedMessage {
	var wanted []language.Tag
	for _, header := range metadata.ValueFromIncomingContext(ctx, "accept-language") {
		// What cannot be read asks for nothing; English is what it gets.
		tags, _, err := language.ParseAcceptLanguage(header)
		if err == nil {
			wanted = append(wanted, tags...)
		}
	}
	_, index, _ := supported.Match(wanted...)
	return &errdetails.LocalizedMessage{Locale: locales[index], Message: sentences[r][index]}
}

// sentences tell each reason to a person: in English, Arabic and Central Kurdish.
var sentences = map[liaisonv1.Reason][3]string{
	liaisonv1.Reason_REASON_FIELD_INVALID: {
		"Some of what was entered breaks a rule; the fields are named. Correct them and try again.",
		"بعض ما أُدخل يخالف إحدى القواعد، والحقول مذكورة. صحّحها ثم أعد المحاولة.",
		"هەندێک لەوەی نووسراوە پێچەوانەی یاسایەکە و خانەکان دیاری کراون. ڕاستیان بکەرەوە و دووبارە هەوڵ بدەرەوە.",
	},
	liaisonv1.Reason_REASON_PAGE_TOKEN_INVALID: {
		"This list cannot be continued here. Start again at its first page.",
		"لا يمكن متابعة هذه القائمة من هنا. ابدأ من صفحتها الأولى.",
		"ئەم لیستە لێرەوە بەردەوام نابێت. لە لاپەڕەی یەکەمەوە دەست پێ بکەرەوە.",
	},
	liaisonv1.Reason_REASON_REQUEST_ID_REUSED: {
		"This call's identifier was already used for another call. Use a new one.",
		"معرّف هذا الاستدعاء استُخدم من قبل لاستدعاء آخر. استخدم معرّفًا جديدًا.",
		"ناسێنەری ئەم داواکارییە پێشتر بۆ داواکارییەکی تر بەکار هاتووە. ناسێنەرێکی نوێ بەکار بهێنە.",
	},
	liaisonv1.Reason_REASON_OUTSIDE_CAPABILITIES: {
		"The platform does not hold or accept what is asked; the fields say what it does.",
		"المنصة لا تحتفظ بما طُلب أو لا تقبله، وتبيّن الحقول ما تقبله.",
		"پلاتفۆرمەکە ئەوەی داوا کراوە نییەتی یان قبووڵی ناکات؛ خانەکان دەڵێن چی قبووڵ دەکات.",
	},
	liaisonv1.Reason_REASON_ANSWER_OUT_OF_SCOPE: {
		"The answer says more than was asked. Nothing of it was kept. Take out what is named.",
		"الجواب يتضمن أكثر مما طُلب، ولم يُحفظ منه شيء. احذف ما ذُكر.",
		"وەڵامەکە زیاتری تێدایە لەوەی داوا کراوە و هیچی نەپارێزراوە. ئەوەی ناوی هاتووە لایبە.",
	},
	liaisonv1.Reason_REASON_ANSWER_INCOMPLETE: {
		"The final answer leaves something open; what is missing is named.",
		"الجواب النهائي غير مكتمل، وما ينقصه مذكور.",
		"وەڵامی کۆتایی تەواو نییە؛ ئەوەی کەمە ناوی هاتووە.",
	},
	liaisonv1.Reason_REASON_SELECTOR_ALREADY_ANSWERED: {
		"An earlier part of the answer has dealt with this already.",
		"سبق أن تناول جزء سابق من الجواب هذا الأمر.",
		"بەشێکی پێشووی وەڵامەکە ئەمەی وەڵام داوەتەوە.",
	},
	liaisonv1.Reason_REASON_AMENDMENT_WIDENS: {
		"A request can only be narrowed. To ask for more, withdraw it and file a new one.",
		"لا يمكن إلا تضييق الطلب. لطلب المزيد اسحبه وقدّم طلبًا جديدًا.",
		"داواکاری تەنها دەکرێت تەسک بکرێتەوە. بۆ داوای زیاتر بیکشێنەوە و داوایەکی نوێ پێشکەش بکە.",
	},
	liaisonv1.Reason_REASON_CERTIFICATE_REFUSED: {
		"Your certificate is not accepted any more. Connect again with a valid one.",
		"شهادتك لم تعد مقبولة. اتصل من جديد بشهادة صالحة.",
		"بڕوانامەکەت چیتر قبووڵ ناکرێت. بە بڕوانامەیەکی دروست دووبارە پەیوەندی بکە.",
	},
	liaisonv1.Reason_REASON_PARTICIPANT_SUSPENDED: {
		"Your organisation is suspended. Ask the operator of the hub.",
		"عضوية جهتك موقوفة. راجع مشغّل المركز.",
		"بەشداریی دامەزراوەکەت ڕاگیراوە. پرسیار لە بەڕێوەبەری ناوەندەکە بکە.",
	},
	liaisonv1.Reason_REASON_ROLE_NOT_ALLOWED: {
		"Your role may not do this.",
		"دورك لا يسمح لك بهذا الإجراء.",
		"ڕۆڵەکەت ڕێگەی ئەم کارەت پێ نادات.",
	},
	liaisonv1.Reason_REASON_RESOURCE_NOT_FOUND: {
		"There is no such thing, or none that you may see.",
		"لا يوجد شيء كهذا، أو لا يحق لك الاطلاع عليه.",
		"شتی وا نییە، یان بۆت نییە بیبینیت.",
	},
	liaisonv1.Reason_REASON_COUNTERPARTY_SUSPENDED: {
		"The organisation at the other end is suspended.",
		"عضوية الجهة الأخرى موقوفة.",
		"بەشداریی دامەزراوەکەی لایەنی بەرامبەر ڕاگیراوە.",
	},
	liaisonv1.Reason_REASON_STATE_FORBIDS_STEP: {
		"The request's state does not allow this step now.",
		"حالة الطلب لا تسمح بهذه الخطوة الآن.",
		"دۆخی داواکارییەکە ئێستا ڕێگە بەم هەنگاوە نادات.",
	},
	liaisonv1.Reason_REASON_SAME_PERSON: {
		"Another person than the one who filed the request must do this.",
		"يجب أن يقوم بهذا شخص غير الذي قدّم الطلب.",
		"دەبێت کەسێکی تر جگە لەوەی داواکارییەکەی پێشکەش کردووە ئەمە بکات.",
	},
	liaisonv1.Reason_REASON_KIND_FORBIDS_STEP: {
		"Requests of this kind do not have this step.",
		"هذا النوع من الطلبات لا يتضمن هذه الخطوة.",
		"ئەم جۆرە داواکارییە ئەم هەنگاوەی نییە.",
	},
	liaisonv1.Reason_REASON_STEP_ALREADY_DONE: {
		"This can be done once, and was.",
		"هذا الإجراء يتم مرة واحدة، وقد تم.",
		"ئەمە تەنها یەک جار دەکرێت و کراوە.",
	},
	liaisonv1.Reason_REASON_ALREADY_ANSWERED_IN_PART: {
		"A part is answered already. Withhold what remains finding by finding.",
		"أُجيب عن جزء من الطلب. احجب ما تبقى نتيجةً نتيجة.",
		"بەشێکی وەڵام دراوەتەوە. ئەوەی ماوە یەک بە یەک ڕایبگرە.",
	},
	liaisonv1.Reason_REASON_NOT_AN_EMERGENCY: {
		"Only an emergency can be validated.",
		"لا يُصادَق إلا على الطلبات الطارئة.",
		"تەنها داواکاری فریاگوزاری پەسەند دەکرێت.",
	},
	liaisonv1.Reason_REASON_ETAG_MISMATCH: {
		"Somebody changed it since you read it. Read it again and decide anew.",
		"غيّره شخص آخر بعد أن قرأته. اقرأه من جديد ثم قرّر.",
		"دوای خوێندنەوەت کەسێک گۆڕیویەتی. دووبارە بیخوێنەرەوە و بڕیار بدەرەوە.",
	},
	liaisonv1.Reason_REASON_PARTICIPANT_EXISTS: {
		"Another participant has this name or this trust domain.",
		"مشارك آخر يحمل هذا الاسم أو نطاق الثقة هذا.",
		"بەشداربوویەکی تر ئەم ناوە یان ئەم بواری متمانەیەی هەیە.",
	},
	liaisonv1.Reason_REASON_RATE_LIMITED: {
		"Your organisation calls too often. Wait a moment and try again.",
		"استدعاءات جهتك كثيرة جدًا. انتظر لحظة ثم أعد المحاولة.",
		"دامەزراوەکەت زۆر داوا دەکات. ساتێک چاوەڕێ بکە و دووبارە هەوڵ بدەرەوە.",
	},
	liaisonv1.Reason_REASON_TOO_MANY_STREAMS: {
		"Your organisation has too many streams open. Close one.",
		"لدى جهتك قنوات مفتوحة أكثر من المسموح. أغلق إحداها.",
		"دامەزراوەکەت کەناڵی کراوەی زۆری هەیە. یەکێکیان دابخە.",
	},
	liaisonv1.Reason_REASON_METHOD_UNKNOWN: {
		"The hub has no such method.",
		"لا توجد في المركز عملية كهذه.",
		"ناوەندەکە کرداری وای نییە.",
	},
	liaisonv1.Reason_REASON_HUB_STOPPING: {
		"The hub is stopping. Try again in a moment.",
		"المركز قيد الإيقاف. أعد المحاولة بعد لحظة.",
		"ناوەندەکە خەریکی وەستانە. دوای ساتێک هەوڵ بدەرەوە.",
	},
	liaisonv1.Reason_REASON_ARCHIVE_UNAVAILABLE: {
		"The hub cannot reach its archive. Repeat the same call: it will not be done twice.",
		"يتعذر على المركز الوصول إلى أرشيفه. كرّر الاستدعاء نفسه ولن يُنفَّذ مرتين.",
		"ناوەندەکە ناگات بە ئەرشیفەکەی. هەمان داوا دووبارە بکەرەوە؛ دوو جار ناکرێت.",
	},
	liaisonv1.Reason_REASON_ATTACHMENT_INCOMPLETE: {
		"The attachment has not been uploaded whole yet. Ask again later.",
		"لم يكتمل رفع المرفق بعد. أعد المحاولة لاحقًا.",
		"هاوپێچەکە هێشتا بە تەواوی بارنەکراوە. دواتر هەوڵ بدەرەوە.",
	},
	liaisonv1.Reason_REASON_NOTHING_PENDING: {
		"There is nothing to decide here: nobody asked for it, or it is decided already.",
		"لا يوجد هنا ما يستدعي قرارًا: لم يطلبه أحد، أو سبق البتّ فيه.",
		"لێرەدا شتێک نییە بڕیاری لەسەر بدرێت: کەس داوای نەکردووە، یان پێشتر بڕیاری لەسەر دراوە.",
	},
	liaisonv1.Reason_REASON_REVIEW_PENDING: {
		"Nothing is handed over while the reviewer may object still. Until when is named.",
		"لا يُسلَّم شيء ما دام للمراجِع أن يعترض. والموعد مذكور.",
		"هیچ شتێک نادرێت هێشتا کە پێداچوونەوەکار دەتوانێت ناڕەزایی دەرببڕێت. کاتەکە دیاری کراوە.",
	},
	liaisonv1.Reason_REASON_SELECTOR_BARRED: {
		"Of this nothing may be handed over until an independent decision. Withhold it.",
		"لا يجوز تسليم شيء من هذا قبل قرار مستقل. احجبه.",
		"هیچ شتێکی ئەمە نابێت بدرێت تا بڕیارێکی سەربەخۆ نەدرێت. ڕایبگرە.",
	},
	liaisonv1.Reason_REASON_DEADLINE_EXCEEDED: {
		"It took too long. Repeat the same call: it will not be done twice.",
		"استغرق الأمر وقتًا طويلاً. كرّر الاستدعاء نفسه ولن يُنفَّذ مرتين.",
		"زۆری خایاند. هەمان داوا دووبارە بکەرەوە؛ دوو جار ناکرێت.",
	},
	liaisonv1.Reason_REASON_CANCELLED: {
		"The call was cancelled.",
		"أُلغي الاستدعاء.",
		"داواکە هەڵوەشێنرایەوە.",
	},
	liaisonv1.Reason_REASON_INTERNAL_FAULT: {
		"The hub has a fault. Its operator can find the cause. Try again later.",
		"حدث عطل في المركز، ويمكن لمشغّله معرفة السبب. أعد المحاولة لاحقًا.",
		"ناوەندەکە کێشەیەکی هەیە و بەڕێوەبەرەکەی دەتوانێت هۆکارەکەی بزانێت. دواتر هەوڵ بدەرەوە.",
	},
	liaisonv1.Reason_REASON_SIGNATURE_REQUIRED: {
		"Your organisation has nothing accepted unsigned. Sign this step and send it again.",
		"لا يُقبل من مؤسستك شيء غير موقّع. وقّع هذه الخطوة ثم أرسلها مرة أخرى.",
		"هیچ شتێکی بێ واژۆ لە دامەزراوەکەت وەرناگیرێت. ئەم هەنگاوە واژۆ بکە و دووبارە بینێرە.",
	},
	liaisonv1.Reason_REASON_SIGNATURE_INVALID: {
		"The signature does not hold. Sign again with your own valid certificate.",
		"التوقيع غير صحيح. وقّع من جديد بشهادتك الصالحة.",
		"واژۆکە دروست نییە. دووبارە بە بڕوانامەی دروستی خۆت واژۆ بکە.",
	},
	liaisonv1.Reason_REASON_STATEMENT_MISMATCH: {
		"What was signed is meant for something else. Read the request again and sign anew.",
		"ما وُقّع مقصود به شيء آخر. اقرأ الطلب من جديد ثم وقّع مرة أخرى.",
		"ئەوەی واژۆ کراوە بۆ شتێکی ترە. داواکارییەکە دووبارە بخوێنەوە و سەرلەنوێ واژۆی بکە.",
	},
	liaisonv1.Reason_REASON_REQUEST_EXISTS: {
		"This was filed before. Nothing was filed a second time.",
		"سبق تقديم هذا الطلب، ولم يُقدَّم مرة ثانية.",
		"ئەمە پێشتر پێشکەش کراوە و بۆ جاری دووەم پێشکەش نەکرا.",
	},
	liaisonv1.Reason_REASON_ANSWER_ENCODING: {
		"The answer must be sealed if the request names whom to seal it to, and only then.",
		"يجب أن يُختم الجواب إذا حدّد الطلب من يُختم له، وفي هذه الحالة فقط.",
		"وەڵامەکە دەبێت مۆر بکرێت ئەگەر داواکارییەکە دیاری کردبێت بۆ کێ مۆر دەکرێت، و تەنها ئەو کاتە.",
	},
}

// Sentence returns what a reason says, in English.
func Sentence(r liaisonv1.Reason) string {
	return sentences[r][0]
}
