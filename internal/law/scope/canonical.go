package scope

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	liaisonv1 "github.com/liaison-protocol/liaison/proto/liaison/v1"
)

// Normalise writes what selectors denote as the contract asks for it, where people write it
// otherwise: a phone number with spaces and 00, a name with its @, a hash in capitals, an
// address in a longer form. What it does not recognise stays as it is, for the contract's
// rules to refuse. It is for who files, before anything is signed: nobody may change what
// was signed.
func Normalise(selectors []*liaisonv1.Selector) {
	for _, s := range selectors {
		eachText(s, func(text *string, form func(string) string) { *text = form(*text) })
	}
}

// Normal says whether Normalise would leave the selectors as they are.
func Normal(selectors []*liaisonv1.Selector) bool {
	normal := true
	for _, s := range selectors {
		eachText(s, func(text *string, form func(string) string) { normal = normal && form(*text) == *text })
	}
	return normal
}

// eachText visits the texts of a selector that have one form, with that form.
func eachText(s *liaisonv1.Selector, visit func(*string, func(string) string)) {
	chat := func(c *liaisonv1.Chat) {
		if c != nil {
			visit(&c.Username, handle)
		}
	}
	bot := func(b *liaisonv1.BotSelector) {
		if b != nil {
			visit(&b.Username, handle)
		}
	}
	switch target := s.GetTarget().(type) {
	case *liaisonv1.Selector_Username:
		visit(&target.Username.Username, handle)
	case *liaisonv1.Selector_Channel:
		chat(target.Channel)
	case *liaisonv1.Selector_Group:
		chat(target.Group)
	case *liaisonv1.Selector_Bot:
		bot(target.Bot)
	case *liaisonv1.Selector_Messages:
		chat(target.Messages.GetChannel())
		chat(target.Messages.GetGroup())
		bot(target.Messages.GetBot())
	case *liaisonv1.Selector_Canary:
		visit(&target.Canary.HmacSha256, strings.ToLower)
		chat(target.Canary.GetChannel())
		chat(target.Canary.GetGroup())
		bot(target.Canary.GetBot())
	case *liaisonv1.Selector_File:
		visit(&target.File.Sha256, strings.ToLower)
		for _, other := range target.File.GetOtherHashes() {
			visit(&other.Value, strings.ToLower)
		}
	case *liaisonv1.Selector_IpSession:
		visit(&target.IpSession.Address, address)
	case *liaisonv1.Selector_Phone:
		visit(&target.Phone.Number, phone)
	case *liaisonv1.Selector_Email:
		visit(&target.Email.Address, email)
	case *liaisonv1.Selector_Imei:
		visit(&target.Imei.Imei, imei)
	}
}

// Denotes returns what a selector denotes, each in a form that is the same however it is
// written, with its type before it: none for one that denotes nothing, and two for a chat
// that has a number and a name, since another may have one of them alone. Whatever is
// about the selector and not in it, such as when it was observed, is not in the form.
func Denotes(s *liaisonv1.Selector) []string {
	kind := targetOf(s)
	one := func(parts ...string) []string { return []string{kind + "\x00" + strings.Join(parts, "\x00")} }
	switch target := s.GetTarget().(type) {
	case *liaisonv1.Selector_Account:
		return one(target.Account.GetId())
	case *liaisonv1.Selector_Username:
		return one(name(target.Username.GetUsername()))
	case *liaisonv1.Selector_Channel:
		return aliases(kind, target.Channel)
	case *liaisonv1.Selector_Group:
		return aliases(kind, target.Group)
	case *liaisonv1.Selector_Bot:
		return aliases(kind, target.Bot)
	case *liaisonv1.Selector_Messages:
		chats := slices.Concat(aliases("channel", target.Messages.GetChannel()), aliases("group", target.Messages.GetGroup()), aliases("bot", target.Messages.GetBot()))
		for i := range chats {
			chats[i] = kind + "\x00" + chats[i] + "\x00" + runs(target.Messages)
		}
		return chats
	case *liaisonv1.Selector_InviteLink:
		return one(link(target.InviteLink.GetUri()))
	case *liaisonv1.Selector_Url:
		return one(link(target.Url.GetUri()))
	case *liaisonv1.Selector_File:
		return one(strings.ToLower(target.File.GetSha256()))
	case *liaisonv1.Selector_IpSession:
		t := target.IpSession
		return one(address(t.GetAddress()), strconv.FormatUint(uint64(t.GetPort()), 10), strconv.FormatInt(t.GetTime().GetSeconds(), 10))
	case *liaisonv1.Selector_Phone:
		return one(phone(target.Phone.GetNumber()))
	case *liaisonv1.Selector_Email:
		return one(email(target.Email.GetAddress()))
	case *liaisonv1.Selector_Device:
		return one(target.Device.GetId())
	case *liaisonv1.Selector_Imei:
		return one(imei(target.Imei.GetImei()))
	case *liaisonv1.Selector_Payment:
		return one(strings.ToLower(target.Payment.GetScheme()), reference(target.Payment.GetScheme(), target.Payment.GetReference()))
	case *liaisonv1.Selector_PlatformReport:
		return one(target.PlatformReport.GetId())
	case *liaisonv1.Selector_Canary:
		return one(target.Canary.GetKeyId(), strings.ToLower(target.Canary.GetHmacSha256()))
	case *liaisonv1.Selector_PlatformDefined:
		return one(target.PlatformDefined.GetType(), target.PlatformDefined.GetValue())
	default:
		return nil
	}
}

