package server

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"google.golang.org/grpc"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/law/scope"
	"github.com/liaison-protocol/liaison/internal/office/archive"
	"github.com/liaison-protocol/liaison/internal/office/sequencer"
	"github.com/liaison-protocol/liaison/internal/store/attachment"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var _ liaisonv1.AttachmentServiceServer = (*attachmentService)(nil)

// attachmentService moves the sealed files that requests list.
type attachmentService struct {
	// A method of the contract that is not served here does not compile.
	liaisonv1.UnsafeAttachmentServiceServer

	server *Server
	files  *attachment.Files
}

// GetAttachment implements the contract.
func (a *attachmentService) GetAttachment(ctx context.Context, in *liaisonv1.GetAttachmentRequest) (*liaisonv1.GetAttachmentResponse, error) {
	name, listed, _, err := a.find(ctx, in.GetName())
	if err != nil {
		return nil, err
	}
	received, err := a.files.Received(ctx, name)
	return &liaisonv1.GetAttachmentResponse{Attachment: describe(name, listed, received)}, err
}

func describe(name attachment.Name, listed *liaisonv1.SealedFile, received int64) *liaisonv1.Attachment {
	return &liaisonv1.Attachment{Name: name.String(), SizeBytes: listed.GetSizeBytes(), ReceivedBytes: received}
}

// find returns the attachment of a name, as a request lists it that the caller's
// organisation is a party to. What is not listed does not exist.
func (a *attachmentService) find(ctx context.Context, text string) (attachment.Name, *liaisonv1.SealedFile, *liaisonv1.Request, error) {
	name, err := attachment.ParseName(text)
	if err != nil {
		return name, nil, nil, err
	}
	request, err := a.server.archive.Request(ctx, callerFrom(ctx).Organisation, name.Request)
	if err != nil {
		return name, nil, nil, err
	}
	for _, file := range scope.Attachments(request.GetSpec()) {
		if file.GetSha256() == hex.EncodeToString(name.Digest[:]) {
			return name, file, request, nil
		}
	}
	return name, nil, nil, archive.ErrNotFound
}

// UploadAttachment implements the contract.
func (a *attachmentService) UploadAttachment(stream grpc.ClientStreamingServer[liaisonv1.UploadAttachmentRequest, liaisonv1.UploadAttachmentResponse]) error {
	ctx := stream.Context()
	closed, err := a.server.streams.open(callerFrom(ctx))
	if err != nil {
		return err
	}
	defer closed()
	first, err := stream.Recv()
	if errors.Is(err, io.EOF) {
		return attachment.ErrName
	}
	if err != nil {
		return err
	}
	name, listed, _, err := a.find(ctx, first.GetName())
	if err != nil {
		return err
	}
	incoming := a.pieces(stream, first)
	defer close(incoming.stop)
	received, err := a.files.Receive(ctx, name, listed.GetSizeBytes(), first.GetOffset(), incoming.next)
	if err != nil {
		return causeOf(ctx, err)
	}
	return stream.SendAndClose(&liaisonv1.UploadAttachmentResponse{Attachment: describe(name, listed, received)})
}

// incoming is what comes of an upload. It is read by a goroutine of its own, since
// nothing but the stream's end ends a read.
type incoming struct {
	pieces   chan piece
	stop     chan struct{} // closed when nobody waits for pieces any more
	stopping <-chan struct{}
}

type piece struct {
	data []byte
	err  error
}

func (a *attachmentService) pieces(stream grpc.ClientStreamingServer[liaisonv1.UploadAttachmentRequest, liaisonv1.UploadAttachmentResponse], first *liaisonv1.UploadAttachmentRequest) incoming {
	c := incoming{make(chan piece), make(chan struct{}), a.server.stopping}
	go func() {
		p := piece{data: first.GetData()}
		for {
			select {
			case c.pieces <- p:
			case <-c.stop:
				return
			}
			if p.err != nil {
				return
			}
			var in *liaisonv1.UploadAttachmentRequest
			in, p.err = stream.Recv()
			p.data = in.GetData()
			if p.err == nil && (in.GetName() != "" || in.GetOffset() != 0) {
				p = piece{err: errNotFirst}
			}
		}
	}()
	return c
}

// errNotFirst says that a message names an attachment in the middle of another.
var errNotFirst = &scope.Violations{Kind: scope.Invalid, Fields: []scope.Violation{{Field: "name", Description: "name and offset belong in the first message alone"}}}

// next returns the next bytes, until ctx or the hub ends.
func (c incoming) next(ctx context.Context) ([]byte, error) {
	select {
	case p := <-c.pieces:
		return p.data, p.err
	case <-c.stopping:
		return nil, sequencer.ErrStopping
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// DownloadAttachment implements the contract.
func (a *attachmentService) DownloadAttachment(in *liaisonv1.DownloadAttachmentRequest, stream grpc.ServerStreamingServer[liaisonv1.DownloadAttachmentResponse]) error {
	ctx := stream.Context()
	closed, err := a.server.streams.open(callerFrom(ctx))
	if err != nil {
		return err
	}
	defer closed()
	name, _, request, err := a.find(ctx, in.GetName())
	if err != nil {
		return err
	}
	if err := a.server.archive.Served(request); err != nil {
		return err
	}
	return causeOf(ctx, a.files.Send(ctx, name, in.GetOffset(), func(data []byte) error {
		select {
		case <-a.server.stopping:
			return sequencer.ErrStopping
		default:
			return stream.Send(&liaisonv1.DownloadAttachmentResponse{Data: data})
		}
	}))
}

const (
	// sweepEvery is how often is looked for what nobody needs.
	sweepEvery = time.Hour
	// abandonedAfter is for how long an upload may rest before it is given up.
	abandonedAfter = 24 * time.Hour
)

// keepSwept deletes attachments that nobody needs, until ctx ends: at start, every hour,
// and when requests were purged.
func (s *Server) keepSwept(ctx context.Context) {
	if s.files == nil {
		return
	}
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		err := s.files.Sweep(ctx, s.clock().Add(-abandonedAfter), func(id resource.RequestID) (bool, error) {
			return s.archive.Over(ctx, id)
		})
		if err != nil && ctx.Err() == nil {
			s.log.Error("attachments were not swept", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-s.purged:
		}
	}
}
