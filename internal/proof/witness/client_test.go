package witness_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	formats "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/witness"
)

func TestAHubLearnsTheSizeAndGoesOn(t *testing.T) {
	h := newHub(t, origin).grow(t, 9, "")
	p := serve(t, h.verifier)
	p.mustCosign(t, h, 0, 5)

	client := &witness.Client{URL: p.URL + "/", Verifier: p.verifier}
	_, err := client.Submit(t.Context(), 0, nil, h.signed(t, 9))
	conflict, ok := errors.AsType[*witness.ConflictError](err)
	if !ok || conflict.Size != 5 || errors.Is(err, witness.ErrInconsistent) {
		t.Fatalf("the witness knows size 5, and the error is %v", err)
	}
	cosigned, err := client.Submit(t.Context(), conflict.Size, h.proof(t, 5, 9), h.signed(t, 9))
	if err != nil {
		t.Fatal(err)
	}
	c, n, err := ledger.OpenWitnessed(cosigned, h.verifier, p.verifier)
	if err != nil || n != 1 || c != h.checkpoint(t, 9) {
		t.Errorf("%+v is cosigned %d times: %v", c, n, err)
	}
	if !bytes.HasPrefix(cosigned, h.signed(t, 9)) {
		t.Errorf("the cosignature is not appended:\n%s", cosigned)
	}

	// What is cosigned can be submitted as it is, and gets a new cosignature.
	again, err := client.Submit(t.Context(), 9, nil, cosigned)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(again, []byte("— "+name+" ")); n != 1 {
		t.Errorf("it has %d signatures of the witness", n)
	}
}

func TestAHubIsToldOfAFork(t *testing.T) {
	h := newHub(t, origin).grow(t, 4, "")
	fork := h.fork().grow(t, 9, "of a fork")
	h.grow(t, 9, "")
	p := serve(t, h.verifier)
	p.mustCosign(t, h, 0, 6)
	client := &witness.Client{URL: p.URL, Verifier: p.verifier}
	for _, size := range []int64{6, 9} {
		_, err := client.Submit(t.Context(), 6, fork.proof(t, 6, size), fork.signed(t, size))
		if _, conflict := errors.AsType[*witness.ConflictError](err); conflict || !errors.Is(err, witness.ErrInconsistent) {
			t.Errorf("size %d: the error is %v", size, err)
		}
	}
	// A ledger that was rolled back learns of a size beyond its own.
	_, err := client.Submit(t.Context(), 3, nil, h.signed(t, 3))
	if conflict, ok := errors.AsType[*witness.ConflictError](err); !ok || conflict.Size != 6 {
		t.Errorf("the error is %v", err)
	}
}

// cosignatureBy signs a note as a witness does, and returns the line.
func cosignatureBy(t testing.TB, secret string, signed []byte) string {
	t.Helper()
	signer, err := formats.NewSignerForCosignatureV1(secret)
	if err != nil {
		t.Fatal(err)
	}
	end := bytes.LastIndex(signed, []byte("\n\n"))
	if end < 0 {
		t.Fatal("it is not a note")
	}
	text := string(signed[:end+1])
	cosigned, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(string(cosigned), text+"\n")
}

