package record

import (
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Manifest returns the manifest of the part of an answer that came with an event; nil if
// none did.
func Manifest(e *liaisonv1.Event) *liaisonv1.AnswerManifest {
	if m := e.GetPartiallyAnswered(); m != nil {
		return m
	}
	return e.GetAnswered()
}
