package client

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/proof/sealed"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// ErrNoRecipients says that this side knows of no keys to seal attachments for an
// organisation to: its copy of the organisation's entry, in trust/ or WithOrganisations,
// names none. What the hub says of it does not count, since it could name its own.
var ErrNoRecipients = errors.New("client: no keys are known to seal attachments for the organisation to: have it publish attachment_recipients, and add it with 'liaison trust add' anew, after the fingerprints were confirmed by another way")

// ErrNoDocument says that a request does not list a document as an attachment.
var ErrNoDocument = errors.New("client: the request lists no such document as an attachment")

const (
	// attachmentChunk is how much of a file is in a message.
	attachmentChunk = 256 << 10

	// fruitless is how many times in a row a transfer may break without a byte more.
	fruitless = 8
)

// Seal seals a document for a platform as it is read, writes the sealed bytes to out, and
// returns what a request lists: the description that was given, with both digests and
// both sizes. List it as evidence or as the signed order, file the request, and Upload
// the sealed bytes. Keep them until then: sealed anew, they are others.
func (c *Authority) Seal(platform string, description *liaisonv1.Document, content io.Reader, out io.Writer) (*liaisonv1.Document, error) {
	o, err := c.trust.Organisation(platform)
	if err != nil {
		return nil, err
	}
	if len(o.GetAttachmentRecipients()) == 0 {
		return nil, ErrNoRecipients
	}
	plain, cipher := &meter{hash: sha256.New()}, &meter{hash: sha256.New()}
	w, err := sealed.Writer(io.MultiWriter(out, cipher), o.GetAttachmentRecipients())
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	if _, err := io.Copy(io.MultiWriter(w, plain), content); err != nil {
		return nil, fmt.Errorf("client: seal: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("client: seal: %w", err)
	}
	d := proto.CloneOf(description)
	d.Sha256, d.SizeBytes = plain.digest(), plain.size
	d.Sealed = &liaisonv1.SealedFile{Sha256: cipher.digest(), SizeBytes: cipher.size}
	return d, nil
}

// meter measures what is written to it.
type meter struct {
	hash hash.Hash
	size int64
}

// Write implements io.Writer.
func (m *meter) Write(p []byte) (int, error) {
	m.size += int64(len(p))
	return m.hash.Write(p)
}

func (m *meter) digest() string { return hex.EncodeToString(m.hash.Sum(nil)) }

// Documents returns those of a request's documents that travel as attachments.
func Documents(spec *liaisonv1.RequestSpec) []*liaisonv1.Document {
	var documents []*liaisonv1.Document
	for _, d := range scope.Documents(spec) {
		if d.GetSealed() != nil {
			documents = append(documents, d)
		}
	}
	return documents
}

func attachmentName(request string, file *liaisonv1.SealedFile) string {
	return request + "/attachments/" + file.GetSha256()
}

// Upload uploads sealed bytes that a request lists, or what the hub lacks of them. Where
// the connection breaks it goes on behind the last byte that the hub has. It returns when
// the hub has all and has checked the digest, and may be called again after anything that
// went wrong. Progress, if given, is told how many bytes are there or under way.
func (c *Authority) Upload(ctx context.Context, request string, file *liaisonv1.SealedFile, content io.ReaderAt, progress func(int64)) error {
	name := attachmentName(request, file)
	return transfer(ctx, func() (int64, error) {
		out, err := c.attachments.GetAttachment(ctx, &liaisonv1.GetAttachmentRequest{Name: name})
		if err != nil {
			return 0, err
		}
		at := out.GetAttachment().GetReceivedBytes()
		tell(progress, at)
		if at >= file.GetSizeBytes() {
			return at, nil
		}
		return at, c.uploadFrom(ctx, name, at, io.NewSectionReader(content, at, file.GetSizeBytes()-at), progress)
	})
}

func tell(progress func(int64), done int64) {
	if progress != nil {
		progress(done)
	}
}

// uploadFrom sends what follows a byte.
func (c *Authority) uploadFrom(ctx context.Context, name string, at int64, rest io.Reader, progress func(int64)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.attachments.UploadAttachment(ctx)
	if err != nil {
		return err
	}
	message := &liaisonv1.UploadAttachmentRequest{Name: name, Offset: at}
	buffer := make([]byte, attachmentChunk)
	for {
		n, err := io.ReadFull(rest, buffer)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("client: read what is to be uploaded: %w", err)
		}
		message.Data = buffer[:n]
		if err := stream.Send(message); err != nil {
			break // the hub has ended it, and says why below
		}
		at += int64(n)
		tell(progress, at)
		message = &liaisonv1.UploadAttachmentRequest{}
	}
	_, err = stream.CloseAndRecv()
	return fromStatus(err)
}

