package server_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	"github.com/liaison-protocol/liaison/internal/proof/part"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
	"github.com/liaison-protocol/liaison/internal/proof/sealed"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// signer signs as somebody, with a certificate of the right authority.
func (h *hub) signer(id string) envelope.Signer { return signerOf(h.leaf(id)) }

func signerOf(leaf *pki.Leaf) envelope.Signer {
	return envelope.Signer{Key: leaf.Key, Chain: []*x509.Certificate{leaf.Certificate}}
}

// statementFor returns a statement that is right in all but its detail.
func statementFor(request string, previous []byte) *liaisonv1.Statement {
	return &liaisonv1.Statement{Hub: "hub.example", Request: request, SignTime: timestamppb.Now(), PreviousSha256: previous}
}

// newName is what who files chooses.
func newName() string { return "requests/" + must(uuid.NewV7()).String() }

func sign(s envelope.Signer, statement *liaisonv1.Statement) *liaisonv1.Envelope {
	body, parts, err := part.Split(statement, func() ([]byte, error) { return make([]byte, part.SaltSize), nil })
	e := must(envelope.Sign(s, envelope.StatementType, body))
	e.Parts = parts
	return must(e, err)
}

// filing is a signed filing.
func (h *hub) filing(change ...func(*liaisonv1.Statement)) *liaisonv1.FileRequestRequest {
	s := statementFor(newName(), nil)
	s.Detail = &liaisonv1.Statement_Filed{Filed: spec(emergency)}
	for _, c := range change {
		c(s)
	}
	return &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Signed{Signed: sign(h.signer(officer), s)}}
}

// requireSignatures makes everybody sign.
func (h *hub) requireSignatures() {
	h.t.Helper()
	h.change(func(o *liaisonv1.Organisation) {
		o.SignaturePolicy = liaisonv1.SignaturePolicy_SIGNATURE_POLICY_UNSPECIFIED // required by default
	})
}

// change changes the entries of the authorities and the platforms.
func (h *hub) change(with func(*liaisonv1.Organisation)) {
	h.t.Helper()
	for domain, name := range participants {
		entry := h.entry(domain, name)
		update := &liaisonv1.UpdateParticipantRequest{}
		var o *liaisonv1.Organisation
		switch p := entry.GetParticipant().(type) {
		case *liaisonv1.RegisterParticipantRequest_Authority:
			o = p.Authority.GetOrganisation()
			update.Participant = &liaisonv1.UpdateParticipantRequest_Authority{Authority: p.Authority}
			o.Etag = must(h.directory(operator).GetAuthority(h.t.Context(), &liaisonv1.GetAuthorityRequest{Name: name})).GetAuthority().GetOrganisation().GetEtag()
		case *liaisonv1.RegisterParticipantRequest_Platform:
			o = p.Platform.GetOrganisation()
			update.Participant = &liaisonv1.UpdateParticipantRequest_Platform{Platform: p.Platform}
			o.Etag = must(h.directory(operator).GetPlatform(h.t.Context(), &liaisonv1.GetPlatformRequest{Name: name})).GetPlatform().GetOrganisation().GetEtag()
		default:
			continue
		}
		with(o)
		must(h.directory(operator).UpdateParticipant(h.t.Context(), update))
	}
}

// TestASignedDemandIsTakenOnceAndAsItWasSigned files by signature, and looks for what the
// hub recorded.
func TestASignedDemandIsTakenOnceAndAsItWasSigned(t *testing.T) {
	h := newHub(t)
	h.requireSignatures()
	call := h.filing()
	out := must(h.authority(officer).FileRequest(t.Context(), call))
	if eventOf(out).GetFiled().GetSpec().GetReference() == "" {
		t.Error("the event does not show the demand")
	}
	recorded := &liaisonv1.Event{}
	if err := proto.Unmarshal(out.GetReceipt().GetRecord().GetBody(), recorded); err != nil {
		t.Fatal(err)
	}
	recorded.GetEnvelope().Parts = out.GetReceipt().GetRecord().GetSignedParts()
	if !proto.Equal(recorded.GetEnvelope(), call.GetSigned()) || recorded.GetDetail() != nil || len(recorded.GetParts()) > 0 {
		t.Error("the record is not what was signed, and nothing else")
	}
	read := must(h.requests(agent).GetRequest(t.Context(), &liaisonv1.GetRequestRequest{Name: out.GetRequest()}))
	statements := must(h.requests(agent).ListStatements(t.Context(), &liaisonv1.ListStatementsRequest{Name: read.GetRequest().GetName()})).GetStatements()
	if len(statements) != 1 || !proto.Equal(statements[0], call.GetSigned()) {
		t.Error("the platform does not get the envelope with the request")
	}
	want := sha256.Sum256(call.GetSigned().GetPayload())
	if !bytes.Equal(read.GetRequest().GetStatementSha256(), want[:]) || !bytes.Equal(read.GetRequest().GetFilingSha256(), want[:]) {
		t.Error("the request does not name the statement")
	}
}

