-- +goose Up

-- When the hub has something to do about a request by itself; NULL if never. Requests of
-- before had no deadlines: a step that is taken on one sets its own.
ALTER TABLE requests ADD COLUMN due_time INTEGER;
CREATE INDEX requests_due ON requests (due_time) WHERE due_time IS NOT NULL;
