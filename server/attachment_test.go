package server_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// file is an attachment that a request lists.
type file struct {
	content []byte
	listed  *liaisonv1.SealedFile
}

func newFile(content []byte) file {
	digest := sha256.Sum256(content)
	return file{content, &liaisonv1.SealedFile{Sha256: hex.EncodeToString(digest[:]), SizeBytes: int64(len(content))}}
}

func (f file) of(request string) string { return request + "/attachments/" + f.listed.GetSha256() }

// listing makes a request list files as evidence.
func listing(files ...file) func(*liaisonv1.RequestSpec) {
	return func(s *liaisonv1.RequestSpec) {
		for _, f := range files {
			s.Incident.Evidence = append(s.Incident.Evidence, &liaisonv1.Document{
				Sha256: f.listed.GetSha256(), Title: "a screenshot", MediaType: "image/png", SizeBytes: 1, Sealed: f.listed,
			})
		}
	}
}

func (h *hub) attachments(id string) liaisonv1.AttachmentServiceClient {
	return liaisonv1.NewAttachmentServiceClient(h.dial(id))
}

// upload sends messages, and returns what the hub says in the end.
func (h *hub) upload(id string, messages ...*liaisonv1.UploadAttachmentRequest) (*liaisonv1.Attachment, error) {
	h.t.Helper()
	stream := must(h.attachments(id).UploadAttachment(h.t.Context()))
	for _, m := range messages {
		if err := stream.Send(m); err != nil {
			break // why, the answer says
		}
	}
	out, err := stream.CloseAndRecv()
	return out.GetAttachment(), err
}

// download returns what the hub sends.
func (h *hub) download(id, name string, offset int64) ([]byte, error) {
	h.t.Helper()
	stream := must(h.attachments(id).DownloadAttachment(h.t.Context(), &liaisonv1.DownloadAttachmentRequest{Name: name, Offset: offset}))
	var content []byte
	for {
		piece, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return content, nil
		}
		if err != nil {
			return content, err
		}
		content = append(content, piece.GetData()...)
	}
}

func TestAnAttachmentGoesFromOnePartyToTheOther(t *testing.T) {
	h := newHub(t)
	f := newFile(bytes.Repeat([]byte("sealed "), 100_000))
	name := f.of(h.file(emergency, listing(f)))
	there, err := h.upload(officer,
		&liaisonv1.UploadAttachmentRequest{Name: name, Data: f.content[:200_000]},
		&liaisonv1.UploadAttachmentRequest{Data: f.content[200_000:300_000]})
	if err != nil || there.GetReceivedBytes() != 300_000 || there.GetSizeBytes() != int64(len(f.content)) {
		t.Fatalf("after a part: %v, %v", there, err)
	}
	_, err = h.download(agent, name, 0)
	wantReason(t, err, codes.FailedPrecondition, "ATTACHMENT_INCOMPLETE")

	// What is there survives a restart, and whoever goes on from it need not send it again.
	h.restart()
	got := must(h.attachments(officer).GetAttachment(t.Context(), &liaisonv1.GetAttachmentRequest{Name: name})).GetAttachment()
	if got.GetReceivedBytes() != 300_000 {
		t.Fatalf("after a restart: %v", got)
	}
	_, err = h.upload(officer, &liaisonv1.UploadAttachmentRequest{Name: name, Offset: 299_999, Data: f.content[299_999:400_000]})
	wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID")
	there, err = h.upload(officer,
		&liaisonv1.UploadAttachmentRequest{Name: name, Offset: 300_000, Data: f.content[300_000:500_000]},
		&liaisonv1.UploadAttachmentRequest{Data: f.content[500_000:]})
	if err != nil || there.GetReceivedBytes() != int64(len(f.content)) {
		t.Fatalf("in the end: %v, %v", there, err)
	}
	for _, offset := range []int64{0, 1, 350_000, int64(len(f.content))} {
		content, err := h.download(agent, name, offset)
		if err != nil || !bytes.Equal(content, f.content[offset:]) {
			t.Errorf("from %d on: %d bytes, %v", offset, len(content), err)
		}
	}
	if content, err := h.download(officer, name, 0); err != nil || !bytes.Equal(content, f.content) {
		t.Errorf("who sent it gets %d bytes, %v", len(content), err)
	}
}

// TestAnAttachmentIsNobodyElses: what a request does not list, and what others list, does
// not exist.
func TestAnAttachmentIsNobodyElses(t *testing.T) {
	h := newHub(t)
	f, other := newFile([]byte("sealed")), newFile([]byte("of another request"))
	request := h.file(listing(f)) // it awaits approval
	elsewhere := h.file(emergency, listing(other))
	name := f.of(request)
	if _, err := h.upload(officer, &liaisonv1.UploadAttachmentRequest{Name: name, Data: f.content}); err != nil {
		t.Fatal(err)
	}
	const nobody = "0000000000000000000000000000000000000000000000000000000000000000"
	for _, test := range []struct{ why, caller, name string }{
		{"the platform, before the approval", agent, name},
		{"another platform", filehost, name},
		{"another authority", dpo, name},
		{"not listed", officer, request + "/attachments/" + nobody},
		{"listed elsewhere", officer, other.of(request)},
		{"listed here, asked for there", agent, f.of(elsewhere)},
		{"of no request", officer, "requests/0199a000-0000-7000-8000-000000000000/attachments/" + f.listed.GetSha256()},
	} {
		t.Run(test.why, func(t *testing.T) {
			_, err := h.attachments(test.caller).GetAttachment(t.Context(), &liaisonv1.GetAttachmentRequest{Name: test.name})
			wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
			_, err = h.download(test.caller, test.name, 0)
			wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
			if test.caller == officer || test.caller == dpo {
				_, err = h.upload(test.caller, &liaisonv1.UploadAttachmentRequest{Name: test.name, Data: []byte("x")})
				wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
			}
		})
	}
}

