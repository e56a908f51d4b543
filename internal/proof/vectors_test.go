package proof_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	formats "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/liaison-protocol/liaison/internal/proof/envelope"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
	"github.com/liaison-protocol/liaison/internal/proof/record"
	"github.com/liaison-protocol/liaison/internal/proof/sealed"
	"github.com/liaison-protocol/liaison/internal/proof/statement"
	"github.com/liaison-protocol/liaison/internal/proof/witness"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

var update = flag.Bool("update", false, "make the vectors in testdata/vectors anew")

const vectors = "../../testdata/vectors"

// The files of testdata/vectors. Byte strings are base64; README.md there says what each
// field is.
type (
	envelopeVectors struct {
		Note        string           `json:"note"`
		Authorities []string         `json:"authorities"` // DER
		Vectors     []envelopeVector `json:"vectors"`
	}
	envelopeVector struct {
		Name      string          `json:"name"`
		Valid     bool            `json:"valid"`
		Signer    string          `json:"signer,omitempty"`
		PAE       []byte          `json:"pae,omitempty"`
		Envelope  json.RawMessage `json:"envelope"`
		Statement json.RawMessage `json:"statement,omitempty"`
	}
	sealedVectors struct {
		Note    string         `json:"note"`
		Vectors []sealedVector `json:"vectors"`
	}
	sealedVector struct {
		Name       string   `json:"name"`
		Identity   string   `json:"identity"`
		Recipients []string `json:"recipients"`
		Valid      bool     `json:"valid"`
		Sealed     []byte   `json:"sealed"`
		Content    []byte   `json:"content,omitempty"`
		SelectorID string   `json:"selector_id,omitempty"`
	}
	leafVectors struct {
		Note    string       `json:"note"`
		Vectors []leafVector `json:"vectors"`
	}
	leafVector struct {
		Name   string `json:"name"`
		Valid  bool   `json:"valid"`
		Salt   []byte `json:"salt,omitempty"`
		Body   []byte `json:"body,omitempty"`
		Leaf   string `json:"leaf"`
		Digest string `json:"digest,omitempty"` // hexadecimal
		Hash   []byte `json:"hash,omitempty"`
	}
	ledgerVectors struct {
		Note        string             `json:"note"`
		HubKey      string             `json:"hub_key"`
		WitnessKey  string             `json:"witness_key"`
		LeafHashes  [][]byte           `json:"leaf_hashes"`
		Checkpoints []checkpointVector `json:"checkpoints"`
		Inclusion   []proofVector      `json:"inclusion"`
		Consistency []proofVector      `json:"consistency"`
	}
	checkpointVector struct {
		Name      string `json:"name"`
		Valid     bool   `json:"valid"`
		Witnessed bool   `json:"witnessed"`
		Note      string `json:"note"`
	}
	proofVector struct {
		Name  string   `json:"name"`
		Valid bool     `json:"valid"`
		From  int64    `json:"from"` // the event, or the smaller tree's size
		To    int64    `json:"to"`   // the tree's size
		Proof [][]byte `json:"proof"`
	}
)

const forTestsOnly = "Keys and certificates in here are for tests alone: everybody has them."

func write(t *testing.T, name string, content any) {
	t.Helper()
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(content); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(vectors, name), text.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func load[T any](t *testing.T, name string) (content T) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(read(t, filepath.Join(vectors, name))))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&content); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return content
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// line is a message as JSON without white space that varies.
func line(m proto.Message) json.RawMessage {
	var compact bytes.Buffer
	if err := json.Compact(&compact, must(protojson.MarshalOptions{UseProtoNames: true}.Marshal(m))); err != nil {
		panic(err)
	}
	return compact.Bytes()
}

// TestVectors holds this implementation against the vectors that others are given, and
// makes them anew with -update.
func TestVectors(t *testing.T) {
	if *update {
		makeEnvelopes(t)
		makeSealed(t)
		makeParts(t)
		makeLeaves(t)
		makeDirectory(t)
		makeLedger(t)
	}
	t.Run("envelope", checkEnvelopes)
	t.Run("sealed", checkSealed)
	t.Run("part", checkParts)
	t.Run("leaf", checkLeaves)
	t.Run("directory", checkDirectory)
	t.Run("ledger", checkLedger)
}

