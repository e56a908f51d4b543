package witness

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

func FuzzParseRequest(f *testing.F) {
	hash := tlog.RecordHash([]byte("a leaf")).String() + "\n"
	for _, body := range []string{
		"",
		"old 0\n\n",
		"old 7\n" + hash + hash + "\nhub.example/ledger\n9\n" + hash + "\n— hub.example/ledger AAAAAAA=\n",
		"old 9223372036854775807\n" + strings.Repeat(hash, maxProof) + "\nanything",
		"old 9223372036854775808\n\nanything",
		"old 07\n\nanything",
		"old 7\r\n\nanything",
		"old 7\n" + strings.Repeat(hash, maxProof+1) + "\nanything",
		"old 7\n" + strings.Replace(hash, "=", "", 1) + "\nanything",
		"old 7\n" + hash,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := parseRequest(body)
		if err != nil {
			return
		}
		if r.old < 0 || len(r.proof) > maxProof {
			t.Errorf("old size %d with %d hashes of proof is out of bounds", r.old, len(r.proof))
		}
		if written := r.body(); !bytes.Equal(written, body) {
			t.Errorf("it reads as a request whose body is another: %q", written)
		}
		note, err := openNote(r.signed)
		if err != nil {
			return
		}
		if c, err := parseCheckpoint(note.Text); err == nil && (c.Origin == "" || c.Size < 0) {
			t.Errorf("it reads as a checkpoint that cannot be: %+v", c)
		}
	})
}
