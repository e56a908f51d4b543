package measure

import (
	"bufio"
	"errors"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Machine is what the figures were measured on, as far as it tells.
type Machine struct {
	Processor string        `json:"processor"`
	Cores     int           `json:"cores"`
	Memory    int64         `json:"memory_bytes"`
	Kernel    string        `json:"kernel"`
	Go        string        `json:"go"`
	Fsync     time.Duration `json:"fsync_p50_ns"`
}

// fsyncs is how many times a disk is asked for a description of it.
const fsyncs = 200

func describe(dir string) (Machine, error) {
	took, err := measureFsync(dir, fsyncs)
	if err != nil {
		return Machine{}, err
	}
	return Machine{
		Processor: lineOf("/proc/cpuinfo", "model name"),
		Cores:     runtime.GOMAXPROCS(0),
		Memory:    memoryOf(lineOf("/proc/meminfo", "MemTotal")),
		Kernel:    runtime.GOOS + " " + strings.TrimSpace(contentOf("/proc/sys/kernel/osrelease")) + " " + runtime.GOARCH,
		Go:        runtime.Version(),
		Fsync:     latenciesOf(took).P50,
	}, nil
}

// lineOf returns what stands behind a name and a colon in a file of lines; "unknown"
// where a system has no such file.
func lineOf(path, name string) string {
	lines := bufio.NewScanner(strings.NewReader(contentOf(path)))
	for lines.Scan() {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

func contentOf(path string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(content)
}

// memoryOf reads "24684012 kB".
func memoryOf(text string) int64 {
	number, _, _ := strings.Cut(text, " ")
	kilobytes, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0
	}
	return kilobytes << 10
}

// measureFsync writes 4 KB to a file and forces it to the disk, n times: the least that
// anything durable costs there.
func measureFsync(dir string, n int) (took []time.Duration, err error) {
	file, err := os.CreateTemp(dir, ".fsync-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	page := slices.Repeat([]byte{'x'}, 4096)
	for range n {
		begin := time.Now()
		if _, err := file.Write(page); err != nil {
			return nil, err
		}
		if err := file.Sync(); err != nil {
			return nil, err
		}
		took = append(took, time.Since(begin))
	}
	return took, nil
}