// transfer repeats a transfer that broke for a reason that passes, for as long as it gets
// any further; it returns where it began.
func transfer(ctx context.Context, once func() (began int64, err error)) error {
	last, wasted, pause := int64(-1), 0, retryFirst
	for {
		began, err := once()
		var known *Error
		if err == nil || ctx.Err() != nil || !errors.As(err, &known) || !known.Retryable() {
			return err
		}
		if wasted++; began > last {
			last, wasted, pause = began, 0, retryFirst
		}
		if wasted >= fruitless {
			return err
		}
		if err := sleep(ctx, pause/2+rand.N(pause)); err != nil {
			return err
		}
		pause = min(2*pause, 10*time.Second)
	}
}

// Download downloads a document that a request lists, opens it with one's own keys, and
// puts it at path. It is there only when it is whole, and is what the filer signed: a
// *Distrust of the kind ErrContent says that it is not. Until then path+".sealed" has
// what came, from where a further call goes on, in this process or another. Progress, if
// given, is told how many sealed bytes are there.
func (c *Platform) Download(ctx context.Context, request string, document *liaisonv1.Document, path string, progress func(int64)) error {
	read, err := c.read(ctx, request)
	if err != nil {
		return err
	}
	file := document.GetSealed()
	listed := false
	for _, d := range Documents(read.Request.GetSpec()) {
		listed = listed || proto.Equal(d, document)
	}
	if !listed {
		return ErrNoDocument
	}
	box, err := os.OpenFile(path+".sealed", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("client: %w", err)
	}
	defer box.Close()
	if err := transfer(ctx, func() (int64, error) {
		at, err := box.Seek(0, io.SeekEnd)
		if err != nil || at >= file.GetSizeBytes() {
			return at, err
		}
		tell(progress, at)
		return at, c.downloadFrom(ctx, attachmentName(request, file), at, file.GetSizeBytes(), box, progress)
	}); err != nil {
		return err
	}
	err = c.open(request, document, box, path)
	var distrust *Distrust
	if err == nil || errors.As(err, &distrust) {
		_ = os.Remove(box.Name()) // of what is not the document, nothing can be gone on with
	}
	return err
}

// downloadFrom appends what follows a byte.
func (c *Platform) downloadFrom(ctx context.Context, name string, at, size int64, box io.Writer, progress func(int64)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := c.attachments.DownloadAttachment(ctx, &liaisonv1.DownloadAttachmentRequest{Name: name, Offset: at})
	if err != nil {
		return err
	}
	for at < size {
		piece, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return &Distrust{Kind: ErrContent, Detail: "the attachment ends before it is whole"}
		}
		if err != nil {
			return err
		}
		data := piece.GetData()[:min(int64(len(piece.GetData())), size-at)]
		if _, err := box.Write(data); err != nil {
			return fmt.Errorf("client: %w", err)
		}
		at += int64(len(data))
		tell(progress, at)
	}
	return nil
}

// open checks the sealed bytes, opens them, checks what is in them, and gives it its name.
func (c *Platform) open(request string, document *liaisonv1.Document, box *os.File, path string) (err error) {
	wrong := func(detail string) error { return &Distrust{Kind: ErrContent, Request: request, Detail: detail} }
	cipher := &meter{hash: sha256.New()}
	if _, err := copyAll(cipher, box); err != nil {
		return err
	}
	if cipher.digest() != document.GetSealed().GetSha256() || cipher.size != document.GetSealed().GetSizeBytes() {
		return wrong("the attachment's sealed bytes are not those that the request lists")
	}
	if _, err := box.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("client: %w", err)
	}
	content, err := sealed.Reader(box, c.trust.keys)
	if err != nil {
		return fmt.Errorf("client: %w", err)
	}
	part, err := os.OpenFile(path+".part", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("client: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(part.Name()) // the error is what matters
		}
	}()
	defer part.Close()
	plain := &meter{hash: sha256.New()}
	_, err = io.Copy(io.MultiWriter(part, plain), io.LimitReader(content, document.GetSizeBytes()+1))
	switch {
	case errors.Is(err, sealed.ErrDamaged):
		return wrong("the attachment was not sealed whole")
	case err != nil:
		return fmt.Errorf("client: %w", err)
	case plain.digest() != document.GetSha256() || plain.size != document.GetSizeBytes():
		return wrong("the attachment is not the document that the request lists")
	}
	if err := errors.Join(part.Sync(), part.Close()); err != nil {
		return fmt.Errorf("client: %w", err)
	}
	if err := os.Rename(part.Name(), path); err != nil {
		return fmt.Errorf("client: %w", err)
	}
	return nil
}

// copyAll copies a file from its start.
func copyAll(to io.Writer, from io.ReadSeeker) (int64, error) {
	if _, err := from.Seek(0, io.SeekStart); err != nil {
		return 0, fmt.Errorf("client: %w", err)
	}
	n, err := io.Copy(to, from)
	if err != nil {
		return n, fmt.Errorf("client: %w", err)
	}
	return n, nil
}
