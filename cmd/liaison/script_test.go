package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/liaison-protocol/liaison/internal/speech/terminal"
	"github.com/liaison-protocol/liaison/internal/store/postgres/postgrestest"
	"github.com/liaison-protocol/liaison/testdata/cases"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"liaison": main})
}

// TestScripts plays testdata/script with the command as a process of its own, against
// hubs that are processes too.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			folder := filepath.Join(env.WorkDir, "cases")
			if err := os.CopyFS(folder, cases.Files); err != nil {
				return err
			}
			if err := moveDates(filepath.Join(folder, "03-preserve-first")); err != nil {
				return err
			}
			env.Setenv("GORACE", goRace)
			env.Values[watches{}] = new([]func())
			return writeDocumentedProgram(filepath.Join(env.WorkDir, "documented"))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve":    serve,
			"transfer": transfer,
			"cosign":   cosign,
			"exits":    exits,
			"watch":    watch,
			"watched":  watched,
			"extend":   extend,
			"keep":     keep,
			"database": database,
			"modes":    modes,
			"lines":    lines,
			"harmless": harmlessFiles,
		},
	})
}

// goRace makes a command that is built to look for races end when it is done, and
// not a second later.
const goRace = "atexit_sleep_ms=0"

// writeDocumentedProgram writes the program of the documentation to a file, so that
// what the documentation shows is what a script runs.
func writeDocumentedProgram(path string) error {
	text, err := os.ReadFile("../../docs/cli.md")
	if err != nil {
		return err
	}
	_, after, _ := strings.Cut(string(text), "```sh\n#!/bin/sh\n")
	program, _, ok := strings.Cut(after, "```")
	if !ok {
		return errors.New("docs/cli.md shows no program of sh")
	}
	return os.WriteFile(path, []byte("#!/bin/sh\n"+program), 0o700)
}

// serve starts a hub for a folder: serve DIR. Its address becomes LIAISON_HUB, its log
// is hub.log.
func serve(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv("LIAISON_HUB", listening(ts, "hub.log", "hub", "serve", args[0], "--listen", "127.0.0.1:0"))
}

// cosign starts a witness of a ledger: cosign DIR KEY. Its address becomes WITNESS_ADDRESS.
func cosign(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv("WITNESS_ADDRESS", listening(ts, "witness.log", "ledger", "witness", args[0], "--ledger", args[1], "--listen", "127.0.0.1:0"))
}

// listening starts the command and waits for its "listening on" line, whose address it
// returns. At the script's end the process is sent SIGTERM and must exit with 0.
func listening(ts *testscript.TestScript, logFile string, args ...string) string {
	cmd := exec.Command(liaisonPath(ts), args...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = append(os.Environ(), "GORACE="+goRace)
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	log, err := os.Create(ts.MkAbs(logFile))
	ts.Check(err)
	cmd.Stderr = log
	ts.Check(cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	ts.Defer(func() {
		ts.Check(cmd.Process.Signal(syscall.SIGTERM))
		ts.Check(cmd.Wait())
		ts.Check(log.Close())
	})
	if err != nil || !ok {
		ts.Fatalf("%s says %q, not where it listens: %v", strings.Join(args[:2], " "), line, err)
	}
	return address
}

// database starts a PostgreSQL server with an empty database, whose connection string
// becomes a variable: database NAME
func database(ts *testscript.TestScript, _ bool, args []string) {
	server, err := postgrestest.Start()
	ts.Check(err)
	ts.Defer(func() { ts.Check(server.Stop()) })
	connection, err := server.Database()
	ts.Check(err)
	ts.Setenv(args[0], connection)
}

// extend adds a text to a file, with the script's variables put in: extend FILE TEXT
func extend(ts *testscript.TestScript, _ bool, args []string) {
	text := os.Expand(ts.ReadFile(args[1]), ts.Getenv)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(ts.ReadFile(args[0])+text), 0o600))
}

// exits runs the command and fails unless it exits with a code: exits CODE ARGS...
// What it writes is in the files out and err.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	cmd := exec.Command(liaisonPath(ts), args[1:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = append(os.Environ(), "GORACE="+goRace, "LIAISON_HUB="+ts.Getenv("LIAISON_HUB"), "LC_ALL=C", "LIAISON_LANGUAGE="+ts.Getenv("LIAISON_LANGUAGE"))
	out, err := os.Create(ts.MkAbs("out"))
	ts.Check(err)
	defer out.Close()
	errs, err := os.Create(ts.MkAbs("err"))
	ts.Check(err)
	defer errs.Close()
	cmd.Stdout, cmd.Stderr = out, errs
	err = cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		ts.Fatalf("%v", err)
	}
	if got := cmd.ProcessState.ExitCode(); got != want {
		ts.Fatalf("liaison %s exits with %d, wanted %d:\n%s", strings.Join(args[1:], " "), got, want, ts.ReadFile("err"))
	}
}

