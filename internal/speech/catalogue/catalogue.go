// Package catalogue holds every sentence that Liaison says to a person, in English,
// Arabic and Central Kurdish, and chooses the language.
//
// A text's key is the English text itself, as it stands where it is said, with its
// placeholders; the words of the contract's enumerations and reasons have the names of
// these as keys. So whoever adds a text writes it in English where it is said, and an entry
// in each language's file here, ar.po and ckb.po, which translators' tools read (GNU gettext);
// tests name what is missing. Texts that depend on a number are in counted.go.
//
// Texts here hold no characters that direct text: whoever shows them puts these in.
//
// The terms are the same everywhere:
//
//	English                  Arabic | Central Kurdish
//	hub                      المركز | ناوەند
//	authority                السلطة | دەسەڵات
//	platform                 المنصة | پلاتفۆرم
//	organisation             الجهة | دامەزراوە
//	participant              المشارك | بەشداربوو
//	officer                  الموظف | فەرمانبەر
//	approver                 مسؤول الموافقة | بەرپرسی ڕەزامەندی
//	operator                 المشغّل | بەڕێوەبەر
//	oversight body           جهة الرقابة | دەستەی چاودێری
//	request                  الطلب | داواکاری
//	to file                  قدّم | پێشکەش کردن
//	to approve               وافق | ڕازی بوون
//	to validate              صادق | پەسەند کردن
//	answer                   الجواب | وەڵام
//	part                     جزء | بەش
//	selector                 محدِّد | دیاریکەر
//	category                 فئة | پۆل
//	finding                  نتيجة | ئەنجام
//	outcome                  محصّلة | دەرەنجام
//	clarification            استيضاح | ڕوونکردنەوە
//	objection                اعتراض | ناڕەزایی
//	reviewer                 المراجِع | پێداچوونەوەکار
//	dispute                  نزاع | ناکۆکی
//	refusal                  رفض | ڕەتکردنەوە
//	withdrawal               سحب | کشاندنەوە
//	lapse                    سقوط | هەڵوەشانەوە
//	recall                   استرجاع | گێڕانەوە
//	emergency                حالة طارئة | فریاگوزاری
//	preservation             حفظ البيانات | پاراستن
//	attachment               مرفق | هاوپێچ
//	evidence                 دليل | بەڵگە
//	to sign                  وقّع | واژۆ کردن
//	to seal                  ختم | مۆر کردن
//	certificate              شهادة | بڕوانامە
//	certification authority  هيئة التصديق | دەستەی بڕوانامەدان
//	revocation list          قائمة الإبطال | لیستی هەڵوەشاندنەوە
//	trust domain             نطاق الثقة | بواری متمانە
//	ledger                   السجل | دەفتەر
//	record, entry            القيد | تۆمار
//	checkpoint               نقطة تحقق | خاڵی پشکنین
//	witness                  شاهد | شایەت
//	receipt                  إيصال | پسوولە
//	directory                الدليل | پێڕست
//	profile                  ملف التعريف | پرۆفایل
//	folder                   مجلد | بوخچە
//	file                     ملف | فایل
//	event                    حدث | ڕووداو
//	field                    حقل | خانە
//	flag                     خيار | هەڵبژاردە
//	contract                 العقد | گرێبەست
//	drill, test              تجربة | تاقیکردنەوە
package catalogue

import (
	"embed"
	"maps"
	"slices"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
)

// Language is one that Liaison speaks: its BCP 47 tag.
type Language string

// The languages. Central Kurdish is "ckb" (ISO 639-3).
const (
	English        Language = "en"
	Arabic         Language = "ar"
	CentralKurdish Language = "ckb"
)

// Languages are all of them, the first one where nothing else fits.
func Languages() []Language { return []Language{English, Arabic, CentralKurdish} }

// RightToLeft says whether the language is written from right to left.
func (l Language) RightToLeft() bool { return l == Arabic || l == CentralKurdish }

//go:embed en.po ar.po ckb.po
var files embed.FS

// texts are the texts of each language by their keys. English has only what is no text in
// itself.
var texts, rules, standardRules = readTexts()

// The contexts of keys in the files that are no English texts of this program.
const (
	contextRule         = "rule"          // of the contract, by its id
	contextStandardRule = "standard rule" // of protovalidate, by its English sentence
)

// readTexts reads the languages' files. The keys of rules, and of standard rules, are apart too.
func readTexts() (texts map[Language]map[string]string, rules, standardRules map[string]bool) {
	texts, rules, standardRules = make(map[Language]map[string]string), make(map[string]bool), make(map[string]bool)
	for _, l := range Languages() {
		file, err := files.Open(string(l) + ".po")
		if err != nil {
			panic("catalogue: " + err.Error()) // it is built in
		}
		entries, err := readPO(file)
		if err != nil {
			panic("catalogue: " + string(l) + ".po: " + err.Error()) // every test meets it
		}
		texts[l] = make(map[string]string)
		for _, e := range entries {
			texts[l][e.key] = e.text
			switch e.context {
			case contextRule:
				rules[e.key] = true
			case contextStandardRule:
				standardRules[e.key] = true
			}
		}
	}
	return texts, rules, standardRules
}

// counted are the texts whose form hangs on a number.
var counted = map[Language]map[string]forms{
	English:        enCounted,
	Arabic:         arCounted,
	CentralKurdish: ckbCounted,
}

// forms are a text's forms by the plural rules of CLDR for its argument arg, counted
// from one. A form that is empty is other.
type forms struct {
	arg                              int
	zero, one, two, few, many, other string
}

func (f forms) message() catalog.Message {
	cases := []any{}
	for _, c := range []struct {
		form plural.Form
		text string
	}{{plural.Zero, f.zero}, {plural.One, f.one}, {plural.Two, f.two}, {plural.Few, f.few}, {plural.Many, f.many}} {
		if c.text != "" {
			cases = append(cases, c.form, c.text)
		}
	}
	return plural.Selectf(f.arg, "%d", append(cases, plural.Other, f.other)...)
}

// printers write in each language, with the digits 0 to 9 in all of them: numbers here
// are often typed back.
var printers = func() map[Language]*message.Printer {
	all := catalog.NewBuilder(catalog.Fallback(language.English))
	set := func(err error) {
		if err != nil {
			panic("catalogue: " + err.Error()) // a text that is written wrong; every test meets it
		}
	}
	printers := make(map[Language]*message.Printer)
	for _, l := range Languages() {
		tag := language.MustParse(string(l))
		for key, text := range texts[l] {
			set(all.SetString(tag, key, text))
		}
		for key, f := range counted[l] {
			set(all.Set(tag, key, f.message()))
		}
		printers[l] = message.NewPrinter(language.MustParse(string(l)+"-u-nu-latn"), message.Catalog(all))
	}
	return printers
}()

// Say returns a text with its arguments put in. What the language lacks is said in
// English.
func (l Language) Say(key string, args ...any) string {
	printer, ok := printers[l]
	if !ok {
		printer = printers[English]
	}
	return printer.Sprintf(key, args...)
}

// Has says whether a key has a text of its own in the language.
func (l Language) Has(key string) bool {
	if _, ok := counted[l][key]; ok {
		return true
	}
	_, ok := texts[l][key]
	return ok
}

// Keys returns the keys of every language's texts, besides those of rules.
func Keys() []string {
	keys := make(map[string]bool)
	for _, l := range Languages() {
		for key := range texts[l] {
			if !rules[key] && !standardRules[key] {
				keys[key] = true
			}
		}
		for key := range counted[l] {
			keys[key] = true
		}
	}
	return slices.Sorted(maps.Keys(keys))
}