func TestABadAnswerIsRefused(t *testing.T) {
	h := newHub(t, origin).grow(t, 9, "")
	signed := h.signed(t, 9)
	secret, public, err := witness.NewKey(name)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := ledger.ParseWitness(public)
	if err != nil {
		t.Fatal(err)
	}
	strangers, _, err := witness.NewKey(name)
	if err != nil {
		t.Fatal(err)
	}
	good := cosignatureBy(t, secret, signed)
	foreign := cosignatureBy(t, strangers, signed)
	longer := cosignatureBy(t, secret, bytes.Replace(signed, []byte("\n\n"), []byte("\n\nfurther\n\n"), 1))
	plain, err := note.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	untimed, err := note.Sign(&note.Note{Text: strings.SplitAfter(string(signed), "=\n")[0]}, plain)
	if err != nil {
		t.Fatal(err)
	}
	const size = "text/x.tlog.size"
	for _, test := range []struct {
		name   string
		status int
		kind   string
		body   string
		taken  bool
		fork   bool // it means ErrInconsistent
	}{
		{name: "a cosignature", status: 200, body: good, taken: true},
		{name: "after that of another", status: 200, body: foreign + good, taken: true},
		{name: "before that of another", status: 200, body: good + foreign, taken: true},

		{name: "nothing", status: 200},
		{name: "an empty line", status: 200, body: "\n"},
		{name: "an empty line before it", status: 200, body: "\n" + good},
		{name: "a text before it", status: 200, body: "further\n\n" + good},
		{name: "no line end", status: 200, body: strings.TrimSuffix(good, "\n")},
		{name: "that of another only", status: 200, body: foreign},
		{name: "of another checkpoint", status: 200, body: cosignatureBy(t, secret, h.signed(t, 8))},
		{name: "of a text that it makes longer", status: 200, body: "further\n\n" + longer},
		{name: "without a time", status: 200, body: string(untimed[bytes.Index(untimed, []byte("— ")):])},
		{name: "too long", status: 200, body: good + strings.Repeat("— "+strings.Repeat("x", 1000)+" AAAAAAAAAAA=\n", 20)},
		{name: "far too long", status: 200, body: strings.Repeat("endless", 1<<20)},
		{name: "in a page", status: 200, body: "<p>Welcome</p>\n"},
		{name: "with another good status", status: 202, body: good},
		{name: "with a bad status", status: 500, body: good},
		{name: "unknown", status: 404, body: "404 page not found\n"},

		{name: "no proof", status: 422, fork: true},
		{name: "a conflict at the same size", status: 409, fork: true},
		{name: "a conflict at the same size, with it", status: 409, kind: size, body: "9\n", fork: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
				if test.kind != "" {
					out.Header().Set("Content-Type", test.kind)
				}
				out.WriteHeader(test.status)
				fmt.Fprint(out, test.body)
			}))
			defer server.Close()
			client := &witness.Client{URL: server.URL, Verifier: verifier}
			cosigned, err := client.Submit(t.Context(), 9, nil, signed)
			if !test.taken {
				_, conflict := errors.AsType[*witness.ConflictError](err)
				if err == nil || cosigned != nil || conflict || errors.Is(err, witness.ErrInconsistent) != test.fork {
					t.Errorf("it is taken as %q, %v", cosigned, err)
				}
				return
			}
			if want := string(signed) + good; err != nil || string(cosigned) != want {
				t.Errorf("it is taken as %q, %v; want %q", cosigned, err, want)
			}
		})
	}
}

func TestAConflictMustSayWithWhat(t *testing.T) {
	h := newHub(t, origin).grow(t, 9, "")
	p := serve(t, h.verifier)
	for _, test := range []struct {
		kind, body string
		size       int64 // -1 if it is not a size
	}{
		{"text/x.tlog.size", "7\n", 7},
		{"text/x.tlog.size; charset=utf-8", "0\n", 0},
		{"text/x.tlog.size", "12\n", 12},
		{"text/plain", "7\n", -1},
		{"", "7\n", -1},
		{"text/x.tlog.size", "7", -1},
		{"text/x.tlog.size", "07\n", -1},
		{"text/x.tlog.size", "-7\n", -1},
		{"text/x.tlog.size", "7\n8\n", -1},
		{"text/x.tlog.size", "9223372036854775808\n", -1},
		{"text/x.tlog.size", "", -1},
		{"text/x.tlog.size", "5\n", -1}, // that is what was submitted
	} {
		t.Run(fmt.Sprintf("%s %q", test.kind, test.body), func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
				out.Header()["Content-Type"] = []string{test.kind}
				out.WriteHeader(http.StatusConflict)
				fmt.Fprint(out, test.body)
			}))
			defer server.Close()
			client := &witness.Client{URL: server.URL, Verifier: p.verifier}
			_, err := client.Submit(t.Context(), 5, h.proof(t, 5, 9), h.signed(t, 9))
			conflict, ok := errors.AsType[*witness.ConflictError](err)
			switch {
			case err == nil || errors.Is(err, witness.ErrInconsistent) || ok != (test.size >= 0):
				t.Errorf("the error is %v", err)
			case ok && conflict.Size != test.size:
				t.Errorf("the size is %d", conflict.Size)
			}
		})
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	h := newHub(t, origin).grow(t, 9, "")
	p := serve(t, h.verifier)
	for _, status := range []int{http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		away := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
			http.Redirect(out, in, p.URL+"/add-checkpoint", status)
		}))
		client := &witness.Client{URL: away.URL, Verifier: p.verifier}
		if _, err := client.Submit(t.Context(), 0, nil, h.signed(t, 9)); err == nil {
			t.Errorf("status %d is followed", status)
		}
		away.Close()
	}
	p.mustRefuse(t, h.move(t, 5, 9), http.StatusConflict, "0\n") // nothing ever came
}

