package client_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/sealed"
	"github.com/liaison-protocol/liaison/internal/testkit"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// TestAHostileHubIsCaughtByWhoOpensAnAnswer swaps, changes and drops what an answer holds.
func TestAHostileHubIsCaughtByWhoOpensAnAnswer(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	one, two := answer(t, kit, "H-1"), answer(t, kit, "H-2")
	swapped, err := liaisonv1.NewRequestServiceClient(kit.Conn(t, "agent").Unverified()).GetAnswer(t.Context(), &liaisonv1.GetAnswerRequest{Name: two.name})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		lie  func(out *liaisonv1.OpenAnswerResponse)
		want error
	}{
		{"sealed bytes of another request", func(out *liaisonv1.OpenAnswerResponse) {
			out.GetPart().Content = swapped.GetParts()[0].GetContent()
		}, client.ErrContent},
		{"the whole part of another request", func(out *liaisonv1.OpenAnswerResponse) { out.Part = swapped.GetParts()[0] }, client.ErrContent},
		{"sealed anew, to the same recipients", func(out *liaisonv1.OpenAnswerResponse) {
			keys, _ := sealed.ParseKeys(kit.AnswerKeys("authorities/moc"))
			forged, _ := proto.Marshal(&liaisonv1.SealedAnswer{Answer: &liaisonv1.Answer{Screening: client.NoneProtected(), Final: true}})
			out.GetPart().Content, _ = sealed.Seal(forged, keys.Recipients())
		}, client.ErrContent},
		{"one bit changed", func(out *liaisonv1.OpenAnswerResponse) {
			content := out.GetPart().GetContent()
			content[len(content)-1] ^= 1
		}, client.ErrContent},
		{"in clear, where it was sealed", func(out *liaisonv1.OpenAnswerResponse) {
			part := out.GetPart()
			part.Answer = &liaisonv1.Answer{Screening: client.NoneProtected(), Final: true}
			part.Encoding, part.Content = liaisonv1.AnswerEncoding_ANSWER_ENCODING_PLAIN, nil
		}, client.ErrContent},
		{"a part left out", func(out *liaisonv1.OpenAnswerResponse) { out.Part = nil }, client.ErrContent},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := newHostile(t, kit)
			h.lie(func(reply any) {
				if out, ok := reply.(*liaisonv1.OpenAnswerResponse); ok {
					test.lie(out)
				}
			})
			_, err := kit.Conn(t, "officer", h.option()).Authority().Open(t.Context(), one.name)
			caught(t, err, test.want)
		})
	}
	if parts, err := one.officer.Open(t.Context(), one.name); err != nil || len(parts) != 1 || len(parts[0].GetAnswer().GetFindings()) == 0 {
		t.Errorf("the true answer: %v", err)
	}
}

