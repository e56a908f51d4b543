package client_test

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// cutter stands between a client and its hub, and breaks connections.
type cutter struct {
	hub         string
	address     string
	up, down    atomic.Int64 // bytes that passed, over all connections
	cutUp       atomic.Int64 // break the connection when so many have gone up; 0: never
	cutDown     atomic.Int64
	connections atomic.Int64
}

func newCutter(t *testing.T, hub string) *cutter {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	c := &cutter{hub: hub, address: listener.Addr().String()}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go c.pass(conn)
		}
	}()
	return c
}

// pass passes everything on, until it is time to break.
func (c *cutter) pass(client net.Conn) {
	c.connections.Add(1)
	hub, err := net.Dial("tcp", c.hub)
	if err != nil {
		_ = client.Close()
		return
	}
	var once sync.Once
	cut := func() {
		once.Do(func() {
			_ = client.Close()
			_ = hub.Close()
		})
	}
	copyUntil := func(to io.Writer, from io.Reader, passed, at *atomic.Int64) {
		defer cut()
		buffer := make([]byte, 32<<10)
		for {
			n, err := from.Read(buffer)
			if err != nil {
				return
			}
			if now, limit := passed.Add(int64(n)), at.Load(); limit > 0 && now >= limit && at.CompareAndSwap(limit, 0) {
				return
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
	}
	go copyUntil(hub, client, &c.up, &c.cutUp)
	copyUntil(client, hub, &c.down, &c.cutDown)
}