func TestWhatCannotBeRightIsNotSubmitted(t *testing.T) {
	h := newHub(t, origin).grow(t, 9, "")
	p := serve(t, h.verifier)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, in *http.Request) {
		t.Errorf("it is submitted to %s", in.URL)
	}))
	defer server.Close()
	for name, submit := range map[string]struct {
		old    int64
		proof  tlog.TreeProof
		signed []byte
	}{
		"nothing":                     {},
		"no checkpoint":               {signed: h.signText(t, "a note\n")},
		"a negative old size":         {old: -1, signed: h.signed(t, 9)},
		"an old size after it":        {old: 10, signed: h.signed(t, 9)},
		"no proof":                    {old: 5, signed: h.signed(t, 9)},
		"a proof from nothing":        {proof: h.proof(t, 5, 9), signed: h.signed(t, 9)},
		"a proof where there is none": {old: 9, proof: h.proof(t, 5, 9), signed: h.signed(t, 9)},
		"too long a proof":            {old: 5, proof: make(tlog.TreeProof, 64), signed: h.signed(t, 9)},
	} {
		t.Run(name, func(t *testing.T) {
			client := &witness.Client{URL: server.URL, Verifier: p.verifier}
			if _, err := client.Submit(t.Context(), submit.old, submit.proof, submit.signed); err == nil {
				t.Error("it is not refused")
			}
		})
	}
}

func TestAClientOfOnesOwnIsUsed(t *testing.T) {
	h := newHub(t, origin).grow(t, 9, "")
	p := serve(t, h.verifier)
	secure := httptest.NewTLSServer(p)
	defer secure.Close()
	client := &witness.Client{URL: secure.URL, Verifier: p.verifier}
	if _, err := client.Submit(t.Context(), 0, nil, h.signed(t, 9)); err == nil {
		t.Error("a certificate that nobody knows is trusted")
	}
	client.HTTP = secure.Client()
	if _, err := client.Submit(t.Context(), 0, nil, h.signed(t, 9)); err != nil {
		t.Error(err)
	}
}

func TestMerge(t *testing.T) {
	h := newHub(t, origin).grow(t, 9, "")
	signed := h.signed(t, 9)
	var verifiers []note.Verifier
	var lines []string
	for i := range 3 {
		secret, public, err := witness.NewKey(fmt.Sprintf("witness.example/w%d", i))
		if err != nil {
			t.Fatal(err)
		}
		verifier, err := ledger.ParseWitness(public)
		if err != nil {
			t.Fatal(err)
		}
		verifiers = append(verifiers, verifier)
		lines = append(lines, cosignatureBy(t, secret, signed))
	}
	by := func(witnesses ...int) []byte {
		cosigned := bytes.Clone(signed)
		for _, i := range witnesses {
			cosigned = append(cosigned, lines[i]...)
		}
		return cosigned
	}
	many := func(from, to int) []byte {
		cosigned := bytes.Clone(signed)
		for i := from; i < to; i++ {
			cosigned = fmt.Appendf(cosigned, "— else.example/w%d AAAAAAAAAAA=\n", i)
		}
		return cosigned
	}

	for name, test := range map[string]struct {
		notes [][]byte
		want  []byte // nil if it is an error
	}{
		"one":                      {[][]byte{signed}, signed},
		"of each witness one":      {[][]byte{signed, by(0), by(1), by(2)}, by(0, 1, 2)},
		"some twice":               {[][]byte{by(1), by(0, 1), by(1, 2), by(1, 2)}, by(1, 0, 2)},
		"two by one key":           {[][]byte{by(0), append(by(1), "— witness.example/w0 "+again(lines[0])...)}, by(0, 1)},
		"as many as a note has":    {[][]byte{many(0, 60), many(50, 99)}, many(0, 99)},
		"more than a note has":     {[][]byte{many(0, 60), many(50, 100)}, nil},
		"of different checkpoints": {[][]byte{by(0), h.signed(t, 8)}, nil},
		"no note first":            {[][]byte{[]byte("no note"), signed}, nil},
		"no note after":            {[][]byte{signed, nil}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			merged, err := witness.Merge(test.notes[0], test.notes[1:]...)
			if (err == nil) != (test.want != nil) || !bytes.Equal(merged, test.want) {
				t.Fatalf("they merge to %q, %v; want %q", merged, err, test.want)
			}
		})
	}
	merged, err := witness.Merge(signed, by(0), by(2))
	if err != nil {
		t.Fatal(err)
	}
	if _, n, err := ledger.OpenWitnessed(merged, h.verifier, verifiers...); err != nil || n != 2 {
		t.Errorf("it is cosigned %d times, %v", n, err)
	}
}

// again returns another signature by the key of a line: what a later cosignature by
// the same witness looks like.
func again(line string) string {
	_, signature, _ := strings.Cut(strings.TrimPrefix(line, "— "), " ")
	return signature[:12] + "AAAA" + signature[16:]
}