// TestForgedSignaturesAreRefused is the part of case 5 that is about signatures: each
// fails with a clear reason and leaves no event.
func TestForgedSignaturesAreRefused(t *testing.T) {
	h := newHub(t)
	h.requireSignatures()
	taken := must(h.authority(officer).FileRequest(t.Context(), h.filing()))
	before := must(h.store.Head(t.Context())).Seq
	file := func(id string, call *liaisonv1.FileRequestRequest) error {
		_, err := h.authority(id).FileRequest(t.Context(), call)
		return err
	}
	signedBy := func(s envelope.Signer) *liaisonv1.FileRequestRequest {
		statement := statementFor(newName(), nil)
		statement.Detail = &liaisonv1.Statement_Filed{Filed: spec(emergency)}
		return &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Signed{Signed: sign(s, statement)}}
	}
	issued := func(domain string, r pki.Request) envelope.Signer { return signerOf(must(h.cas[domain].Issue(r))) }
	const invalid, mismatch = "SIGNATURE_INVALID", "STATEMENT_MISMATCH"
	for _, test := range []struct {
		name, reason string
		err          func() error
	}{
		{"signed with Messenger's key", invalid, func() error { return file(officer, signedBy(h.signer(agent))) }},
		{"signed with another authority's key", invalid, func() error { return file(officer, signedBy(h.signer(dpo))) }},
		{"signed by a colleague", invalid, func() error { return file(officer, signedBy(h.signer("moc.example/officer/somebody.else"))) }},
		{"signed by an approver of the same authority", invalid, func() error { return file(officer, signedBy(h.signer(approver))) }},
		{"a certificate of the trust domain from another's authority", invalid, func() error {
			forged := *h.cas["filehost.example"]
			forged.TrustDomain = "moc.example"
			return file(officer, signedBy(signerOf(must(forged.Issue(pki.Request{Role: "officer", Name: "amal.hassan"})))))
		}},
		{"a certificate that had expired", invalid, func() error {
			return file(officer, signedBy(issued("moc.example", pki.Request{
				Role: "officer", Name: "amal.hassan", NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(-time.Minute),
			})))
		}},
		{"one bit of the payload changed", invalid, func() error {
			call := h.filing()
			call.GetSigned().Payload[len(call.GetSigned().Payload)/2] ^= 1
			return file(officer, call)
		}},
		{"one bit of the signature changed", invalid, func() error {
			call := h.filing()
			sig := call.GetSigned().Signatures[0].Sig
			sig[len(sig)-1] ^= 1
			return file(officer, call)
		}},
		{"filed again", "REQUEST_EXISTS", func() error {
			return file(officer, h.filing(func(s *liaisonv1.Statement) { s.Request = taken.GetRequest() }))
		}},
		{"for another hub", mismatch, func() error {
			return file(officer, h.filing(func(s *liaisonv1.Statement) { s.Hub = "other.example" }))
		}},
		{"signed before the certificate began", invalid, func() error {
			return file(officer, h.filing(func(s *liaisonv1.Statement) { s.SignTime = timestamppb.New(time.Now().Add(-30 * time.Minute)) }))
		}},
		{"signed in the future", mismatch, func() error {
			return file(officer, h.filing(func(s *liaisonv1.Statement) { s.SignTime = timestamppb.New(time.Now().Add(6 * time.Minute)) }))
		}},
		{"another step than the method's", mismatch, func() error {
			return file(officer, h.filing(func(s *liaisonv1.Statement) {
				s.Detail = &liaisonv1.Statement_Approved{Approved: &liaisonv1.Approval{}}
			}))
		}},
		{"that follows something", mismatch, func() error {
			return file(officer, h.filing(func(s *liaisonv1.Statement) { s.PreviousSha256 = make([]byte, 32) }))
		}},
		{"that breaks a rule of the contract", "FIELD_INVALID", func() error {
			return file(officer, h.filing(func(s *liaisonv1.Statement) { s.GetFiled().Selectors[0].Necessity = "" }))
		}},
		{"a refusal that was signed for another request", mismatch, func() error {
			other := must(h.authority(officer).FileRequest(t.Context(), h.filing()))
			before++
			statement := statementFor(other.GetRequest(), nil)
			statement.Detail = &liaisonv1.Statement_Refused{Refused: &liaisonv1.Refusal{Grounds: []*liaisonv1.Ground{{
				Code: liaisonv1.GroundCode_GROUND_CODE_OTHER, Explanation: "It is another's.",
			}}}}
			must(h.platform(agent).AcknowledgeRequest(t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: taken.GetRequest(), Acknowledgement: &liaisonv1.Acknowledgement{}}))
			before++
			_, err := h.platform(agent).RefuseRequest(t.Context(), &liaisonv1.RefuseRequestRequest{
				Name: taken.GetRequest(), Form: &liaisonv1.RefuseRequestRequest_Signed{Signed: sign(h.signer(agent), statement)},
			})
			return err
		}},
		{"nothing at all", "SIGNATURE_REQUIRED", func() error {
			return file(officer, &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec()}})
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := test.err()
			if got := reasonOf(t, err); got != test.reason {
				t.Errorf("it is refused for %s, wanted %s: %v", got, test.reason, err)
			}
			if strings.Contains(err.Error(), "700100") {
				t.Errorf("the error quotes the demand: %v", err)
			}
			if head := must(h.store.Head(t.Context())).Seq; head != before {
				t.Errorf("%d events were left", head-before)
			}
		})
	}
	if strings.Contains(h.log.String(), "700100") {
		t.Error("the log quotes the demand")
	}
}

