package ledger_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/liaison-protocol/liaison/internal/proof/ledger"
)

func leaf(n int) ledger.Leaf {
	return ledger.Leaf{
		Sequence: uint64(n), Time: time.Date(2026, 11, 23, 9, 0, n, 1000, time.UTC),
		Request: "requests/0193c2f0-7b2a-7c11-9d6a-1f2e3d4c5b6a", Type: "filed", Actor: "spiffe://moc.example/officer/desk",
		AuthorityIndex: uint64(n), PlatformIndex: 0, Digest: ledger.Digest(make([]byte, ledger.SaltSize), fmt.Append(nil, n)),
	}
}

// stored keeps hashes as a hub does.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, index := range indexes {
		if index >= int64(len(s)) {
			return nil, fmt.Errorf("there is no hash %d", index)
		}
		hashes = append(hashes, s[index])
	}
	return hashes, nil
}

func TestALeafHasOneText(t *testing.T) {
	whole := leaf(7)
	whole.ReviewerIndex = 3
	text := whole.String()
	parsed, err := ledger.ParseLeaf(text)
	if err != nil || parsed != whole {
		t.Fatalf("it reads as %+v, %v", parsed, err)
	}
	if parsed, err := ledger.ParseLeaf(leaf(7).String()); err != nil || parsed != leaf(7) {
		t.Fatalf("one in no reviewer's feed reads as %+v, %v", parsed, err)
	}
	for name, other := range map[string]string{
		"a place with a zero before it": strings.Replace(text, "\n3\n", "\n03\n", 1),
		"without the reviewer's place":  strings.Replace(text, "\n3\n", "\n", 1),
		"the directory's form":          strings.Replace(text, "event", "directory", 1),
		"nothing":                       "",
		"another version":               strings.Replace(text, "v1", "v2", 1),
		"no last line end":              strings.TrimSuffix(text, "\n"),
		"another line":                  text + "\n",
		"a number with a zero":          strings.Replace(text, "\n7\n", "\n07\n", 1),
		"a number with a sign":          strings.Replace(text, "\n7\n", "\n+7\n", 1),
		"a negative number":             strings.Replace(text, "\n7\n", "\n-7\n", 1),
		"no sequence":                   strings.Replace(text, "\n7\n2026", "\n0\n2026", 1),
		"a number too great":            strings.Replace(text, "\n7\n2026", "\n9223372036854775808\n2026", 1),
		"a time with a zone":            strings.Replace(text, "Z\n", "+00:00\n", 1),
		"a time without micros":         strings.Replace(text, ".000001Z", "Z", 1),
		"an upper-case digest":          strings.ToUpper(text[:len(text)-65]) + strings.ToUpper(text[len(text)-65:]),
		"a short digest":                text[:len(text)-3] + "\n",
		"no request":                    strings.Replace(text, "requests/", "request/", 1),
		"a type of other letters":       strings.Replace(text, "filed", "Filed", 1),
		"no actor":                      strings.Replace(text, "spiffe://", "https://", 1),
		"windows line ends":             strings.ReplaceAll(text, "\n", "\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := ledger.ParseLeaf(other); !errors.Is(err, ledger.ErrLeaf) {
				t.Errorf("it is taken: %v", err)
			}
		})
	}
}

func FuzzParseLeaf(f *testing.F) {
	f.Add(leaf(1).String())
	f.Add("liaison event v1\n\n\n\n\n\n\n\n\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		if l, err := ledger.ParseLeaf(text); err == nil && l.String() != text {
			t.Errorf("it reads as a leaf whose text is another: %q", l.String())
		}
	})
}

