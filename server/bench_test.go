package server_test

import (
	"fmt"
	"sync"
	"testing"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/server"
)

// BenchmarkFile files requests over mutual TLS, each on disk before it is answered,
// with as many callers at a time as its name says.
func BenchmarkFile(b *testing.B) {
	for _, callers := range []int{1, 16, 64} {
		b.Run(fmt.Sprint(callers), func(b *testing.B) {
			h := newHub(b, server.Limits{CallsPerSecond: 1e9, CallBurst: 1 << 30})
			client := h.authority(officer)
			call := &liaisonv1.FileRequestRequest{Form: &liaisonv1.FileRequestRequest_Spec{Spec: spec(emergency)}}
			work := make(chan struct{})
			var wait sync.WaitGroup
			b.ResetTimer()
			for range callers {
				wait.Go(func() {
					for range work {
						if _, err := client.FileRequest(b.Context(), call); err != nil {
							b.Error(err)
						}
					}
				})
			}
			for range b.N {
				work <- struct{}{}
			}
			close(work)
			wait.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "filings/s")
		})
	}
}
