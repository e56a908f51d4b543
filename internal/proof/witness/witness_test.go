package witness_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/witness"
)

const (
	origin = "hub.example/ledger"
	name   = "witness.example/w1"
)

// hub has a ledger, all of whose earlier states it can show and prove.
type hub struct {
	signer   note.Signer
	verifier note.Verifier
	tree     *ledger.Tree
}

func newHub(t testing.TB, origin string) *hub {
	t.Helper()
	secret, _, err := ledger.NewKey(origin)
	if err != nil {
		t.Fatal(err)
	}
	signer, public, err := ledger.ParseSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := ledger.ParseVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	tree, err := ledger.NewTree(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &hub{signer: signer, verifier: verifier, tree: tree}
}

// grow appends leaves up to a size. The salt tells apart the leaves of a fork.
func (h *hub) grow(t testing.TB, size int64, salt string) *hub {
	t.Helper()
	for h.tree.Size() < size {
		if _, err := h.tree.Append(tlog.RecordHash(fmt.Appendf(nil, "leaf %d %s", h.tree.Size(), salt))); err != nil {
			t.Fatal(err)
		}
	}
	return h
}

// fork returns a hub with the same key and so far the same ledger.
func (h *hub) fork() *hub { return &hub{signer: h.signer, verifier: h.verifier, tree: h.tree.Clone()} }

func (h *hub) checkpoint(t testing.TB, size int64) ledger.Checkpoint {
	t.Helper()
	root, err := tlog.TreeHash(size, h.tree)
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Checkpoint{Origin: h.signer.Name(), Size: size, Root: root}
}

func (h *hub) signed(t testing.TB, size int64) []byte {
	t.Helper()
	return h.sign(t, h.checkpoint(t, size))
}

func (h *hub) sign(t testing.TB, c ledger.Checkpoint) []byte {
	t.Helper()
	signed, err := c.Sign(h.signer)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// signText signs what may not be a checkpoint.
func (h *hub) signText(t testing.TB, text string) []byte {
	t.Helper()
	signed, err := note.Sign(&note.Note{Text: text}, h.signer)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func (h *hub) proof(t testing.TB, from, to int64) tlog.TreeProof {
	t.Helper()
	if from == 0 || from == to {
		return nil
	}
	proof, err := tlog.ProveTree(to, from, h.tree)
	if err != nil {
		t.Fatal(err)
	}
	return proof
}

// body is a submission as it is sent.
func body(old any, proof tlog.TreeProof, signed []byte) string {
	var lines strings.Builder
	fmt.Fprintf(&lines, "old %v\n", old)
	for _, hash := range proof {
		fmt.Fprintf(&lines, "%s\n", hash)
	}
	return lines.String() + "\n" + string(signed)
}

// move is the right submission from one size to another.
func (h *hub) move(t testing.TB, from, to int64) string {
	t.Helper()
	return body(from, h.proof(t, from, to), h.signed(t, to))
}

// post is a witness that is served: it can be stopped and started over the same folder.
type post struct {
	*httptest.Server
	config   witness.Config
	verifier note.Verifier

	mu      sync.RWMutex
	handler http.Handler
}

func (p *post) ServeHTTP(out http.ResponseWriter, in *http.Request) {
	p.mu.RLock()
	handler := p.handler
	p.mu.RUnlock()
	handler.ServeHTTP(out, in)
}

// restart replaces the witness by one that knows only what the folder says.
func (p *post) restart(t testing.TB) {
	t.Helper()
	w, err := witness.New(p.config)
	if err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	p.handler = w
	p.mu.Unlock()
}

func serve(t testing.TB, ledgers ...note.Verifier) *post {
	t.Helper()
	secret, public, err := witness.NewKey(name)
	if err != nil {
		t.Fatal(err)
	}
	p := &post{config: witness.Config{Key: secret, Ledgers: ledgers, Dir: t.TempDir()}}
	if p.verifier, err = ledger.ParseWitness(public); err != nil {
		t.Fatal(err)
	}
	p.restart(t)
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

// answer is what a witness says.
type answer struct {
	status int
	kind   string
	body   string
}

func (p *post) send(t testing.TB, method, path, body string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, p.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := p.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header.Get("Content-Type"), string(text)}
}

func (p *post) submit(t testing.TB, body string) answer {
	t.Helper()
	return p.send(t, http.MethodPost, "/add-checkpoint", body)
}

// mustCosign submits, and checks that what comes back is a cosignature.
func (p *post) mustCosign(t testing.TB, h *hub, from, to int64) {
	t.Helper()
	got := p.submit(t, h.move(t, from, to))
	if got.status != http.StatusOK {
		t.Fatalf("from %d to %d is answered with %d %q", from, to, got.status, got.body)
	}
	c, cosigned, err := ledger.OpenWitnessed(append(h.signed(t, to), got.body...), h.verifier, p.verifier)
	if err != nil || cosigned != 1 || c != h.checkpoint(t, to) {
		t.Fatalf("from %d to %d is cosigned %d times, %v:\n%s", from, to, cosigned, err, got.body)
	}
}

func (p *post) mustRefuse(t testing.TB, body string, status int, text string) {
	t.Helper()
	got := p.submit(t, body)
	if got.status != status || text != "" && got.body != text || strings.Contains(got.body, "—") {
		t.Fatalf("it is answered with %d %q, want %d %q", got.status, got.body, status, text)
	}
	if (status == http.StatusConflict) != (got.kind == "text/x.tlog.size") {
		t.Fatalf("status %d has media type %q", got.status, got.kind)
	}
}

var cosignatureLine = regexp.MustCompile(`^— ` + name + ` [A-Za-z0-9+/]+={0,2}\n$`)

// TestEveryStatus asks a witness that remembers size 5 of one ledger and nothing of
// another.
func TestEveryStatus(t *testing.T) {
	h, fresh, other := newHub(t, origin), newHub(t, "fresh.example/ledger"), newHub(t, "other.example/ledger")
	h.grow(t, 5, "")
	fork := h.fork().grow(t, 9, "of a fork")
	h.grow(t, 9, "")
	early := newHub(t, origin)
	early.signer, early.verifier = h.signer, h.verifier
	early.grow(t, 9, "of a fork from the beginning")
	fresh.grow(t, 3, "")
	other.grow(t, 3, "")
	impostor := newHub(t, origin)
	impostor.tree = h.tree

	cosigned := append(h.signed(t, 9), "— else.example/w9 AAAAAAAAAAA=\n"...)
	broken := bytes.Replace(h.signed(t, 9), []byte("\n9\n"), []byte("\n8\n"), 1)
	text := func(size, root string) []byte { return h.signText(t, origin+"\n"+size+"\n"+root+"\n") }
	root := h.checkpoint(t, 9).Root.String()
	wrongEmpty := fresh.checkpoint(t, 0)
	wrongEmpty.Root[0]++
	right := h.proof(t, 5, 9)
	long := slices.Repeat(tlog.TreeProof{{1}}, 64)

	const add = "/add-checkpoint"
	for _, test := range []struct {
		name   string
		method string // POST if empty
		path   string // add if empty
		body   string
		status int
		answer string // if not empty, the whole of it
	}{
		{name: "the next checkpoint", body: h.move(t, 5, 9), status: 200},
		{name: "the same checkpoint again", body: h.move(t, 5, 5), status: 200},
		{name: "a first checkpoint", body: fresh.move(t, 0, 3), status: 200},
		{name: "a first checkpoint of the empty tree", body: fresh.move(t, 0, 0), status: 200},
		{name: "with a signature of somebody else", body: body(5, right, cosigned), status: 200},
		{name: "with a further line", body: body(5, right, h.signText(t, origin+"\n9\n"+root+"\nfurther\n")), status: 200},

		{name: "nothing", body: "", status: 400},
		{name: "no old size", body: "\n" + string(h.signed(t, 9)), status: 400},
		{name: "an old size of another name", body: strings.Replace(h.move(t, 5, 9), "old", "Old", 1), status: 400},
		{name: "an old size with two spaces", body: body(" 5", right, h.signed(t, 9)), status: 400},
		{name: "an old size with a zero", body: body("05", right, h.signed(t, 9)), status: 400},
		{name: "an old size with a sign", body: body("+5", right, h.signed(t, 9)), status: 400},
		{name: "a negative old size", body: body("-5", right, h.signed(t, 9)), status: 400},
		{name: "an old size too great", body: body("9223372036854775808", right, h.signed(t, 9)), status: 400},
		{name: "an old size after the checkpoint's", body: body(10, nil, h.signed(t, 9)), status: 400},
		{name: "windows line ends", body: strings.ReplaceAll(h.move(t, 5, 9), "\n", "\r\n"), status: 400},
		{name: "no empty line", body: strings.Replace(h.move(t, 5, 9), "\n\n", "\n", 1), status: 400},
		{name: "a proof line that is not base64", body: "old 5\n!\n\n" + string(h.signed(t, 9)), status: 400},
		{name: "a proof line that is too short", body: "old 5\nAAAA\n\n" + string(h.signed(t, 9)), status: 400},
		{name: "a proof line in another form", body: "old 5\n" + strings.Repeat("A", 42) + "B=\n\n" + string(h.signed(t, 9)), status: 400},
		{name: "too many proof lines", body: body(5, long, h.signed(t, 9)), status: 400},
		{name: "no checkpoint", body: "old 5\n\n", status: 400},
		{name: "a checkpoint without signatures", body: body(5, right, []byte(origin+"\n9\n"+root+"\n\n")), status: 400},
		{name: "a checkpoint without a root", body: body(5, right, h.signText(t, origin+"\n9\n")), status: 400},
		{name: "a checkpoint with a short root", body: body(5, right, text("9", "AAAA")), status: 400},
		{name: "a checkpoint whose size has a zero", body: body(5, right, text("09", root)), status: 400},
		{name: "a checkpoint whose size is too great", body: body(5, right, text("9223372036854775808", root)), status: 400},
		{name: "a checkpoint with an empty line", body: body(5, right, text("9", root+"\n\nfurther")), status: 400},

		{name: "a checkpoint of an impostor", body: impostor.move(t, 5, 9), status: 403},
		{name: "a checkpoint changed after it was signed", body: body(5, right, broken), status: 403},
		{name: "a checkpoint under the name of another ledger",
			body: body(0, nil, bytes.ReplaceAll(other.signed(t, 3), []byte("other.example"), []byte("fresh.example"))), status: 403},
		{name: "an impostor with an old size too great", body: body(10, nil, impostor.signed(t, 9)), status: 403},

		{name: "a ledger that is not followed", body: other.move(t, 0, 3), status: 404},
		{name: "another path", path: "/", body: h.move(t, 5, 9), status: 404},
		{name: "a path below", path: add + "/", body: h.move(t, 5, 9), status: 404},

		{name: "a look", method: http.MethodGet, status: 405},
		{name: "another method", method: http.MethodPut, body: h.move(t, 5, 9), status: 405},

		{name: "an old size of zero, to learn the right one", body: h.move(t, 0, 9), status: 409, answer: "5\n"},
		{name: "an old size that was passed", body: h.move(t, 3, 9), status: 409, answer: "5\n"},
		{name: "an old size not yet reached", body: h.move(t, 7, 9), status: 409, answer: "5\n"},
		{name: "a ledger that was rolled back", body: h.move(t, 3, 3), status: 409, answer: "5\n"},
		{name: "another root at the same size", body: body(5, nil, early.signed(t, 5)), status: 409, answer: "5\n"},
		{name: "an old size of a ledger never cosigned", body: fresh.move(t, 2, 3), status: 409, answer: "0\n"},
		{name: "an empty tree with a root of its own", body: body(0, nil, fresh.sign(t, wrongEmpty)), status: 409, answer: "0\n"},

		{name: "too long a body", body: body(5, right, append(h.signed(t, 9), make([]byte, 64<<10)...)), status: 413},

		{name: "no proof", body: body(5, nil, h.signed(t, 9)), status: 422},
		{name: "half a proof", body: body(5, right[1:], h.signed(t, 9)), status: 422},
		{name: "more than a proof", body: body(5, append(slices.Clone(right), tlog.Hash{}), h.signed(t, 9)), status: 422},
		{name: "a proof from another size", body: body(5, h.proof(t, 4, 9), h.signed(t, 9)), status: 422},
		{name: "a proof where none is needed", body: body(5, right, h.signed(t, 5)), status: 422},
		{name: "a proof from nothing", body: body(0, right, fresh.signed(t, 3)), status: 422},
		{name: "a fork from before", body: early.move(t, 5, 9), status: 422},
		{name: "a fork with the proof of the right ledger", body: body(5, right, fork.signed(t, 9)), status: 422},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := serve(t, h.verifier, fresh.verifier)
			p.mustCosign(t, h, 0, 5)
			method, path := test.method, test.path
			if method == "" {
				method = http.MethodPost
			}
			if path == "" {
				path = add
			}
			got := p.send(t, method, path, test.body)
			if got.status != test.status || test.answer != "" && got.body != test.answer {
				t.Fatalf("it is answered with %d %q", got.status, got.body)
			}
			if (got.status == 200) != cosignatureLine.MatchString(got.body) {
				t.Errorf("status %d has the body %q", got.status, got.body)
			}
			if (got.status == 409) != (got.kind == "text/x.tlog.size") {
				t.Errorf("status %d has media type %q", got.status, got.kind)
			}
			if got.status != 200 { // it has not forgotten anything over it
				p.mustCosign(t, h, 5, 7)
			}
		})
	}
}

func TestACosignatureIsOfWhatWasSigned(t *testing.T) {
	h := newHub(t, origin).grow(t, 3, "")
	p := serve(t, h.verifier)
	signed := h.signText(t, origin+"\n3\n"+h.checkpoint(t, 3).Root.String()+"\nfurther\n")
	got := p.submit(t, body(0, nil, signed))
	opened, err := note.Open(append(signed, got.body...), note.VerifierList(h.verifier, p.verifier))
	if err != nil || len(opened.Sigs) != 2 || !strings.HasSuffix(opened.Text, "\nfurther\n") {
		t.Errorf("it is answered with %q: %v", got.body, err)
	}
}

func TestARestartForgetsNothing(t *testing.T) {
	h := newHub(t, origin).grow(t, 20, "")
	p := serve(t, h.verifier)
	p.mustCosign(t, h, 0, 5)
	p.restart(t)
	p.mustRefuse(t, h.move(t, 0, 9), http.StatusConflict, "5\n")
	p.mustRefuse(t, h.move(t, 0, 0), http.StatusConflict, "5\n")
	p.mustRefuse(t, h.move(t, 4, 4), http.StatusConflict, "5\n")
	p.mustCosign(t, h, 5, 9)
	p.restart(t)
	p.mustRefuse(t, h.move(t, 5, 20), http.StatusConflict, "9\n")
	p.mustCosign(t, h, 9, 20)
}

func TestALostAnswerCanBeAskedForAgain(t *testing.T) {
	h := newHub(t, origin).grow(t, 9, "")
	p := serve(t, h.verifier)
	p.mustCosign(t, h, 0, 5)
	p.submit(t, h.move(t, 5, 9)) // nobody hears the answer, and the witness ends
	p.restart(t)
	p.mustRefuse(t, h.move(t, 5, 9), http.StatusConflict, "9\n")
	p.mustCosign(t, h, 9, 9)
	p.mustCosign(t, h, 9, 9)
}

func TestAForkIsRefusedAfterARestartToo(t *testing.T) {
	h := newHub(t, origin).grow(t, 4, "")
	fork := h.fork().grow(t, 12, "of a fork")
	h.grow(t, 12, "")
	p := serve(t, h.verifier)
	p.mustCosign(t, h, 0, 6)
	for range 2 {
		p.mustRefuse(t, fork.move(t, 6, 6), http.StatusConflict, "6\n")
		p.mustRefuse(t, fork.move(t, 6, 12), http.StatusUnprocessableEntity, "")
		p.mustRefuse(t, body(6, h.proof(t, 6, 12), fork.signed(t, 12)), http.StatusUnprocessableEntity, "")
		p.mustRefuse(t, fork.move(t, 4, 12), http.StatusConflict, "6\n")
		p.restart(t)
	}
	p.mustCosign(t, h, 6, 12)
}

// TestNoHistoryIsCosignedTwice submits from two forks, rightly and wrongly, with
// restarts between: whatever is cosigned belongs to one growing history.
func TestNoHistoryIsCosignedTwice(t *testing.T) {
	h := newHub(t, origin).grow(t, 4, "")
	fork := h.fork().grow(t, 12, "of a fork")
	h.grow(t, 12, "")
	rapid.Check(t, func(r *rapid.T) {
		p := serve(t, h.verifier)
		defer p.Close()
		last := h.checkpoint(t, 0)
		for range rapid.IntRange(1, 20).Draw(r, "steps") {
			if rapid.IntRange(0, 5).Draw(r, "restart") == 0 {
				p.restart(t)
			}
			by := rapid.SampledFrom([]*hub{h, fork}).Draw(r, "fork")
			old := rapid.OneOf(rapid.Just(last.Size), rapid.Int64Range(0, 12)).Draw(r, "old")
			size := rapid.Int64Range(old, 12).Draw(r, "size")
			if p.submit(t, by.move(t, old, size)).status != http.StatusOK {
				continue
			}
			c := by.checkpoint(t, size)
			if old != last.Size || size < last.Size || by.checkpoint(t, last.Size) != last {
				r.Fatalf("after size %d, size %d is cosigned of another history", last.Size, size)
			}
			last = c
		}
	})
}

func TestTwoSubmissionsAtOnce(t *testing.T) {
	h := newHub(t, origin).grow(t, 4, "")
	fork := h.fork().grow(t, 40, "of a fork")
	h.grow(t, 40, "")
	p := serve(t, h.verifier)
	p.mustCosign(t, h, 0, 4)

	var bodies []string
	var checkpoints []ledger.Checkpoint
	for size := int64(5); size <= 20; size++ {
		for _, by := range []*hub{h, fork} {
			bodies = append(bodies, by.move(t, 4, size))
			checkpoints = append(checkpoints, by.checkpoint(t, size))
		}
	}
	answers := make([]answer, len(bodies))
	var all sync.WaitGroup
	for i := range bodies {
		all.Go(func() { answers[i] = p.submit(t, bodies[i]) })
	}
	all.Wait()

	won := -1
	for i, got := range answers {
		switch {
		case got.status == http.StatusOK && won >= 0:
			t.Fatalf("both %+v and %+v are cosigned from size 4", checkpoints[won], checkpoints[i])
		case got.status == http.StatusOK:
			won = i
		case got.status != http.StatusConflict:
			t.Errorf("it is answered with %d %q", got.status, got.body)
		}
	}
	if won < 0 {
		t.Fatal("none is cosigned")
	}
	p.restart(t)
	winner := []*hub{h, fork}[won%2]
	p.mustCosign(t, winner, checkpoints[won].Size, 40)
}

// TestNothingIsCosignedThatIsNotRemembered makes writing fail by standing a folder
// where the file is to be written.
func TestNothingIsCosignedThatIsNotRemembered(t *testing.T) {
	h := newHub(t, origin).grow(t, 9, "")
	p := serve(t, h.verifier)
	p.mustCosign(t, h, 0, 5)
	inTheWay := file(t, p) + ".tmp"
	if err := os.Mkdir(inTheWay, 0o700); err != nil {
		t.Fatal(err)
	}
	p.mustRefuse(t, h.move(t, 5, 9), http.StatusInternalServerError, "")
	p.mustRefuse(t, h.move(t, 5, 9), http.StatusInternalServerError, "")
	p.mustCosign(t, h, 5, 5) // there is nothing new to remember
	if err := os.Remove(inTheWay); err != nil {
		t.Fatal(err)
	}
	p.mustCosign(t, h, 5, 9)
}

func TestWhatACrashLeavesIsOverwritten(t *testing.T) {
	h := newHub(t, origin).grow(t, 9, "")
	p := serve(t, h.verifier)
	p.mustCosign(t, h, 0, 5)
	path := file(t, p)
	half := bytes.Repeat([]byte("half a checkpoint"), 1000)
	if err := os.WriteFile(path+".tmp", half, 0o600); err != nil {
		t.Fatal(err)
	}
	p.restart(t)
	p.mustCosign(t, h, 5, 9)
	p.restart(t)
	p.mustCosign(t, h, 9, 9)
	if file(t, p) != path {
		t.Errorf("the witness now remembers in %s", file(t, p))
	}
}

// file returns the only file in a witness's folder.
func file(t testing.TB, p *post) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(p.config.Dir, "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the folder has %q, %v", files, err)
	}
	return files[0]
}

