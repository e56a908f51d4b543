package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"
	"golang.org/x/mod/sumdb/note"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/proof/ledger"
	"github.com/liaison-protocol/liaison/internal/proof/pki"
	"github.com/liaison-protocol/liaison/internal/proof/witness"
	"github.com/liaison-protocol/liaison/internal/speech/terminal"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

func (a *app) ledgerCommand() *cobra.Command {
	return group("ledger", "Check a hub's ledger, and cosign it", `A hub's ledger has a leaf for every event. Whoever takes part checks it all the time
without being asked to; these commands look at it as a whole. docs/ledger.md has the
formats.`, a.checkpointCommand(), a.verifyCommand(), a.witnessCommand())
}

func (a *app) checkpointCommand() *cobra.Command {
	var key bool
	cmd := &cobra.Command{
		Use: "checkpoint", Short: "Show the newest checkpoint, checked against what was seen before", Args: exactArgs(),
		Long: `Shows how far the ledger has grown, as a signed note, after checking that it goes on
from the last one that this profile has seen. With --key it shows the hub's key, as the
hub says it, for hub_key in profile.yaml: have it confirmed by another way first.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			conn, err := a.dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			if key {
				out, err := liaisonv1.NewLedgerServiceClient(conn.Unverified()).GetCheckpoint(cmd.Context(), &liaisonv1.GetCheckpointRequest{})
				if err == nil {
					_, err = fmt.Fprintln(a.stdout, terminal.Visible(out.GetVerifierKey()))
				}
				return err
			}
			at, err := conn.Ledger().Checkpoint(cmd.Context())
			if err != nil {
				return err
			}
			if a.json() {
				return a.printJSON(&liaisonv1.GetCheckpointResponse{Checkpoint: at.Newest, WitnessedCheckpoint: at.Witnessed})
			}
			if at.Newest == "" {
				return a.tell("The ledger is empty.")
			}
			_, err = fmt.Fprint(a.stdout, terminal.VisibleLines(at.Newest))
			if err == nil && at.Witnessed != "" {
				said := a.Lines(a.Say("Cosigned by %d of the witnesses that this profile knows:", at.Cosigned))
				_, err = fmt.Fprintf(a.stdout, "\n%s\n\n%s", said, terminal.VisibleLines(at.Witnessed))
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&key, "key", false, "show the hub's key instead")
	return cmd
}

func (a *app) verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use: "verify", Short: "Read the whole ledger and check everything", Args: exactArgs(),
		Long: `Builds the tree anew from every leaf's hash and holds it against the checkpoint; reads
every event that your organisation may see, hashes it again, checks its proof, its
place and its signature, and that none is missing. Exit code 7 if anything does not
hold. Progress is told on standard error.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			conn, err := a.dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			last := time.Now()
			checked, err := conn.Ledger().Verify(cmd.Context(), func(so client.Audit) {
				if time.Since(last) > time.Second || so.Events == so.Size {
					last = time.Now()
					a.remark("%d of %d events", so.Events, so.Size)
				}
			})
			if err != nil {
				return err
			}
			if a.json() {
				_, err = fmt.Fprintf(a.stdout, `{"events":%d,"own":%d,"purged":%d,"signatures":%d}`+"\n", checked.Events, checked.Own, checked.Purged, checked.Signatures)
				return err
			}
			return a.tell("The ledger holds: %d events; %d of them yours, whole and in their places; %d signatures checked; %d purged.",
				checked.Events, checked.Own, checked.Signatures, checked.Purged)
		},
	}
}

// The files of a witness's folder.
const (
	witnessKeyFile = "key.txt"
	witnessState   = "state"
)

func (a *app) witnessCommand() *cobra.Command {
	var name, listen string
	var ledgers []string
	cmd := &cobra.Command{
		Use: "witness DIR", Short: "Cosign ledgers as an independent witness", Args: exactArgs("DIR"),
		Long: `Serves a witness after C2SP tlog-witness: hubs submit their checkpoints to it, and it
cosigns those that go on from what it has seen. Whoever demands its cosignature is shown
the same ledger as everybody else. DIR holds its key and what it has seen; with --name a
new key is made there. One process a folder. Put a TLS proxy before it.`,
		Example: "  liaison ledger witness w --name witness.example\n  liaison ledger witness w --ledger \"$(cat hub/pki/ledger/key.pub)\" --listen 127.0.0.1:7480",
		RunE: func(cmd *cobra.Command, args []string) error {
			if name != "" {
				return a.newWitness(args[0], name)
			}
			return a.serveWitness(cmd.Context(), args[0], listen, ledgers)
		},
	}
	cmd.Flags().StringVar(&name, "name", "", "make a key of this name in DIR, print its public half, and end")
	cmd.Flags().StringArrayVar(&ledgers, "ledger", nil, "public key of a ledger to cosign; may stand several times")
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:7480", "address to listen at, HOST:PORT")
	return cmd
}

func (a *app) newWitness(dir, name string) error {
	secret, public, err := witness.NewKey(name)
	if err != nil {
		return usage("--name: %w", err)
	}
	if err := os.MkdirAll(filepath.Join(dir, witnessState), 0o700); err != nil {
		return err
	}
	if err := newSecret(filepath.Join(dir, witnessKeyFile), secret+"\n"); err != nil {
		return err
	}
	_, err = fmt.Fprintln(a.stdout, public)
	return err
}

// newSecret writes a secret into a new file. One that is there is never replaced.
func newSecret(path, text string) error {
	if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
		return usage("%s is there already; nothing was changed", path)
	}
	return pki.WriteFile(path, []byte(text))
}

func (a *app) serveWitness(ctx context.Context, dir, listen string, ledgers []string) error {
	secret, err := os.ReadFile(filepath.Join(dir, witnessKeyFile))
	if err != nil {
		return usage("%w: make a key with --name first", err)
	}
	if len(ledgers) == 0 {
		return usage("--ledger is required: the public key of a ledger, as hub_key in a profile")
	}
	var keys []note.Verifier
	for _, text := range ledgers {
		key, err := ledger.ParseVerifier(text)
		if err != nil {
			return usage("--ledger: %w", err)
		}
		keys = append(keys, key)
	}
	lock, err := lockFolder(filepath.Join(dir, witnessState))
	if err != nil {
		return err
	}
	defer lock.Close()
	w, err := witness.New(witness.Config{
		Key: strings.TrimSpace(string(secret)), Ledgers: keys, Dir: filepath.Join(dir, witnessState),
		Log: slog.New(slog.NewTextHandler(a.stderr, nil)),
	})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return usage("--listen: %w", err)
	}
	fmt.Fprintf(a.stdout, "listening on %s\n", listener.Addr())
	s := &http.Server{Handler: w, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, MaxHeaderBytes: 8 << 10}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		stopping, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		return s.Shutdown(stopping)
	}
}

// lockFolder keeps a second witness out of the same folder: each would cosign what the
// other has not seen.
func lockFolder(dir string) (io.Closer, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(dir, "lock"), flock.SetPermissions(0o600))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, err
	}
	if !locked {
		return nil, usage("another hub serves this folder")
	}
	return lock, nil
}
