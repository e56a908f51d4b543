package attachment

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"sync"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/gcerrors"
)

// Errors of this package.
var (
	// ErrIncomplete says that an attachment has not been uploaded whole.
	ErrIncomplete = errors.New("the attachment has not been uploaded whole")
	// ErrDigest says that what was uploaded is not what the name says. It was deleted.
	ErrDigest = errors.New("the SHA-256 of what was uploaded is not that of the name; it was deleted: begin anew")
	// ErrSize says that more was sent than the attachment has.
	ErrSize = errors.New("more bytes than the attachment has")
)

// ErrOffset says that an upload goes on from somewhere else than where it stands.
type ErrOffset struct{ Received int64 }

// Error says from where on to go on.
func (e *ErrOffset) Error() string {
	return fmt.Sprintf("must be %d, the number of bytes that are there", e.Received)
}

const (
	// segmentSize bounds what a break can cost, and what is written before it counts.
	segmentSize = 8 << 20

	// chunkSize is how much of a file is in memory at a time when it is read.
	chunkSize = 256 << 10

	// storeTimeout bounds how long what was received is stored after its sender has gone.
	storeTimeout = 30 * time.Second
)

// Files are the attachments in a bucket. Methods may be called from any goroutine, and by
// several hubs over the same bucket.
type Files struct {
	bucket *blob.Bucket
	clock  func() time.Time

	mu      sync.Mutex
	uploads map[Name]*upload // that are open in this process
}

// upload is one that is open.
type upload struct {
	cancel context.CancelFunc
	ended  chan struct{}
}

// Open returns the attachments in a bucket, which stays the caller's to close; nil for
// none.
func Open(bucket *blob.Bucket, clock func() time.Time) *Files {
	if bucket == nil {
		return nil
	}
	return &Files{bucket: bucket, clock: clock, uploads: make(map[Name]*upload)}
}

// OpenFolder returns a bucket that is a folder, which it makes unless it is there, for its
// owner alone. What is half written stays beside what is whole, on the same disk.
func OpenFolder(path string) (*blob.Bucket, error) {
	if err := os.MkdirAll(path, folderMode); err != nil {
		return nil, err
	}
	return fileblob.OpenBucket(path, &fileblob.Options{NoTempDir: true, Metadata: fileblob.MetadataDontWrite, DirFileMode: folderMode})
}

const folderMode = 0o700

// progress is what is there of an attachment: the object that makes segments a file.
type progress struct {
	Received int64     `json:"received"`
	Complete bool      `json:"complete,omitempty"`
	Touched  time.Time `json:"touched"`
	Segments []segment `json:"segments"`
	State    []byte    `json:"sha256_state,omitempty"` // of the hash over what was received
}

type segment struct {
	Key  string `json:"key"`
	Size int64  `json:"size"`
}

const (
	progressFolder = "progress/"
	segmentFolder  = "segments/"
)

func (n Name) progressKey() string {
	return progressFolder + n.Request.UUID().String() + "/" + n.digest()
}

// newSegmentKey is like no other, so that no upload writes what another one counts on.
func (n Name) newSegmentKey() string {
	return segmentFolder + n.Request.UUID().String() + "/" + rand.Text()
}

// Received returns how many bytes of an attachment are there.
func (f *Files) Received(ctx context.Context, n Name) (int64, error) {
	p, err := f.load(ctx, n)
	return p.Received, err
}

func (f *Files) load(ctx context.Context, n Name) (p progress, err error) {
	text, err := f.bucket.ReadAll(ctx, n.progressKey())
	if gcerrors.Code(err) == gcerrors.NotFound {
		return progress{}, nil
	}
	if err != nil {
		return progress{}, fault("read an upload's progress", err)
	}
	if json.Unmarshal(text, &p) != nil {
		return progress{}, errors.New("an upload's progress is malformed")
	}
	return p, nil
}

func (f *Files) save(ctx context.Context, n Name, p *progress) error {
	p.Touched = f.clock().UTC()
	text, err := json.Marshal(p)
	if err != nil {
		return fault("encode an upload's progress", err)
	}
	return fault("store an upload's progress", f.bucket.WriteAll(ctx, n.progressKey(), text, nil))
}

// Receive takes an upload that goes on at offset, until next returns io.EOF, an error, or
// the attachment's last byte; next ends when the context that it is given does. What was received is kept, whatever ends the upload, unless
// it is not what the name says. An upload of the same attachment that is open in this
// process is ended first: whoever sent it has begun anew.
func (f *Files) Receive(ctx context.Context, n Name, size, offset int64, next func(context.Context) ([]byte, error)) (received int64, err error) {
	ctx, done, err := f.begin(ctx, n)
	if err != nil {
		return 0, err
	}
	defer done()
	p, err := f.load(ctx, n)
	switch {
	case err != nil:
		return 0, err
	case p.Complete:
		return p.Received, nil
	case offset != p.Received:
		return p.Received, &ErrOffset{p.Received}
	}
	r := &receiver{files: f, name: n, size: size, progress: p, hash: sha256.New()}
	if p.State != nil {
		if err := r.hash.(encoding.BinaryUnmarshaler).UnmarshalBinary(p.State); err != nil {
			return p.Received, fault("read an upload's progress", err)
		}
	}
	// What has arrived is stored even if its sender, or the stream, is gone.
	err = r.receive(ctx, next)
	return r.progress.Received, err
}

