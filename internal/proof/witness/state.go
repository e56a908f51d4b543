package witness

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/liaison-protocol/liaison/internal/proof/ledger"
)

// memory is the folder in which a witness keeps, for each ledger, the last checkpoint
// it cosigned: a signed note with the ledger's signature and the witness's own. It can
// be read, and checked, with any tool that knows signed notes.
//
// It is used under the witness's lock.
type memory struct {
	dir string
	own note.Verifier // of the witness: its signature tells a checkpoint it cosigned from a damaged file
}

// path is where a ledger's checkpoint stands. An origin may hold any character, so the
// file is named after its hash.
func (m memory) path(origin string) string {
	hash := sha256.Sum256([]byte(origin))
	return filepath.Join(m.dir, hex.EncodeToString(hash[:])+".checkpoint")
}

// load reads a ledger's last checkpoint. A ledger that was never cosigned is
// remembered as the empty tree, with which everything is consistent.
func (m memory) load(origin string) (ledger.Checkpoint, error) {
	signed, err := os.ReadFile(m.path(origin))
	if errors.Is(err, fs.ErrNotExist) {
		root, err := tlog.TreeHash(0, nil)
		if err != nil {
			return ledger.Checkpoint{}, fmt.Errorf("compute the empty tree's root: %w", err)
		}
		return ledger.Checkpoint{Origin: origin, Root: root}, nil
	}
	if err != nil {
		return ledger.Checkpoint{}, fmt.Errorf("read what is remembered of %q: %w", origin, err)
	}
	opened, err := note.Open(signed, note.VerifierList(m.own))
	if err != nil {
		return ledger.Checkpoint{}, fmt.Errorf("%s is not a checkpoint that this witness cosigned: %w", m.path(origin), err)
	}
	last, err := parseCheckpoint(opened.Text)
	if err != nil {
		return ledger.Checkpoint{}, fmt.Errorf("read what is remembered of %q: %w", origin, err)
	}
	if last.Origin != origin {
		return ledger.Checkpoint{}, fmt.Errorf("%s is a checkpoint of another ledger", m.path(origin))
	}
	return last, nil
}

// save writes a ledger's last checkpoint, whole or not at all. When it returns nil, the
// checkpoint survives a power cut. When it fails, either the old or the new checkpoint
// is found at the next start; neither does harm, since the new one continues the old
// one and nobody has seen its cosignature.
func (m memory) save(origin string, cosigned []byte) error {
	path := m.path(origin)
	// The temporary file has a fixed name: what a crash leaves of it is overwritten.
	file, err := os.OpenFile(path+".tmp", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("remember a checkpoint: %w", err)
	}
	_, err = file.Write(cosigned)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("remember a checkpoint: %w", err)
	}
	if err := os.Rename(path+".tmp", path); err != nil {
		return fmt.Errorf("remember a checkpoint: %w", err)
	}
	folder, err := os.Open(m.dir)
	if err != nil {
		return fmt.Errorf("remember a checkpoint: %w", err)
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil {
		return fmt.Errorf("remember a checkpoint: %w", err)
	}
	return nil
}
