package measure

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
)

// A server whose memory is measured runs in a process of its own, this program again, so
// that nothing of its callers' is counted. The two talk in lines of JSON: the parent
// says what to serve, the child how to come in, and then the parent asks.

// childKind is what a child serves.
type childKind string

const (
	childHub  childKind = "hub"
	childBare childKind = "bare"
)

// childOrder is the parent's first line.
type childOrder struct {
	Kind childKind
	Dir  string // where the archive is made
}

// The parent's further lines.
const (
	askStats   = "stats"   // how much it uses, after collecting what it does not
	askSamples = "samples" // how much it uses, as it is
	askTell    = "tell"    // a bare server sends an event to all who watch
)

// Usage is what a process uses.
type Usage struct {
	Resident   int64 `json:"resident_bytes"`
	InUse      int64 `json:"heap_and_stacks_bytes"`
	Goroutines int   `json:"goroutines"`
}

func usageNow() Usage {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return Usage{Resident: resident(), InUse: int64(m.HeapInuse + m.StackInuse), Goroutines: runtime.NumGoroutine()}
}

// resident is how much of the memory this process occupies; zero where a system does
// not tell.
func resident() int64 {
	fields := strings.Fields(contentOf("/proc/self/statm"))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// ServeChild serves what the parent on in and out asks for, until in ends.
func ServeChild(ctx context.Context, open Opener, in io.Reader, out io.Writer) (err error) {
	lines := json.NewDecoder(in)
	var order childOrder
	if err := lines.Decode(&order); err != nil {
		return fmt.Errorf("read what to serve: %w", err)
	}
	var d *door
	tell := func() {}
	switch order.Kind {
	case childHub:
		w, err := newWorkspace(ctx, &Config{Dir: order.Dir, Open: open}, "child")
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, w.close()) }()
		d = w.hub.door
	case childBare:
		w, err := newWorld()
		if err != nil {
			return err
		}
		response, err := w.sampleResponse()
		if err != nil {
			return err
		}
		b, err := w.openBare(response)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, b.stop()) }()
		d, tell = b.door, b.tell
	default:
		return fmt.Errorf("there is no child of kind %q", order.Kind)
	}
	answers := json.NewEncoder(out)
	if err := answers.Encode(d); err != nil {
		return err
	}
	for {
		var asked string
		switch err := lines.Decode(&asked); {
		case errors.Is(err, io.EOF) || ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		}
		switch asked {
		case askStats:
			debug.FreeOSMemory()
		case askTell:
			tell()
		}
		if err := answers.Encode(usageNow()); err != nil {
			return err
		}
	}
}

// child is a child process.
type child struct {
	*door
	cmd     *exec.Cmd
	in      io.WriteCloser
	asks    *json.Encoder
	answers *json.Decoder
}

// startChild starts a child. Stop must follow.
func (c *Config) startChild(ctx context.Context, kind childKind) (_ *child, err error) {
	if len(c.Child) == 0 {
		return nil, errors.New("it is not known how to start a child process")
	}
	k := &child{cmd: exec.CommandContext(ctx, c.Child[0], c.Child[1:]...), door: &door{}}
	k.cmd.Stderr = os.Stderr
	if k.in, err = k.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := k.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := k.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a child process: %w", err)
	}
	k.asks, k.answers = json.NewEncoder(k.in), json.NewDecoder(bufio.NewReader(out))
	err = k.asks.Encode(childOrder{Kind: kind, Dir: c.Dir})
	if err == nil {
		err = k.answers.Decode(k.door)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start a child process: %w", err), k.stop())
	}
	return k, nil
}

// ask asks the child and returns what it then uses.
func (k *child) ask(what string) (Usage, error) {
	var u Usage
	if err := k.asks.Encode(what); err != nil {
		return u, fmt.Errorf("ask a child process: %w", err)
	}
	if err := k.answers.Decode(&u); err != nil {
		return u, fmt.Errorf("ask a child process: %w", err)
	}
	return u, nil
}

// stop ends the child and waits until it has ended.
func (k *child) stop() error { return errors.Join(k.in.Close(), k.cmd.Wait()) }
