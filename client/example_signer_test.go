package client_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
)

// Steps may be signed with a key in a security module, which never leaves it: whatever
// implements crypto.Signer will do, such as crypto11 does over PKCS#11.
// TestKeysMayStayInASecurityModule does so with SoftHSM.
func ExampleWithSigner() {
	kit := liaisontest.New(exampleTB)
	var module crypto.Signer // here a key in memory stands for it
	module, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		fmt.Println(err)
		return
	}
	certificate := kit.Issue("officer", module.Public()) // by the authority's certification authority

	conn := kit.Conn(exampleTB, "officer", client.WithSigner(module, certificate))
	filed, err := conn.Authority().File(context.Background(), exampleSpec())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(filed.GetState())
	// Output: REQUEST_STATE_AWAITING_APPROVAL
}