// acknowledgedFor files an emergency that names recipients, and acknowledges it.
func (h *hub) acknowledgedFor(recipients ...string) (name string, filing []byte) {
	h.t.Helper()
	call := h.filing(func(s *liaisonv1.Statement) { s.GetFiled().AnswerRecipients = recipients })
	name = must(h.authority(officer).FileRequest(h.t.Context(), call)).GetRequest()
	must(h.platform(agent).AcknowledgeRequest(h.t.Context(), &liaisonv1.AcknowledgeRequestRequest{Name: name, Acknowledgement: &liaisonv1.Acknowledgement{}}))
	digest := sha256.Sum256(call.GetSigned().GetPayload())
	return name, digest[:]
}

// signedAnswer is a signed answer whose content is written so.
func (h *hub) signedAnswer(name string, filing, content []byte, encoding liaisonv1.AnswerEncoding, change ...func(*liaisonv1.AnswerStatement)) error {
	h.t.Helper()
	answer := &liaisonv1.Answer{Screening: noneProtected, Final: true, Findings: []*liaisonv1.Finding{notFound("1"), notFound("2")}}
	digest := sha256.Sum256(content)
	s := &liaisonv1.AnswerStatement{
		Platform: "platforms/messenger", FilingSha256: filing, Manifest: scope.Manifest(answer, 1), Encoding: encoding, ContentSha256: digest[:],
	}
	for _, c := range change {
		c(s)
	}
	statement := statementFor(name, filing)
	statement.Detail = &liaisonv1.Statement_Answered{Answered: s}
	_, err := h.platform(agent).AnswerRequest(h.t.Context(), &liaisonv1.AnswerRequestRequest{
		Name: name, Form: &liaisonv1.AnswerRequestRequest_Signed{Signed: sign(h.signer(agent), statement)}, Content: content,
	})
	return err
}

