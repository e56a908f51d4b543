package report

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	_ "image/png" // what screenshots are
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// browser starts Debian's Chromium, as people have it, without anything of its own to load.
func browser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is needed to look at the page: run 'make prerequisites'")
	}
	allocated, cancel := chromedp.NewExecAllocator(t.Context(),
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("force-color-profile", "srgb"),
		chromedp.WSURLReadTimeout(time.Minute))
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocated)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatalf("start chromium: %v", err)
	}
	return ctx
}

// opened is a page in the browser.
type opened struct {
	t   *testing.T
	ctx context.Context
}

// open opens a page from a file, in a window so wide.
func open(t *testing.T, ctx context.Context, html []byte, width int64) opened {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(path, html, 0o600); err != nil {
		t.Fatal(err)
	}
	o := opened{t, ctx}
	o.run(chromedp.EmulateViewport(width, 900), media(emulation.SetEmulatedMediaParams{}), chromedp.Navigate("file://"+path), chromedp.WaitReady("footer"))
	return o
}

func (o opened) run(actions ...chromedp.Action[chromedp.Void]) {
	o.t.Helper()
	if err := chromedp.Do(o.ctx, actions...); err != nil {
		o.t.Fatal(err)
	}
}

// media shows the page as on paper, or by dark.
func media(as emulation.SetEmulatedMediaParams) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, as)
		return err
	})
}

// ask evaluates a script in the page, which has none of its own.
func ask[T any](o opened, script string) T {
	o.t.Helper()
	answer, err := chromedp.Run(o.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		o.t.Fatalf("%s: %v", script, err)
	}
	return answer
}

// shot takes a screenshot of the whole page.
func (o opened) shot() image.Image {
	o.t.Helper()
	png, err := chromedp.Run(o.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		o.t.Fatal(err)
	}
	if folder := os.Getenv("REPORT_SHOTS"); folder != "" { // to look at
		name := strings.NewReplacer("/", "-", " ", "-").Replace(o.t.Name()) + ".png"
		if err := os.WriteFile(filepath.Join(folder, name), png, 0o600); err != nil {
			o.t.Fatal(err)
		}
	}
	picture, _, err := image.Decode(bytes.NewReader(png))
	if err != nil {
		o.t.Fatal(err)
	}
	return picture
}

// box is where something stands on the page.
type box struct {
	What                     string
	Left, Top, Right, Bottom float64
}

// boxes returns where what a selector selects stands.
func (o opened) boxes(selector string) []box {
	o.t.Helper()
	return ask[[]box](o, fmt.Sprintf(`[...document.querySelectorAll(%q)].map(e => {
		const r = e.getBoundingClientRect();
		return {What: e.tagName + " " + e.textContent.trim().slice(0, 40), Left: r.left + scrollX, Top: r.top + scrollY, Right: r.right + scrollX, Bottom: r.bottom + scrollY}
	})`, selector))
}

// texts returns where the letters of what a selector selects stand, each line box of them.
func (o opened) texts(selector string) []box {
	o.t.Helper()
	return ask[[]box](o, fmt.Sprintf(`[...document.querySelectorAll(%q)].flatMap(e => {
		const range = document.createRange(); range.selectNodeContents(e);
		return [...range.getClientRects()].map(r => ({What: e.textContent.trim().slice(0, 40), Left: r.left + scrollX, Top: r.top + scrollY, Right: r.right + scrollX, Bottom: r.bottom + scrollY}))
	})`, selector))
}

// series is the colour of the bars, by light and by dark.
var (
	series     = color.RGBA{0x1f, 0x6f, 0x8b, 0xff}
	seriesDark = color.RGBA{0x5f, 0xb3, 0xcf, 0xff}
)

// painted counts pixels of a colour in a row of the picture, and says where they begin and end.
func painted(picture image.Image, y, left, right float64, c color.RGBA) (n int, first, last float64) {
	for x := int(math.Round(left)); x < int(math.Round(right)); x++ {
		r, g, b, _ := picture.At(x, int(y)).RGBA()
		if near(r>>8, c.R) && near(g>>8, c.G) && near(b>>8, c.B) {
			if n == 0 {
				first = float64(x)
			}
			last = float64(x + 1)
			n++
		}
	}
	return n, first, last
}

func near(a uint32, b uint8) bool { return math.Abs(float64(a)-float64(b)) <= 6 }

var reading = map[string]string{"en": "ltr", "ar": "rtl", "ckb": "rtl"}

// TestThePageInABrowser opens the page as a reader does, in each language and in windows
// from a phone's to a desk's, and holds what can be seen against what must.
func TestThePageInABrowser(t *testing.T) {
	ctx := browser(t)
	for _, language := range []string{"en", "ar", "ckb"} {
		html := written(t, "html", language, quarter(t))
		for _, width := range []int64{360, 768, 1280} {
			t.Run(fmt.Sprintf("%s/%d", language, width), func(t *testing.T) {
				o := open(t, ctx, html, width)
				o.checkReading(language)
				o.checkLayout(float64(width))
				o.checkBars(reading[language] == "rtl", series)
			})
		}
	}
}

