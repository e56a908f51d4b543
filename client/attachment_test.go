package client_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/liaisontest"
	"github.com/liaison-protocol/liaison/internal/proof/sealed"
	"github.com/liaison-protocol/liaison/internal/testkit"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// random is a file of so many bytes, the same for the same number.
func random(number byte, size int64) io.Reader {
	return io.LimitReader(rand.NewChaCha8([32]byte{number}), size)
}

// digestOf reads all and returns its SHA-256.
func digestOf(t *testing.T, from io.Reader) (digest [sha256.Size]byte) {
	t.Helper()
	h := sha256.New()
	if _, err := io.Copy(h, from); err != nil {
		t.Fatal(err)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// seal seals a file for the messenger into the test's folder.
func seal(t *testing.T, officer *client.Authority, content io.Reader) (document *liaisonv1.Document, spool *os.File) {
	t.Helper()
	spool, err := os.Create(filepath.Join(t.TempDir(), "spool"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = spool.Close() })
	document, err = officer.Seal("platforms/messenger", &liaisonv1.Document{Title: "evidence", MediaType: "application/zip"}, content, spool)
	if err != nil {
		t.Fatal(err)
	}
	return document, spool
}

// fileWith files an emergency that lists documents.
func fileWith(t *testing.T, officer *client.Authority, documents ...*liaisonv1.Document) string {
	t.Helper()
	spec := emergency("A-1")
	spec.Incident.Evidence = documents
	filed, err := officer.File(t.Context(), spec)
	if err != nil {
		t.Fatal(err)
	}
	return filed.GetRequest()
}

// TestATransferGoesOnWhereItBroke breaks the connection in the middle of an upload and of
// a download, with the hub restarted in between and the platform's process another one:
// the file arrives, and hardly more than the file was sent.
func TestATransferGoesOnWhereItBroke(t *testing.T) {
	t.Parallel()
	const size = 24 << 20
	kit := liaisontest.New(t)
	wire := newCutter(t, kit.Target())
	officer := kit.Conn(t, "officer", client.WithTarget(wire.address)).Authority()
	document, spool := seal(t, officer, random(1, size))
	name := fileWith(t, officer, document)

	wire.up.Store(0)
	wire.cutUp.Store(size / 2)
	last := int64(0)
	if err := officer.Upload(t.Context(), name, document.GetSealed(), spool, func(done int64) { last = done }); err != nil {
		t.Fatal(err)
	}
	if wire.cutUp.Load() != 0 || last != document.GetSealed().GetSizeBytes() {
		t.Errorf("the connection broke: %t; the last that was told is %d", wire.cutUp.Load() == 0, last)
	}
	if sent := wire.up.Load(); sent > size*5/4 {
		t.Errorf("%d bytes were sent of a file of %d", sent, size)
	}
	kit.Restart()
	sent := wire.up.Load()
	if err := officer.Upload(t.Context(), name, document.GetSealed(), spool, nil); err != nil || wire.up.Load()-sent > 100_000 {
		t.Errorf("once more: %v, and %d bytes", err, wire.up.Load()-sent)
	}

	wire.down.Store(0)
	wire.cutDown.Store(size / 3)
	path := filepath.Join(t.TempDir(), "evidence.zip")
	// One process ends in the middle, and another one goes on.
	dying, die := context.WithCancel(t.Context())
	first := kit.Conn(t, "agent", client.WithTarget(wire.address)).Platform()
	if err := first.Download(dying, name, document, path, func(done int64) {
		if done > size/4 {
			die()
		}
	}); err == nil {
		t.Fatal("the first process did not end")
	}
	if info, err := os.Stat(path + ".sealed"); err != nil || info.Size() < size/4 {
		t.Fatalf("what came is not there: %v", err)
	}
	agent := kit.Conn(t, "agent", client.WithTarget(wire.address)).Platform()
	if err := agent.Download(t.Context(), name, document, path, nil); err != nil {
		t.Fatal(err)
	}
	if got := wire.down.Load(); got > size*5/4 {
		t.Errorf("%d bytes came of a file of %d", got, size)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if digestOf(t, file) != digestOf(t, random(1, size)) {
		t.Error("it is another file")
	}
	left, _ := filepath.Glob(path + ".*")
	if len(left) != 0 {
		t.Errorf("%v are left", left)
	}
}

// TestOnlyThePlatformOpensWhatIsSealedForIt: whom the hub names does not count.
func TestOnlyThePlatformOpensWhatIsSealedForIt(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	secret, recipient, err := sealed.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	directory := liaisonv1.NewDirectoryServiceClient(kit.Conn(t, "operator").Unverified())
	out, err := directory.GetPlatform(t.Context(), &liaisonv1.GetPlatformRequest{Name: "platforms/messenger"})
	if err != nil {
		t.Fatal(err)
	}
	entry := out.GetPlatform()
	entry.Organisation.AttachmentRecipients = []string{recipient}
	if _, err := directory.UpdateParticipant(t.Context(), &liaisonv1.UpdateParticipantRequest{
		Participant: &liaisonv1.UpdateParticipantRequest_Platform{Platform: entry},
	}); err != nil {
		t.Fatal(err)
	}
	officer := kit.Conn(t, "officer").Authority()
	_, spool := seal(t, officer, random(2, 1000))
	opened := func(keys string) error {
		parsed, err := sealed.ParseKeys(keys)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(spool.Name())
		if err != nil {
			t.Fatal(err)
		}
		_, err = sealed.Open(text, parsed, 2000)
		return err
	}
	if err := opened(secret); !errors.Is(err, sealed.ErrNotForUs) {
		t.Errorf("whom the hub names opens it: %v", err)
	}
	if err := opened(kit.AnswerKeys("platforms/messenger")); err != nil {
		t.Errorf("the platform does not: %v", err)
	}

	var bare []*liaisonv1.Organisation
	for _, o := range kit.Organisations() {
		o = proto.CloneOf(o)
		o.AttachmentRecipients = nil
		bare = append(bare, o)
	}
	unsure, err := client.Dial(kit.Target(), client.WithTLS(kit.Certificate("officer"), kit.HubCAs()), client.WithHubKey(kit.HubKey()), client.WithOrganisations(bare...))
	if err != nil {
		t.Fatal(err)
	}
	defer unsure.Close()
	_, err = unsure.Authority().Seal("platforms/messenger", &liaisonv1.Document{}, random(2, 10), io.Discard)
	if !errors.Is(err, client.ErrNoRecipients) {
		t.Errorf("it is sealed to nobody that this side knows: %v", err)
	}
}

// TestAnAttachmentThatIsNotTheOneListedIsNotGiven: whoever has changed it, hub or sender.
func TestAnAttachmentThatIsNotTheOneListedIsNotGiven(t *testing.T) {
	t.Parallel()
	kit := liaisontest.New(t)
	officer := kit.Conn(t, "officer").Authority()
	agent := kit.Conn(t, "agent").Platform()
	honest, honestSpool := seal(t, officer, random(3, 5000))
	lying, lyingSpool := seal(t, officer, random(4, 5000))
	lying.Sha256 = honest.GetSha256() // what is in it is something else than is said
	short, shortSpool := seal(t, officer, random(5, 5000))
	short.SizeBytes--
	name := fileWith(t, officer, honest, lying, short)
	for document, spool := range map[*liaisonv1.Document]*os.File{honest: honestSpool, lying: lyingSpool, short: shortSpool} {
		if err := officer.Upload(t.Context(), name, document.GetSealed(), spool, nil); err != nil {
			t.Fatal(err)
		}
	}
	// The hub changes what it keeps.
	if err := filepath.WalkDir(filepath.Join(testkit.Of(kit).AttachmentFolder(), "segments"), func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		kept, err := os.ReadFile(honestSpool.Name())
		if err != nil || !bytes.Equal(text, kept) {
			return err
		}
		text[len(text)/2] ^= 1
		return os.WriteFile(path, text, 0o600)
	}); err != nil {
		t.Fatal(err)
	}
	for why, document := range map[string]*liaisonv1.Document{
		"the hub has changed it": honest, "the sender says another digest": lying, "the sender says another size": short,
	} {
		t.Run(why, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "file")
			caught(t, agent.Download(t.Context(), name, document, path, nil), client.ErrContent)
			if left, _ := filepath.Glob(path + "*"); len(left) != 0 {
				t.Errorf("%v are there", left)
			}
		})
	}
	foreign, _ := seal(t, officer, random(6, 10))
	if err := agent.Download(t.Context(), name, foreign, filepath.Join(t.TempDir(), "file"), nil); !errors.Is(err, client.ErrNoDocument) {
		t.Errorf("a document that the request does not list: %v", err)
	}
}

