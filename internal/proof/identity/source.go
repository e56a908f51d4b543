package identity

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Source presents a certificate with its key. It is asked at every handshake.
type Source func() (*tls.Certificate, error)

// Static presents the same certificate always.
func Static(certificate tls.Certificate) Source {
	return func() (*tls.Certificate, error) { return &certificate, nil }
}

// Files presents the certificate and key in two PEM files, and what they are
// replaced by as soon as both fit each other. Until then, as between the writing
// of the one and of the other, it presents the former pair.
func Files(certificate, key string) Source {
	f := &reloaded[*tls.Certificate]{
		paths: []string{certificate, key},
		load: func(contents [][]byte) (*tls.Certificate, error) {
			pair, err := tls.X509KeyPair(contents[0], contents[1])
			if err != nil {
				return nil, fmt.Errorf("read %s and %s: %w", filepath.Base(certificate), filepath.Base(key), err)
			}
			return &pair, nil
		},
	}
	return f.get
}

// PoolFile returns the authorities in a PEM file, and those that it is replaced by.
func PoolFile(path string) func() (*x509.CertPool, error) {
	f := &reloaded[*x509.CertPool]{
		paths: []string{path},
		load: func(contents [][]byte) (*x509.CertPool, error) {
			pool := x509.NewCertPool()
			if !pool.AppendCertsFromPEM(contents[0]) {
				return nil, fmt.Errorf("%s holds no certificate", filepath.Base(path))
			}
			return pool, nil
		},
	}
	return f.get
}

// StaticPool returns the same authorities always.
func StaticPool(pool *x509.CertPool) func() (*x509.CertPool, error) {
	return func() (*x509.CertPool, error) { return pool, nil }
}

// reloaded is what files hold, read again when they change.
type reloaded[T any] struct {
	paths []string
	load  func(contents [][]byte) (T, error)

	mu     sync.Mutex
	loaded bool
	value  T
	stamps []stamp // of the files that value was read from, or that failed to load
}

// stamp tells whether a file has changed.
type stamp struct {
	modified time.Time
	size     int64
}

func (r *reloaded[T]) get() (T, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	stamps, err := r.look()
	if err == nil && r.loaded && equal(stamps, r.stamps) {
		return r.value, nil
	}
	var value T
	if err == nil {
		value, err = r.read()
	}
	switch {
	case err == nil:
		r.value, r.stamps, r.loaded = value, stamps, true
	case r.loaded:
		// What is there now cannot be used: keep what was, and look again next time.
	default:
		return r.value, err
	}
	return r.value, nil
}

func (r *reloaded[T]) look() ([]stamp, error) {
	var stamps []stamp
	for _, path := range r.paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, withoutFolder(err)
		}
		stamps = append(stamps, stamp{info.ModTime(), info.Size()})
	}
	return stamps, nil
}

func (r *reloaded[T]) read() (value T, err error) {
	var contents [][]byte
	for _, path := range r.paths {
		content, err := os.ReadFile(path)
		if err != nil {
			return value, withoutFolder(err)
		}
		contents = append(contents, content)
	}
	return r.load(contents)
}

// withoutFolder names the file alone: a folder's name is nobody's business.
func withoutFolder(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return fmt.Errorf("%s %s: %w", path.Op, filepath.Base(path.Path), path.Err)
	}
	return err
}

func equal(a, b []stamp) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !a[i].modified.Equal(b[i].modified) || a[i].size != b[i].size {
			return false
		}
	}
	return true
}