// checkReading: the page is read from where its language begins.
func (o opened) checkReading(language string) {
	o.t.Helper()
	if got := ask[string](o, `document.documentElement.lang + " " + getComputedStyle(document.body).direction`); got != language+" "+reading[language] {
		o.t.Errorf("the page is %s", got)
	}
	main := o.boxes("main")[0]
	middle := (main.Left + main.Right) / 2
	for _, heading := range o.texts("h1, .sections > section:first-child h2, footer h2") {
		toTheRight := main.Right-heading.Right < heading.Left-main.Left
		if rtl := reading[language] == "rtl"; rtl != toTheRight && heading.Right-heading.Left < middle {
			o.t.Errorf("the heading %q stands from %.0f to %.0f", heading.What, heading.Left, heading.Right)
		}
	}
	if n := ask[int](o, `document.querySelectorAll("script, link, img, iframe").length + performance.getEntriesByType("resource").length`); n != 0 {
		o.t.Errorf("the page loads %d things", n)
	}
	if font := ask[string](o, `getComputedStyle(document.querySelector(".tile")).borderRadius`); font == "0px" {
		o.t.Error("the page's policy keeps its own style out")
	}
	if isolated := ask[int](o, `document.querySelectorAll("header dd > bdi").length`); isolated != 2 {
		o.t.Errorf("%d names are isolated", isolated)
	}
}

// checkLayout: nothing is wider than the window, cut off, or over another.
func (o opened) checkLayout(width float64) {
	o.t.Helper()
	if wide := ask[float64](o, `document.documentElement.scrollWidth`); wide > width {
		o.t.Errorf("the page is %.0f wide in a window of %.0f", wide, width)
	}
	for _, b := range o.boxes("h1, h2, p, .about > div, .tile, .chart, .times, .chart tbody td, .chart tbody th, .times td, .times th, svg") {
		if b.Left < -0.5 || b.Right > width+0.5 || b.Right-b.Left < 1 || b.Bottom-b.Top < 1 {
			o.t.Errorf("%s stands from %.0f to %.0f", b.What, b.Left, b.Right)
		}
	}
	if cut := ask[[]string](o, `[...document.querySelectorAll("dt, dd, main th, main td, h1, h2, p")].filter(e => !e.closest(".chart thead") && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0).map(e => e.textContent.slice(0, 40))`); len(cut) > 0 {
		o.t.Errorf("cut off: %q", cut)
	}
	for _, selector := range []string{"header, main > section, .sections, footer", ".tile", ".chart", ".about > div", ".chart tbody th, .chart tbody td", ".times th, .times td"} {
		all := o.boxes(selector)
		for i, a := range all {
			for _, b := range all[i+1:] {
				if a.Left+0.5 < b.Right && b.Left+0.5 < a.Right && a.Top+0.5 < b.Bottom && b.Top+0.5 < a.Bottom {
					o.t.Errorf("%q and %q stand over each other", a.What, b.What)
				}
			}
		}
	}
	letters := o.texts(".chart tbody th, .chart tbody td.count")
	for _, bar := range o.boxes(".chart svg") {
		for _, l := range letters {
			if l.Left+0.5 < bar.Right && bar.Left+0.5 < l.Right && l.Top+0.5 < bar.Bottom && bar.Top+0.5 < l.Bottom {
				o.t.Errorf("the letters of %q stand in a bar", l.What)
			}
		}
	}
}

// checkBars looks at the pixels: each bar is painted in its box, from where the line begins,
// and as long as its number is of the largest.
func (o opened) checkBars(rtl bool, c color.RGBA) {
	o.t.Helper()
	picture := o.shot()
	report := quarter(o.t)
	for _, s := range breakdowns(report) {
		var most int64
		for _, r := range s.rows {
			most = max(most, r.count.GetValue())
		}
		shown := slices.DeleteFunc(s.rows, func(r row) bool { return r.count.GetSuppressed() && len(s.rows) > mostRows })
		bars := o.boxes("#chart-" + s.key + " svg")
		if len(bars) != len(shown) {
			o.t.Fatalf("%s has %d bars for %d counts", s.key, len(bars), len(shown))
		}
		for i, r := range shown {
			bar := bars[i]
			whole := bar.Right - bar.Left
			n, first, last := painted(picture, (bar.Top+bar.Bottom)/2, bar.Left, bar.Right, c)
			want := whole * float64(r.count.GetValue()) / float64(most)
			if math.Abs(float64(n)-want) > 3 || whole < 60 {
				o.t.Errorf("the bar of %s is %d pixels long, of %.0f; want %.1f", r.key, n, whole, want)
			}
			begins := first - bar.Left
			if rtl {
				begins = bar.Right - last
			}
			if n > 0 && begins > 2 {
				o.t.Errorf("the bar of %s begins %.0f pixels into its line", r.key, begins)
			}
			if outside, _, _ := painted(picture, bar.Bottom+3, bar.Left, bar.Right, c); outside > 0 {
				o.t.Errorf("%d pixels of the bar of %s are beneath its box", outside, r.key)
			}
		}
	}
}

