package main

import (
	"strings"
	"testing"
)

func TestExecOutput(t *testing.T) {
	const (
		notOneObject = "it is not one JSON object"
		notOneField  = "it must have exactly one of answer, clarification, objection, refusal, preservation, later"
		screening    = `"screening": {"result": "SCREENING_RESULT_NONE_KNOWN"}`
		finding      = `{"selector_id": "1", "outcomes": [{"category": "DATA_CATEGORY_SUBSCRIBER_IDENTITY", "code": "OUTCOME_CODE_NOT_FOUND"}]}`
	)
	for _, c := range []struct {
		name, text string
		problem    string // empty: it is a response
	}{
		{"a final answer", `{"answer": {"final": true, ` + screening + `, "findings": [` + finding + `]}}`, ""},
		{"JSON's own names", `{"answer": {"final": true, ` + screening + `, "findings": [{"selectorId": "1", "outcomes": [{"category": "DATA_CATEGORY_SUBSCRIBER_IDENTITY", "code": "OUTCOME_CODE_NOT_FOUND"}]}]}}`, ""},
		{"a question", "\n{\"clarification\": {\"question\": \"Who?\"}}\n", ""},
		{"an objection", `{"objection": {"grounds": [{"code": "GROUND_CODE_DISPROPORTIONATE", "explanation": "Too many."}]}}`, ""},
		{"a refusal", `{"refusal": {"grounds": [{"code": "GROUND_CODE_DISPROPORTIONATE", "explanation": "Too many."}]}}`, ""},
		{"a preservation", `{"preservation": {}}`, ""},
		{"later", `{"later": "15m"}`, ""},
		{"now", `{"later": "0s"}`, ""},

		{"nothing", "", notOneObject},
		{"words", "an error happened", notOneObject},
		{"a list", `[{"later": "1s"}]`, notOneObject},
		{"null", `null`, notOneObject},
		{"two objects", `{"later": "1s"} {"later": "1s"}`, notOneObject},
		{"half an object", `{"later": "1s"`, notOneObject},
		{"an empty object", `{}`, notOneField},
		{"two fields", `{"later": "1s", "refusal": {}}`, notOneField},
		{"a field twice", `{"later": "1s", "later": "2s"}`, notOneField},
		{"another field", `{"reply": {}}`, "its field is none of"},
		{"another case", `{"Later": "1s"}`, "its field is none of"},
		{"an answer that is null", `{"answer": null}`, "answer is not a Answer of the contract"},
		{"an answer that is a text", `{"answer": "+447700900201"}`, "answer is not a Answer of the contract"},
		{"an unknown field", `{"answer": {"phone": "+447700900201"}}`, "answer is not a Answer of the contract"},
		{"a broken rule", `{"answer": {"final": true, "findings": [{"selector_id": "+44 7700 900201"}]}}`, "answer.findings[0]"},
		{"no ground", `{"refusal": {}}`, "refusal.grounds"},
		{"later without a unit", `{"later": "15"}`, "later must be a time"},
		{"later as a number", `{"later": 15}`, "later must be a time"},
		{"earlier", `{"later": "-1s"}`, "later must be a time"},
	} {
		t.Run(c.name, func(t *testing.T) {
			response, err := execOutput([]byte(c.text))
			switch {
			case c.problem == "" && err != nil:
				t.Fatalf("it is refused: %v", err)
			case c.problem == "" && response == nil:
				t.Fatal("there is neither a response nor an error")
			case c.problem == "":
				return
			case err == nil:
				t.Fatal("it is taken")
			case response != nil:
				t.Error("there is a response besides the error")
			}
			if !strings.HasPrefix(err.Error(), c.problem) {
				t.Errorf("the error is %q, wanted %q", err, c.problem)
			}
			if strings.Contains(err.Error(), "7700") {
				t.Errorf("the error quotes what a program said of somebody: %q", err)
			}
		})
	}
}

// Whatever a program writes leads to a response or an error, never to both or
// neither, and the error is a line.
func FuzzExecOutput(f *testing.F) {
	for _, seed := range []string{`{"later": "1s"}`, `{"answer": {"final": true}}`, `{"refusal": {}}`, `{"a":1,"a":2}`, "null", "{", `{"later":"1s"}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		response, err := execOutput(text)
		if (response == nil) == (err == nil) {
			t.Fatalf("response %v, error %v", response, err)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("the error is more than a line: %q", err)
		}
	})
}
