package sequencer

import (
	"maps"
	"strings"
	"testing"

	"github.com/liaison-protocol/liaison/internal/law/lifecycle"
)

// TestAStepWhoseContentNothingChecksKeepsTheHubFromStarting leaves each check out once.
func TestAStepWhoseContentNothingChecksKeepsTheHubFromStarting(t *testing.T) {
	if err := checksKnow(contentChecks); err != nil {
		t.Fatal(err)
	}
	for step := range contentChecks {
		less := maps.Clone(contentChecks)
		delete(less, step)
		if err := checksKnow(less); err == nil || !strings.Contains(err.Error(), step.String()) {
			t.Errorf("without the check of %s: %v", step, err)
		}
	}
	less := map[lifecycle.Step]func(content) error{}
	if checksKnow(less) == nil {
		t.Error("a hub that checks nothing starts")
	}
}
