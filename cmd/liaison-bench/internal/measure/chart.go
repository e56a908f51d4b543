package measure

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"time"
)

// chart draws lines over time as an SVG that needs nothing else: panels one below the
// other over one time axis, each with its own scale from zero.
type chart struct {
	title  string
	times  []time.Duration
	panels []panel
}

type panel struct {
	title string // with the unit
	lines []chartLine
}

type chartLine struct {
	name   string
	values []float64
}

// The chart's measures, in pixels.
const (
	chartWidth  = 820
	chartLeft   = 70
	chartRight  = 20
	chartTop    = 40
	panelHeight = 120
	panelGap    = 44
	chartBottom = 34
)

// lineColours are told apart by people who see few colours too.
var lineColours = []string{"#0072b2", "#d55e00", "#009e73"}

func (c chart) svg() []byte {
	var b bytes.Buffer
	height := chartTop + len(c.panels)*(panelHeight+panelGap) + chartBottom
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n", chartWidth, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", chartWidth, height)
	fmt.Fprintf(&b, `<text x="%d" y="22" font-size="15">%s</text>`+"\n", chartLeft, html.EscapeString(c.title))
	for i, p := range c.panels {
		c.panel(&b, p, chartTop+i*(panelHeight+panelGap)+20)
	}
	c.axis(&b, height-chartBottom+6)
	b.WriteString("</svg>\n")
	return b.Bytes()
}

func (c chart) panel(b *bytes.Buffer, p panel, top int) {
	most := 0.0
	for _, line := range p.lines {
		for _, v := range line.values {
			most = max(most, v)
		}
	}
	most = roundUp(most)
	fmt.Fprintf(b, `<text x="%d" y="%d">%s</text>`+"\n", chartLeft, top-8, html.EscapeString(p.title))
	for step := range 3 {
		y := top + panelHeight - step*panelHeight/2
		fmt.Fprintf(b, `<path d="M%d %dH%d" stroke="#ddd"/><text x="%d" y="%d" text-anchor="end" fill="#555">%s</text>`+"\n",
			chartLeft, y, chartWidth-chartRight, chartLeft-6, y+4, scaleText(most*float64(step)/2))
	}
	for i, line := range p.lines {
		colour := lineColours[i%len(lineColours)]
		fmt.Fprintf(b, `<path fill="none" stroke="%s" stroke-width="1.5" d="`, colour)
		for j, v := range line.values {
			command := "L"
			if j == 0 {
				command = "M"
			}
			fmt.Fprintf(b, "%s%.1f %.1f", command, c.x(c.times[j]), float64(top)+panelHeight*(1-v/most))
		}
		fmt.Fprintf(b, `"/><text x="%d" y="%d" text-anchor="end" fill="%s">%s</text>`+"\n",
			chartWidth-chartRight-i*130, top-8, colour, html.EscapeString(line.name))
	}
}

func (c chart) x(at time.Duration) float64 {
	last := c.times[len(c.times)-1]
	return chartLeft + float64(chartWidth-chartLeft-chartRight)*ratio(float64(at), float64(last))
}

func (c chart) axis(b *bytes.Buffer, y int) {
	last := c.times[len(c.times)-1]
	for step := range 6 {
		at := last * time.Duration(step) / 5
		fmt.Fprintf(b, `<text x="%.0f" y="%d" text-anchor="middle" fill="#555">%s</text>`+"\n", c.x(at), y, at.Round(time.Second))
	}
}

// roundUp returns the end of a scale: 1, 2 or 5 times a power of ten.
func roundUp(most float64) float64 {
	if most <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(most)))
	for _, factor := range []float64{1, 2, 5} {
		if most <= factor*power {
			return factor * power
		}
	}
	return 10 * power
}

func scaleText(v float64) string { return fmt.Sprintf("%g", v) }

// SoakChart is the name of the soak's chart, which the report shows.
const SoakChart = "performance-soak.svg"

// Charts are what the report shows, by file name.
func (r *Report) Charts() map[string][]byte {
	charts := make(map[string][]byte)
	if r.Soak != nil && len(r.Soak.Samples) > 0 {
		charts[SoakChart] = r.Soak.chart().svg()
	}
	return charts
}

func (s *SoakResult) chart() chart {
	c := chart{title: fmt.Sprintf("A hub under half of its peak load for %s", s.Duration)}
	series := func(name string, of func(SoakSample) float64) chartLine {
		line := chartLine{name: name}
		for _, sample := range s.Samples {
			line.values = append(line.values, of(sample))
		}
		return line
	}
	for _, sample := range s.Samples {
		c.times = append(c.times, sample.At)
	}
	c.panels = []panel{
		{"memory of the hub, MB", []chartLine{
			series("resident", func(x SoakSample) float64 { return float64(x.Usage.Resident) / (1 << 20) }),
			series("heap and stacks", func(x SoakSample) float64 { return float64(x.Usage.InUse) / (1 << 20) }),
		}},
		{"goroutines of the hub", []chartLine{series("goroutines", func(x SoakSample) float64 { return float64(x.Usage.Goroutines) })}},
		{"p50 of a call, ms", []chartLine{
			series("filing", func(x SoakSample) float64 { return milliseconds(x.Filing.P50) }),
			series("answering", func(x SoakSample) float64 { return milliseconds(x.Answer.P50) }),
			series("reading", func(x SoakSample) float64 { return milliseconds(x.Reading.P50) }),
		}},
		{"a signature checked and 4 KB forced to disk, ms", []chartLine{
			series("machine", func(x SoakSample) float64 { return milliseconds(x.Machine) }),
		}},
	}
	return c
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
