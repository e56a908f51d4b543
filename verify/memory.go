package verify

import "context"

// Memory keeps the last checkpoint that was verified over the end of a process. Several
// processes may share one.
type Memory interface {
	// Load returns the last checkpoint, as the hub signed it; nil if there is none.
	Load() (signed []byte, err error)
	// Replace keeps a checkpoint of a size instead of the one that it was proved to go on
	// from. If there is another one by now, it keeps nothing and returns that one.
	Replace(ctx context.Context, proved []byte, size int64, signed []byte) (stored []byte, err error)
	// KeepEvidence keeps two checkpoints that cannot both be true, found out by one of a size.
	KeepEvidence(size int64, one, other string) error
}

// noMemory is the memory of who keeps nothing.
type noMemory struct{}

// Load implements Memory.
func (noMemory) Load() ([]byte, error) { return nil, nil }

// Replace implements Memory.
func (noMemory) Replace(context.Context, []byte, int64, []byte) ([]byte, error) { return nil, nil }

// KeepEvidence implements Memory.
func (noMemory) KeepEvidence(int64, string, string) error { return nil }