func TestWhatIsRememberedCanBeChecked(t *testing.T) {
	h := newHub(t, origin).grow(t, 9, "")
	p := serve(t, h.verifier)
	cosigned := append(h.signed(t, 9), "— else.example/w9 AAAAAAAAAAA=\n"...)
	if got := p.submit(t, body(0, nil, cosigned)); got.status != http.StatusOK {
		t.Fatalf("it is answered with %d %q", got.status, got.body)
	}
	remembered, err := os.ReadFile(file(t, p))
	if err != nil {
		t.Fatal(err)
	}
	c, n, err := ledger.OpenWitnessed(remembered, h.verifier, p.verifier)
	if err != nil || n != 1 || c != h.checkpoint(t, 9) {
		t.Errorf("it remembers %+v, cosigned %d times: %v", c, n, err)
	}
	if bytes.Contains(remembered, []byte("else.example")) {
		t.Errorf("it remembers what nobody vouches for:\n%s", remembered)
	}
}

func TestADamagedMemoryKeepsAWitnessFromWorking(t *testing.T) {
	h, other := newHub(t, origin).grow(t, 9, ""), newHub(t, "other.example/ledger").grow(t, 3, "")
	elsewhere := serve(t, other.verifier)
	elsewhere.mustCosign(t, other, 0, 3)
	stranger := serve(t, h.verifier)
	stranger.mustCosign(t, h, 0, 5)
	foreign, err := os.ReadFile(file(t, stranger))
	if err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func(sound []byte) []byte{
		"nothing in it":             func([]byte) []byte { return nil },
		"its end is missing":        func(sound []byte) []byte { return sound[:len(sound)-9] },
		"another size":              func(sound []byte) []byte { return bytes.Replace(sound, []byte("\n5\n"), []byte("\n4\n"), 1) },
		"only the ledger signed it": func([]byte) []byte { return h.signed(t, 5) },
		"another witness wrote it":  func([]byte) []byte { return foreign },
	} {
		t.Run(name, func(t *testing.T) {
			p := serve(t, h.verifier)
			p.mustCosign(t, h, 0, 5)
			path := file(t, p)
			sound, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, damage(sound), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := witness.New(p.config); err == nil {
				t.Error("it works")
			}
			if err := os.WriteFile(path, sound, 0o600); err != nil {
				t.Fatal(err)
			}
			p.restart(t)
		})
	}
	t.Run("another ledger's", func(t *testing.T) {
		p := serve(t, h.verifier, other.verifier)
		p.mustCosign(t, h, 0, 5)
		path := file(t, p)
		p.mustCosign(t, other, 0, 3)
		files, err := filepath.Glob(filepath.Join(p.config.Dir, "*"))
		if err != nil || len(files) != 2 {
			t.Fatalf("the folder has %q, %v", files, err)
		}
		theirs := files[1-slices.Index(files, path)]
		if err := os.Rename(theirs, path); err != nil {
			t.Fatal(err)
		}
		if _, err := witness.New(p.config); err == nil {
			t.Error("it works")
		}
	})
	t.Run("a folder", func(t *testing.T) {
		p := serve(t, h.verifier)
		p.mustCosign(t, h, 0, 5)
		path := file(t, p)
		if err := errors.Join(os.Remove(path), os.Mkdir(path, 0o700)); err != nil {
			t.Fatal(err)
		}
		if _, err := witness.New(p.config); err == nil {
			t.Error("it works")
		}
	})
}

