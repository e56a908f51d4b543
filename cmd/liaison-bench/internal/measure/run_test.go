package measure

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/liaison-protocol/liaison/client"
	"github.com/liaison-protocol/liaison/internal/law/resource"
)

// TestEverythingIsMeasured runs each benchmark so small that its figures are of no worth,
// and looks whether they count what they say.
func TestEverythingIsMeasured(t *testing.T) {
	c := quick(t)
	told := 0
	c.Progress = func(string) { told++ }
	r := run(t, c)
	if told == 0 {
		t.Error("nobody is told what is measured")
	}
	if left, err := os.ReadDir(c.Dir); err != nil || len(left) != 0 {
		t.Errorf("%d things are left behind, %v", len(left), err)
	}
	checkMachine(t, r.Machine)
	checkFiling(t, c.Filing, r.Filing)
	checkStages(t, r.Stages)
	if i := r.Inbox; i.Filing.Count != c.Inbox.Filings || i.Inbox.Count != c.Inbox.Filings || i.Inbox.P50 <= 0 || i.Ratio <= 0 {
		t.Errorf("inbox: %+v", i)
	}
	w := r.Watchers[len(r.Watchers)-1]
	if len(r.Watchers) != len(c.Watchers.Sizes) || w.Connections != 4 || w.Hub.All.Count != c.Watchers.Filings || w.Bare.All.P50 <= 0 || w.Hub.Goroutines <= 0 || w.FanOut <= 0 {
		t.Errorf("watchers: %+v", w)
	}
	for i, size := range r.Growth.Sizes {
		if size.Requests != c.Growth.Sizes[i] || size.Bytes < int64(2000*size.Requests) ||
			size.Start <= 0 || size.Page <= 0 || size.Get <= 0 || size.Bare <= 0 || (size.GetDisk > 0) != (runtime.GOOS == "linux") || size.Resume <= 0 || size.Filing <= 0 {
			t.Errorf("growth: %+v", size)
		}
	}
	s := r.Soak
	if len(s.Samples) != c.Soak.Samples || s.Peak <= 0 || s.Watched == 0 || s.Samples[0].Usage.Goroutines == 0 {
		t.Errorf("soak: %+v", s)
	}
	checkDocument(t, r)
}

func checkMachine(t *testing.T, m Machine) {
	t.Helper()
	if m.Fsync <= 0 || m.Cores < 1 || m.Go == "" || m.Processor == "" {
		t.Errorf("the machine: %+v", m)
	}
}

func checkFiling(t *testing.T, c FilingConfig, f *FilingResult) {
	t.Helper()
	if f.RequestBytes < 2000 || f.RequestBytes > 4000 || f.ResponseBytes <= f.RequestBytes || f.Key != "Ed25519" {
		t.Errorf("the messages: %+v", f)
	}
	for i, l := range f.Levels {
		if l.Callers != c.Callers[i] || len(l.Ratios) != c.Rounds || l.Ratio <= 0 || l.SDKRatio <= 0 ||
			l.PerCommit < 1 || l.PerCommit > float64(l.Callers)+1 || l.Latencies.Count == 0 || l.Latencies.P99 < l.Latencies.P50 {
			t.Errorf("%d callers: %+v", l.Callers, l)
		}
	}
	if f.Lone == nil || f.Lone.Fsync.Count != c.Rounds*fsyncs || f.Lone.Ratio <= 0 {
		t.Errorf("a lone caller: %+v", f.Lone)
	}
}

func checkStages(t *testing.T, s *StagesResult) {
	t.Helper()
	writers := 0
	for _, stage := range s.Stages {
		if stage.Cost <= 0 || stage.Name == "" || stage.What == "" {
			t.Errorf("stage: %+v", stage)
		}
		if stage.Writer {
			writers++
		}
	}
	if len(s.Stages) != 13 || writers != 5 || s.Baseline <= 0 {
		t.Errorf("%d stages, %d of them the writer's, baseline %v", len(s.Stages), writers, s.Baseline)
	}
}

// TestABenchmarkThatThereIsNot names those that there are.
func TestABenchmarkThatThereIsNot(t *testing.T) {
	_, err := Run(t.Context(), Config{}, "speed")
	if !errors.Is(err, ErrName) || !strings.Contains(err.Error(), "filing, stages, inbox, watchers, growth, soak") {
		t.Errorf("it ends with: %v", err)
	}
}

