package client

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/liaison-protocol/liaison/verify"
)

// memory keeps on disk the last checkpoint that was verified: a verify.Memory. Processes
// that share the folder write one at a time, and none over what it has not seen.
//
// One file holds two places of one size, and the valid one with the larger ledger counts.
// They are written in turn, in place: a write that a power cut tears leaves the other, and
// whoever waited for it was told nothing yet. The file is made with both.
type memory struct{ dir string }

const (
	memoryFile     = "ledger.memory"
	evidenceSuffix = ".forked"

	// lockFile is locked by whoever writes; lockPause is between two tries to lock it.
	lockFile  = ".lock"
	lockPause = time.Millisecond
)

// Load implements verify.Memory.
func (m memory) Load() (*verify.Belief, error) {
	file, err := os.Open(filepath.Join(m.dir, memoryFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the ledger's memory: %w", err)
	}
	defer file.Close()
	b, _, err := readPlaces(file)
	return b, err
}

// Keep implements verify.Memory.
func (m memory) Keep(ctx context.Context, before string, b verify.Belief) (other *verify.Belief, err error) {
	if err := os.MkdirAll(m.dir, 0o700); err != nil {
		return nil, fmt.Errorf("write the ledger's memory: %w", err)
	}
	lock := flock.New(filepath.Join(m.dir, lockFile), flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, lockPause); err != nil {
		return nil, fmt.Errorf("lock the ledger's memory: %w", err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	place, err := encodePlace(b)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(m.dir, memoryFile)
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		if err := writeWhole(path, append(place, place...)); err != nil {
			return nil, fmt.Errorf("write the ledger's memory: %w", err)
		}
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("write the ledger's memory: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	kept, older, err := readPlaces(file)
	if err != nil || kept.Checkpoint != before {
		return kept, err
	}
	if _, err := file.WriteAt(place, older*placeSize); err != nil {
		return nil, fmt.Errorf("write the ledger's memory: %w", err)
	}
	if err := syncData(file); err != nil {
		return nil, fmt.Errorf("write the ledger's memory: %w", err)
	}
	return nil, nil
}

// KeepEvidence implements verify.Memory.
func (m memory) KeepEvidence(size int64, one, other string) error {
	path := filepath.Join(m.dir, fmt.Sprintf("%019d%s", size, evidenceSuffix))
	if err := writeWhole(path, []byte(one+"\n"+other)); err != nil {
		return fmt.Errorf("keep the evidence: %w", err)
	}
	return nil
}

// A place begins with placeMagic, the ledger's size, and how long the checkpoint and the
// edge are, which follow; its last four bytes are the CRC-32C of all before them.
const (
	placeSize   = 8192
	placeMagic  = "liaison\x01"
	placeHeader = len(placeMagic) + 8 + 2 + 2
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// encodePlace writes a belief as a place of the file.
func encodePlace(b verify.Belief) ([]byte, error) {
	var edge []byte
	for _, hash := range b.Edge {
		edge = append(edge, hash...)
	}
	if placeHeader+len(b.Checkpoint)+len(edge)+crc32.Size > placeSize {
		return nil, errors.New("write the ledger's memory: the checkpoint is too long")
	}
	place := make([]byte, 0, placeSize)
	place = append(place, placeMagic...)
	place = binary.BigEndian.AppendUint64(place, uint64(b.Size))
	place = binary.BigEndian.AppendUint16(place, uint16(len(b.Checkpoint)))
	place = binary.BigEndian.AppendUint16(place, uint16(len(edge)))
	place = append(append(place, b.Checkpoint...), edge...)
	place = place[:placeSize]
	binary.BigEndian.PutUint32(place[placeSize-crc32.Size:], crc32.Checksum(place[:placeSize-crc32.Size], castagnoli))
	return place, nil
}

// decodePlace reads a place; nil if it is not one, whole.
func decodePlace(place []byte) *verify.Belief {
	const hash = 32
	sum := binary.BigEndian.Uint32(place[placeSize-crc32.Size:])
	if string(place[:len(placeMagic)]) != placeMagic || sum != crc32.Checksum(place[:placeSize-crc32.Size], castagnoli) {
		return nil
	}
	header := place[len(placeMagic):placeHeader]
	b := &verify.Belief{Size: int64(binary.BigEndian.Uint64(header))}
	checkpoint, edge := int(binary.BigEndian.Uint16(header[8:])), int(binary.BigEndian.Uint16(header[10:]))
	if placeHeader+checkpoint+edge+crc32.Size > placeSize {
		return nil
	}
	rest := place[placeHeader:]
	b.Checkpoint, rest = string(rest[:checkpoint]), rest[checkpoint:checkpoint+edge]
	for ; len(rest) >= hash; rest = rest[hash:] {
		b.Edge = append(b.Edge, rest[:hash])
	}
	return b
}

// readPlaces returns the belief that counts, and which place the other one is.
func readPlaces(file *os.File) (b *verify.Belief, older int64, err error) {
	for n := range int64(2) {
		place := make([]byte, placeSize)
		if _, err := file.ReadAt(place, n*placeSize); err != nil {
			continue // cut off: as good as torn
		}
		if found := decodePlace(place); found != nil && (b == nil || found.Size > b.Size) {
			b, older = found, 1-n
		}
	}
	if b == nil {
		return nil, 0, &Distrust{Kind: ErrCheckpoint, Detail: "the remembered one: " + memoryFile + " is damaged: bring it back from a backup; or remove it, and confirm the ledger's checkpoint by another way"}
	}
	return b, older, nil
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
