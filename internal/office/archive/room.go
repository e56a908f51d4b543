package archive

import (
	"google.golang.org/protobuf/proto"

	"github.com/liaison-protocol/liaison/internal/law/scope"
)

// aroundPage is what a reply has besides what is listed in it: checkpoints, for the most.
const aroundPage = 64 << 10

// aroundRecord is what a record has around its body, parts and leaf: salt, proof and the
// tags and lengths of all.
const aroundRecord = 4 << 10

// Room is what is left of a reply for what a page lists. The first thing always fits:
// nothing is accepted that would not.
type Room struct {
	left  int
	taken bool
}

// NewRoom returns the room of an empty page.
func NewRoom() *Room { return &Room{left: scope.MaxReply - aroundPage} }

// Takes says whether a message fits, and takes its place if it does.
func (r *Room) Takes(m proto.Message) bool { return r.takesBytes(proto.Size(m) + 8) }

func (r *Room) takesBytes(size int) bool {
	if r.taken && size > r.left {
		return false
	}
	r.taken, r.left = true, r.left-size
	return true
}
