package wire

import (
	"context"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/liaison-protocol/liaison/internal/law/validate"
	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func TestEveryReasonHasACodeAndASentenceInEachLanguage(t *testing.T) {
	values := liaisonv1.Reason_REASON_UNSPECIFIED.Descriptor().Values()
	for i := 1; i < values.Len(); i++ {
		reason := liaisonv1.Reason(values.Get(i).Number())
		for _, l := range catalogue.Languages() {
			if !l.Has(reason.String()) {
				t.Errorf("%s says nothing in %s", reason, l)
			}
		}
		if Code(reason) == codes.Internal && reason != liaisonv1.Reason_REASON_INTERNAL_FAULT {
			t.Errorf("%s has no code of its own", reason)
		}
	}
}

// asking is the context of a call with accept-language metadata.
func asking(headers ...string) context.Context {
	md := metadata.MD{}
	md.Append("accept-language", headers...)
	return metadata.NewIncomingContext(context.Background(), md)
}

func TestAnErrorIsToldInTheLanguageAskedFor(t *testing.T) {
	for _, test := range []struct {
		name    string
		headers []string
		locale  string
	}{
		{"none", nil, "en"},
		{"Arabic of Iraq", []string{"ar-IQ"}, "ar"},
		{"Central Kurdish", []string{"ckb"}, "ckb"},
		{"in two lines", []string{"ja;q=0.9", "ckb;q=0.8"}, "ckb"},
	} {
		t.Run(test.name, func(t *testing.T) {
			message := localized(asking(test.headers...), liaisonv1.Reason_REASON_SAME_PERSON)
			if message.GetLocale() != test.locale {
				t.Errorf("told in %q, wanted %q", message.GetLocale(), test.locale)
			}
		})
	}
}

// A program finds the same description whatever the language; a person reads the rule in
// the language asked for, if that is not the description's own.
func TestAFieldThatBreaksARuleIsToldInTheLanguageAskedFor(t *testing.T) {
	broken := &liaisonv1.Answer{}
	for _, test := range []struct{ name, header, locale, text string }{
		{"English", "en", "", ""},
		{"Arabic", "ar", "ar", "يجب ألا يقل عدد العناصر عن 1"},
		{"Central Kurdish", "ckb-IQ", "ckb", "دەبێت ژمارەی دانەکان لە 1 کەمتر نەبێت"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := Error(asking(test.header), validate.Check(broken), broken)
			for _, detail := range status.Convert(err).Details() {
				bad, ok := detail.(*errdetails.BadRequest)
				if !ok {
					continue
				}
				v := bad.GetFieldViolations()[0]
				if got := v.GetLocalizedMessage(); got.GetLocale() != test.locale || got.GetMessage() != test.text {
					t.Errorf("it says %v", got)
				}
				if v.GetDescription() != "must contain at least 1 item(s)" {
					t.Errorf("its description is %q", v.GetDescription())
				}
				return
			}
			t.Errorf("no field is named in %v", err)
		})
	}
}