func makeEnvelopes(t *testing.T) {
	t.Helper()
	moc, stranger := must(pki.NewCA("moc.example", time.Now)), must(pki.NewCA("moc.example", time.Now))
	signerOf := func(ca *pki.CA, ed bool) envelope.Signer {
		request := pki.Request{Role: "officer", Name: "amal.hassan", NotAfter: ca.Certificate.NotAfter}
		if !ed {
			leaf := must(ca.Issue(request))
			return envelope.Signer{Key: leaf.Key, Chain: []*x509.Certificate{leaf.Certificate}}
		}
		public, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		request.PublicKey = public
		return envelope.Signer{Key: key, Chain: []*x509.Certificate{must(ca.Issue(request)).Certificate}}
	}
	s := &liaisonv1.Statement{
		Hub: "hub.example/1", Request: "requests/0199a000-0000-7000-8000-000000000000", SignTime: timestamppb.Now(),
		PreviousSha256: make([]byte, 32), Detail: &liaisonv1.Statement_Approved{Approved: &liaisonv1.Approval{Note: "موافق"}},
	}
	file := envelopeVectors{Note: forTestsOnly}
	block, _ := pem.Decode(pki.CertificatePEM(moc.Certificate))
	file.Authorities = []string{encode64(block.Bytes)}
	add := func(name string, valid bool, signer envelope.Signer, change func(*liaisonv1.Envelope)) {
		e := must(statement.Sign(signer, s)).Envelope
		if change != nil {
			change(e)
		}
		v := envelopeVector{Name: name, Valid: valid, Envelope: line(e)}
		if valid {
			v.Signer, v.PAE, v.Statement = signer.Chain[0].URIs[0].String(), dsse.PAE(e.GetPayloadType(), e.GetPayload()), line(s)
		}
		file.Vectors = append(file.Vectors, v)
	}
	add("ECDSA on P-256", true, signerOf(moc, false), nil)
	add("Ed25519", true, signerOf(moc, true), nil)
	add("one bit of the payload changed", false, signerOf(moc, false), func(e *liaisonv1.Envelope) { e.Payload[len(e.Payload)-1] ^= 1 })
	add("one bit of an Ed25519 signature changed", false, signerOf(moc, true), func(e *liaisonv1.Envelope) { e.Signatures[0].Sig[5] ^= 1 })
	add("another type than was signed", false, signerOf(moc, false), func(e *liaisonv1.Envelope) { e.PayloadType = "application/octet-stream" })
	add("another authority of the same name", false, signerOf(stranger, false), nil)
	add("the certificate of somebody else", false, signerOf(moc, false), func(e *liaisonv1.Envelope) {
		e.Signatures[0].Certificates[0] = signerOf(moc, false).Chain[0].Raw
	})
	write(t, "envelope.json", file)
}

func encode64(raw []byte) string { return strings.Trim(string(must(json.Marshal(raw))), `"`) }

