package report

import (
	"strconv"
	"strings"

	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
)

// texts are the report's texts in English, by which the catalogue knows them in other
// languages, or of a value of the contract's enumerations its name in English: the catalogue
// knows it by the value.
var texts = map[string]string{
	"title":                             "Transparency report",
	"intro":                             "Requests for disclosure after breaches of personal data, and what became of them.",
	"period":                            "Period",
	"authority":                         "Authority",
	"platform":                          "Platform",
	"all":                               "all",
	"quarter 1":                         "First quarter of %s",
	"quarter 2":                         "Second quarter of %s",
	"quarter 3":                         "Third quarter of %s",
	"quarter 4":                         "Fourth quarter of %s",
	"month 1":                           "January %s",
	"month 2":                           "February %s",
	"month 3":                           "March %s",
	"month 4":                           "April %s",
	"month 5":                           "May %s",
	"month 6":                           "June %s",
	"month 7":                           "July %s",
	"month 8":                           "August %s",
	"month 9":                           "September %s",
	"month 10":                          "October %s",
	"month 11":                          "November %s",
	"month 12":                          "December %s",
	"glance":                            "At a glance",
	"requests":                          "Requests",
	"decided":                           "Requests decided",
	"missed":                            "Deadlines missed",
	"validated":                         "Emergencies validated",
	"lapsed":                            "Emergencies lapsed",
	"recalls":                           "Answers recalled",
	"people":                            "People affected",
	"parties":                           "Parties identified",
	"kind":                              "By kind",
	"urgency":                           "By urgency",
	"basis":                             "By legal basis",
	"outcome":                           "By outcome",
	"result":                            "By what was answered",
	"ground":                            "By ground against them",
	"times":                             "Time to answer",
	"answered":                          "Answered",
	"median":                            "Half within",
	"percentile":                        "Nine of ten within",
	"net":                               "without waiting for the authority",
	"whole":                             "all in all",
	"what":                              "What",
	"count":                             "Count",
	"share":                             "Share",
	"hours":                             "%s hours",
	"days":                              "%s days",
	"over":                              "over %s",
	"suppressed":                        "too few",
	"none told":                         "Too few in every row to be told.",
	"others":                            "Too few to be told: %s",
	"notes":                             "How to read this",
	"note time":                         "Everything counts in the period in which it happened: an answer in the month of the answer, whenever its request was made. A report never changes.",
	"note small":                        "Counts are released in lots of %s, for each authority and platform and apart for emergencies. What does not fill a lot waits for a later period, so that nobody can be singled out, and no subtraction of two reports shows a smaller number. A count can be a little less, or more, than what happened.",
	"note drill":                        "Drills are left out. What was deleted from the hub is counted.",
	"note law":                          "After Regulation (EU) 2023/1543, article 28, and the Digital Services Act, articles 15 and 24.",
	"REQUEST_KIND_UNSPECIFIED":          "Not known any more",
	"REQUEST_KIND_DISCLOSE":             "Disclose",
	"REQUEST_KIND_PRESERVE":             "Preserve",
	"REQUEST_KIND_EXISTENCE":            "Is there data",
	"URGENCY_ROUTINE":                   "Routine",
	"URGENCY_EMERGENCY":                 "Emergency",
	"LEGAL_BASIS_KIND_UNSPECIFIED":      "Not known any more",
	"LEGAL_BASIS_KIND_COURT_ORDER":      "Court order",
	"LEGAL_BASIS_KIND_PROSECUTOR_ORDER": "Prosecutor’s order",
	"LEGAL_BASIS_KIND_ADMINISTRATIVE_ORDER_VALIDATED": "Administrative order, validated",
	"LEGAL_BASIS_KIND_ADMINISTRATIVE_ORDER":           "Administrative order alone",
	"LEGAL_BASIS_KIND_DATA_PROTECTION_POWER":          "Data-protection authority’s power",
	"LEGAL_BASIS_KIND_EMERGENCY_STATUTE":              "Emergency statute",
	"LEGAL_BASIS_KIND_TREATY":                         "Treaty",
	"REQUEST_OUTCOME_UNSPECIFIED":                     "Not known any more",
	"REQUEST_OUTCOME_ANSWERED":                        "Answered",
	"REQUEST_OUTCOME_PRESERVED":                       "Preserved",
	"REQUEST_OUTCOME_REFUSED":                         "Refused",
	"REQUEST_OUTCOME_WITHDRAWN":                       "Taken back by the authority",
	"REQUEST_OUTCOME_REJECTED":                        "Rejected by the authority’s second person",
	"ANSWER_RESULT_UNSPECIFIED":                       "Not known any more",
	"ANSWER_RESULT_IDENTIFIED":                        "A party was identified",
	"ANSWER_RESULT_EXISTS":                            "There is data",
	"ANSWER_RESULT_WITHHELD":                          "Withheld",
	"ANSWER_RESULT_NOTHING":                           "Nothing to give",
	"GROUND_CODE_UNSPECIFIED":                         "Not known any more",
	"GROUND_CODE_INCOMPLETE":                          "Incomplete",
	"GROUND_CODE_MANIFEST_ERROR":                      "Manifest error",
	"GROUND_CODE_INSUFFICIENT_TO_IDENTIFY":            "Not enough to identify",
	"GROUND_CODE_DATA_NOT_HELD":                       "Data not held",
	"GROUND_CODE_NO_LONGER_HELD":                      "No longer held",
	"GROUND_CODE_IMPOSSIBLE_IN_FACT":                  "Impossible in fact",
	"GROUND_CODE_AUTHORITY_NOT_COMPETENT":             "Authority not competent",
	"GROUND_CODE_NOT_VALIDATED":                       "Not validated",
	"GROUND_CODE_NO_LEGAL_BASIS":                      "No legal basis",
	"GROUND_CODE_OFFENCE_NOT_COVERED":                 "Offence not covered",
	"GROUND_CODE_SERVICE_NOT_COVERED":                 "Service not covered",
	"GROUND_CODE_IMMUNITY_OR_PRIVILEGE":               "Immunity or privilege",
	"GROUND_CODE_PRESS_OR_EXPRESSION":                 "Freedom of press or expression",
	"GROUND_CODE_FUNDAMENTAL_RIGHTS":                  "Fundamental rights",
	"GROUND_CODE_ALREADY_JUDGED":                      "Already judged",
	"GROUND_CODE_NO_DOUBLE_CRIMINALITY":               "No offence where the platform is",
	"GROUND_CODE_DISPROPORTIONATE":                    "Disproportionate",
	"GROUND_CODE_CONFLICT_OF_LAW":                     "Conflict of law",
	"GROUND_CODE_AUTHENTICITY_DOUBTED":                "Authenticity doubted",
	"GROUND_CODE_EMERGENCY_NOT_SHOWN":                 "Emergency not shown",
	"GROUND_CODE_DUPLICATE":                           "Duplicate",
	"GROUND_CODE_OTHER":                               "Other",
}

// Keys returns the keys of the catalogue that a report says, besides the values of the
// contract's enumerations: each language must have them.
func Keys() []string {
	var keys []string
	for name, text := range texts {
		if name != strings.ToUpper(name) || strings.HasSuffix(name, "_UNSPECIFIED") {
			keys = append(keys, text)
		}
	}
	return keys
}

// words are a report's words in a language.
type words struct {
	language catalogue.Language
}

// text returns one of the report's texts, with what it is about in it.
func (w words) text(key string, about ...any) string {
	if value := key == strings.ToUpper(key); value && w.language.Has(key) {
		return w.language.Say(key)
	}
	return w.language.Say(texts[key], about...)
}

// number writes a number as people do: "12,500", and "١٢٬٥٠٠" in Arabic and in Central
// Kurdish as they are written in Iraq. Nobody types it back, as what a terminal shows.
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
	if w.language.RightToLeft() {
		return easternDigits.Replace(text)
	}
	return text
}