func TestALedgerChangesItsKey(t *testing.T) {
	before := newHub(t, origin).grow(t, 9, "")
	after := newHub(t, origin)
	after.tree = before.tree
	p := serve(t, before.verifier)
	p.mustCosign(t, before, 0, 5)

	p.config.Ledgers = []note.Verifier{before.verifier, after.verifier}
	p.restart(t)
	p.mustCosign(t, after, 5, 7)
	p.mustCosign(t, before, 7, 8)
	// A bad signature by one key does not spoil a good one by the other.
	bad := before.signed(t, 7)
	both := append(after.signed(t, 8), bad[bytes.Index(bad, []byte("—")):]...)
	if got := p.submit(t, body(8, nil, both)); got.status != http.StatusOK {
		t.Errorf("it is answered with %d %q", got.status, got.body)
	}

	p.config.Ledgers = []note.Verifier{after.verifier}
	p.restart(t)
	p.mustRefuse(t, before.move(t, 8, 9), http.StatusForbidden, "")
	p.mustCosign(t, after, 8, 9)
}

func TestAForkIsLoggedWithItsEvidence(t *testing.T) {
	h := newHub(t, origin).grow(t, 4, "")
	fork := h.fork().grow(t, 6, "of a fork")
	h.grow(t, 6, "")
	p := serve(t, h.verifier)
	var log recorder
	p.config.Log = slog.New(&log)
	p.restart(t)
	p.mustCosign(t, h, 0, 6)
	signed := append(fork.signed(t, 6), "— else.example/w9 AAAAAAAAAAA=\n"...)
	p.mustRefuse(t, body(6, nil, signed), http.StatusConflict, "6\n")

	found := false
	for _, entry := range log.all() {
		entry.Attrs(func(attr slog.Attr) bool {
			if attr.Key == "checkpoint" {
				found = true
				if entry.Level != slog.LevelWarn || attr.Value.String() != string(fork.signed(t, 6)) {
					t.Errorf("%s: %s", entry.Level, attr.Value)
				}
			}
			return true
		})
	}
	if !found {
		t.Error("the checkpoint of the fork is not in the log")
	}
}

