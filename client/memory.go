package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// memory keeps the last checkpoint that was verified, on disk if it has a folder. Each
// is a file of its own, named by its size, and the largest counts. Processes that share
// the folder write one at a time, and none over what it has not seen.
type memory struct{ dir string }

const (
	checkpointSuffix = ".checkpoint"
	evidenceSuffix   = ".forked"

	// lockFile is locked by whoever writes; lockPause is between two tries to lock it.
	lockFile  = ".lock"
	lockPause = 5 * time.Millisecond
)

func (m memory) name(size int64) string {
	return filepath.Join(m.dir, fmt.Sprintf("%019d%s", size, checkpointSuffix))
}

// names are the files, the smallest first.
func (m memory) names() ([]string, error) {
	entries, err := os.ReadDir(m.dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if strings.HasSuffix(entry.Name(), checkpointSuffix) && !strings.HasPrefix(entry.Name(), ".") {
			names = append(names, filepath.Join(m.dir, entry.Name()))
		}
	}
	slices.Sort(names)
	return names, nil
}

// Load implements verify.Memory: it returns the largest checkpoint; nil if there is none.
func (m memory) Load() ([]byte, error) {
	if m.dir == "" {
		return nil, nil
	}
	for range 10 {
		names, err := m.names()
		if err != nil {
			return nil, fmt.Errorf("read the ledger's memory: %w", err)
		}
		if len(names) == 0 {
			return nil, nil
		}
		signed, err := os.ReadFile(names[len(names)-1])
		if errors.Is(err, os.ErrNotExist) {
			continue // another process has a larger one now
		}
		if err != nil {
			return nil, fmt.Errorf("read the ledger's memory: %w", err)
		}
		return signed, nil
	}
	return nil, errors.New("read the ledger's memory: it changes faster than it can be read")
}

// Replace implements verify.Memory: it keeps a checkpoint instead of the one that it was
// proved to go on from. If there is another one by now, it keeps nothing and returns that
// one.
func (m memory) Replace(ctx context.Context, proved []byte, size int64, signed []byte) (stored []byte, err error) {
	if m.dir == "" {
		return nil, nil
	}
	if err := os.MkdirAll(m.dir, 0o700); err != nil {
		return nil, fmt.Errorf("write the ledger's memory: %w", err)
	}
	lock := flock.New(filepath.Join(m.dir, lockFile), flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, lockPause); err != nil {
		return nil, fmt.Errorf("lock the ledger's memory: %w", err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if stored, err = m.Load(); err != nil || stored != nil && !bytes.Equal(stored, proved) {
		return stored, err
	}
	return nil, m.save(size, signed)
}

// KeepEvidence implements verify.Memory: it keeps two checkpoints that cannot both be true, found out by one of this size.
func (m memory) KeepEvidence(size int64, one, other string) error {
	if m.dir == "" {
		return nil
	}
	path := filepath.Join(m.dir, fmt.Sprintf("%019d%s", size, evidenceSuffix))
	if err := writeWhole(path, []byte(one+"\n"+other)); err != nil {
		return fmt.Errorf("keep the evidence: %w", err)
	}
	return nil
}

// save keeps a checkpoint, and then forgets smaller ones. The caller holds the lock.
func (m memory) save(size int64, signed []byte) error {
	if err := writeWhole(m.name(size), signed); err != nil {
		return fmt.Errorf("write the ledger's memory: %w", err)
	}
	names, err := m.names()
	if err != nil {
		return fmt.Errorf("write the ledger's memory: %w", err)
	}
	for _, name := range names {
		if name < m.name(size) {
			_ = os.Remove(name) // one that stays is passed over
		}
	}
	return nil
}

// writeWhole writes a file whole or not at all, and makes it survive a power cut.
func writeWhole(path string, text []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // gone already when all went well
	_, err = file.Write(text)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	return syncFolder(dir)
}
