package wire

import (
	"context"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func TestEveryReasonHasACodeAndASentenceInEachLanguage(t *testing.T) {
	values := liaisonv1.Reason_REASON_UNSPECIFIED.Descriptor().Values()
	for i := 1; i < values.Len(); i++ {
		reason := liaisonv1.Reason(values.Get(i).Number())
		for j, locale := range locales {
			if sentences[reason][j] == "" {
				t.Errorf("%s says nothing in %s", reason, locale)
			}
		}
		if Code(reason) == codes.Internal && reason != liaisonv1.Reason_REASON_INTERNAL_FAULT {
			t.Errorf("%s has no code of its own", reason)
		}
	}
	if got, want := len(sentences), values.Len()-1; got != want {
		t.Errorf("there are sentences for %d reasons, the contract has %d", got, want)
	}
}

func TestAnErrorIsToldInTheLanguageAskedFor(t *testing.T) {
	for _, test := range []struct{ name, header, locale string }{
		{"none", "", "en"},
		{"English", "en-GB", "en"},
		{"Arabic of Iraq", "ar-IQ", "ar"},
		{"Central Kurdish", "ckb", "ckb"},
		{"Central Kurdish in Iraq", "ckb-IQ, ar;q=0.5", "ckb"},
		{"by preference", "fr;q=1, ar;q=0.9, en;q=0.1", "ar"},
		{"none of ours", "ja", "en"},
		{"not a language", "%%%", "en"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx := context.Background()
			if test.header != "" {
				ctx = metadata.NewIncomingContext(ctx, metadata.Pairs("accept-language", test.header))
			}
			message := localized(ctx, liaisonv1.Reason_REASON_SAME_PERSON)
			if message.GetLocale() != test.locale {
				t.Errorf("told in %q, wanted %q", message.GetLocale(), test.locale)
			}
		})
	}
}