// TestNoAnswerIsWrittenOtherwiseThanAsked: a request that names recipients takes only a
// sealed answer, and one that names none only one in clear; and the manifest of a sealed
// one is held against what was asked.
func TestNoAnswerIsWrittenOtherwiseThanAsked(t *testing.T) {
	h := newHub(t)
	_, recipient, err := sealed.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	clear := must(proto.Marshal(&liaisonv1.ClearAnswer{
		Answer: &liaisonv1.Answer{Screening: noneProtected, Final: true, Findings: []*liaisonv1.Finding{notFound("1"), notFound("2")}}, Salt: make([]byte, 32),
	}))
	age := must(sealed.Seal(clear, []string{recipient}))
	const plain, secret = liaisonv1.AnswerEncoding_ANSWER_ENCODING_PLAIN, liaisonv1.AnswerEncoding_ANSWER_ENCODING_AGE
	toSeal, filing := h.acknowledgedFor(recipient)
	toTell, other := h.acknowledgedFor()
	for _, test := range []struct {
		name, reason string
		err          func() error
	}{
		{"in clear and unsigned, where it must be sealed", "ANSWER_ENCODING", func() error { return h.answer(toSeal, true, notFound("1"), notFound("2")) }},
		{"in clear, where it must be sealed", "ANSWER_ENCODING", func() error { return h.signedAnswer(toSeal, filing, clear, plain) }},
		{"sealed, where nobody is named", "ANSWER_ENCODING", func() error { return h.signedAnswer(toTell, other, age, secret) }},
		{"content that was not signed", "STATEMENT_MISMATCH", func() error {
			return h.signedAnswer(toSeal, filing, age, secret, func(s *liaisonv1.AnswerStatement) { s.ContentSha256 = make([]byte, 32) })
		}},
		{"by another platform", "STATEMENT_MISMATCH", func() error {
			return h.signedAnswer(toSeal, filing, age, secret, func(s *liaisonv1.AnswerStatement) { s.Platform = "platforms/filehost" })
		}},
		{"to another filing", "STATEMENT_MISMATCH", func() error {
			return h.signedAnswer(toSeal, filing, age, secret, func(s *liaisonv1.AnswerStatement) { s.FilingSha256 = make([]byte, 32) })
		}},
		{"another part", "STATEMENT_MISMATCH", func() error {
			return h.signedAnswer(toSeal, filing, age, secret, func(s *liaisonv1.AnswerStatement) { s.Manifest.Part = 2 })
		}},
		{"a manifest that says something else", "STATEMENT_MISMATCH", func() error {
			return h.signedAnswer(toTell, other, clear, plain, func(s *liaisonv1.AnswerStatement) {
				s.Manifest.Entries[0].Outcome = liaisonv1.OutcomeCode_OUTCOME_CODE_RETENTION_EXPIRED
			})
		}},
		{"a manifest with a category that was not asked", "ANSWER_OUT_OF_SCOPE", func() error {
			return h.signedAnswer(toSeal, filing, age, secret, func(s *liaisonv1.AnswerStatement) {
				s.Manifest.Entries[0].Category = liaisonv1.DataCategory_DATA_CATEGORY_DEVICE
			})
		}},
		{"a manifest with parties that are not identified", "FIELD_INVALID", func() error {
			return h.signedAnswer(toSeal, filing, age, secret, func(s *liaisonv1.AnswerStatement) { s.Manifest.Entries[0].PartyCount = 1 })
		}},
		{"a manifest that leaves a selector out", "ANSWER_INCOMPLETE", func() error {
			return h.signedAnswer(toSeal, filing, age, secret, func(s *liaisonv1.AnswerStatement) { s.Manifest.Entries = s.Manifest.Entries[:1] })
		}},
		{"content that is no answer", "FIELD_INVALID", func() error { return h.signedAnswer(toTell, other, []byte{0xff}, plain) }},
		{"content without salt, against whose hash guesses could be tested", "FIELD_INVALID", func() error {
			bare := must(proto.Marshal(&liaisonv1.ClearAnswer{Answer: &liaisonv1.Answer{Screening: noneProtected, Final: true, Findings: []*liaisonv1.Finding{notFound("1"), notFound("2")}}}))
			return h.signedAnswer(toTell, other, bare, plain)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := test.err()
			if err == nil {
				t.Fatal("it is taken")
			}
			if got := reasonOf(t, err); got != test.reason {
				t.Errorf("it is refused for %s, wanted %s: %v", got, test.reason, err)
			}
		})
	}
	if err := h.signedAnswer(toSeal, filing, age, secret); err != nil {
		t.Errorf("the sealed one: %v", err)
	}
	if err := h.signedAnswer(toTell, other, clear, plain); err != nil {
		t.Errorf("the one in clear: %v", err)
	}
}

