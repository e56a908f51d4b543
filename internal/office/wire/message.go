package wire

import (
	"context"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/metadata"

	"github.com/liaison-protocol/liaison/internal/speech/catalogue"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// mostLocalized is how many bytes an error tells of its fields in another language than
// English at most, since it travels in headers. Who mends these is told the next.
const mostLocalized = 2 << 10

// asked returns the language that a call asks for.
func asked(ctx context.Context) catalogue.Language {
	return catalogue.Accepted(metadata.ValueFromIncomingContext(ctx, "accept-language")...)
}

// localized returns the reason's sentence in the language that fits best what the
// caller's accept-language metadata asks for.
func localized(ctx context.Context, r liaisonv1.Reason) *errdetails.LocalizedMessage {
	l := asked(ctx)
	return &errdetails.LocalizedMessage{Locale: string(l), Message: l.Say(r.String())}
}

// localizeFields tells in the language asked for which of the contract's rules the fields
// break, the rules standing in the fields' order. The descriptions stay, in English, for
// programs.
func localizeFields(ctx context.Context, fields *errdetails.BadRequest, rules []string) {
	l, told := asked(ctx), 0
	for i, v := range fields.GetFieldViolations() {
		text, ok := l.Rule(rules[i], v.GetDescription())
		if told += len(text); !ok || told > mostLocalized {
			continue
		}
		v.LocalizedMessage = &errdetails.LocalizedMessage{Locale: string(l), Message: text}
	}
}

// Sentence returns what a reason says, in English.
func Sentence(r liaisonv1.Reason) string { return catalogue.English.Say(r.String()) }