func checkEnvelopes(t *testing.T) {
	file := load[envelopeVectors](t, "envelope.json")
	pool := x509.NewCertPool()
	for _, text := range file.Authorities {
		var der []byte
		if err := json.Unmarshal([]byte(`"`+text+`"`), &der); err != nil {
			t.Fatal(err)
		}
		pool.AddCert(must(x509.ParseCertificate(der)))
	}
	for _, v := range file.Vectors {
		t.Run(v.Name, func(t *testing.T) {
			e := &liaisonv1.Envelope{}
			if err := protojson.Unmarshal(v.Envelope, e); err != nil {
				t.Fatal(err)
			}
			opened, err := statement.Open(e)
			if err == nil {
				leaf := opened.Chain[0]
				_, err = leaf.Verify(x509.VerifyOptions{Roots: pool, CurrentTime: opened.GetSignTime().AsTime(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
			}
			if (err == nil) != v.Valid {
				t.Fatalf("it ends with %v, wanted it valid: %t", err, v.Valid)
			}
			if !v.Valid {
				return
			}
			want := &liaisonv1.Statement{}
			if err := protojson.Unmarshal(v.Statement, want); err != nil {
				t.Fatal(err)
			}
			if !proto.Equal(opened.Statement, want) || !bytes.Equal(v.PAE, dsse.PAE(e.GetPayloadType(), e.GetPayload())) || opened.Chain[0].URIs[0].String() != v.Signer {
				t.Error("it says something else")
			}
		})
	}
}

func makeSealed(t *testing.T) {
	t.Helper()
	content := must(proto.Marshal(&liaisonv1.SealedAnswer{
		Answer: &liaisonv1.Answer{Screening: &liaisonv1.Screening{Result: liaisonv1.ScreeningResult_SCREENING_RESULT_NONE_KNOWN}, Final: true, Findings: []*liaisonv1.Finding{{
			SelectorId: "uploader-1",
			Outcomes:   []*liaisonv1.Outcome{{Category: liaisonv1.DataCategory_DATA_CATEGORY_SUBSCRIBER_IDENTITY, Code: liaisonv1.OutcomeCode_OUTCOME_CODE_NOT_FOUND}},
		}}},
		Padding: make([]byte, 64),
	}))
	file := sealedVectors{Note: forTestsOnly}
	add := func(name string, keys []string, valid bool, change func([]byte)) {
		var recipients []string
		for _, key := range keys {
			recipients = append(recipients, must(sealed.ParseKeys(key)).Recipients()...)
		}
		box := must(sealed.Seal(content, recipients))
		if change != nil {
			change(box)
		}
		v := sealedVector{Name: name, Identity: keys[len(keys)-1], Recipients: recipients, Valid: valid, Sealed: box}
		if valid {
			v.Content, v.SelectorID = content, "uploader-1"
		}
		file.Vectors = append(file.Vectors, v)
	}
	hybrid := func() string {
		secret, _, err := sealed.NewKey()
		if err != nil {
			t.Fatal(err)
		}
		return secret
	}
	x25519 := func() string { return must(age.GenerateX25519Identity()).String() }
	add("hybrid post-quantum", []string{hybrid()}, true, nil)
	add("X25519", []string{x25519()}, true, nil)
	add("to two, opened by the second", []string{hybrid(), hybrid()}, true, nil)
	add("one bit changed", []string{x25519()}, false, func(box []byte) { box[len(box)-1] ^= 1 })
	write(t, "sealed.json", file)
}

func checkSealed(t *testing.T) {
	for _, v := range load[sealedVectors](t, "sealed.json").Vectors {
		t.Run(v.Name, func(t *testing.T) {
			content, err := sealed.Open(v.Sealed, must(sealed.ParseKeys(v.Identity)), 1<<20)
			if (err == nil) != v.Valid {
				t.Fatalf("it ends with %v, wanted it valid: %t", err, v.Valid)
			}
			if !v.Valid {
				return
			}
			inside := &liaisonv1.SealedAnswer{}
			if err := proto.Unmarshal(content, inside); err != nil || !bytes.Equal(content, v.Content) || inside.GetAnswer().GetFindings()[0].GetSelectorId() != v.SelectorID {
				t.Errorf("it holds something else: %v", err)
			}
		})
	}
}

func makeLeaves(t *testing.T) {
	t.Helper()
	at := time.Date(2026, 10, 2, 6, 40, 0, 1000, time.UTC)
	event := &liaisonv1.Event{
		Sequence: 4711, CreateTime: timestamppb.New(at), Request: "requests/0199a000-0000-7000-8000-000000000000", Authority: "authorities/moc",
		Platform: "platforms/messenger", Actor: "spiffe://moc.example/officer/amal.hassan", State: liaisonv1.RequestState_REQUEST_STATE_WITHDRAWN,
		Etag: "3mv", Urgency: liaisonv1.Urgency_URGENCY_ROUTINE, PreviousSequence: 4000,
		Detail: &liaisonv1.Event_Withdrawn{Withdrawn: &liaisonv1.Withdrawal{Reason: "سُحب الطلب"}},
	}
	salt := bytes.Repeat([]byte{7}, ledger.SaltSize)
	body := must(record.Encode(event, func() ([]byte, error) { return salt, nil })).GetBody()
	leaf := ledger.Leaf{
		Sequence: event.GetSequence(), Time: at, Request: event.GetRequest(), Type: record.Type(event), Actor: event.GetActor(),
		AuthorityIndex: 17, PlatformIndex: 5, Digest: ledger.Digest(salt, body),
	}
	hash := leaf.Hash()
	file := leafVectors{Note: "The salt is for tests alone: a hub's are random."}
	file.Vectors = append(file.Vectors, leafVector{Name: "a withdrawal", Valid: true, Salt: salt, Body: body, Leaf: leaf.String(), Digest: hex.EncodeToString(leaf.Digest[:]), Hash: hash[:]})
	hidden := leaf
	hidden.PlatformIndex = 0
	hiddenHash := hidden.Hash()
	file.Vectors = append(file.Vectors, leafVector{Name: "one that the platform does not know of, and that was purged", Valid: true, Leaf: hidden.String(), Digest: hex.EncodeToString(leaf.Digest[:]), Hash: hiddenHash[:]})
	reviewed := leaf
	reviewed.ReviewerIndex = 3
	reviewedHash := reviewed.Hash()
	file.Vectors = append(file.Vectors, leafVector{Name: "one that a reviewer may see", Valid: true, Salt: salt, Body: body, Leaf: reviewed.String(), Digest: hex.EncodeToString(leaf.Digest[:]), Hash: reviewedHash[:]})
	invalid := map[string]string{
		"without the reviewer's place": strings.Replace(reviewed.String(), "\n3\n", "\n", 1),
		"without its last line feed":   strings.TrimSuffix(leaf.String(), "\n"),
		"with a line more":             leaf.String() + "x\n",
		"a number with a zero":         strings.Replace(leaf.String(), "\n4711\n", "\n04711\n", 1),
		"a time without its micros":    strings.Replace(leaf.String(), ".000001Z", "Z", 1),
		"another format":               strings.Replace(leaf.String(), "v1", "v2", 1),
	}
	for _, name := range slices.Sorted(maps.Keys(invalid)) {
		file.Vectors = append(file.Vectors, leafVector{Name: name, Leaf: invalid[name]})
	}
	file.Vectors = append(file.Vectors, leafVector{Name: "the digest of another body", Salt: salt, Body: append(bytes.Clone(body), 0), Leaf: leaf.String()})
	write(t, "leaf.json", file)
}

func checkLeaves(t *testing.T) {
	for _, v := range load[leafVectors](t, "leaf.json").Vectors {
		t.Run(v.Name, func(t *testing.T) {
			leaf, err := ledger.ParseLeaf(v.Leaf)
			valid := err == nil && (v.Body == nil || leaf.Digest == ledger.Digest(v.Salt, v.Body))
			if valid != v.Valid {
				t.Fatalf("it is valid: %t (%v), wanted %t", valid, err, v.Valid)
			}
			if hash := leaf.Hash(); valid && (!bytes.Equal(hash[:], v.Hash) || hex.EncodeToString(leaf.Digest[:]) != v.Digest) {
				t.Error("it has another hash or digest")
			}
		})
	}
}

func makeLedger(t *testing.T) {
	t.Helper()
	secret, public := must2(ledger.NewKey("hub.example/1"))
	signer, _ := must2(ledger.ParseSigner(secret))
	witnessSecret, witnessKey := must2(witness.NewKey("witness.example"))
	cosigner := must(formats.NewSignerForCosignatureV1(witnessSecret))
	file := ledgerVectors{Note: forTestsOnly, HubKey: public, WitnessKey: witnessKey}
	var stored hashes
	const size = 13
	sign := func(n int64, signers ...note.Signer) string {
		root := must(tlog.TreeHash(n, stored))
		signed := must(ledger.Checkpoint{Origin: "hub.example/1", Size: n, Root: root}.Sign(signer))
		if len(signers) > 0 {
			opened := must(note.Open(signed, note.VerifierList(must(ledger.ParseVerifier(public)))))
			signed = must(note.Sign(opened, signers...))
		}
		return string(signed)
	}
	for n := range int64(size) {
		hash := tlog.RecordHash([]byte{byte(n)})
		file.LeafHashes = append(file.LeafHashes, hash[:])
		stored = append(stored, must(tlog.StoredHashesForRecordHash(n, hash, stored))...)
		if n == 0 || n == 6 || n == 7 {
			file.Checkpoints = append(file.Checkpoints, checkpointVector{Name: "of a growing tree", Valid: true, Note: sign(n + 1)})
		}
	}
	last := sign(size)
	file.Checkpoints = append(file.Checkpoints,
		checkpointVector{Name: "of the whole tree, cosigned", Valid: true, Witnessed: true, Note: sign(size, cosigner)},
		checkpointVector{Name: "of another tree", Note: strings.Replace(sign(7), "\n7\n", "\n8\n", 1)},
		checkpointVector{Name: "of another ledger", Note: strings.Replace(last, "hub.example/1\n", "other.example/1\n", 1)},
		checkpointVector{Name: "without a signature", Note: last[:strings.Index(last, "—")]},
	)
	for _, p := range [][2]int64{{1, 1}, {1, 13}, {7, 7}, {7, 13}, {13, 13}} {
		proof := must(tlog.ProveRecord(p[1], p[0]-1, stored))
		file.Inclusion = append(file.Inclusion, proofVector{Name: "an event", Valid: true, From: p[0], To: p[1], Proof: ledger.Bytes(proof)})
	}
	wrong := must(tlog.ProveRecord(13, 6, stored))
	file.Inclusion = append(file.Inclusion, proofVector{Name: "a proof for another event", From: 8, To: 13, Proof: ledger.Bytes(wrong)})
	for _, p := range [][2]int64{{1, 13}, {7, 8}, {8, 13}, {7, 13}} {
		proof := must(tlog.ProveTree(p[1], p[0], stored))
		file.Consistency = append(file.Consistency, proofVector{Name: "a tree that has grown", Valid: true, From: p[0], To: p[1], Proof: ledger.Bytes(proof)})
	}
	forged := must(tlog.ProveTree(13, 7, stored))
	forged[0][0] ^= 1
	file.Consistency = append(file.Consistency, proofVector{Name: "a proof of another history", From: 7, To: 13, Proof: ledger.Bytes(forged)})
	write(t, "ledger.json", file)
}

func must2[A, B any](a A, b B, err error) (A, B) {
	if err != nil {
		panic(err)
	}
	return a, b
}

// hashes are those that a ledger stores.
type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		found[i] = h[index]
	}
	return found, nil
}

func checkLedger(t *testing.T) {
	file := load[ledgerVectors](t, "ledger.json")
	var stored hashes
	for n, raw := range file.LeafHashes {
		stored = append(stored, must(tlog.StoredHashesForRecordHash(int64(n), tlog.Hash(raw), stored))...)
	}
	at := func(size int64) ledger.Checkpoint {
		return ledger.Checkpoint{Origin: "hub.example/1", Size: size, Root: must(tlog.TreeHash(size, stored))}
	}
	hub, cosigner := must(ledger.ParseVerifier(file.HubKey)), must(ledger.ParseWitness(file.WitnessKey))
	for _, v := range file.Checkpoints {
		c, cosigned, err := ledger.OpenWitnessed([]byte(v.Note), hub, cosigner)
		if valid := err == nil && c == at(c.Size); valid != v.Valid || (cosigned == 1) != v.Witnessed {
			t.Errorf("checkpoint %s: valid %t, cosigned by %d: %v", v.Name, valid, cosigned, err)
		}
	}
	for _, v := range file.Inclusion {
		err := ledger.CheckInclusion(at(v.To), uint64(v.From), tlog.Hash(file.LeafHashes[v.From-1]), must(ledger.ProofFrom(v.Proof)))
		if (err == nil) != v.Valid {
			t.Errorf("%s, %d in %d: %v", v.Name, v.From, v.To, err)
		}
	}
	for _, v := range file.Consistency {
		err := ledger.CheckConsistency(at(v.From), at(v.To), must(ledger.ProofFrom(v.Proof)))
		if (err == nil) != v.Valid {
			t.Errorf("%s, %d to %d: %v", v.Name, v.From, v.To, err)
		}
	}
}

// TestAnotherLanguageReadsTheVectors runs the program in JavaScript over them, and over a
// copy in which something was changed.
func TestAnotherLanguageReadsTheVectors(t *testing.T) {
	modules, err := filepath.Abs("../../.tools/vectors/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, "age-encryption")); err != nil {
		t.Fatal("the packages of npm are not there: run `make .tools/vectors/node_modules`")
	}
	check := func(change func(dir string)) (string, error) {
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(vectors)); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
			t.Fatal(err)
		}
		change(dir)
		out, err := exec.Command("node", filepath.Join(dir, "verify.mjs")).CombinedOutput()
		return string(out), err
	}
	out, err := check(func(string) {})
	if err != nil || !strings.Contains(out, "hybrid post-quantum: selector uploader-1") {
		t.Fatalf("%v\n%s", err, out)
	}
	for file, change := range map[string][2]string{
		"envelope.json":  {`"valid": true`, `"valid": false`},
		"sealed.json":    {"uploader-1", "uploader-2"},
		"part.json":      {`"error": "digest"`, `"error": "empty"`},
		"leaf.json":      {`\n17\n`, `\n18\n`},
		"directory.json": {`"fingerprint": "`, `"fingerprint": "0`},
		"ledger.json":    {`\n13\n`, `\n12\n`},
	} {
		out, err := check(func(dir string) {
			text := read(t, filepath.Join(dir, file))
			changed := strings.Replace(text, change[0], change[1], 1)
			if changed == text {
				t.Fatalf("%s has nothing to change", file)
			}
			if err := os.WriteFile(filepath.Join(dir, file), []byte(changed), 0o600); err != nil {
				t.Fatal(err)
			}
		})
		if err == nil || !strings.Contains(out, "WRONG") {
			t.Errorf("%s was changed, and the program says:\n%s", file, out)
		}
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
