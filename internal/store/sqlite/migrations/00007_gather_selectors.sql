-- +goose Up

-- The latest rows of request_selectors, and those before them, until they move there: small
-- tables, since what is inserted lands anywhere in them.
CREATE TABLE recent_selectors (
    hash    BLOB    NOT NULL CHECK (length(hash) = 16),
    request INTEGER NOT NULL,
    PRIMARY KEY (hash, request)
) STRICT, WITHOUT ROWID;

CREATE TABLE earlier_selectors (
    hash    BLOB    NOT NULL CHECK (length(hash) = 16),
    request INTEGER NOT NULL,
    PRIMARY KEY (hash, request)
) STRICT, WITHOUT ROWID;
