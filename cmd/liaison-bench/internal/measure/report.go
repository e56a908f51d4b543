package measure

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Report is what a run has measured. Parts that were not asked for are nil.
type Report struct {
	Time    time.Time `json:"time"`
	Machine Machine   `json:"machine"`
	Engine  string    `json:"engine"`

	Filing   *FilingResult     `json:"filing,omitempty"`
	Stages   *StagesResult     `json:"stages,omitempty"`
	Inbox    *InboxResult      `json:"inbox,omitempty"`
	Watchers []*WatchersResult `json:"watchers,omitempty"`
	Growth   *GrowthResult     `json:"growth,omitempty"`
	Soak     *SoakResult       `json:"soak,omitempty"`

	// Others are of the same run on other engines.
	Others []*Report `json:"others,omitempty"`
}

// page writes Markdown.
type page struct {
	strings.Builder
	on string // the engine, where it is not the first one's: what was said is not said again
}

// heading begins a part.
func (p *page) heading(format string, args ...any) {
	if p.on != "" {
		format += " on " + p.on
	}
	p.paragraph("## "+format, args...)
}

// explain says what a part is.
func (p *page) explain(format string, args ...any) {
	if p.on == "" {
		p.paragraph(format, args...)
	}
}

func (p *page) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

func (p *page) paragraph(format string, args ...any) { p.line("\n"+format, args...) }

// table begins a table.
func (p *page) table(heads ...string) {
	p.line("")
	p.row(heads...)
	p.line("|%s", strings.Repeat("---|", len(heads)))
}

func (p *page) row(cells ...string) { p.line("| %s |", strings.Join(cells, " | ")) }

// Markdown writes the report as a document.
func (r *Report) Markdown(w io.Writer) error {
	p := &page{}
	p.line("# Performance")
	p.paragraph("Made by `go run ./cmd/liaison-bench`; not written by hand. Every figure stands beside a baseline\n" +
		"that was measured in the same run, in turns with it: machines differ, and this one may have been\n" +
		"busy with other things, so that what counts are the ratios. Callers and hub share the machine\n" +
		"unless it is said otherwise.")
	r.machine(p)
	r.parts(p)
	for _, other := range r.Others {
		p.on = other.Engine
		other.parts(p)
	}
	_, err := io.WriteString(w, p.String())
	return err
}

// parts writes what was measured on one engine.
func (r *Report) parts(p *page) {
	for _, part := range []struct {
		measured bool
		write    func(*page)
	}{
		{r.Filing != nil, r.filing},
		{r.Stages != nil, r.stages},
		{r.Inbox != nil, r.inbox},
		{r.Watchers != nil, r.watchers},
		{r.Growth != nil, r.growth},
		{r.Soak != nil, r.soak},
	} {
		if part.measured {
			part.write(p)
		}
	}
}

func (r *Report) machine(p *page) {
	m := r.Machine
	p.table("", "")
	p.row("date", r.Time.Format("2006-01-02 15:04 MST"))
	p.row("processor", fmt.Sprintf("%s, %d cores", m.Processor, m.Cores))
	p.row("memory", bytesText(m.Memory))
	p.row("system", m.Kernel)
	p.row("Go", m.Go)
	p.row("engine", r.engines())
	p.row("4 KB written and forced to disk, p50", micros(m.Fsync))
}

// engines names what was measured on which engine.
func (r *Report) engines() string {
	names := r.Engine
	for _, other := range r.Others {
		names += ", and where it is said " + other.Engine
	}
	return names
}

func (r *Report) filing(p *page) {
	f := r.Filing
	p.heading("Filing")
	p.explain("Filings of %s, signed with %s, over mutual TLS, with everything on: access, the contract's\n"+
		"rules, the signature and whose it is, the lifecycle, the ledger with a receipt of %s, a\n"+
		"commit on disk, log and metrics. Only the limits against too many calls are lifted. They are\n"+
		"signed before the time is taken, so that the caller's signing is not counted against the\n"+
		"hub. The baseline is a bare grpc-go unary call with the same request, the same response and\n"+
		"the same kind of connections. Target: 25 %% of it at 64 callers on SQLite, 20 %% on PostgreSQL.",
		bytesText(int64(f.RequestBytes)), f.Key, bytesText(int64(f.ResponseBytes)))
	p.table("callers", "connections", "baseline a second", "hub a second", "hub of baseline", "p50", "p99", "filings a commit", "CPU a bare call", "CPU a filing")
	for _, l := range f.Levels {
		p.row(number(l.Callers), number(l.Connections), rate(l.Baseline), rate(l.Hub), "**"+percent(l.Ratio)+"**",
			micros(l.Latencies.P50), micros(l.Latencies.P99), fmt.Sprintf("%.1f", l.PerCommit), micros(l.BaselineCPU), micros(l.HubCPU))
	}
	p.explain("Rates are medians of %d rounds, the ratio is the median of the rounds' ratios, and the CPU is\nthat of both ends.", rounds(f.Levels))
	p.explain("With the SDK at the other end, on the same processors: it signs, checks each receipt against\nthe ledger, and that the ledger has only grown; and one that also keeps on disk what it has seen,\nbefore a step counts. Filings without it take turns with them. Target: 60 % of these at 64 callers,\nand of a lone one 77 %.")
	p.table("callers", "with the SDK a second", "of those without", "kept on disk a second", "of those without")
	for _, l := range f.Levels {
		p.row(number(l.Callers), rate(l.SDK), "**"+percent(l.SDKRatio)+"**", rate(l.SDKKept), percent(l.SDKKeptRatio))
	}
	if l := f.Lone; l != nil {
		p.explain("A lone caller, against 4 KB written to the same disk and forced there, in turns. Target: p50\nno more than 3 of these.")
		p.table("", "p50", "p99", "p50 in fsyncs")
		p.row("fsync", micros(l.Fsync.P50), micros(l.Fsync.P99), "1")
		p.row("bare call", micros(l.Baseline.P50), micros(l.Baseline.P99), times(ratio(float64(l.Baseline.P50), float64(l.Fsync.P50))))
		p.row("filing", micros(l.Filing.P50), micros(l.Filing.P99), "**"+times(l.Ratio)+"**")
	}
}

func rounds(levels []FilingLevel) int {
	if len(levels) == 0 {
		return 0
	}
	return len(levels[0].Ratios)
}

func (r *Report) stages(p *page) {
	s := r.Stages
	p.heading("What a filing costs, stage by stage")
	p.explain("Each stage is the hub's own function on the filing above, alone on one processor. Stages of\n"+
		"the writer come one after the other, since there is one writer; the others run on as many\n"+
		"processors as there are. %d filings share a commit and a checkpoint. A bare call, which the\n"+
		"hub's own gRPC costs too, takes %s of the processors at both ends.", s.Batch, micros(s.Baseline))
	p.table("stage", "what", "who", "µs a filing", "of a bare call", "allocations")
	var all, writer time.Duration
	for _, stage := range s.Stages {
		who := "caller's goroutine"
		if stage.Writer {
			who = "writer"
			writer += stage.Cost
		}
		all += stage.Cost
		p.row(stage.Name, stage.What, who, micro(stage.Cost), percent(ratio(float64(stage.Cost), float64(s.Baseline))), fmt.Sprintf("%.0f", stage.Allocs))
	}
	p.row("**together**", "", "", "**"+micro(all)+"**", percent(ratio(float64(all), float64(s.Baseline))), "")
	p.row("of these the writer's", "", "", micro(writer), percent(ratio(float64(writer), float64(s.Baseline))), "")
}
