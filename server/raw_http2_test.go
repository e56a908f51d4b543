package server_test

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
	"math/big"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/proof/pki"
)

// rawCall makes one gRPC call over HTTP/2 frames of its own making, with any path at
// all, and returns its grpc-status, its :status and how many bytes of data came back.
func (h *hub) rawCall(id, path string, message proto.Message) (grpcStatus, httpStatus string, data int) {
	h.t.Helper()
	conn := must(tls.Dial("tcp", h.address, &tls.Config{
		RootCAs: h.pool(), NextProtos: []string{"h2"}, Certificates: []tls.Certificate{h.leaf(id).TLS()},
	}))
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		h.t.Fatal(err)
	}
	if _, err := conn.Write([]byte(http2.ClientPreface)); err != nil {
		h.t.Fatal(err)
	}
	framer := http2.NewFramer(conn, conn)
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	h.write(framer.WriteSettings())

	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for _, field := range [][2]string{
		{":method", "POST"}, {":scheme", "https"}, {":path", path}, {":authority", "localhost"},
		{"content-type", "application/grpc"}, {"te", "trailers"},
	} {
		h.write(encoder.WriteField(hpack.HeaderField{Name: field[0], Value: field[1]}))
	}
	h.write(framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block.Bytes(), EndHeaders: true}))
	body := must(proto.Marshal(message))
	prefixed := append(binary.BigEndian.AppendUint32([]byte{0}, uint32(len(body))), body...)
	h.write(framer.WriteData(1, true, prefixed))

	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return grpcStatus, httpStatus, data // the hub hung up
		}
		switch f := frame.(type) {
		case *http2.SettingsFrame:
			if !f.IsAck() {
				h.write(framer.WriteSettingsAck())
			}
		case *http2.MetaHeadersFrame:
			for _, field := range f.Fields {
				switch field.Name {
				case "grpc-status":
					grpcStatus = field.Value
				case ":status":
					httpStatus = field.Value
				}
			}
			if f.StreamEnded() {
				return grpcStatus, httpStatus, data
			}
		case *http2.DataFrame:
			data += len(f.Data())
		case *http2.RSTStreamFrame, *http2.GoAwayFrame:
			return grpcStatus, httpStatus, data
		}
	}
}

func (h *hub) write(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// serials are those of certificates to revoke.
func serials(leaves ...*pki.Leaf) []*big.Int {
	var numbers []*big.Int
	for _, leaf := range leaves {
		numbers = append(numbers, leaf.Certificate.SerialNumber)
	}
	return numbers
}
