-- An independent body that reviews a request reads it and its events, in a feed of its own;
-- NULL where a request has none, or its reviewer may not see an event.

-- +goose Up

ALTER TABLE requests ADD COLUMN reviewer TEXT;
CREATE INDEX requests_of_reviewer ON requests (reviewer) WHERE reviewer IS NOT NULL AND visible = 1;

ALTER TABLE events ADD COLUMN reviewer TEXT;
ALTER TABLE events ADD COLUMN reviewer_index INTEGER NOT NULL DEFAULT 0 CHECK ((reviewer_index = 0) = (reviewer IS NULL));
CREATE INDEX events_of_reviewer ON events (reviewer) WHERE reviewer IS NOT NULL;

DROP TRIGGER requests_keep_their_identity;
-- +goose StatementBegin
CREATE TRIGGER requests_keep_their_identity BEFORE UPDATE ON requests
WHEN NEW.created <> OLD.created OR NEW.id <> OLD.id OR NEW.authority <> OLD.authority
    OR NEW.platform <> OLD.platform OR NEW.reviewer IS NOT OLD.reviewer OR NEW.create_time <> OLD.create_time BEGIN
    SELECT RAISE(ABORT, 'a request keeps its identity');
END;
-- +goose StatementEnd

DROP TRIGGER events_never_change;
-- +goose StatementBegin
CREATE TRIGGER events_never_change BEFORE UPDATE ON events
WHEN NEW.seq <> OLD.seq OR NEW.request <> OLD.request OR NEW.authority <> OLD.authority
    OR NEW.platform IS NOT OLD.platform OR NEW.authority_index <> OLD.authority_index
    OR NEW.platform_index <> OLD.platform_index OR NEW.reviewer IS NOT OLD.reviewer
    OR NEW.reviewer_index <> OLD.reviewer_index OR NEW.hashes <> OLD.hashes OR NEW.leaf <> OLD.leaf
    OR NEW.salt IS NOT NULL OR NEW.body IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'an event never changes');
END;
-- +goose StatementEnd
