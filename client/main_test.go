package client_test

import (
	"context"
	"fmt"
	"iter"
	"os"
	"testing"

	"github.com/liaison-protocol/liaison/client"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// requestReader is what every side does with its requests.
type requestReader interface {
	Get(ctx context.Context, name string) (*liaisonv1.Request, error)
	List(ctx context.Context, filter *liaisonv1.RequestFilter, order liaisonv1.RequestOrder) iter.Seq2[*liaisonv1.RequestSummary, error]
	Events(ctx context.Context, name string, after uint64) iter.Seq2[*liaisonv1.Event, error]
	Watch(ctx context.Context, o client.WatchOptions) iter.Seq2[*liaisonv1.Event, error]
	Newest(ctx context.Context) (uint64, error)
}

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
