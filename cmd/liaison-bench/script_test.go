package main

import (
	"bytes"
	"errors"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"liaison-bench": main})
}

// TestScripts plays testdata/script with the command as a process of its own.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script"})
}

// TestWhatIsNotValidIsTold holds the errors that main turns into the exit code 2.
func TestWhatIsNotValidIsTold(t *testing.T) {
	for _, args := range [][]string{{"--only", "speed"}, {"--store", "oracle"}, {"--store", ""}, {"filing"}, {"--speed"}} {
		var out bytes.Buffer
		if err := run(t.Context(), append(args, "--dir="+t.TempDir()), nil, &out, &out); !errors.Is(err, errUsage) {
			t.Errorf("%q ends with: %v", args, err)
		}
	}
}
