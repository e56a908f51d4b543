package main

import (
	"context"
	"strings"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/azureblob" // azblob://
	_ "gocloud.dev/blob/gcsblob"   // gs://
	_ "gocloud.dev/blob/s3blob"    // s3://

	"github.com/liaison-protocol/liaison/internal/attachment"
)

// openBucket opens where attachments are kept: a folder, or the URL of an object store;
// nil if nowhere.
func openBucket(ctx context.Context, dir, setting string) (*blob.Bucket, error) {
	if setting == "" {
		return nil, nil
	}
	if scheme, _, ok := strings.Cut(setting, "://"); ok {
		bucket, err := blob.OpenBucket(ctx, setting)
		if err != nil {
			return nil, usage("%s: attachments: a bucket of %s:// cannot be opened: %w", hubFile, scheme, err)
		}
		return bucket, nil
	}
	return attachment.OpenFolder(inFolder(dir, setting))
}
