// Command hub is a program of its own that embeds a hub: it opens an archive, registers an
// authority and a platform, serves on loopback, and has an officer file a request that the
// platform reads.
//
//	hub sqlite FILE
//	hub postgres URL
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/liaison-protocol/liaison/client"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/server"
)

const hubDomain = "hub.example"

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "hub:", err)
		os.Exit(1)
	}
}

func open(ctx context.Context, args []string) (server.Archive, error) {
	switch {
	case len(args) == 2 && args[0] == "sqlite":
		return server.OpenSQLite(ctx, args[1])
	case len(args) == 2 && args[0] == "postgres":
		return server.OpenPostgres(ctx, args[1])
	}
	return nil, errors.New("use: hub sqlite FILE, or hub postgres URL")
}

func run(ctx context.Context, args []string) (err error) {
	archive, err := open(ctx, args)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, archive.Close()) }()

	own, ministry, messenger := newCA(hubDomain), newCA("moc.example"), newCA("messenger.example")
	var organisations []*liaisonv1.Organisation
	for _, entry := range []*liaisonv1.RegisterParticipantRequest{authority(ministry), platform(messenger)} {
		registered, err := server.Register(ctx, archive, hubDomain, time.Now, entry)
		if err != nil {
			return err
		}
		organisations = append(organisations, registered)
	}

	folder, err := os.MkdirTemp("", "hub")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	attachments, err := server.AttachmentFolder(filepath.Join(folder, "attachments"))
	if err != nil {
		return err
	}
	defer attachments.Close()
	certificate, key, err := own.files(folder, "hub")
	if err != nil {
		return err
	}
	secret, public, err := server.NewLedgerKey(hubDomain)
	if err != nil {
		return err
	}
	hub, err := server.New(ctx, server.Config{
		Archive:     archive,
		Attachments: attachments,
		Certificate: server.CertificateFiles(certificate, key),
		TrustDomain: hubDomain,
		Own:         func() (authorities, lists []byte, err error) { return own.pem(), nil, nil },
		LedgerKey:   secret,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, hub.Stop(ctx)) }()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go hub.Serve(listener)

	dial := func(ca *ca, role, name string) (*client.Conn, error) {
		return client.Dial(listener.Addr().String(),
			client.WithTLS(ca.issue(role, name), own.pool()), client.WithHubKey(public),
			client.WithOrganisations(organisations...), client.WithoutSealing())
	}
	officer, err := dial(ministry, "officer", "amal")
	if err != nil {
		return err
	}
	defer officer.Close()
	filed, err := officer.Authority().File(ctx, demand())
	if err != nil {
		return fmt.Errorf("file: %w", err)
	}
	agent, err := dial(messenger, "agent", "desk")
	if err != nil {
		return err
	}
	defer agent.Close()
	read, err := agent.Platform().Get(ctx, filed.GetRequest())
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	fmt.Println(args[0], read.GetSpec().GetReference(), read.GetState())
	return nil
}
