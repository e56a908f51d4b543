package liaisonv1_test

import (
	"errors"

	"buf.build/go/protovalidate"
)

func asViolations(err error, target **protovalidate.ValidationError) bool {
	return errors.As(err, target)
}