// A tree that grows by its edge alone is the tree that the whole log makes, in any
// batches, and every leaf of a batch is proved in the batch's checkpoint.
func TestTheEdgeGrowsIntoTheSameTree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var hashes stored
		tree, err := ledger.NewTree(0, hashes)
		if err != nil {
			t.Fatal(err)
		}
		checkpoints := []ledger.Checkpoint{}
		n := 0
		for _, size := range rapid.SliceOfN(rapid.IntRange(1, 20), 1, 12).Draw(t, "batches") {
			if rapid.Bool().Draw(t, "restart") {
				if tree, err = ledger.NewTree(int64(n), hashes); err != nil {
					t.Fatal(err)
				}
			}
			first := n
			for range size {
				added, err := tree.Append(leaf(n + 1).Hash())
				if err != nil {
					t.Fatal(err)
				}
				hashes = append(hashes, added...)
				n++
			}
			root, err := tree.Root()
			if err != nil {
				t.Fatal(err)
			}
			whole, err := tlog.TreeHash(int64(n), hashes)
			if err != nil || whole != root {
				t.Fatalf("the edge's root is another than the log's: %v", err)
			}
			c := ledger.Checkpoint{Origin: "hub.example", Size: int64(n), Root: root}
			for i := first; i < n; i++ {
				proof, err := tree.Prove(int64(i))
				if err != nil {
					t.Fatal(err)
				}
				if err := ledger.CheckInclusion(c, uint64(i+1), leaf(i+1).Hash(), proof); err != nil {
					t.Fatal(err)
				}
				if err := ledger.CheckInclusion(c, uint64(i+1), leaf(i+2).Hash(), proof); !errors.Is(err, ledger.ErrProof) {
					t.Fatalf("another leaf is proved: %v", err)
				}
				if other := uint64(i); other > 0 {
					if err := ledger.CheckInclusion(c, other, leaf(i+1).Hash(), proof); !errors.Is(err, ledger.ErrProof) {
						t.Fatalf("the leaf is proved at another place: %v", err)
					}
				}
			}
			tree.Trim()
			for _, earlier := range checkpoints {
				proof, err := tlog.ProveTree(c.Size, earlier.Size, hashes)
				if err != nil {
					t.Fatal(err)
				}
				if err := ledger.CheckConsistency(earlier, c, proof); err != nil {
					t.Fatal(err)
				}
				forged := earlier
				forged.Root[0] ^= 1
				if err := ledger.CheckConsistency(forged, c, proof); !errors.Is(err, ledger.ErrProof) {
					t.Fatalf("another beginning is proved: %v", err)
				}
			}
			checkpoints = append(checkpoints, c)
		}
	})
}

func TestConsistencyOfTheSameSizeNeedsTheSameRoot(t *testing.T) {
	a := ledger.Checkpoint{Origin: "hub.example", Size: 5, Root: tlog.RecordHash([]byte("a"))}
	b := a
	b.Root = tlog.RecordHash([]byte("b"))
	if err := ledger.CheckConsistency(a, a, nil); err != nil {
		t.Error(err)
	}
	if err := ledger.CheckConsistency(a, b, nil); !errors.Is(err, ledger.ErrProof) {
		t.Errorf("two trees of one size are taken for one: %v", err)
	}
	smaller := a
	smaller.Size = 4
	if err := ledger.CheckConsistency(a, smaller, nil); !errors.Is(err, ledger.ErrProof) {
		t.Errorf("a ledger that shrinks is taken: %v", err)
	}
	other := a
	other.Origin = "other.example"
	if err := ledger.CheckConsistency(a, other, nil); !errors.Is(err, ledger.ErrProof) {
		t.Errorf("another ledger is taken: %v", err)
	}
}

func TestCheckpoints(t *testing.T) {
	secret, public, err := ledger.NewKey("hub.example")
	if err != nil {
		t.Fatal(err)
	}
	signer, derived, err := ledger.ParseSigner(secret + "\n")
	if err != nil || derived != public {
		t.Fatalf("the secret key's public form is %q, wanted %q (%v)", derived, public, err)
	}
	verifier, err := ledger.ParseVerifier(public)
	if err != nil {
		t.Fatal(err)
	}
	c := ledger.Checkpoint{Origin: "hub.example", Size: 42, Root: tlog.RecordHash([]byte("root"))}
	signed, err := c.Sign(signer)
	if err != nil {
		t.Fatal(err)
	}
	if opened, err := ledger.OpenCheckpoint(signed, verifier); err != nil || opened != c {
		t.Fatalf("it opens as %+v, %v", opened, err)
	}
	_, strangersKey, _ := ledger.NewKey("hub.example")
	stranger, _ := ledger.ParseVerifier(strangersKey)
	if _, err := ledger.OpenCheckpoint(signed, stranger); !errors.Is(err, ledger.ErrCheckpoint) {
		t.Errorf("another key opens it: %v", err)
	}
	for i := range signed {
		changed := bytes.Clone(signed)
		changed[i] ^= 1
		if opened, err := ledger.OpenCheckpoint(changed, verifier); err == nil && opened != c {
			t.Errorf("with byte %d changed it opens as %+v", i, opened)
		}
	}
	misnamed := c
	misnamed.Origin = "other.example"
	signed, _ = misnamed.Sign(signer)
	if _, err := ledger.OpenCheckpoint(signed, verifier); !errors.Is(err, ledger.ErrCheckpoint) {
		t.Errorf("a checkpoint of another ledger under this key opens: %v", err)
	}
	if _, err := ledger.OpenCheckpoint(bytes.Repeat([]byte("x"), 17<<10), verifier); !errors.Is(err, ledger.ErrCheckpoint) {
		t.Errorf("what is too long: %v", err)
	}
}