// sealEvidence makes files of the sizes of a request's evidence, the same ones every time,
// seals them, and lists them in place of what the request lists.
func (p *play) sealEvidence(spec *liaisonv1.RequestSpec) (spools []*os.File) {
	p.t.Helper()
	for i, described := range spec.GetIncident().GetEvidence() {
		document, spool := seal(p.t, p.officer, random(byte(i), described.GetSizeBytes()))
		document.Title = described.GetTitle()
		spec.Incident.Evidence[i] = document
		spools = append(spools, spool)
	}
	return spools
}

// moveEvidence takes the evidence to the other side, with the connection broken in the
// middle of the largest file, both ways.
func (p *play) moveEvidence(spec *liaisonv1.RequestSpec, spools []*os.File) {
	p.t.Helper()
	wire := newCutter(p.t, p.kit.Target())
	officer := p.kit.Conn(p.t, "dpo-officer", client.WithTarget(wire.address)).Authority()
	agent := p.kit.Conn(p.t, "agent", client.WithTarget(wire.address)).Platform()
	for i, document := range spec.GetIncident().GetEvidence() {
		size := document.GetSealed().GetSizeBytes()
		breaks := size > 100<<20
		wire.up.Store(0)
		wire.down.Store(0)
		if breaks {
			wire.cutUp.Store(size / 2)
			wire.cutDown.Store(size / 2)
		}
		if err := officer.Upload(p.t.Context(), p.name, document.GetSealed(), spools[i], nil); err != nil {
			p.t.Fatalf("upload the attachment %d: %v", i+1, err)
		}
		path := filepath.Join(p.t.TempDir(), "evidence")
		if err := agent.Download(p.t.Context(), p.name, document, path, nil); err != nil {
			p.t.Fatalf("download the attachment %d: %v", i+1, err)
		}
		if breaks && (wire.cutUp.Load() != 0 || wire.cutDown.Load() != 0) {
			p.t.Errorf("no connection was broken")
		}
		if wire.up.Load() > size*5/4 || wire.down.Load() > size*5/4 {
			p.t.Errorf("%d bytes went up and %d down, of an attachment of %d", wire.up.Load(), wire.down.Load(), size)
		}
		file, err := os.Open(path)
		if err != nil {
			p.t.Fatal(err)
		}
		same := digestOf(p.t, file) == digestOf(p.t, random(byte(i), document.GetSizeBytes()))
		if err := errors.Join(file.Close(), os.Remove(path)); err != nil || !same {
			p.t.Errorf("the attachment %d is another file, or: %v", i+1, err)
		}
	}
}
