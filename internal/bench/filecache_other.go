//go:build !linux

package bench

import (
	"errors"
	"os"
)

func forget(*os.File) error { return errors.ErrUnsupported }
