package catalogue

// same are the texts that are the same in every language: names, and what only says
// where something else is wrong.
var same = map[string]bool{
	"ETAG": true, "SPIFFE ID": true,
	"--attach %s: %v": true, "--ledger: %v": true, "--listen: %v": true, "--name: %v": true,
	"%s: ca_certificates: %v": true, "%s: ledger_key: %v": true, "%s: metrics_listen: %v": true, "%s: revocation_lists: %v": true, "%s: store: %v": true,
}

// Same says whether a text is the same in every language.
func Same(key string) bool { return same[key] }