func TestWhatIsNotTheAttachmentIsRefused(t *testing.T) {
	h := newHub(t)
	f := newFile([]byte("sealed bytes"))
	name, full := f.of(h.file(emergency, listing(f))), f.of(h.file(emergency, listing(f)))
	for _, test := range []struct {
		why      string
		messages []*liaisonv1.UploadAttachmentRequest
	}{
		{"other bytes", []*liaisonv1.UploadAttachmentRequest{{Name: name, Data: []byte("sealed bytez")}}},
		{"more bytes", []*liaisonv1.UploadAttachmentRequest{{Name: full, Data: []byte("sealed bytes and more")}}},
		{"from the middle on", []*liaisonv1.UploadAttachmentRequest{{Name: name, Offset: 3, Data: []byte("led bytes")}}},
		{"another name in the middle", []*liaisonv1.UploadAttachmentRequest{{Name: name, Data: []byte("sea")}, {Name: name, Data: []byte("led bytes")}}},
		{"no name", []*liaisonv1.UploadAttachmentRequest{{Data: []byte("sealed bytes")}}},
		{"nothing", nil},
	} {
		t.Run(test.why, func(t *testing.T) {
			_, err := h.upload(officer, test.messages...)
			wantReason(t, err, codes.InvalidArgument, "FIELD_INVALID")
		})
	}
	_, err := h.download(agent, name, 0)
	wantReason(t, err, codes.FailedPrecondition, "ATTACHMENT_INCOMPLETE")
}

func TestAfterAWithdrawalNothingIsDownloaded(t *testing.T) {
	h := newHub(t)
	f := newFile([]byte("sealed"))
	filed := h.file(emergency, listing(f))
	if _, err := h.upload(officer, &liaisonv1.UploadAttachmentRequest{Name: f.of(filed), Data: f.content}); err != nil {
		t.Fatal(err)
	}
	must(h.authority(officer).WithdrawRequest(t.Context(), &liaisonv1.WithdrawRequestRequest{
		Name: filed, Form: &liaisonv1.WithdrawRequestRequest_Withdrawal{Withdrawal: &liaisonv1.Withdrawal{Reason: "settled"}},
	}))
	_, err := h.download(agent, f.of(filed), 0)
	wantReason(t, err, codes.FailedPrecondition, "STATE_FORBIDS_STEP")
}

// TestAPurgeDeletesTheAttachments, and a restart what a crash has left of them.
func TestAPurgeDeletesTheAttachments(t *testing.T) {
	h := newHub(t)
	gone, kept := newFile([]byte("of what is over")), newFile([]byte("of what is not"))
	filed := h.file(emergency, listing(gone))
	for f, request := range map[*file]string{&gone: filed, &kept: h.file(emergency, listing(kept))} {
		if _, err := h.upload(officer, &liaisonv1.UploadAttachmentRequest{Name: f.of(request), Data: f.content}); err != nil {
			t.Fatal(err)
		}
	}
	must(h.authority(officer).WithdrawRequest(t.Context(), &liaisonv1.WithdrawRequestRequest{
		Name: filed, Form: &liaisonv1.WithdrawRequestRequest_Withdrawal{Withdrawal: &liaisonv1.Withdrawal{Reason: "settled"}},
	}))
	h.retention = time.Hour
	h.advance(2 * time.Hour)
	h.restart()
	waiting, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for left := h.stored(); left["of what is over"]; left = h.stored() {
		select {
		case <-waiting.Done():
			t.Fatal("it is still there")
		case <-time.After(5 * time.Millisecond):
		}
	}
	if !h.stored()["of what is not"] {
		t.Error("what is not over is gone, too")
	}
	_, err := h.attachments(officer).GetAttachment(t.Context(), &liaisonv1.GetAttachmentRequest{Name: gone.of(filed)})
	wantReason(t, err, codes.NotFound, "RESOURCE_NOT_FOUND")
}

// stored is the content of every file on the shelf.
func (h *hub) stored() map[string]bool {
	found := make(map[string]bool)
	_ = filepath.WalkDir(h.shelf, func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			text, _ := os.ReadFile(path) // it may be gone by now
			found[string(text)] = true
		}
		return nil
	})
	return found
}

// TestAHubThatKeepsNoAttachmentsHasNoSuchService.
func TestAHubThatKeepsNoAttachmentsHasNoSuchService(t *testing.T) {
	h := newHub(t)
	h.serveOver(t, h.store)
	_, err := h.attachments(officer).GetAttachment(t.Context(), &liaisonv1.GetAttachmentRequest{Name: newFile(nil).of("requests/0199a000-0000-7000-8000-000000000000")})
	wantReason(t, err, codes.Unimplemented, "METHOD_UNKNOWN")
}
