package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"
	"gocloud.dev/blob"

	"github.com/liaison-protocol/liaison/server"
)

func (a *app) hubServeCommand() *cobra.Command {
	var listen string
	cmd := &cobra.Command{
		Use: "serve DIR", Short: "Serve a hub's folder until interrupted", Args: exactArgs("DIR"),
		Long: `Serves the hub whose folder is DIR. When it is ready it prints "listening on
HOST:PORT" on standard output; the log goes to standard error. On SIGTERM or an
interrupt it ends streams, answers what is under way, and stops with exit code 0.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			h, err := openHub(cmd.Context(), args[0], listen, a.stderr)
			if err != nil {
				return err
			}
			fmt.Fprintf(a.stdout, "listening on %s\n", h.address)
			return h.serve(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "", "address to listen at, HOST:PORT, in place of hub.yaml's")
	return cmd
}

// openedHub is a hub's folder that is being served by this process.
type openedHub struct {
	config   hubConfig
	archive  server.Archive
	files    *blob.Bucket // nil if no attachments are kept
	server   *server.Server
	listener net.Listener
	address  string
	metrics  *http.Server // nil if they are not served
}

// openHub opens a folder and listens. Serve or close must follow.
func openHub(ctx context.Context, dir, listen string, log interface{ Write([]byte) (int, error) }) (h *openedHub, err error) {
	c, err := loadHubConfig(dir)
	if err != nil {
		return nil, err
	}
	if listen != "" {
		c.Listen = listen
	}
	h = &openedHub{config: c}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
		}
	}()
	if h.archive, err = openArchive(ctx, dir, c.Store); err != nil {
		return h, err
	}
	if h.files, err = openBucket(ctx, dir, c.Attachments); err != nil {
		return h, err
	}
	logger, err := c.logger(log)
	if err != nil {
		return h, err
	}
	ledgerKey, err := os.ReadFile(inFolder(dir, c.LedgerKey))
	if err != nil {
		return h, usage("%s: ledger_key: %w", hubFile, err)
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	h.server, err = server.New(ctx, server.Config{
		Archive:     h.archive,
		Attachments: h.files,
		Certificate: server.CertificateFiles(inFolder(dir, c.Certificate), inFolder(dir, c.Key)),
		TrustDomain: c.TrustDomain,
		Own:         func() ([]byte, []byte, error) { return c.ownDomain(dir) },
		LedgerKey:   string(ledgerKey),
		Witnesses:   c.witnesses(),
		Retention:   c.Retention,
		Logger:      logger,
		Metrics:     registry,
		Limits:      c.limits(),
	})
	if err != nil {
		return h, err
	}
	if h.listener, err = net.Listen("tcp", c.Listen); err != nil {
		return h, usage("listen: %w", err)
	}
	h.address = h.listener.Addr().String()
	return h, h.serveMetrics(registry, logger)
}

// ownDomain reads what the hub's own trust domain is checked against.
func (c hubConfig) ownDomain(dir string) (authorities, lists []byte, err error) {
	if authorities, err = os.ReadFile(inFolder(dir, c.CACertificates)); err != nil {
		return nil, nil, usage("%s: ca_certificates: %w", hubFile, err)
	}
	if c.RevocationLists != "" {
		if lists, err = os.ReadFile(inFolder(dir, c.RevocationLists)); err != nil {
			return nil, nil, usage("%s: revocation_lists: %w", hubFile, err)
		}
	}
	return authorities, lists, nil
}

// serveMetrics serves the metrics, if hub.yaml says where.
func (h *openedHub) serveMetrics(registry *prometheus.Registry, logger *slog.Logger) error {
	if h.config.MetricsListen == "" {
		return nil
	}
	listener, err := net.Listen("tcp", h.config.MetricsListen)
	if err != nil {
		return usage("%s: metrics_listen: %w", hubFile, err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	h.metrics = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	logger.Info("metrics are served", "address", listener.Addr().String())
	go func(s *http.Server) {
		if err := s.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("metrics are no longer served", "error", err)
		}
	}(h.metrics)
	return nil
}

// serve serves until ctx ends, and then stops cleanly.
func (h *openedHub) serve(ctx context.Context) error {
	served := make(chan error, 1)
	go func() { served <- h.server.Serve(h.listener) }()
	select {
	case err := <-served:
		return errors.Join(err, h.close())
	case <-ctx.Done():
		return h.close()
	}
}

// close stops what was opened. It may be called on a hub that was opened in part.
func (h *openedHub) close() error {
	var err error
	if h.server != nil {
		timeout := h.config.StopTimeout
		if timeout <= 0 {
			timeout = 10 * time.Second
		}
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		err = h.server.Stop(ctx)
	}
	if h.metrics != nil {
		err = errors.Join(err, h.metrics.Close())
	}
	if h.files != nil {
		err = errors.Join(err, h.files.Close())
	}
	if h.archive != nil {
		err = errors.Join(err, h.archive.Close())
	}
	return err
}

func (c hubConfig) level() (slog.Level, error) {
	var level slog.Level
	if c.Log.Level == "" {
		return slog.LevelInfo, nil
	}
	if err := level.UnmarshalText([]byte(c.Log.Level)); err != nil {
		return 0, usage("%s: log.level must be debug, info, warn or error, not %q", hubFile, c.Log.Level)
	}
	return level, nil
}

func (c hubConfig) logger(w interface{ Write([]byte) (int, error) }) (*slog.Logger, error) {
	level, err := c.level()
	if err != nil {
		return nil, err
	}
	options := &slog.HandlerOptions{Level: level}
	if c.Log.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options)), nil
	}
	return slog.New(slog.NewTextHandler(w, options)), nil
}
