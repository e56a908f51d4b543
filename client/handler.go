package client

import (
	"context"
	"errors"

	"google.golang.org/protobuf/proto"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
	"github.com/liaison-protocol/liaison/verify"
)

// Handler decides about one request: a platform's whole integration. It may be
// called several times for a request: for the rest after a part, after the
// authority has replied, narrowed or upheld, after an error, and again after a
// crash if it is not known whether its response arrived. Its context ends when the
// request is withdrawn or changed while it works; context.Cause tells why.
//
// An error, like a panic, is logged without what it says, and the handler is called
// again after a pause that grows.
type Handler func(ctx context.Context, r *Request) (Response, error)

// Request is a request that waits for the platform, with what was said about it.
type Request struct {
	*liaisonv1.Request
	// Events are the request's history from the moment it came before the platform:
	// questions and replies, objections and what became of them, in order.
	Events []*liaisonv1.Event
}

// requestOf returns what a handler is given of a case, which stays as it is.
func requestOf(c *verify.Case) *Request {
	r := &Request{Request: proto.CloneOf(c.Request), Events: make([]*liaisonv1.Event, len(c.Events))}
	for i, e := range c.Events {
		r.Events[i] = proto.CloneOf(e)
	}
	return r
}

// Open returns the selectors that no part of the answer has dealt with.
func (r *Request) Open() []*liaisonv1.Selector {
	answered := make(map[string]bool)
	for _, id := range r.GetAnsweredSelectors() {
		answered[id] = true
	}
	var open []*liaisonv1.Selector
	for _, s := range r.GetSpec().GetSelectors() {
		if !answered[s.GetId()] {
			open = append(open, s)
		}
	}
	return open
}

// Asked returns the categories sought for a selector: its own, or all of the
// request's.
func (r *Request) Asked(s *liaisonv1.Selector) []liaisonv1.DataCategory {
	if own := s.GetCategories(); len(own) > 0 {
		return own
	}
	return r.GetSpec().GetCategories()
}

// LastReply returns the authority's last reply to a question; nil if there is none.
func (r *Request) LastReply() *liaisonv1.ClarificationReply {
	for i := len(r.Events) - 1; i >= 0; i-- {
		if reply := r.Events[i].GetClarificationReplied(); reply != nil {
			return reply
		}
	}
	return nil
}

// ErrChanged is the cause for which a handler's context ends when the request was
// withdrawn or narrowed while the handler worked on it: its response would not be
// taken any more.
var ErrChanged = errors.New("the request was withdrawn or changed")