// figures are those of a report, with their units.
var figures = regexp.MustCompile(`-?\d+([.,]\d+)*( ?(µs|ms|s|bytes|KB|MB|GB)\b)?`)

// checkDocument compares the report's structure, without its figures, with
// testdata/report.md. LIAISON_UPDATE=1 writes it anew.
func checkDocument(t *testing.T, r *Report) {
	t.Helper()
	r.Time = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)
	r.Machine = Machine{Processor: "a processor", Kernel: "a system", Go: "a toolchain"}
	r.Others = []*Report{{Engine: "another engine", Filing: r.Filing, Inbox: r.Inbox}}
	var text bytes.Buffer
	if err := r.Markdown(&text); err != nil {
		t.Fatal(err)
	}
	got := figures.ReplaceAllString(text.String(), "0")
	const golden = "testdata/report.md"
	if os.Getenv("LIAISON_UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the report is another than %s; LIAISON_UPDATE=1 writes it anew. It is:\n%s", golden, got)
	}
	charts := r.Charts()
	decoder := xml.NewDecoder(bytes.NewReader(charts[SoakChart]))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the chart is not XML: %v", err)
		}
	}
	if drawing := string(charts[SoakChart]); strings.Contains(drawing, "NaN") || strings.Contains(drawing, "href") {
		t.Error("the chart has a line that leads nowhere, or needs another file")
	}
	empty := &Report{}
	text.Reset()
	if err := empty.Markdown(&text); err != nil || strings.Contains(text.String(), "## ") || len(empty.Charts()) != 0 {
		t.Errorf("what was not measured is told: %v\n%s", err, text.String())
	}
}

// TestAGeneratedArchiveIsAHubs starts a hub on what the generator made, files on top of it,
// and has the SDK check the whole ledger and every signature in it.
func TestAGeneratedArchiveIsAHubs(t *testing.T) {
	c := quick(t)
	w, err := newWorkspace(t.Context(), &c, "generated")
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := w.close(); err != nil {
			t.Error(err)
		}
	}()
	f, err := w.newFiling(t.Context(), &c)
	if err != nil {
		t.Fatal(err)
	}
	defer f.bare.stop()
	if err := w.stopHub(); err != nil {
		t.Fatal(err)
	}
	g, err := newGenerator(f.signer, f.spec, w.ledgerSecret)
	if err != nil {
		t.Fatal(err)
	}
	const made = batchSize + 37
	if err := g.fill(t.Context(), w.store, made, func(int) {}); err != nil {
		t.Fatal(err)
	}
	if w.hub, err = w.openHub(t.Context(), w.store, w.dir); err != nil {
		t.Fatal(err)
	}
	conn, err := w.hub.sdk(officer, client.WithAnswerKeys(f.secret))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	filed, err := conn.Authority().File(t.Context(), f.spec)
	if err != nil {
		t.Fatal(err)
	}
	const all = made + 2 // one was filed before, to have an answer, and one after
	if filed.GetSequence() != all {
		t.Errorf("the next event is %d", filed.GetSequence())
	}
	checked, err := conn.Ledger().Verify(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if checked.Own != all || checked.Signatures != all {
		t.Errorf("of %d events %d are the authority's, and %d signatures hold", all, checked.Own, checked.Signatures)
	}
	if head, err := w.store.Head(t.Context()); err != nil || head.Seq != resource.Seq(all) {
		t.Errorf("the archive ends at %d, %v", head.Seq, err)
	}
}

func TestQuantiles(t *testing.T) {
	sorted := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for share, want := range map[float64]int{0: 1, 0.5: 5, 0.51: 6, 0.99: 10, 1: 10} {
		if got := quantile(sorted, share); got != want {
			t.Errorf("%g: %d, wanted %d", share, got, want)
		}
	}
	if got := quantile([]int(nil), 0.5); got != 0 {
		t.Errorf("of nothing: %d", got)
	}
	if got := median([]float64{4, 1, 3, 2}); got != 2.5 {
		t.Errorf("the median is %g", got)
	}
	if got := ratio(1.0, 0); got != 0 {
		t.Errorf("compared with nothing: %g", got)
	}
}

func TestScalesEndAtRoundNumbers(t *testing.T) {
	for most, want := range map[float64]float64{0: 1, 0.7: 1, 1: 1, 1.2: 2, 3: 5, 70: 100, 512: 1000} {
		if got := roundUp(most); got != want {
			t.Errorf("%g: %g, wanted %g", most, got, want)
		}
	}
}
