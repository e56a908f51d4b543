package sealed

import (
	"testing"

	"filippo.io/age"
)

// TestRecipientsAreRememberedAsTheyWereRead checks several of each kind again and again,
// and more than are remembered.
func TestRecipientsAreRememberedAsTheyWereRead(t *testing.T) {
	hybrid, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	for range 266 {
		x25519, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		good := x25519.Recipient().String()
		for range 2 {
			if is, err := isHybrid(good); is || err != nil {
				t.Fatalf("X25519: %v, %v", is, err)
			}
			if is, err := isHybrid(hybrid.Recipient().String()); !is || err != nil {
				t.Fatalf("hybrid: %v, %v", is, err)
			}
			for _, none := range []string{"", good[:len(good)-1], good + "q", hybrid.Recipient().String()[1:]} {
				if _, err := isHybrid(none); err == nil {
					t.Fatalf("%q is a recipient", none)
				}
			}
		}
	}
}
