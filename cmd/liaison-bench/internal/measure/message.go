package measure

import (
	"context"
	"encoding/binary"
	"fmt"
	"runtime"
	"strconv"
	"sync"
	"time"

	"buf.build/go/protoyaml"
	"filippo.io/age"
	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/example"
	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/testdata/cases"
)

// emergencyCase is the case that is filed: an emergency, which comes before the
// platform at once, so that one call is one whole way through the hub.
const emergencyCase = "02-hospital-emergency/"

// readCase reads a message of the example cases.
func readCase(path string, into proto.Message) error {
	text, err := cases.Files.ReadFile(path)
	if err != nil {
		return err
	}
	return protoyaml.UnmarshalOptions{Path: path}.Unmarshal(text, into)
}

// newSpec returns the request that is filed, and the secret key to which its answer is
// to be sealed. The key is an X25519 one: a hybrid recipient alone is as long as the rest
// of the request, and 2 KB are what the targets are about.
func newSpec() (spec *liaisonv1.RequestSpec, secret string, err error) {
	spec = &liaisonv1.RequestSpec{}
	if err := readCase(emergencyCase+"request.yaml", spec); err != nil {
		return nil, "", err
	}
	key, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, "", fmt.Errorf("make a key to seal to: %w", err)
	}
	spec.AnswerRecipients = []string{key.Recipient().String()}
	return spec, key.String(), nil
}

// ofOthers returns a request like spec that is about other accounts and groups, so that nothing is asked
// for twice: hubs look for what an authority has asked before, and find nothing as a rule.
func ofOthers(spec *liaisonv1.RequestSpec, id uuid.UUID) *liaisonv1.RequestSpec {
	others := proto.CloneOf(spec)
	n := binary.BigEndian.Uint64(id[8:]) % 1e8
	for i, selector := range others.GetSelectors() {
		other := strconv.FormatUint(n*1000+uint64(i), 10)
		if account := selector.GetAccount(); account != nil {
			account.Id = other
		}
		if group := selector.GetGroup(); group != nil {
			group.Id, group.Username = "-"+other, "t-"+other
		}
	}
	return others
}

// newFiling signs one filing as the SDK does.
func newFiling(signer envelope.Signer, spec *liaisonv1.RequestSpec) (*liaisonv1.FileRequestRequest, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	opened, err := statement.Sign(signer, &liaisonv1.Statement{
		Hub:      example.HubDomain,
		Request:  "requests/" + id.String(),
		SignTime: timestamppb.New(time.Now()),
		Detail:   &liaisonv1.Statement_Filed{Filed: ofOthers(spec, id)},
	})
	if err != nil {
		return nil, err
	}
	return &liaisonv1.FileRequestRequest{
		Call: &liaisonv1.Call{CallId: id.String()}, Form: &liaisonv1.FileRequestRequest_Signed{Signed: opened.Envelope},
	}, nil
}

// signedFilings are calls that are ready to be sent.
type signedFilings = []*liaisonv1.FileRequestRequest

// newFilings signs n filings, on all processors: it is never part of what is timed.
func newFilings(ctx context.Context, signer envelope.Signer, spec *liaisonv1.RequestSpec, n int) (signedFilings, error) {
	filings := make([]*liaisonv1.FileRequestRequest, n)
	workers := runtime.GOMAXPROCS(0)
	failures := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := w; i < n && ctx.Err() == nil; i += workers {
				if filings[i], failures[w] = newFiling(signer, spec); failures[w] != nil {
					return
				}
			}
		})
	}
	wait.Wait()
	for _, err := range append(failures, ctx.Err()) {
		if err != nil {
			return nil, fmt.Errorf("sign the filings: %w", err)
		}
	}
	return filings, nil
}
