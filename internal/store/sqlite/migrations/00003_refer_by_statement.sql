-- A new request's references are inserted by whoever inserts the request. A trigger did
-- it, for which SQLite kept, with each request, a copy of every page that the insert
-- touched, to undo it alone. That a request's references change is rare: the other
-- trigger stays.

-- +goose Up

DROP TRIGGER requests_refer;