// TestAnAnswerThatHoldsMoreThanItsManifestSaysIsNotOpened: the hub cannot see into it, so
// that the authority's software is what keeps what was not asked from being read.
func TestAnAnswerThatHoldsMoreThanItsManifestSaysIsNotOpened(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	agent := liaisonv1.NewPlatformServiceClient(kit.Conn(t, "agent").Unverified())
	officer := kit.Conn(t, "officer").Authority()
	var honest []*liaisonv1.Finding
	for _, s := range exampleSpec().GetSelectors() {
		honest = append(honest, notFound(s))
	}
	named := func(category liaisonv1.DataCategory, item *liaisonv1.DataItem) *liaisonv1.Answer {
		findings := append([]*liaisonv1.Finding(nil), honest...)
		item.Category = category
		findings[0] = &liaisonv1.Finding{
			SelectorId: honest[0].GetSelectorId(),
			Outcomes:   []*liaisonv1.Outcome{{Category: category, Code: liaisonv1.OutcomeCode_OUTCOME_CODE_IDENTIFIED}},
			Parties: []*liaisonv1.IdentifiedParty{{
				Subject: &liaisonv1.IdentifiedParty_Account{Account: &liaisonv1.Account{Id: "700100200"}},
				Roles:   []liaisonv1.PartyRole{liaisonv1.PartyRole_PARTY_ROLE_SELLER}, Bases: []liaisonv1.AttributionBasis{liaisonv1.AttributionBasis_ATTRIBUTION_BASIS_AUTHOR_RECORD},
				Confidence: liaisonv1.Confidence_CONFIDENCE_CONFIRMED, Control: liaisonv1.AccountControl_ACCOUNT_CONTROL_SOLE,
				Items: []*liaisonv1.DataItem{item},
			}},
		}
		return &liaisonv1.Answer{Screening: client.NoneProtected(), Final: true, Findings: findings}
	}
	device := &liaisonv1.DataItem{Value: &liaisonv1.DataItem_Device{Device: &liaisonv1.DeviceItem{Id: "d"}}}
	name := &liaisonv1.DataItem{Value: &liaisonv1.DataItem_Name{Name: &liaisonv1.NameItem{FullName: "x"}}}
	_, stranger, err := sealed.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		answer *liaisonv1.Answer
		to     string // whom it is sealed to; empty: to whom the request names
		want   error
	}{
		{"a category that was not asked", named(liaisonv1.DataCategory_DATA_CATEGORY_DEVICE, device), "", client.ErrExcess},
		{"somebody, where the manifest says nobody", named(liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY, name), "", client.ErrExcess},
		{"sealed to somebody else", &liaisonv1.Answer{Screening: client.NoneProtected(), Final: true, Findings: honest}, stranger, client.ErrNotSealed},
	} {
		t.Run(test.name, func(t *testing.T) {
			filed, err := officer.File(t.Context(), emergency("E"))
			if err != nil {
				t.Fatal(err)
			}
			read, err := liaisonv1.NewRequestServiceClient(kit.Conn(t, "agent").Unverified()).GetRequest(t.Context(), &liaisonv1.GetRequestRequest{Name: filed.GetRequest()})
			if err != nil {
				t.Fatal(err)
			}
			request := read.GetRequest()
			if _, err := agent.AcknowledgeRequest(t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: filed.GetRequest(), Acknowledgement: &liaisonv1.Acknowledgement{}}); err != nil {
				t.Fatal(err)
			}
			inside, _ := proto.Marshal(&liaisonv1.SealedAnswer{Answer: test.answer})
			recipients := request.GetSpec().GetAnswerRecipients()
			if test.to != "" {
				recipients = []string{test.to}
			}
			content, err := sealed.Seal(inside, recipients)
			if err != nil {
				t.Fatal(err)
			}
			digest := sha256.Sum256(content)
			statement, _ := proto.Marshal(&liaisonv1.Statement{
				Hub: "hub.example", Request: filed.GetRequest(), SignTime: timestamppb.Now(), PreviousSha256: request.GetStatementSha256(),
				Detail: &liaisonv1.Statement_Answered{Answered: &liaisonv1.AnswerStatement{
					Platform: "platforms/messenger", FilingSha256: request.GetFilingSha256(), Encoding: liaisonv1.AnswerEncoding_ANSWER_ENCODING_AGE,
					Manifest: scope.Manifest(&liaisonv1.Answer{Screening: client.NoneProtected(), Final: true, Findings: honest}, 1), ContentSha256: digest[:],
				}},
			})
			signed, err := envelope.Sign(*signerFor(kit, "agent"), envelope.StatementType, statement)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := agent.AnswerRequest(t.Context(), &liaisonv1.AnswerRequestRequest{Name: filed.GetRequest(), Form: &liaisonv1.AnswerRequestRequest_Signed{Signed: signed}, Content: content}); err != nil {
				t.Fatalf("the hub, which cannot know, refuses it: %v", err)
			}
			_, err = officer.Open(t.Context(), filed.GetRequest())
			caught(t, err, test.want)
		})
	}
}

// TestTwoHistoriesAreFoundOutByTheNextSignature: a hub shows the authority one ledger and
// the platform another. Each is whole, and neither party sees the other's; but what the
// authority signs says which ledger it saw.
func TestTwoHistoriesAreFoundOutByTheNextSignature(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	answer(t, kit, "H-1")
	other := testkit.Of(kit).Fork(t)

	// In the authority's history there is a request that the platform's does not have.
	officer := kit.Conn(t, "officer").Authority()
	if _, err := officer.File(t.Context(), emergency("H-2")); err != nil {
		t.Fatal(err)
	}
	// In the platform's something else happened in its place.
	if _, err := other.Conn(t, "dpo-officer").Authority().File(t.Context(), emergency("H-3")); err != nil {
		t.Fatal(err)
	}
	platform := other.Conn(t, "agent").Platform()
	if err := watchUntil(platform, t, 4); err != nil {
		t.Fatalf("the platform's history holds by itself: %v", err)
	}

	// The next demand is signed, and the operator carries it over. A hub's own program does
	// not take it; a hostile one writes it into the ledger all the same.
	filed, err := officer.File(t.Context(), emergency("H-4"))
	if err != nil {
		t.Fatal(err)
	}
	carried := receiptsOf(t, kit, filed.GetRequest())[0]
	signed := &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Signed{Signed: envelopeOf(t, kit, filed.GetRequest())}}
	var refused *client.Error
	if _, err := liaisonv1.NewAuthorityServiceClient(other.Conn(t, "officer").Unverified()).FileRequest(t.Context(), signed); !errors.As(err, &refused) || refused.Reason != liaisonv1.Reason_REASON_STATEMENT_MISMATCH {
		t.Errorf("the other hub takes it: %v", err)
	}
	event, err := record.Decode(carried.GetRecord())
	if err != nil {
		t.Fatal(err)
	}
	h := hostileOver(t, other)
	page := h.page(t, event, 4, 5)
	dir := t.TempDir()
	platform = other.Conn(t, "agent", client.WithLedgerDir(dir), h.option(), instead(func(_, out any) bool {
		reply, ok := out.(*liaisonv1.ListEventsResponse)
		if ok {
			proto.Merge(reply, page)
		}
		return ok
	})).Platform()
	if err := watchUntil(platform, t, 4); err != nil {
		t.Fatal(err)
	}
	_, err = platform.Get(t.Context(), filed.GetRequest())
	caught(t, err, client.ErrForked)
	var distrust *client.Distrust
	if !errors.As(err, &distrust) || len(distrust.Evidence) != 2 {
		t.Fatalf("there is no evidence: %v", err)
	}
	key, err := ledger.ParseVerifier(kit.HubKey())
	if err != nil {
		t.Fatal(err)
	}
	for _, signed := range distrust.Evidence {
		if _, err := ledger.OpenCheckpoint([]byte(signed), key); err != nil {
			t.Errorf("the evidence is not signed by the hub: %v", err)
		}
	}
	if kept, err := filepath.Glob(filepath.Join(dir, "*.forked")); err != nil || len(kept) != 1 {
		t.Errorf("the evidence is kept as %v: %v", kept, err)
	}
}

