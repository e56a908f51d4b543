package server

import (
	"errors"
	"fmt"
	"runtime/debug"

	grpcprom "github.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/liaison-protocol/liaison/internal/proof/identity"
)

// metrics are what a hub counts. Labels are words of the contract and of this
// program alone: no organisation, no request, no person.
type metrics struct {
	calls      *grpcprom.ServerMetrics
	handshakes *prometheus.CounterVec // by reason
	refusals   *prometheus.CounterVec // by reason
	watches    prometheus.Gauge
	panics     prometheus.Counter
}

func newMetrics() *metrics {
	return &metrics{
		calls: grpcprom.NewServerMetrics(grpcprom.WithServerHandlingTimeHistogram()),
		handshakes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "liaison_handshakes_refused_total",
			Help: "Connections that were refused during the TLS handshake, by reason.",
		}, []string{"reason"}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "liaison_calls_refused_total",
			Help: "Calls that were refused because of who made them, by reason.",
		}, []string{"reason"}),
		watches: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "liaison_watches_open",
			Help: "Streams of events that are open.",
		}),
		panics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "liaison_panics_total",
			Help: "Handlers that panicked.",
		}),
	}
}

func (m *metrics) register(r prometheus.Registerer) error {
	for _, c := range []prometheus.Collector{m.calls, m.handshakes, m.refusals, m.watches, m.panics} {
		if err := r.Register(c); err != nil {
			return err
		}
	}
	return nil
}

// refusalReason returns the label of why somebody was refused.
func refusalReason(err error) string {
	var refusal *identity.Refusal
	switch {
	case errors.As(err, &refusal):
		return refusal.Reason.String()
	case errors.Is(err, errConnections):
		return "too_many_connections"
	default:
		return "handshake_failed"
	}
}

// kindOf tells what a panic carried without telling what it said.
func kindOf(p any) string { return fmt.Sprintf("%T", p) }

// stack returns where the program is: names of functions and lines, no values of
// the contract's messages.
func stack() string { return string(debug.Stack()) }
