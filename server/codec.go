package server

import (
	"errors"
	"io"

	"google.golang.org/grpc/encoding"
	protocodec "google.golang.org/grpc/encoding/proto"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/proof/part"
)

// encoded is a message of the contract as it goes over the wire: what many are sent is
// encoded once. It is never changed.
type encoded []byte

func encode(m proto.Message) (encoded, error) { return proto.Marshal(m) }

// codec is gRPC's own for Protocol Buffers, and sends what is encoded as it is.
type codec struct{ encoding.CodecV2 }

func newCodec() codec { return codec{encoding.GetCodecV2(protocodec.Name)} }

// Marshal implements [encoding.CodecV2].
func (c codec) Marshal(message any) (mem.BufferSlice, error) {
	if ready, ok := message.(encoded); ok {
		return mem.BufferSlice{mem.SliceBuffer(ready)}, nil
	}
	return c.CodecV2.Marshal(message)
}

// call is what a method that takes a step is called with.
type call struct {
	message proto.Message
	twice   error // of what is on the wire: a decoder passes over what stands twice
}

// Unmarshal implements [encoding.CodecV2].
func (c codec) Unmarshal(data mem.BufferSlice, into any) error {
	step, ok := into.(*call)
	if !ok {
		return c.CodecV2.Unmarshal(data, into)
	}
	wire := data.MaterializeToBuffer(mem.DefaultBufferPool())
	defer wire.Free()
	step.twice = part.Once(wire.ReadOnlyData(), step.message.ProtoReflect().Descriptor())
	return proto.Unmarshal(wire.ReadOnlyData(), step.message)
}

// refuseCompressed is what gRPC decompresses with: nothing. What is small on the wire and
// large in memory has no way in, even where the program around the hub has registered a
// compressor for its own calls, as drivers of object stores do.
type refuseCompressed struct{}

// Type implements [grpc.Decompressor]: gzip is what such programs register.
func (refuseCompressed) Type() string { return "gzip" }

// Do implements [grpc.Decompressor].
func (refuseCompressed) Do(io.Reader) ([]byte, error) {
	return nil, errors.New("this hub takes nothing compressed")
}
