// Package postgrestest starts PostgreSQL servers that live as long as a test: real ones,
// from the programs that the machine has, in folders of their own, reached by sockets
// in these folders and by nobody else.
package postgrestest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Cluster is a running server with its databases.
type Cluster struct {
	dir     string // the folder that has all of it, and the socket
	server  *exec.Cmd
	exited  chan struct{}
	account *syscall.Credential // whom the server runs as; nil: as the test does
	made    atomic.Int64        // databases
}

// Start makes and starts a server. Each of settings is a line of postgresql.conf.
func Start(settings ...string) (*Cluster, error) {
	c, err := newCluster()
	if err != nil {
		return nil, err
	}
	// Nothing here has to outlive the machine, and what a killed server has written the
	// system keeps.
	err = c.run("initdb", "--no-sync", "--encoding=UTF8", "--locale=C", "--username=liaison", "--auth=trust", "-D", c.data())
	if err == nil {
		err = c.start(settings)
	}
	return c, c.orStop(err)
}

// Standby makes and starts a server that follows another synchronously: what the other
// reports as committed, this one has too.
func (c *Cluster) Standby() (*Cluster, error) {
	s, err := newCluster()
	if err != nil {
		return nil, err
	}
	err = s.run("pg_basebackup", "--no-sync", "--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf",
		"--dbname=application_name=standby user=liaison host="+c.dir, "-D", s.data())
	if err == nil {
		// What it was told to wait for, as the first, it must not wait for as the only one.
		err = s.start([]string{"synchronous_standby_names = ''"})
	}
	if err == nil {
		err = c.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'", "SELECT pg_reload_conf()")
	}
	if err == nil {
		err = c.awaitTrue("SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'")
	}
	return s, s.orStop(err)
}

// Promote makes a standby take writes, and returns when it does.
func (c *Cluster) Promote() error {
	if err := c.run("pg_ctl", "promote", "-w", "-D", c.data()); err != nil {
		return err
	}
	return c.awaitTrue("SELECT NOT pg_is_in_recovery()")
}

// Kill ends the server and every process of it at once, as a power cut does.
func (c *Cluster) Kill() error {
	err := syscall.Kill(-c.server.Process.Pid, syscall.SIGKILL)
	<-c.exited
	return err
}

// Stop ends the server and deletes its folder.
func (c *Cluster) Stop() error {
	if c.server != nil {
		_ = c.Kill() // it may have been killed already
	}
	return os.RemoveAll(c.dir)
}

// Database makes an empty database and returns its connection string.
func (c *Cluster) Database() (string, error) {
	name := fmt.Sprintf("hub%d", c.made.Add(1))
	return c.Connection(name), c.execute("CREATE DATABASE " + name)
}

// Connection returns the connection string of a database, over one server or, for a
// database that is copied to another, whichever of them takes writes.
func (c *Cluster) Connection(database string, others ...*Cluster) string {
	hosts := []string{c.dir}
	for _, other := range others {
		hosts = append(hosts, other.dir)
	}
	return "postgres:///" + database + "?user=liaison&host=" + strings.Join(hosts, ",")
}

// Socket returns the folder that has the server's socket.
func (c *Cluster) Socket() string { return c.dir }

func newCluster() (*Cluster, error) {
	dir, err := os.MkdirTemp("", "liaison-postgres")
	if err != nil {
		return nil, err
	}
	c := &Cluster{dir: dir, exited: make(chan struct{})}
	if os.Geteuid() == 0 { // which the server refuses to run as
		if c.account, err = accountOf("postgres"); err == nil {
			err = os.Chown(dir, int(c.account.Uid), int(c.account.Gid))
		}
	}
	return c, c.orStop(err)
}

func accountOf(name string) (*syscall.Credential, error) {
	account, err := user.Lookup(name)
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.ParseUint(account.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(account.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
}

func (c *Cluster) orStop(err error) error {
	if err == nil {
		return nil
	}
	return errors.Join(err, c.Stop())
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// program finds a program of the newest PostgreSQL of the machine: Debian keeps those
// that a server needs off the path.
func program(name string) (string, error) {
	found, _ := filepath.Glob(filepath.Join("/usr/lib/postgresql/*/bin", name)) // the pattern is well formed
	if len(found) > 0 {
		return slices.MaxFunc(found, func(a, b string) int { // "9" is before "15"
			return cmp.Or(len(a)-len(b), strings.Compare(a, b))
		}), nil
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("PostgreSQL is not installed: 'make prerequisites' installs it: %w", err)
	}
	return path, nil
}

func (c *Cluster) command(name string, arguments ...string) (*exec.Cmd, error) {
	path, err := program(name)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(path, arguments...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.account, Setpgid: true}
	return cmd, nil
}

func (c *Cluster) run(name string, arguments ...string) error {
	cmd, err := c.command(name, arguments...)
	if err != nil {
		return err
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}

func (c *Cluster) start(settings []string) error {
	settings = append([]string{
		"listen_addresses = ''", "unix_socket_directories = '" + c.dir + "'", "unix_socket_permissions = 0777",
		"fsync = off", "max_connections = 200", "shared_buffers = 64MB", "max_wal_senders = 4", "wal_level = replica",
	}, settings...)
	file, err := os.OpenFile(filepath.Join(c.data(), "postgresql.auto.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(file, strings.Join(settings, "\n"))
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	cmd, err := c.command("postgres", "-D", c.data())
	if err != nil {
		return err
	}
	var log bytes.Buffer
	cmd.Stderr = &log
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	if err := cmd.Start(); err != nil {
		return err
	}
	c.server = cmd
	go func() {
		_ = cmd.Wait() // it is killed in the end
		close(c.exited)
	}()
	if err := c.awaitTrue("SELECT true"); err != nil {
		_ = c.Kill()
		return fmt.Errorf("%w: %s", err, log.String())
	}
	return nil
}

// patience is how long a server may take to do what it was told.
const patience = 30 * time.Second

func (c *Cluster) awaitTrue(question string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var last error
	for ctx.Err() == nil {
		var answer bool
		conn, err := pgx.Connect(ctx, c.Connection("postgres"))
		if err == nil {
			err = conn.QueryRow(ctx, question).Scan(&answer)
			_ = conn.Close(ctx) // nothing is lost with it
		}
		if err == nil && answer {
			return nil
		}
		last = err
		select {
		case <-time.After(10 * time.Millisecond):
		case <-c.exited:
			return errors.Join(errors.New("the server has ended"), last)
		case <-ctx.Done():
		}
	}
	return errors.Join(ctx.Err(), last)
}

func (c *Cluster) execute(statements ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.Connection("postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, statement := range statements {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}
