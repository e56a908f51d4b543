-- +goose Up

-- The latest rows of request_selectors, before they move there: a small table, since what
-- is inserted lands anywhere in it.
CREATE TABLE recent_selectors (
    hash    BLOB    NOT NULL CHECK (length(hash) = 16),
    request INTEGER NOT NULL,
    PRIMARY KEY (hash, request)
) STRICT, WITHOUT ROWID;
