//go:build !linux

package client

import "os"

// syncData makes what was written into a file survive a power cut.
func syncData(file *os.File) error { return file.Sync() }