// watches is the key of a script's watches, each a function that waits until it has ended.
type watches struct{}

// watch starts to watch what is new, and returns when the watch has begun:
// watch FILE ARGS... What it prints is in the file after watched.
func watch(ts *testscript.TestScript, _ bool, args []string) {
	ctx, stop := context.WithTimeout(context.Background(), time.Minute) // one that sees nothing fails rather than hangs
	cmd := exec.CommandContext(ctx, liaisonPath(ts), args[1:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = append(os.Environ(), "GORACE="+goRace, "LIAISON_HUB="+ts.Getenv("LIAISON_HUB"), "LC_ALL=C")
	out, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	cmd.Stdout = out
	pipe, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	remarks := bufio.NewReader(pipe)
	begun, err := remarks.ReadString('\n')
	ts.Check(err)
	if !strings.HasPrefix(begun, "Showing what happens after event #") {
		ts.Fatalf("the watch says %q", begun)
	}
	all := ts.Value(watches{}).(*[]func())
	*all = append(*all, func() {
		defer stop()
		_, err := io.Copy(io.Discard, remarks)
		ts.Check(errors.Join(err, cmd.Wait(), out.Close()))
	})
}

// watched waits until all watches have ended, and fails unless each exits with 0.
func watched(ts *testscript.TestScript, _ bool, _ []string) {
	for _, wait := range *ts.Value(watches{}).(*[]func()) {
		wait()
	}
}

// keep puts what a pattern's group finds in a file into a variable:
// keep NAME FILE PATTERN
func keep(ts *testscript.TestScript, _ bool, args []string) {
	found := regexp.MustCompile(args[2]).FindStringSubmatch(ts.ReadFile(args[1]))
	if len(found) < 2 {
		ts.Fatalf("%s holds nothing like %s:\n%s", args[1], args[2], ts.ReadFile(args[1]))
	}
	ts.Setenv(args[0], found[1])
}

// lines fails unless a file is so many lines, each of them a JSON object:
// lines COUNT FILE
func lines(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	all := strings.Split(strings.TrimSuffix(ts.ReadFile(args[1]), "\n"), "\n")
	if len(all) != want {
		ts.Fatalf("%s has %d lines, wanted %d", args[1], len(all), want)
	}
	for _, line := range all {
		var object map[string]any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			ts.Fatalf("%s is not one JSON object: %v", line, err)
		}
	}
}

// harmlessFiles fails unless no line of the files could disturb a terminal: what it opens
// is closed, and no other character acts on it: harmless FILES...
func harmlessFiles(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		for _, line := range strings.Split(ts.ReadFile(name), "\n") {
			if problem := terminal.Problem(line); problem != "" || strings.Contains(line, "\t") {
				ts.Fatalf("%s: %s in %+q", name, problem, line)
			}
		}
	}
}

// modes fails unless every file that a pattern names has a mode: modes 0600 PATTERN
func modes(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.ParseUint(args[0], 8, 32)
	ts.Check(err)
	files, err := filepath.Glob(ts.MkAbs(args[1]))
	ts.Check(err)
	if len(files) == 0 {
		ts.Fatalf("no file is called %s", args[1])
	}
	for _, file := range files {
		info, err := os.Stat(file)
		ts.Check(err)
		if info.Mode().Perm() != fs.FileMode(want) {
			ts.Fatalf("%s has the mode %o", file, info.Mode().Perm())
		}
	}
}

// liaisonPath is the command that testscript has put first on the path.
func liaisonPath(ts *testscript.TestScript) string {
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		path := filepath.Join(dir, "liaison")
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	ts.Fatalf("the command is not on the path")
	return ""
}

// moveDates moves the periods of the case of a preservation, which is of the past, so that
// its tenth day is today.
func moveDates(folder string) error {
	start := time.Now().AddDate(0, 0, -10).UTC()
	for old, moved := range map[string]time.Time{"2026-09-10": start, "2026-11-09": start.AddDate(0, 0, 60), "2026-12-09": start.AddDate(0, 0, 90)} {
		for _, file := range []string{"preserve.yaml", "extension.yaml"} {
			path := filepath.Join(folder, file)
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if err := os.WriteFile(path, bytes.ReplaceAll(text, []byte(old), []byte(moved.Format(time.DateOnly))), 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}
