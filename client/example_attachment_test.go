package client_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// A document travels sealed to the platform, beside the request that lists it: seal, file,
// upload; and at the other end read, download.
func ExampleAuthority_Seal() {
	kit := liaisontest.New(exampleTB)
	ctx := context.Background()
	officer := kit.Conn(exampleTB, "officer").Authority()

	var sealed bytes.Buffer // a file, for what is large
	document, err := officer.Seal("platforms/messenger", &liaisonv1.Document{Title: "evidence", MediaType: "text/plain"},
		strings.NewReader("What was published."), &sealed)
	if err != nil {
		fmt.Println(err)
		return
	}
	spec := emergency("ATTACHED-1")
	spec.Incident.Evidence = []*liaisonv1.Document{document}
	filed, err := officer.File(ctx, spec)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := officer.Upload(ctx, filed.GetRequest(), document.GetSealed(), bytes.NewReader(sealed.Bytes()), nil); err != nil {
		fmt.Println(err)
		return
	}

	agent := kit.Conn(exampleTB, "agent").Platform()
	request, err := agent.Get(ctx, filed.GetRequest())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, document := range client.Documents(request.GetSpec()) {
		path := filepath.Join(exampleTB.TempDir(), "evidence.txt")
		if err := agent.Download(ctx, request.GetName(), document, path, nil); err != nil {
			fmt.Println(err)
			return
		}
		text, err := os.ReadFile(path)
		fmt.Println(document.GetTitle(), string(text), err)
	}
	// Output: evidence What was published. <nil>
}
