package client

import (
	"os"
	"syscall"
)

// syncData makes what was written into a file of the same length survive a power cut.
func syncData(file *os.File) error { return syscall.Fdatasync(int(file.Fd())) }
