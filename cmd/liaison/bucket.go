package main

import (
	"context"
	"strings"

	"gocloud.dev/blob"

	"github.com/liaison-protocol/liaison/server"
)

// openBucket opens where attachments are kept: a folder, or the URL of an object store;
// nil if nowhere.
func openBucket(ctx context.Context, dir, setting string) (*blob.Bucket, error) {
	if setting == "" {
		return nil, nil
	}
	if scheme, _, ok := strings.Cut(setting, "://"); ok {
		if !blob.DefaultURLMux().ValidBucketScheme(scheme) {
			return nil, usage("%s: attachments: this program has no driver for %s://: build it with 'go build -tags objectstores ./cmd/liaison', or name a folder", hubFile, scheme)
		}
		bucket, err := blob.OpenBucket(ctx, setting)
		if err != nil {
			return nil, usage("%s: attachments: a bucket of %s:// cannot be opened: %w", hubFile, scheme, err)
		}
		return bucket, nil
	}
	return server.AttachmentFolder(inFolder(dir, setting))
}
