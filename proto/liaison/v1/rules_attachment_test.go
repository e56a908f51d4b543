package liaisonv1_test

import (
	"fmt"
	"strings"
)

// The attachment of the examples.
const (
	attachmentName = requestName + "/attachments/9f2c3f6d2d0c7a5f3fd3b6c0a9a1d3f4f51e3cbe34d3a1a76df8bb8f9c0f3c11"
	sealedFile     = `{sha256: 9f2c3f6d2d0c7a5f3fd3b6c0a9a1d3f4f51e3cbe34d3a1a76df8bb8f9c0f3c11, size_bytes: 4294967296}`
)

// attachments tries what lists files and what moves them.
func attachments() []try {
	const digest = "9f2c3f6d2d0c7a5f3fd3b6c0a9a1d3f4f51e3cbe34d3a1a76df8bb8f9c0f3c11"
	all := []try{
		{name: "of one byte", message: "SealedFile", path: "size_bytes", value: 1},
		{name: "of no bytes", message: "SealedFile", path: "size_bytes", value: 0, rule: "int64.gte_lte"},
		{name: "of more than 4 GiB", message: "SealedFile", path: "size_bytes", value: 4294967297, rule: "int64.gte_lte"},
		{name: "without a digest", message: "SealedFile", path: "sha256", rule: "required"},
		{name: "with a digest in upper case", message: "SealedFile", path: "sha256", value: strings.ToUpper(digest), rule: "string.pattern"},
		{name: "with half a digest", message: "SealedFile", path: "sha256", value: digest[:32], rule: "string.pattern"},

		{name: "of no name", message: "GetAttachmentRequest", path: "name", rule: "required"},
		{name: "of no name", message: "DownloadAttachmentRequest", path: "name", rule: "required"},
		{name: "that goes on", message: "UploadAttachmentRequest", path: whole, value: map[string]any{"data": "AAAA"}},
		{name: "of a piece", message: "UploadAttachmentRequest", path: "data", value: raw(262144)},
		{name: "of too large a piece", message: "UploadAttachmentRequest", path: "data", value: raw(262145), rule: "bytes.max_len"},

		rowTry("Document", "that travels by another way", with(document, "sealed: null"), "", ""),
		rowTry("Document", "that travels as an attachment", with(document, "size_bytes: 5\nsealed: "+sealedFile), "", ""),
		rowTry("Document", "whose size is not known, as an attachment", with(document, "size_bytes: null\nsealed: "+sealedFile), "document.sealed", "."),
		rowTry("Incident", "one attachment twice", with(incident, "evidence: [{sha256: "+digest+", title: a, media_type: image/png, size_bytes: 1, sealed: "+sealedFile+"}, {sha256: "+digest+", title: b, media_type: image/png, size_bytes: 1, sealed: "+sealedFile+"}]"), "evidence.attachments_unique", "evidence"),
	}
	for _, message := range []string{"GetAttachmentRequest", "UploadAttachmentRequest", "DownloadAttachmentRequest"} {
		for i, name := range []string{
			requestName, requestName + "/attachments/", requestName + "/attachments/" + digest + "0", requestName + "/attachments/../" + digest[3:],
			requestName + "/files/" + digest, "requests/1/attachments/" + digest, "platforms/messenger/attachments/" + digest, attachmentName + "\n",
		} {
			all = append(all, try{name: fmt.Sprint("with a name that is another's ", i), message: message, path: "name", value: name, rule: "string.pattern"})
		}
		if message != "GetAttachmentRequest" {
			all = append(all,
				try{name: "from before the start on", message: message, path: "offset", value: -1, rule: "int64.gte_lte"},
				try{name: "from beyond the end on", message: message, path: "offset", value: 4294967297, rule: "int64.gte_lte"})
		}
	}
	return all
}