// aliases returns what a chat or bot is known by.
func aliases(kind string, chat interface {
	GetId() string
	GetUsername() string
}) (forms []string) {
	if id := chat.GetId(); id != "" {
		forms = append(forms, kind+"\x00id\x00"+id)
	}
	if username := name(chat.GetUsername()); username != "" {
		forms = append(forms, kind+"\x00name\x00"+username)
	}
	return forms
}

// handle is a name without the @ that people write before it.
func handle(text string) string {
	return strings.TrimLeftFunc(strings.TrimSpace(text), func(r rune) bool { return r == '@' || unicode.IsSpace(r) })
}

// name is a handle for comparing: platforms tell no two names apart by capitals.
func name(text string) string { return strings.ToLower(handle(text)) }

// digits are what people write digits with, in the order of their value.
const digits = "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"

// phone is a number in E.164 form, if it begins with the country's: +44, 0044. One of
// another form stays as it is, since nobody can know which country is meant.
func phone(text string) string {
	var b strings.Builder
	for _, r := range strings.Replace(text, "(0)", "", 1) {
		switch {
		case r == '+' && b.Len() == 0:
			b.WriteByte('+')
		case strings.ContainsRune(digits, r):
			b.WriteByte(byte('0' + len([]rune(digits[:strings.IndexRune(digits, r)]))%10))
		case strings.ContainsRune(" -.()/\u00a0\u202f\u2007\u2010\u2011\u2013\t", r):
		default:
			return text
		}
	}
	number := b.String()
	if rest, ok := strings.CutPrefix(number, "00"); ok {
		number = "+" + rest
	}
	if !strings.HasPrefix(number, "+") {
		return text
	}
	return number
}

// email is an address with its domain in small letters: what stands before the @ is the
// domain's own to tell apart.
func email(text string) string {
	trimmed := strings.TrimSpace(text)
	at := strings.LastIndexByte(trimmed, '@')
	if at < 0 {
		return text
	}
	return trimmed[:at] + strings.ToLower(trimmed[at:])
}

// address is an IP address as RFC 5952 writes it; one of IPv4 within IPv6 is that of IPv4.
func address(text string) string {
	parsed, err := netip.ParseAddr(strings.TrimSpace(text))
	if err != nil || parsed.Zone() != "" {
		return text
	}
	return parsed.Unmap().String()
}

// imei is the digits alone.
func imei(text string) string {
	return strings.NewReplacer(" ", "", "-", "", "/", "").Replace(text)
}

// reference is a payment's for comparing: an account's number is written with spaces or
// without, in capitals or not.
func reference(scheme, text string) string {
	if strings.EqualFold(scheme, "iban") {
		return strings.ToUpper(strings.ReplaceAll(text, " ", ""))
	}
	return strings.TrimSpace(text)
}

// link is a URI for comparing: scheme and host in small letters, no port that the scheme
// has anyway, no fragment, which never leaves the reader.
func link(text string) string {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Host == "" || u.Opaque != "" {
		return text
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	for scheme, port := range map[string]string{"http": ":80", "https": ":443"} {
		if u.Scheme == scheme {
			u.Host = strings.TrimSuffix(u.Host, port)
		}
	}
	u.Fragment, u.RawFragment = "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String()
}

// runs are the messages that a selector denotes, as "4181-4183,4186".
func runs(m *liaisonv1.MessageSelector) string {
	ids := slices.Clone(m.GetIds())
	if r := m.GetRange(); r != nil {
		return fmt.Sprintf("%d-%d", r.GetFirstId(), r.GetLastId())
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	var all []string
	for i := 0; i < len(ids); {
		j := i
		for j+1 < len(ids) && ids[j+1] == ids[j]+1 {
			j++
		}
		all = append(all, fmt.Sprintf("%d-%d", ids[i], ids[j]))
		i = j + 1
	}
	return strings.Join(all, ",")
}
