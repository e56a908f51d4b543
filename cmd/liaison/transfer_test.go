package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"buf.build/go/protoyaml"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/client/profile"
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// transfer takes an attachment of so many MiB from one party to the other, and fails if
// the hub's heap is ever larger than so many MiB: transfer SIZE HEAP. The hub serves its
// metrics, and is a process of its own.
func transfer(ts *testscript.TestScript, _ bool, args []string) {
	size, err := strconv.ParseInt(args[0], 10, 64)
	ts.Check(err)
	most, err := strconv.ParseFloat(args[1], 64)
	ts.Check(err)
	found := regexp.MustCompile(`metrics are served.*address=(\S+)`).FindStringSubmatch(ts.ReadFile("hub.log"))
	if found == nil {
		ts.Fatalf("the hub does not serve metrics")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	heap := make(chan float64, 1)
	moving, moved := context.WithCancel(ctx)
	go func() { heap <- largestHeap(moving, "http://"+found[1]+"/metrics") }()
	err = moveAttachment(ctx, ts, size<<20)
	moved()
	largest := <-heap / (1 << 20)
	ts.Check(err)
	ts.Logf("the hub's heap was %.0f MiB at most", largest)
	if largest == 0 || largest > most {
		ts.Fatalf("the hub's heap was %.0f MiB, with an attachment of %d MiB", largest, size)
	}
}

// largestHeap asks a hub for its heap again and again, until ctx ends.
func largestHeap(ctx context.Context, url string) (largest float64) {
	ticker := time.NewTicker(20 * time.Millisecond) // to ask costs the hub something, too
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return largest
		case <-ticker.C:
			if now, err := heapOf(ctx, url); err == nil {
				largest = max(largest, now)
			}
		}
	}
}

func heapOf(ctx context.Context, url string) (float64, error) {
	call, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	answer, err := http.DefaultClient.Do(call)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), "go_memstats_heap_inuse_bytes "); ok {
			return strconv.ParseFloat(value, 64)
		}
	}
	return 0, errors.New("the heap is not among the metrics")
}

// moveAttachment seals a file, files a request that lists it, uploads it, downloads it,
// and compares.
func moveAttachment(ctx context.Context, ts *testscript.TestScript, size int64) error {
	dial := func(who string) (*client.Conn, error) {
		return profile.Dial(ts.MkAbs("hub/profiles/"+who), client.WithTarget(ts.Getenv("LIAISON_HUB")))
	}
	officers, err := dial("officer")
	if err != nil {
		return err
	}
	defer officers.Close()
	agents, err := dial("agent")
	if err != nil {
		return err
	}
	defer agents.Close()
	officer, agent := officers.Authority(), agents.Platform()

	spec := &liaisonv1.RequestSpec{}
	if err := protoyaml.Unmarshal([]byte(ts.ReadFile("cases/02-hospital-emergency/request.yaml")), spec); err != nil {
		return err
	}
	content := func() io.Reader { return io.LimitReader(rand.NewChaCha8([32]byte{7}), size) }
	spool, err := os.Create(filepath.Join(ts.MkAbs("."), "spool"))
	if err != nil {
		return err
	}
	defer spool.Close()
	document, err := officer.Seal(spec.GetPlatform(), &liaisonv1.Document{Title: "a disk image", MediaType: "application/octet-stream"}, content(), spool)
	if err != nil {
		return err
	}
	spec.Incident.Evidence = append(spec.Incident.Evidence, document)
	filed, err := officer.File(ctx, spec)
	if err != nil {
		return err
	}
	if err := officer.Upload(ctx, filed.GetRequest(), document.GetSealed(), spool, nil); err != nil {
		return err
	}
	if err := os.Remove(spool.Name()); err != nil {
		return err
	}
	path := ts.MkAbs("received")
	if err := agent.Download(ctx, filed.GetRequest(), document, path, nil); err != nil {
		return err
	}
	received, err := os.Open(path)
	if err != nil {
		return err
	}
	defer received.Close()
	want, got := sha256.New(), sha256.New()
	if _, err := io.Copy(want, content()); err != nil {
		return err
	}
	if _, err := io.Copy(got, received); err != nil {
		return err
	}
	if string(want.Sum(nil)) != string(got.Sum(nil)) {
		return fmt.Errorf("it is another file")
	}
	return os.Remove(path)
}
