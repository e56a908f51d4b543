package client_test

import (
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	code := m.Run()
	exampleTB.end()
	os.Exit(code)
}

// end stops what the examples started.
func (e *exampleT) end() {
	for i := len(e.cleanups) - 1; i >= 0; i-- {
		e.cleanups[i]()
	}
}

func (e *exampleT) Helper()             {}
func (e *exampleT) Cleanup(f func())    { e.cleanups = append(e.cleanups, f) }
func (e *exampleT) Logf(string, ...any) {}

func (e *exampleT) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

func (e *exampleT) TempDir() string {
	dir, err := os.MkdirTemp("", "liaison-example-")
	if err != nil {
		panic(err)
	}
	e.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}