// watchUntil watches until so many events were seen.
func watchUntil(p *client.Platform, t *testing.T, events int) error {
	for _, err := range p.Watch(t.Context(), client.WatchOptions{}) {
		if err != nil {
			return err
		}
		if events--; events == 0 {
			return nil
		}
	}
	return nil
}

// TestWhatWasSeenIsRememberedOnDisk: a hub that is set back between two runs of a program
// is found out by the second.
func TestWhatWasSeenIsRememberedOnDisk(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	dir := t.TempDir()
	name := answer(t, kit, "H-1").name
	other := testkit.Of(kit).Fork(t) // what a restored backup would be
	if _, err := kit.Conn(t, "officer").Authority().File(t.Context(), emergency("H-2")); err != nil {
		t.Fatal(err)
	}
	if _, err := kit.Conn(t, "officer", client.WithLedgerDir(dir)).Authority().File(t.Context(), emergency("H-3")); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.memory"))
	if err != nil || len(names) != 1 {
		t.Fatalf("what is remembered is %v, %v", names, err)
	}
	err = watchAll(t, other.Conn(t, "officer", client.WithLedgerDir(dir)))
	caught(t, err, client.ErrRolledBack)
	_, err = other.Conn(t, "officer", client.WithLedgerDir(dir)).Authority().Get(t.Context(), name)
	caught(t, err, client.ErrRolledBack)
	if err := os.WriteFile(names[0], []byte("hub.example\n1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = kit.Conn(t, "officer", client.WithLedgerDir(dir)).Authority().Get(t.Context(), name)
	caught(t, err, client.ErrCheckpoint) // a memory that was tampered with counts for nothing
}

// TestWhatWasPurgedIsGoneEverywhere: after the retention nothing of a request is served or
// left in the hub's files, the ledger verifies as before, and both sides know.
func TestWhatWasPurgedIsGoneEverywhere(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t, liaisontest.WithRetention(time.Nanosecond))
	spec := emergency("CANARY-REFERENCE")
	spec.Necessity = "CANARY-NECESSITY"
	officer := kit.Conn(t, "officer").Authority()
	agent := kit.Conn(t, "agent").Platform()
	filed, err := officer.File(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := officer.File(t.Context(), emergency("KEPT-REFERENCE"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := officer.Withdraw(t.Context(), filed.GetRequest(), &liaisonv1.Withdrawal{Reason: "CANARY-REASON"}); err != nil {
		t.Fatal(err)
	}
	kit.Restart() // the hub looks for what is over when it starts, and every minute
	purged := false
	for e, err := range agent.Watch(t.Context(), client.WatchOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		if purged = e.GetPurged() != nil && e.GetRequest() == filed.GetRequest(); purged {
			break
		}
	}
	if !purged {
		t.Fatal("the platform was not told")
	}
	request, err := officer.Get(t.Context(), filed.GetRequest())
	if err != nil || request.GetState() != liaisonv1.RequestState_REQUEST_STATE_PURGED || request.GetSpec().GetNecessity() != "" {
		t.Errorf("the request reads as %v: %v", request.GetState(), err)
	}
	if _, err := officer.Open(t.Context(), filed.GetRequest()); !errors.Is(err, client.ErrStateForbidsStep) {
		t.Errorf("the answer of a purged request: %v", err)
	}
	if _, err := officer.Get(t.Context(), kept.GetRequest()); err != nil {
		t.Errorf("the other request: %v", err)
	}
	for _, who := range []string{"officer", "agent", "auditor"} {
		checked, err := kit.Conn(t, who).Ledger().Verify(t.Context(), nil)
		if err != nil || checked.Events != 4 || who != "auditor" && (checked.Own != 4 || checked.Purged != 2 || checked.Signatures != 1) {
			t.Errorf("%s: the ledger verifies as %+v: %v", who, checked, err)
		}
	}
	files, err := filepath.Glob(testkit.Of(kit).Archive() + "*")
	if err != nil || len(files) < 2 {
		t.Fatalf("the archive's files are %v, %v", files, err)
	}
	found := false
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte("CANARY")) {
			t.Errorf("%s holds what was purged", filepath.Base(file))
		}
		found = found || strings.Contains(string(content), "KEPT-REFERENCE")
	}
	if !found {
		t.Error("what was not purged is not in the files either: the test looks at the wrong place")
	}
}
