package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"os"
	"path/filepath"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/speech/terminal"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// outboxDir is the folder of a profile that has sealed files until the hub has them.
const outboxDir = "outbox"

func (a *app) outbox() (string, error) {
	if a.profile == "" {
		return "", usage("--profile is required")
	}
	return filepath.Join(a.profile, outboxDir), nil
}

// spooled is where a sealed file waits.
func spooled(outbox string, file *liaisonv1.SealedFile) string {
	return filepath.Join(outbox, file.GetSha256()+".age")
}

// attach seals files for a request's platform into the outbox, and lists them as evidence.
func (a *app) attach(officer *client.Authority, spec *liaisonv1.RequestSpec, paths []string) error {
	if len(paths) == 0 {
		return nil
	}
	outbox, err := a.outbox()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(outbox, 0o700); err != nil {
		return err
	}
	if spec.Incident == nil {
		spec.Incident = &liaisonv1.Incident{} // what else it lacks, the rules say
	}
	for _, path := range paths {
		document, err := a.sealFile(officer, spec.GetPlatform(), path, outbox)
		if err != nil {
			return terminal.Failure("--attach %s: %w", filepath.Base(path), err)
		}
		spec.Incident.Evidence = append(spec.Incident.Evidence, document)
	}
	return nil
}

func (a *app) sealFile(officer *client.Authority, platform, path, outbox string) (_ *liaisonv1.Document, err error) {
	content, err := os.Open(path)
	if err != nil {
		return nil, usage("%w", err)
	}
	defer content.Close()
	info, err := content.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() == 0 {
		return nil, usage("it is no file with content")
	}
	spool, err := os.CreateTemp(outbox, "sealing-")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(spool.Name()))
		}
	}()
	defer spool.Close()
	kind, _, _ := mime.ParseMediaType(mime.TypeByExtension(filepath.Ext(path))) // none is fine
	if kind == "" {
		kind = "application/octet-stream"
	}
	bar := a.bar(a.Say("sealing %s", filepath.Base(path)), info.Size())
	document, err := officer.Seal(platform, &liaisonv1.Document{Title: filepath.Base(path), MediaType: kind}, io.TeeReader(content, bar), spool)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(bar.Finish(), spool.Sync(), spool.Close()); err != nil {
		return nil, err
	}
	return document, os.Rename(spool.Name(), spooled(outbox, document.GetSealed()))
}

// bar shows how far something has come, on standard error: in one line that moves where
// that is a terminal, and else when it has begun and when it is done.
func (a *app) bar(what string, size int64) *progressbar.ProgressBar {
	options := []progressbar.Option{
		progressbar.OptionSetWriter(a.stderr), progressbar.OptionShowBytes(true), progressbar.OptionSetDescription(a.Lines(what)),
		progressbar.OptionSetWidth(30), progressbar.OptionOnCompletion(func() { fmt.Fprintln(a.stderr) }),
	}
	if file, ok := a.stderr.(*os.File); !ok || !isTerminal(file) {
		a.remark("%s: %d bytes", terminal.Safe(what), size)
		options = append(options, progressbar.OptionSetVisibility(false), progressbar.OptionOnCompletion(func() {}))
	}
	return progressbar.NewOptions64(size, options...)
}

func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&fs.ModeCharDevice != 0
}

// upload takes what waits in the outbox of a request's attachments to the hub. What the
// hub has leaves the outbox.
func (a *app) upload(ctx context.Context, officer *client.Authority, request string, documents []*liaisonv1.Document) error {
	outbox, err := a.outbox()
	if err != nil {
		return err
	}
	uploaded := 0
	for _, document := range documents {
		spool, err := os.Open(spooled(outbox, document.GetSealed()))
		if errors.Is(err, fs.ErrNotExist) {
			continue // it was uploaded, or sealed elsewhere
		}
		if err != nil {
			return err
		}
		bar := a.bar(a.Say("uploading %s", document.GetTitle()), document.GetSealed().GetSizeBytes())
		err = officer.Upload(ctx, request, document.GetSealed(), spool, func(done int64) { _ = bar.Set64(done) }) // it is shown, no more
		if err := errors.Join(err, spool.Close()); err != nil {
			return terminal.Failure("what is sealed waits in %s; go on with 'liaison authority upload %s': %w", outboxDir, request, err)
		}
		if err := os.Remove(spool.Name()); err != nil {
			return err
		}
		uploaded++
	}
	if uploaded > 0 {
		a.remark("The hub has %d attachments more of %s.", uploaded, request)
	}
	return nil
}

func (a *app) uploadCommand() *cobra.Command {
	return &cobra.Command{
		Use: "upload REQUEST", Short: "Go on with uploading a request's attachments", Args: exactArgs("REQUEST"),
		Long: `Uploads what waits in the profile's outbox of the attachments that a request lists, as
'file --attach' left it when it was interrupted. What the hub has of a file already is not
sent again.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			conn, err := a.dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			officer := conn.Authority()
			request, err := officer.Get(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			return a.upload(cmd.Context(), officer, request.GetName(), client.Documents(request.GetSpec()))
		},
	}
}

func (a *app) downloadCommand() *cobra.Command {
	var to string
	cmd := &cobra.Command{
		Use: "download REQUEST", Short: "Download a request's attachments, check and open them", Args: exactArgs("REQUEST"),
		Long: `Downloads every attachment that a request lists, checks that it is what the authority has
signed, opens it with the profile's answer-key.txt, and puts it into a folder. Files are
named by their digest, never by what the sender calls them; the list that is printed says
which is which. What was interrupted goes on where it ended.`,
		Example: "  liaison --profile profiles/agent platform download requests/0199a000-0000-7000-8000-000000000000 --to case",
		RunE: func(cmd *cobra.Command, args []string) error {
			conn, err := a.dial()
			if err != nil {
				return err
			}
			defer conn.Close()
			platform := conn.Platform()
			request, err := platform.Get(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if err := os.MkdirAll(to, 0o700); err != nil {
				return err
			}
			var rows [][]string
			for _, document := range client.Documents(request.GetSpec()) {
				path := filepath.Join(to, document.GetSha256()[:16]+extension(document.GetMediaType()))
				if err := a.download(cmd.Context(), platform, request.GetName(), document, path); err != nil {
					return err
				}
				rows = append(rows, []string{path, document.GetMediaType(), document.GetTitle()})
			}
			return a.table([]string{"FILE", "TYPE", "TITLE"}, rows)
		},
	}
	cmd.Flags().StringVar(&to, "to", ".", "folder to put the files into")
	return cmd
}

// extension returns a file name's ending for a media type, of those that say nothing but
// what is looked at: what is called a program is not given a program's name.
func extension(mediaType string) string {
	known := map[string]string{
		"application/pdf": ".pdf", "application/zip": ".zip", "image/png": ".png", "image/jpeg": ".jpg",
		"text/plain": ".txt", "text/csv": ".csv", "application/json": ".json", "video/mp4": ".mp4",
	}
	if ending, ok := known[strings.ToLower(mediaType)]; ok {
		return ending
	}
	return ".bin"
}

func (a *app) download(ctx context.Context, platform *client.Platform, request string, document *liaisonv1.Document, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return nil // it has its name only when it is whole and checked
	}
	bar := a.bar(a.Say("downloading %s", document.GetTitle()), document.GetSealed().GetSizeBytes())
	return platform.Download(ctx, request, document, path, func(done int64) { _ = bar.Set64(done) }) // it is shown, no more
}
