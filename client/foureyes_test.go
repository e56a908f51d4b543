package client_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
)

// TestOneSigningKeyIsOnePairOfEyes: two people connect with keys of their own and sign with
// one. The platform does not take what one key has filed and approved.
func TestOneSigningKeyIsOnePairOfEyes(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signing := func(who string) *client.Authority {
		return kit.Conn(t, who, client.WithSigner(key, kit.Issue(who, key.Public()))).Authority()
	}
	filed, err := signing("officer").File(t.Context(), exampleSpec())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := signing("approver").Approve(t.Context(), filed.GetRequest(), nil, client.IfMatch(filed.GetEtag())); err != nil {
		t.Fatal(err)
	}
	_, err = kit.Conn(t, "agent").Platform().Get(t.Context(), filed.GetRequest())
	caught(t, err, client.ErrSigner)
}
