package main

import (
	"bytes"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
)

// TestAnArchiveOfAnEarlierContractIsRefusedWithOneSentence: it says what to do, in the
// person's language.
func TestAnArchiveOfAnEarlierContractIsRefusedWithOneSentence(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "hub")
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"hub", "init", dir}, strings.NewReader(""), &out, &errs); code != 0 {
		t.Fatalf("hub init: %s", errs.String())
	}
	makeEarlier(t, filepath.Join(dir, "data", "hub.db"))
	for lang, want := range map[string]string{
		"en":  "liaison: the archive was made by an earlier version of Liaison, whose records have another form: make a new hub with 'liaison hub init', and read this archive with the program that made it\n",
		"ar":  "أنشأ هذا الأرشيف إصدار سابق",
		"ckb": "ئەم ئەرشیفە بە وەشانێکی پێشووی",
	} {
		t.Run(lang, func(t *testing.T) {
			var out, errs bytes.Buffer
			if code := run(t.Context(), []string{"--language", lang, "hub", "serve", dir}, strings.NewReader(""), &out, &errs); code != exitUsage {
				t.Errorf("the exit code is %d, wanted %d", code, exitUsage)
			}
			if said := errs.String(); !strings.Contains(said, want) || !strings.Contains(said, "liaison hub init") || strings.Count(said, "\n") != 1 {
				t.Errorf("it is told %q, wanted one line with %q", said, want)
			}
		})
	}
}

// makeEarlier leaves an archive as one that an earlier program filed in: with an event, and
// without the mark that it began with events of this contract.
func makeEarlier(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, text := range []string{
		`INSERT INTO events (seq, request, authority, authority_index, platform_index, hashes, leaf)
			VALUES (1, zeroblob(16), 'authorities/moc', 1, 0, zeroblob(32), 'leaf')`,
		"DROP TABLE begins_with_parts",
		"DELETE FROM goose_db_version WHERE version_id >= 8",
	} {
		if _, err := db.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
}