func TestKeysThatAreNone(t *testing.T) {
	for _, secret := range []string{"", "PRIVATE+KEY+x", "x", "PRIVATE+KEY+hub.example+00000000+AAAA"} {
		if _, _, err := ledger.ParseSigner(secret); err == nil || secret != "" && strings.Contains(err.Error(), secret) {
			t.Errorf("%q: %v", secret, err)
		}
	}
	if _, err := ledger.ParseVerifier("hub.example"); err == nil {
		t.Error("a key without a key is taken")
	}
	if _, err := ledger.ParseWitness("w+1+2"); err == nil {
		t.Error("a witness's key without a key is taken")
	}
}

func FuzzOpenCheckpoint(f *testing.F) {
	secret, public, _ := ledger.NewKey("hub.example")
	signer, _, _ := ledger.ParseSigner(secret)
	verifier, _ := ledger.ParseVerifier(public)
	signed, _ := ledger.Checkpoint{Origin: "hub.example", Size: 3}.Sign(signer)
	f.Add(signed)
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := ledger.OpenCheckpoint(text, verifier)
		if err == nil && c != (ledger.Checkpoint{Origin: "hub.example", Size: 3}) {
			t.Errorf("what nobody signed opens as %+v", c)
		}
	})
}

// TestATreeGoesOnFromItsEdge grows a tree from the edge of each size, and finds the roots of
// all sizes since.
func TestATreeGoesOnFromItsEdge(t *testing.T) {
	const most = 70
	whole, err := ledger.NewTree(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	leaf := func(n int64) tlog.Hash { return tlog.RecordHash([]byte{byte(n)}) }
	roots := []tlog.Hash{must(whole.Root())}
	edges := [][]tlog.Hash{nil}
	for n := range int64(most) {
		must(whole.Append(leaf(n)))
		roots, edges = append(roots, must(whole.Root())), append(edges, whole.Edge())
	}
	for size := range int64(most) {
		tree, err := ledger.TreeOf(ledger.Checkpoint{Size: size, Root: roots[size]}, edges[size])
		if err != nil {
			t.Fatalf("the edge of %d leaves: %v", size, err)
		}
		for n := size; n < most; n++ {
			must(tree.Append(leaf(n)))
		}
		middle := (size + most) / 2
		for _, base := range []int64{size, middle} {
			tree.TrimTo(base)
			for at := base; at <= most; at++ {
				if root := must(tree.RootAt(at)); root != roots[at] {
					t.Errorf("from %d leaves, trimmed to %d: the root of %d is another", size, base, at)
				}
			}
		}
		tree.Cut(middle)
		must(tree.Append(leaf(middle)))
		if root := must(tree.Root()); root != roots[middle+1] {
			t.Errorf("cut to %d leaves, it goes on to another root", middle)
		}
	}
	if _, err := ledger.TreeOf(ledger.Checkpoint{Size: 5, Root: roots[5]}, edges[3]); !errors.Is(err, ledger.ErrProof) {
		t.Errorf("another size's edge is taken: %v", err)
	}
	if _, err := ledger.TreeOf(ledger.Checkpoint{Size: 5, Root: roots[6]}, edges[5]); !errors.Is(err, ledger.ErrProof) {
		t.Errorf("the edge of another root is taken: %v", err)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