// begin makes this the one upload of an attachment.
func (f *Files) begin(ctx context.Context, n Name) (context.Context, func(), error) {
	ctx, cancel := context.WithCancel(ctx)
	own := &upload{cancel: cancel, ended: make(chan struct{})}
	for {
		f.mu.Lock()
		former := f.uploads[n]
		if former == nil {
			f.uploads[n] = own
			f.mu.Unlock()
			break
		}
		f.mu.Unlock()
		former.cancel()
		select {
		case <-former.ended:
		case <-ctx.Done():
			cancel()
			return nil, nil, ctx.Err()
		}
	}
	return ctx, func() {
		cancel()
		f.mu.Lock()
		delete(f.uploads, n)
		f.mu.Unlock()
		close(own.ended)
	}, nil
}

// receiver stores one upload.
type receiver struct {
	files    *Files
	name     Name
	size     int64
	progress progress
	hash     hash.Hash

	overtaken bool // another hub was sent the whole file first
}

func (r *receiver) receive(ctx context.Context, next func(context.Context) ([]byte, error)) error {
	var rest []byte // of what next returned
	for r.progress.Received < r.size {
		ended, err := r.segment(ctx, &rest, next)
		if err != nil {
			return err
		}
		if ended != nil && r.progress.Received < r.size {
			if errors.Is(ended, io.EOF) {
				return nil
			}
			return ended
		}
	}
	if len(rest) > 0 && !r.overtaken {
		return ErrSize
	}
	return r.finish(ctx)
}

// segment stores up to a segment of what comes, and says why nothing more comes, if so.
// Its own error is that nothing of the segment counts.
func (r *receiver) segment(ctx context.Context, rest *[]byte, next func(context.Context) ([]byte, error)) (ended, err error) {
	storing, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel() // drops what was not closed
	key := r.name.newSegmentKey()
	w, err := r.files.bucket.NewWriter(storing, key, &blob.WriterOptions{ContentType: "application/octet-stream", MaxConcurrency: 1})
	if err != nil {
		return nil, fault("store a segment", err)
	}
	written, most := int64(0), min(segmentSize, r.size-r.progress.Received)
	for written < most && ended == nil {
		if len(*rest) == 0 {
			if ended = ctx.Err(); ended == nil {
				*rest, ended = next(ctx)
			}
		}
		piece := (*rest)[:min(int64(len(*rest)), most-written)]
		*rest = (*rest)[len(piece):]
		if _, err := w.Write(piece); err != nil {
			cancel()
			_ = w.Close() // it cannot succeed any more
			return nil, fault("store a segment", err)
		}
		r.hash.Write(piece)
		written += int64(len(piece))
	}
	if written == 0 {
		cancel()
		_ = w.Close() // it is not to succeed
		return ended, nil
	}
	return ended, r.count(storing, cancel, w, segment{key, written})
}

// count makes a segment part of the attachment.
func (r *receiver) count(ctx context.Context, cancel context.CancelFunc, w *blob.Writer, s segment) error {
	timer := time.AfterFunc(storeTimeout, cancel)
	defer timer.Stop()
	if err := w.Close(); err != nil {
		return fault("store a segment", err)
	}
	state, err := r.hash.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		return fault("keep an upload's progress", err)
	}
	p := r.progress
	p.Segments, p.Received, p.State = append(p.Segments[:len(p.Segments):len(p.Segments)], s), p.Received+s.Size, state
	if p.Received == r.size {
		p.Complete = [sha256.Size]byte(r.hash.Sum(nil)) == r.name.Digest
		p.State = nil
	}
	// Another hub may have been sent the whole file meanwhile.
	now, err := r.files.load(ctx, r.name)
	if err != nil {
		return err
	}
	if now.Complete {
		r.progress, r.overtaken = now, true
		return r.files.delete(ctx, s.Key)
	}
	if err := r.files.save(ctx, r.name, &p); err != nil {
		return err
	}
	r.progress = p
	return nil
}

// finish ends an upload whose last byte has come.
func (r *receiver) finish(ctx context.Context) error {
	if r.progress.Complete {
		return nil
	}
	clearing, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	if err := r.files.forget(clearing, r.name, r.progress); err != nil {
		return err
	}
	r.progress = progress{}
	return ErrDigest
}

// Send sends a whole attachment from an offset on, in pieces that are valid until send
// returns.
func (f *Files) Send(ctx context.Context, n Name, offset int64, send func([]byte) error) error {
	p, err := f.load(ctx, n)
	if err != nil {
		return err
	}
	if !p.Complete {
		return ErrIncomplete
	}
	buffer := make([]byte, chunkSize)
	for _, s := range p.Segments {
		if offset >= s.Size {
			offset -= s.Size
			continue
		}
		if err := f.sendSegment(ctx, s, offset, buffer, send); err != nil {
			return err
		}
		offset = 0
	}
	return nil
}

func (f *Files) sendSegment(ctx context.Context, s segment, offset int64, buffer []byte, send func([]byte) error) error {
	r, err := f.bucket.NewRangeReader(ctx, s.Key, offset, -1, nil)
	if err != nil {
		return fault("read a segment", err)
	}
	defer r.Close()
	for left := s.Size - offset; left > 0; {
		k, err := io.ReadFull(r, buffer[:min(int64(len(buffer)), left)])
		if err != nil {
			return fault("read a segment", err)
		}
		if err := send(buffer[:k]); err != nil {
			return err
		}
		left -= int64(k)
	}
	return nil
}

// fault says what was tried and what kind of fault stopped it; the bucket's own words may
// quote keys and addresses.
func fault(tried string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	return fmt.Errorf("%s: %s", tried, gcerrors.Code(err))
}
