package scope

import (
	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// chat is what a channel, a group and a bot have in common: an id, a public name,
// or both. One without either stands for any.
type chat struct{ id, username string }

// mayBe reports whether two descriptions can be of one chat: names change hands,
// so that ids decide where both have one.
func (c chat) mayBe(other chat) bool {
	if c.id != "" && other.id != "" {
		return c.id == other.id
	}
	return c.username == "" || other.username == "" || c.username == other.username
}

// named is a Chat or a BotSelector.
type named interface {
	GetId() string
	GetUsername() string
}

// firstNamed returns the one among them that is there: of a oneof, one at most is.
func firstNamed(among ...named) chat {
	for _, n := range among {
		if n.GetId() != "" || n.GetUsername() != "" {
			return chat{n.GetId(), n.GetUsername()}
		}
	}
	return chat{}
}

// chatOf returns the chat that a selector denotes or in which it looks; any, if it
// says nothing of a chat.
func chatOf(s *liaisonv1.Selector) chat {
	return firstNamed(
		s.GetChannel(), s.GetGroup(), s.GetBot(),
		s.GetMessages().GetChannel(), s.GetMessages().GetGroup(), s.GetMessages().GetBot(),
		s.GetCanary().GetChannel(), s.GetCanary().GetGroup(), s.GetCanary().GetBot(),
	)
}

// chatOfRole returns the chat in which a party has a role.
func chatOfRole(r *liaisonv1.ChatRoleItem) chat {
	return firstNamed(r.GetChannel(), r.GetGroup(), r.GetBot())
}
