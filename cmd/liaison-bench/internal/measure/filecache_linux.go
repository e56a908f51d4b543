package measure

import (
	"os"

	"golang.org/x/sys/unix"
)

// forget has the system drop what it holds of a file in its cache, but for what is not yet
// on the disk, so that it is read from there.
func forget(file *os.File) error {
	return unix.Fadvise(int(file.Fd()), 0, 0, unix.FADV_DONTNEED)
}