// TestThePageHasALightAndADarkSide.
func TestThePageHasALightAndADarkSide(t *testing.T) {
	ctx := browser(t)
	o := open(t, ctx, written(t, "html", "ar", quarter(t)), 1280)
	for _, side := range []struct {
		name  string
		bar   color.RGBA
		light bool
	}{{"light", series, true}, {"dark", seriesDark, false}} {
		o.run(media(emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: side.name}}}))
		o.checkBars(true, side.bar)
		for _, selector := range []string{"h1", ".intro", ".tile dt", ".few", ".chart th", ".others", "footer p"} {
			if ratio := ask[float64](o, fmt.Sprintf(contrast, selector)); ratio < 4.5 {
				t.Errorf("by %s, %s has a contrast of %.1f", side.name, selector, ratio)
			}
		}
		r, _, _, _ := o.shot().At(2, 2).RGBA()
		if light := r>>8 > 128; light != side.light {
			t.Errorf("by %s, the paper's red is %d", side.name, r>>8)
		}
	}
}

// contrast is the ratio of WCAG 2.2, 1.4.3, of a text to what it stands on.
const contrast = `(() => {
	const of = c => { const [r, g, b, a] = c.match(/[\d.]+/g).map(Number); return {l: [r, g, b].map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0), a: a === undefined ? 1 : a} };
	let e = document.querySelector(%q); const ink = of(getComputedStyle(e).color).l;
	while (e && of(getComputedStyle(e).backgroundColor).a === 0) e = e.parentElement;
	const paper = of(getComputedStyle(e || document.body).backgroundColor).l;
	return (Math.max(ink, paper) + .05) / (Math.min(ink, paper) + .05);
})()`

// TestArabicIsWrittenInItsLetters: they have glyphs, and join. A font without them would
// paint the same box for each, or letters side by side.
func TestArabicIsWrittenInItsLetters(t *testing.T) {
	ctx := browser(t)
	o := open(t, ctx, written(t, "html", "ar", quarter(t)), 1280)
	// width measures a text as the page's heading would be written.
	width := func(text string) float64 {
		return ask[float64](o, fmt.Sprintf(`(() => { const c = document.createElement("canvas").getContext("2d"); c.font = getComputedStyle(document.querySelector("h1")).font; return c.measureText(%q).width })()`, text))
	}
	missing := width("\U000FFFF0") // a private one, for which no font has a glyph
	distinct := make(map[int]bool)
	for _, letter := range "تقريرالشفافية" {
		distinct[int(math.Round(width(string(letter))*10))] = true
		if math.Abs(width(string(letter))-missing) < 0.01 {
			t.Errorf("%c is as wide as what has no glyph", letter)
		}
	}
	if len(distinct) < 5 {
		t.Errorf("the letters of the heading have only %d widths", len(distinct))
	}
	joined, apart := width("شفافية"), width("ش\u200cف\u200cا\u200cف\u200cي\u200cة")
	if apart-joined < 4 {
		t.Errorf("the letters do not join: %.1f wide together, %.1f apart", joined, apart)
	}
	// The same for what is painted: no glyph of the heading looks like the missing one.
	if ink, boxes := o.glyph("ش"), o.glyph("\U000FFFF0"); ink == 0 || ink == boxes {
		t.Errorf("a letter is painted with %d pixels, and what has no glyph with %d", ink, boxes)
	}
}

// glyph counts the pixels that a text is painted with, large.
func (o opened) glyph(text string) int {
	o.t.Helper()
	return ask[int](o, fmt.Sprintf(`(() => {
		const e = document.createElement("canvas"); e.width = e.height = 200;
		const c = e.getContext("2d"); c.font = "120px " + getComputedStyle(document.querySelector("h1")).fontFamily; c.fillText(%q, 40, 130);
		return c.getImageData(0, 0, 200, 200).data.filter((v, i) => i %% 4 == 3 && v > 128).length
	})()`, text))
}

// TestThePageIsPrintedOnA4: a few sheets, none of which is cut.
func TestThePageIsPrintedOnA4(t *testing.T) {
	ctx := browser(t)
	o := open(t, ctx, written(t, "html", "ar", quarter(t)), 1280)
	yes := true
	printed, err := chromedp.Run(o.ctx, func(ctx context.Context, target *chromedp.Target) (cdppage.PrintToPDFResult, error) {
		return cdp.Call(ctx, target, cdppage.PrintToPDF, cdppage.PrintToPDFParams{PreferCSSPageSize: &yes})
	})
	if err != nil {
		t.Fatal(err)
	}
	pdf := printed.Data
	if !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Fatal("nothing was printed")
	}
	sheets := bytes.Count(pdf, []byte("/Type /Page\n"))
	if sheets < 1 || sheets > 3 || !bytes.Contains(pdf, []byte("/MediaBox [0 0 594.95996 841.91998]")) && !bytes.Contains(pdf, []byte("/MediaBox [0 0 595")) {
		t.Errorf("it takes %d sheets, and they are not all of A4", sheets)
	}
	o.run(media(emulation.SetEmulatedMediaParams{Media: "print"}), chromedp.EmulateViewport(680, 900))
	o.checkLayout(680)
}
