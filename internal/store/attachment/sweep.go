package attachment

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"github.com/liaison-protocol/liaison/internal/law/resource"
)

// Purge deletes all of a request's attachments.
func (f *Files) Purge(ctx context.Context, id resource.RequestID) error {
	// What makes the segments files goes last, so that a purge that was interrupted is
	// found again.
	for _, folder := range []string{segmentFolder, progressFolder} {
		if err := f.each(ctx, folder+id.UUID().String()+"/", func(o *blob.ListObject) error { return f.delete(ctx, o.Key) }); err != nil {
			return err
		}
	}
	return nil
}

// Sweep deletes the attachments of requests that over says are over, uploads that were
// not gone on with since a time, and segments from before it that are part of nothing. It
// does what remains to be done after a crash.
func (f *Files) Sweep(ctx context.Context, before time.Time, over func(resource.RequestID) (bool, error)) error {
	s := sweep{files: f, ctx: ctx, before: before, over: over}
	if err := f.each(ctx, progressFolder, s.file); err != nil {
		return err
	}
	return f.each(ctx, segmentFolder, s.segment)
}

// sweep walks folders in the order of their names, and so request by request. It keeps in
// memory what it knows of one.
type sweep struct {
	files  *Files
	ctx    context.Context
	before time.Time
	over   func(resource.RequestID) (bool, error)

	request resource.RequestID
	isOver  bool
	counted map[string]bool // the request's segments that are part of a file; nil if not yet known
}

// enter looks at a request, unless it is the one that was looked at last.
func (s *sweep) enter(key string) (known bool, err error) {
	_, rest, _ := strings.Cut(key, "/")
	folder, _, _ := strings.Cut(rest, "/")
	id, err := uuid.Parse(folder)
	if err != nil {
		return false, nil // not of this package
	}
	request := resource.RequestIDFrom(id)
	if request == s.request {
		return true, nil
	}
	s.counted = nil
	if s.isOver, err = s.over(request); err != nil {
		return false, err
	}
	s.request = request
	return true, nil
}

// file deletes what is there of a file that is not to be there.
func (s *sweep) file(o *blob.ListObject) error {
	known, err := s.enter(o.Key)
	if err != nil || !known {
		return err
	}
	n := Name{Request: s.request}
	digest := o.Key[strings.LastIndexByte(o.Key, '/')+1:]
	if len(digest) != hex.EncodedLen(len(n.Digest)) {
		return nil
	}
	if _, err := hex.Decode(n.Digest[:], []byte(digest)); err != nil {
		return nil // not of this package
	}
	p, err := s.files.load(s.ctx, n)
	if err != nil {
		return err
	}
	if s.isOver || !p.Complete && p.Touched.Before(s.before) {
		return s.files.forget(s.ctx, n, p)
	}
	return nil
}

// segment deletes a segment that is part of nothing.
func (s *sweep) segment(o *blob.ListObject) error {
	known, err := s.enter(o.Key)
	if err != nil || !known || !s.isOver && !o.ModTime.Before(s.before) {
		return err
	}
	if s.counted == nil {
		s.counted = make(map[string]bool)
		if err := s.files.each(s.ctx, progressFolder+s.request.UUID().String()+"/", s.count); err != nil {
			return err
		}
	}
	if s.counted[o.Key] {
		return nil
	}
	return s.files.delete(s.ctx, o.Key)
}

func (s *sweep) count(o *blob.ListObject) error {
	n, err := ParseName(s.request.String() + "/attachments/" + o.Key[strings.LastIndexByte(o.Key, '/')+1:])
	if err != nil {
		return nil // not of this package
	}
	p, err := s.files.load(s.ctx, n)
	for _, part := range p.Segments {
		s.counted[part.Key] = true
	}
	return err
}

// forget deletes what is there of an attachment.
func (f *Files) forget(ctx context.Context, n Name, p progress) error {
	for _, s := range p.Segments {
		if err := f.delete(ctx, s.Key); err != nil {
			return err
		}
	}
	return f.delete(ctx, n.progressKey())
}

func (f *Files) delete(ctx context.Context, key string) error {
	if err := f.bucket.Delete(ctx, key); gcerrors.Code(err) != gcerrors.NotFound {
		return fault("delete an attachment", err)
	}
	return nil // somebody was first
}

// each calls do for every object below a prefix.
func (f *Files) each(ctx context.Context, prefix string, do func(*blob.ListObject) error) error {
	objects := f.bucket.List(&blob.ListOptions{Prefix: prefix})
	for {
		o, err := objects.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fault("list attachments", err)
		}
		if err := do(o); err != nil {
			return err
		}
	}
}
