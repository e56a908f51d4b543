package measure

import (
	"fmt"
	"slices"
	"time"
)

func (r *Report) inbox(p *page) {
	i := r.Inbox
	p.heading("From a filing to the platform's inbox")
	p.explain("%d filings one after the other, from the caller's send until it has its receipt, and until the\n"+
		"platform, which watches, has the event. Target: p50 within 1 ms of the filing's own.", i.Filing.Count)
	p.table("", "p50", "p99", "of the filing's p50")
	p.row("filing", micros(i.Filing.P50), micros(i.Filing.P99), "1")
	p.row("inbox", micros(i.Inbox.P50), micros(i.Inbox.P99), "**"+times(i.Ratio)+"**")
	p.paragraph("The platform has it %s after the caller has its receipt, by the medians.", micros(i.Beyond))
}

func (r *Report) watchers(p *page) {
	p.heading("Those who wait")
	p.explain("Watches of one platform, in a server of its own process, against as many idle streams of a\n"+
		"bare grpc-go server, likewise. Memory is that of one watch, connections shared out, after a\n"+
		"garbage collection. Then %d events, one after the other, each until all watchers have it: of\n"+
		"the hub from the send of a filing, of the bare server from its word to send. Target: no more\n"+
		"than 1.25 times the memory of bare streams.", r.Watchers[0].Hub.All.Count)
	p.table("", "connections", "resident", "heap and stacks", "goroutines", "until all have an event, p50", "p99")
	for _, w := range r.Watchers {
		for _, row := range []struct {
			name string
			cost WatchCost
		}{{"bare streams", w.Bare}, {"watches of the hub", w.Hub}} {
			p.row(fmt.Sprintf("%d %s", w.Watchers, row.name), fmt.Sprint(w.Connections), bytesText(row.cost.Resident), bytesText(row.cost.InUse),
				fmt.Sprintf("%.1f", row.cost.Goroutines), micros(row.cost.All.P50), micros(row.cost.All.P99))
		}
		p.row("hub of bare", "", "**"+times(w.Ratio)+"**", "**"+times(w.InUseRatio)+"**", "", "**"+times(w.FanOut)+"**", "")
	}
}

func (r *Report) growth(p *page) {
	g := r.Growth
	p.heading("A large archive")
	p.explain("One archive that grows, of signed filings between one authority and one platform: the worst\n" +
		"case for both lists. Medians of calls over mutual TLS, and in brackets the ratio to the smallest\n" +
		"size. At each size the archive's files are read through first, so that the system has them in\n" +
		"memory as far as there is any; what is read from the disk is read after the system was told\n" +
		"to forget them. A bare call in turns with the reads of one request tells how busy the machine\n" +
		"was with other things. Target: a page at a million within 1.5 times that at ten thousand, and\n" +
		"a start in under a second.")
	heads := []string{""}
	for _, size := range g.Sizes {
		heads = append(heads, fmt.Sprintf("%d requests", size.Requests))
	}
	p.table(heads...)
	type row struct {
		name string
		of   func(GrowthSize) time.Duration
	}
	rows := []row{
		{"the newest 50 of a list", func(s GrowthSize) time.Duration { return s.Page }},
		{"one request, any", func(s GrowthSize) time.Duration { return s.Get }},
		{"a bare call, in turns with it", func(s GrowthSize) time.Duration { return s.Bare }},
		{fmt.Sprintf("a watch resumed, %d events missed", missed), func(s GrowthSize) time.Duration { return s.Resume }},
		{"a lone filing", func(s GrowthSize) time.Duration { return s.Filing }},
		{"the archive opened", func(s GrowthSize) time.Duration { return s.Open }},
		{"the hub started over it", func(s GrowthSize) time.Duration { return s.Start }},
	}
	if g.Sizes[0].GetDisk > 0 {
		rows = slices.Insert(rows, 2, row{"one request, any, from the disk", func(s GrowthSize) time.Duration { return s.GetDisk }})
	}
	for _, row := range rows {
		cells := []string{row.name}
		for _, size := range g.Sizes {
			cells = append(cells, fmt.Sprintf("%s (%s)", micros(row.of(size)), times(ratio(float64(row.of(size)), float64(row.of(g.Sizes[0]))))))
		}
		p.row(cells...)
	}
	sizes, made := []string{"the archive's files"}, []string{"generated in"}
	for _, size := range g.Sizes {
		sizes = append(sizes, fmt.Sprintf("%s (%s a request)", bytesText(size.Bytes), bytesText(size.Bytes/int64(size.Requests))))
		made = append(made, micros(size.Generate))
	}
	p.row(sizes...)
	p.row(made...)
}

func (r *Report) soak(p *page) {
	s := r.Soak
	p.heading("Under load for %s", s.Duration)
	p.explain("Cases are played whole through the SDK at both ends: filed, acknowledged, read, answered under\n"+
		"seal, listed and read again, while both ends watch. The hub runs in a process of its own; at most\n"+
		"%.1f cases a second were reached, and it is held at half of that. %d cases were played, %d more\n"+
		"found no worker free in time, and %d events were watched. Flat is a ratio near 1: the mean of\n"+
		"the last third of the time over that of the first. The last row is no hub's: a signature checked\n"+
		"and 4 KB forced to disk, which tells how busy the machine was with other things.", s.Peak, s.Cases, s.Late, s.Watched)
	if len(s.Samples) == 0 {
		return
	}
	p.paragraph("![Memory, goroutines and latencies over time](%s)", SoakChart)
	last := s.Samples[len(s.Samples)-1]
	p.table("", "at the end", "last third of the first")
	for _, row := range []struct {
		name, end string
		of        func(SoakSample) float64
	}{
		{"resident memory", bytesText(last.Usage.Resident), func(x SoakSample) float64 { return float64(x.Usage.Resident) }},
		{"heap and stacks", bytesText(last.Usage.InUse), func(x SoakSample) float64 { return float64(x.Usage.InUse) }},
		{"goroutines", fmt.Sprint(last.Usage.Goroutines), func(x SoakSample) float64 { return float64(x.Usage.Goroutines) }},
		{"filing, p50", micros(last.Filing.P50), func(x SoakSample) float64 { return float64(x.Filing.P50) }},
		{"answering, p50", micros(last.Answer.P50), func(x SoakSample) float64 { return float64(x.Answer.P50) }},
		{"reading, p50", micros(last.Reading.P50), func(x SoakSample) float64 { return float64(x.Reading.P50) }},
		{"the machine itself", micros(last.Machine), func(x SoakSample) float64 { return float64(x.Machine) }},
	} {
		p.row(row.name, row.end, "**"+times(s.Flatness(row.of))+"**")
	}
}