// TestARecipientThatIsNoneIsRefused: nothing could be sealed to it.
func TestARecipientThatIsNoneIsRefused(t *testing.T) {
	h := newHub(t)
	_, err := h.authority(officer).FileRequest(t.Context(), h.filing(func(s *liaisonv1.Statement) {
		s.GetFiled().AnswerRecipients = []string{"age1" + strings.Repeat("q", 58)}
	}))
	wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID")
	if fields := detail[*errdetails.BadRequest](t, err).GetFieldViolations(); fields[0].GetField() != "spec.answer_recipients[0]" {
		t.Errorf("the field is not named: %v", fields)
	}
}

// TestNothingOfPeopleIsTakenUnsigned: where everybody signs, each step that has a signed form
// is refused in its other one, before anything else of it is looked at.
func TestNothingOfPeopleIsTakenUnsigned(t *testing.T) {
	h := newHub(t)
	h.requireSignatures()
	urgent := must(h.authority(officer).FileRequest(t.Context(), h.filing())).GetRequest()
	for _, step := range []struct {
		name string
		take func() error
	}{
		{"a validation", func() error {
			_, err := h.authority(approver).ValidateEmergency(t.Context(), &liaisonv1.ValidateEmergencyRequest{Name: urgent, Form: &liaisonv1.ValidateEmergencyRequest_Validation{Validation: &liaisonv1.EmergencyValidation{}}})
			return err
		}},
		{"a withdrawal", func() error {
			_, err := h.authority(officer).WithdrawRequest(t.Context(), &liaisonv1.WithdrawRequestRequest{Name: urgent, Form: &liaisonv1.WithdrawRequestRequest_Withdrawal{Withdrawal: &liaisonv1.Withdrawal{Reason: "settled"}}})
			return err
		}},
		{"a notice", func() error {
			_, err := h.platform(agent).RecordNotice(t.Context(), &liaisonv1.RecordNoticeRequest{Name: urgent, Form: &liaisonv1.RecordNoticeRequest_Notice{Notice: &liaisonv1.Notice{}}})
			return err
		}},
	} {
		t.Run(step.name, func(t *testing.T) { wantReason(t, step.take(), codes.FailedPrecondition, "SIGNATURE_REQUIRED") })
	}
	if got := h.types(officer, urgent); got != "filed" {
		t.Errorf("its events are %s", got)
	}
}

// TestAnEmergencyIsValidatedBySignature: by the approver's own, as this step, on what was filed.
func TestAnEmergencyIsValidatedBySignature(t *testing.T) {
	h := newHub(t)
	h.requireSignatures()
	filed := must(h.authority(officer).FileRequest(t.Context(), h.filing())).GetRequest()
	s := statementFor(filed, h.get(filed).GetStatementSha256())
	s.Detail = &liaisonv1.Statement_EmergencyValidated{EmergencyValidated: &liaisonv1.EmergencyValidation{OrderNumber: "91/2026"}}
	validate := func(signed *liaisonv1.Envelope) error {
		_, err := h.authority(approver).ValidateEmergency(t.Context(), &liaisonv1.ValidateEmergencyRequest{Name: filed, Form: &liaisonv1.ValidateEmergencyRequest_Signed{Signed: signed}})
		return err
	}
	wantReason(t, validate(sign(h.signer(officer), s)), codes.InvalidArgument, "SIGNATURE_INVALID")
	other := proto.CloneOf(s)
	other.Detail = &liaisonv1.Statement_Withdrawn{Withdrawn: &liaisonv1.Withdrawal{Reason: "settled"}}
	wantReason(t, validate(sign(h.signer(approver), other)), codes.InvalidArgument, "STATEMENT_MISMATCH")
	if err := validate(sign(h.signer(approver), s)); err != nil {
		t.Fatal(err)
	}
	if r := h.get(filed); r.GetValidatedBy() != "spiffe://"+approver || r.GetClocks().GetValidationDueTime() != nil {
		t.Errorf("validated by %q, with %v", r.GetValidatedBy(), r.GetClocks())
	}
}
