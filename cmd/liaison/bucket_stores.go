//go:build objectstores

package main

// The drivers of object stores, of which most hubs need none, are two thirds of the
// command: who keeps attachments in one builds with -tags objectstores.
import (
	_ "gocloud.dev/blob/azureblob" // azblob://
	_ "gocloud.dev/blob/gcsblob"   // gs://
	_ "gocloud.dev/blob/s3blob"    // s3://
)
