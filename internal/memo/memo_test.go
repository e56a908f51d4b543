package memo

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// counting reads numbers, and counts how often.
func counting() (read func(string) (int, error), times *int) {
	times = new(int)
	return func(text string) (int, error) { *times++; return strconv.Atoi(text) }, times
}

func TestATextIsReadOnce(t *testing.T) {
	m := New[int](10, 10)
	read, times := counting()
	for range 3 {
		if n, err := m.Get("7", read); n != 7 || err != nil {
			t.Fatalf("%d, %v", n, err)
		}
	}
	if *times != 1 {
		t.Errorf("it was read %d times", *times)
	}
}

func TestWhatIsNotRememberedIsReadAgain(t *testing.T) {
	for name, text := range map[string]string{"it cannot be read": "x", "it is too long": strings.Repeat("0", 10) + "7"} {
		t.Run(name, func(t *testing.T) {
			m := New[int](10, 10)
			read, times := counting()
			_, first := m.Get(text, read)
			_, second := m.Get(text, read)
			if *times != 2 || len(m.known) != 0 || !errors.Is(second, errors.Unwrap(first)) {
				t.Errorf("it was read %d times, %d are remembered, %v, then %v", *times, len(m.known), first, second)
			}
		})
	}
}

func TestNoMoreAreRememberedThanAreToBe(t *testing.T) {
	m := New[int](10, 10)
	read, times := counting()
	for n := range 1000 {
		for range 2 {
			if got, err := m.Get(strconv.Itoa(n), read); got != n || err != nil {
				t.Fatalf("%d, %v", got, err)
			}
		}
		if len(m.known) > 10 {
			t.Fatalf("%d are remembered", len(m.known))
		}
	}
	if *times != 1000 {
		t.Errorf("a thousand were read %d times", *times)
	}
}

func TestManyReadAtATime(t *testing.T) {
	m := New[int](10, 10)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for n := range 100 {
				if got, err := m.Get(strconv.Itoa(n%30), strconv.Atoi); got != n%30 || err != nil {
					t.Errorf("%d, %v", got, err)
				}
			}
		})
	}
	all.Wait()
}
