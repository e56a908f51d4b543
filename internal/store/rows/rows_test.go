package rows_test

import (
	"database/sql"
	"errors"
	"testing"

	"github.com/liaison-protocol/liaison/internal/store/rows"
)

// row is one whose columns hold these values, as a driver gives them.
type row []any

func (r row) Scan(into ...any) error {
	for i, target := range into {
		switch target := target.(type) {
		case sql.Scanner:
			if err := target.Scan(r[i]); err != nil {
				return err
			}
		case *uint64:
			*target = r[i].(uint64)
		case *[]byte:
			*target = r[i].([]byte)
		}
	}
	return nil
}

// TestAMalformedValueIsNobody: what is stored wrongly is an error, and never another
// organisation or request, or none.
func TestAMalformedValueIsNobody(t *testing.T) {
	for name, id := range map[string]any{
		"too short": make([]byte, 15), "too long": make([]byte, 17), "no UUID": "x", "empty": "", "NULL": nil, "a number": int64(1),
	} {
		if _, err := rows.ScanID(row{id}); !errors.Is(err, rows.ErrCorrupt) {
			t.Errorf("an identifier that is %s: %v", name, err)
		}
	}
	for name, organisation := range map[string]any{"no name": "moc", "empty": "", "bytes": []byte("authorities/moc")} {
		if _, err := rows.ScanParticipant(row{organisation, uint64(1), []byte{}}); !errors.Is(err, rows.ErrCorrupt) {
			t.Errorf("an organisation that is %s: %v", name, err)
		}
	}
	for name, id := range map[string]any{"16 bytes": make([]byte, 16), "text": "0199a000-0000-7000-8000-000000000000"} {
		if _, err := rows.ScanID(row{id}); err != nil {
			t.Errorf("an identifier as %s: %v", name, err)
		}
	}
}
