-- Who waits for tickets of a listing that has none. A watch is placed only while nothing is available, under the listing's
-- lock, and ends with a notification in the transaction that makes something available again.
CREATE TABLE watches (
    ticket_id  uuid NOT NULL,
    user_id    uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (ticket_id, user_id)
);

CREATE INDEX watches_of_user ON watches (user_id);
CREATE INDEX watches_by_age ON watches (created_at);

CREATE TABLE notifications (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL,
    ticket_id  uuid NOT NULL,
    title      text NOT NULL, -- the listing's, then
    created_at timestamptz NOT NULL,
    read_at    timestamptz
);

CREATE INDEX notifications_of_user ON notifications (user_id, id);
CREATE INDEX notifications_unread ON notifications (user_id, id) WHERE read_at IS NULL;
CREATE INDEX notifications_by_age ON notifications (created_at);

-- A UUIDv7 (RFC 9562) of a moment: 48 bits of milliseconds before the random ones, and 7 for the version where there was 4.
CREATE FUNCTION uuid_v7(at timestamptz) RETURNS uuid LANGUAGE sql VOLATILE RETURN
    encode(set_bit(set_bit(
        overlay(uuid_send(gen_random_uuid()) PLACING
            substring(int8send(floor(extract(epoch FROM at) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
        52, 1), 53, 1), 'hex')::uuid;
