package attachment_test

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
	"time"

	"github.com/google/uuid"

	"github.com/liaison-protocol/liaison/internal/law/resource"
	"github.com/liaison-protocol/liaison/internal/store/attachment"
)

// shelf is a bucket in a folder, with a clock that the test sets.
type shelf struct {
	dir   string
	files *attachment.Files
	now   time.Time
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	s := &shelf{dir: filepath.Join(t.TempDir(), "attachments"), now: time.Now()}
	bucket, err := attachment.OpenFolder(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bucket.Close() })
	s.files = attachment.Open(bucket, func() time.Time { return s.now })
	return s
}

// objects counts what is in the bucket.
func (s *shelf) objects(t *testing.T) (n int) {
	t.Helper()
	if err := filepath.WalkDir(s.dir, func(_ string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// content returns so many bytes, and the name of an attachment that is them.
func content(size int) ([]byte, attachment.Name) {
	source := rand.NewChaCha8([32]byte{byte(size)})
	text := make([]byte, size)
	_, _ = source.Read(text) // never fails
	return text, attachment.Name{Request: resource.RequestIDFrom(uuid.New()), Digest: sha256.Sum256(text)}
}

var errCut = errors.New("the connection broke")

// pieces gives text in pieces, and then an error.
func pieces(text []byte, end error) func(context.Context) ([]byte, error) {
	return func(context.Context) ([]byte, error) {
		if len(text) == 0 {
			return nil, end
		}
		n := min(len(text), 100_000)
		piece := text[:n]
		text = text[n:]
		return piece, nil
	}
}

func (s *shelf) download(t *testing.T, n attachment.Name, offset int64) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := s.files.Send(t.Context(), n, offset, func(piece []byte) error { out.Write(piece); return nil }); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestWhatIsUploadedIsDownloaded, of sizes around those of a segment, from any byte on.
func TestWhatIsUploadedIsDownloaded(t *testing.T) {
	t.Parallel()
	const segment = 8 << 20
	for _, size := range []int{1, 1000, segment - 1, segment, segment + 1, 2*segment + 17} {
		s := newShelf(t)
		text, n := content(size)
		if received, err := s.files.Receive(t.Context(), n, int64(size), 0, pieces(text, io.EOF)); err != nil || received != int64(size) {
			t.Fatalf("%d bytes: %d received, %v", size, received, err)
		}
		for _, offset := range []int{0, 1, size / 2, size - 1, size} {
			if got := s.download(t, n, int64(offset)); !bytes.Equal(got, text[offset:]) {
				t.Errorf("%d bytes from %d on are %d others", size, offset, len(got))
			}
		}
	}
}

// TestAnUploadGoesOnWhereItBroke, however often, and from another process.
func TestAnUploadGoesOnWhereItBroke(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	text, n := content(20 << 20)
	received, sent := int64(0), int64(0)
	for range 50 {
		rest := text[received:]
		cut := min(len(rest), 3_300_000)
		end := errCut
		if cut == len(rest) {
			end = io.EOF
		}
		got, err := s.files.Receive(t.Context(), n, int64(len(text)), received, pieces(rest[:cut], end))
		sent += int64(cut)
		if known, err := s.files.Received(t.Context(), n); err != nil || known != got {
			t.Fatalf("%d bytes are there, %v, and the upload says %d", known, err, got)
		}
		received = got
		if received == int64(len(text)) {
			break
		}
		if !errors.Is(err, errCut) {
			t.Fatalf("it ends with %v", err)
		}
		if err := s.files.Send(t.Context(), n, 0, nil); !errors.Is(err, attachment.ErrIncomplete) {
			t.Fatalf("half of it is sent: %v", err)
		}
	}
	if sent != int64(len(text)) {
		t.Errorf("%d bytes were sent of %d", sent, len(text))
	}
	if !bytes.Equal(s.download(t, n, 0), text) {
		t.Error("it is another file")
	}
	// Once more changes nothing.
	if got, err := s.files.Receive(t.Context(), n, int64(len(text)), 0, pieces(nil, io.EOF)); err != nil || got != int64(len(text)) {
		t.Errorf("again: %d, %v", got, err)
	}
}

func TestWhatIsNotTheFileIsRefusedAndDeleted(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	text, n := content(9 << 20)
	wrong := bytes.Clone(text)
	wrong[5]++
	for _, test := range []struct {
		name   string
		text   []byte
		offset int64
		want   error
		left   int
	}{
		{"another byte", wrong, 0, attachment.ErrDigest, 0},
		{"more than the file", append(bytes.Clone(text), 0), 0, attachment.ErrSize, 3},
	} {
		_, err := s.files.Receive(t.Context(), n, int64(len(text)), test.offset, pieces(test.text, io.EOF))
		if !errors.Is(err, test.want) || s.objects(t) != test.left {
			t.Errorf("%s: %v, and %d objects are left", test.name, err, s.objects(t))
		}
	}
	other, m := content(1000)
	var offset *attachment.ErrOffset
	if _, err := s.files.Receive(t.Context(), m, 1000, 10, pieces(other, io.EOF)); !errors.As(err, &offset) || offset.Received != 0 {
		t.Errorf("from the middle: %v", err)
	}
}

// TestALaterUploadEndsAnEarlierOne: whoever sent the earlier one has lost its connection,
// and the hub does not know it yet.
func TestALaterUploadEndsAnEarlierOne(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	text, n := content(5 << 20)
	begun, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		first := true
		_, err := s.files.Receive(t.Context(), n, int64(len(text)), 0, func(ctx context.Context) ([]byte, error) {
			if first {
				first = false
				return text[:1000], nil
			}
			close(begun)
			<-ctx.Done() // nothing more comes
			return nil, ctx.Err()
		})
		ended <- err
	}()
	<-begun
	if _, err := s.files.Receive(t.Context(), n, int64(len(text)), 1000, pieces(text[1000:], io.EOF)); err != nil {
		t.Fatalf("the later one: %v", err)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the earlier one ended with %v", err)
	}
	if !bytes.Equal(s.download(t, n, 0), text) {
		t.Error("it is another file")
	}
}

// TestTwoProcessesThatAreSentTheSameFileDoNotMixIt.
func TestTwoProcessesThatAreSentTheSameFileDoNotMixIt(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	bucket, err := attachment.OpenFolder(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	defer bucket.Close()
	other := attachment.Open(bucket, time.Now)
	text, n := content(17 << 20)
	results := make(chan error, 2)
	for _, files := range []*attachment.Files{s.files, other} {
		go func() {
			_, err := files.Receive(t.Context(), n, int64(len(text)), 0, pieces(text, io.EOF))
			var offset *attachment.ErrOffset
			if errors.As(err, &offset) { // it came when the other had begun
				err = nil
			}
			results <- err
		}()
	}
	for range 2 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	if !bytes.Equal(s.download(t, n, 0), text) {
		t.Error("it is another file")
	}
}

// TestASweepDeletesWhatNobodyNeeds and nothing else.
func TestASweepDeletesWhatNobodyNeeds(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	never := func(resource.RequestID) (bool, error) { return false, nil }
	whole, keep := content(9 << 20)
	half, left := content(10 << 20)
	gone, over := content(2000)
	for _, f := range []struct {
		name attachment.Name
		text []byte
		size int
		end  error
	}{{keep, whole, len(whole), io.EOF}, {left, half[:5<<20], len(half), errCut}, {over, gone, len(gone), io.EOF}} {
		_, err := s.files.Receive(t.Context(), f.name, int64(f.size), 0, pieces(f.text, f.end))
		if err != nil && !errors.Is(err, errCut) {
			t.Fatal(err)
		}
	}
	orphan := filepath.Join(s.dir, "segments", keep.Request.UUID().String(), "orphan")
	if err := os.WriteFile(orphan, []byte("of an upload that another hub was faster with"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := s.objects(t)
	if err := s.files.Sweep(t.Context(), s.now.Add(-time.Hour), never); err != nil || s.objects(t) != before {
		t.Fatalf("%v; %d objects are left of %d, all of them young", err, s.objects(t), before)
	}
	if err := s.files.Sweep(t.Context(), s.now.Add(time.Hour), func(id resource.RequestID) (bool, error) { return id == over.Request, nil }); err != nil {
		t.Fatal(err)
	}
	if n, err := s.files.Received(t.Context(), left); err != nil || n != 0 {
		t.Errorf("%d bytes are left of an upload that nobody went on with, %v", n, err)
	}
	if !bytes.Equal(s.download(t, keep, 0), whole) {
		t.Error("a whole file is another")
	}
	if n := s.objects(t); n != 3 { // two segments, and what makes them a file
		t.Errorf("%d objects are left", n)
	}
	if err := s.files.Purge(t.Context(), keep.Request); err != nil || s.objects(t) != 0 {
		t.Errorf("after a purge: %v, %d objects", err, s.objects(t))
	}
}

// TestNobodyElseReadsTheFolder: what is sealed is still nobody's business.
func TestNobodyElseReadsTheFolder(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	text, n := content(1000)
	if _, err := s.files.Receive(t.Context(), n, 1000, 0, pieces(text, io.EOF)); err != nil {
		t.Fatal(err)
	}
	if err := filepath.WalkDir(s.dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		info, err := e.Info()
		if err == nil && info.Mode().Perm() != 0o700 {
			t.Errorf("%s has the mode %o", e.Name(), info.Mode().Perm())
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestABucketThatIsGoneIsAnErrorAndQuotesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bucket, err := attachment.OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := bucket.Close(); err != nil {
		t.Fatal(err)
	}
	files := attachment.Open(bucket, time.Now)
	text, n := content(1000)
	if _, err := files.Receive(t.Context(), n, 1000, 0, pieces(text, io.EOF)); err == nil || bytes.Contains([]byte(err.Error()), []byte(dir)) {
		t.Errorf("it is stored, or the error quotes where: %v", err)
	}
}

func FuzzParseName(f *testing.F) {
	_, n := content(3)
	f.Add(n.String())
	f.Add("requests/0199a000-0000-7000-8000-000000000000/attachments/")
	f.Add("requests/../attachments/..")
	f.Fuzz(func(t *testing.T, text string) {
		if n, err := attachment.ParseName(text); err == nil && n.String() != text {
			t.Errorf("%q is read as %q", text, n)
		}
	})
}