// recorder keeps what is logged.
type recorder struct {
	mu      sync.Mutex
	entries []slog.Record
}

func (r *recorder) all() []slog.Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.entries)
}

func (r *recorder) Enabled(context.Context, slog.Level) bool { return true }
func (r *recorder) WithAttrs([]slog.Attr) slog.Handler       { return r }
func (r *recorder) WithGroup(string) slog.Handler            { return r }
func (r *recorder) Handle(_ context.Context, entry slog.Record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.entries = append(r.entries, entry)
	return nil
}

func TestAWitnessThatCannotWorkIsNotMade(t *testing.T) {
	h := newHub(t, origin)
	secret, public, err := witness.NewKey(name)
	if err != nil {
		t.Fatal(err)
	}
	sound := witness.Config{Key: secret, Ledgers: []note.Verifier{h.verifier}, Dir: t.TempDir()}
	for name, spoil := range map[string]func(*witness.Config){
		"no key":             func(c *witness.Config) { c.Key = "" },
		"a public key":       func(c *witness.Config) { c.Key = public },
		"a key renamed":      func(c *witness.Config) { c.Key = strings.Replace(secret, "w1", "w2", 1) },
		"no ledger":          func(c *witness.Config) { c.Ledgers = nil },
		"a ledger twice":     func(c *witness.Config) { c.Ledgers = []note.Verifier{h.verifier, h.verifier} },
		"no folder":          func(c *witness.Config) { c.Dir = "" },
		"a folder not there": func(c *witness.Config) { c.Dir = filepath.Join(c.Dir, "gone") },
		"a file as folder": func(c *witness.Config) {
			c.Dir = filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(c.Dir, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			config := sound
			spoil(&config)
			_, err := witness.New(config)
			if err == nil {
				t.Fatal("it is made")
			}
			if key := config.Key; len(key) > 20 && strings.Contains(err.Error(), key[len(key)-20:]) {
				t.Errorf("the error quotes the key: %v", err)
			}
		})
	}
	sound.Key = "\n" + secret + "\n" // as it is read from a file
	w, err := witness.New(sound)
	if err != nil || w.VerifierKey() != public {
		t.Errorf("its key is not %s: %v", public, err)
	}
}

func TestNewKeyRefusesNamesThatNoteKeysCannotHave(t *testing.T) {
	for _, name := range []string{"", "witness example", "witness+example", "witness\nexample"} {
		if _, _, err := witness.NewKey(name); err == nil {
			t.Errorf("%q is taken", name)
		}
	}
}
