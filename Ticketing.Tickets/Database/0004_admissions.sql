-- Whose order it is: its buyer alone sees its codes. Null for what an older version entered, until Orders tells it again.
ALTER TABLE reservations ADD COLUMN IF NOT EXISTS user_id uuid;

-- The keys that sign admission codes; made at the first start. They are not rotated by time: a code that was printed
-- must hold until its event. The newest signs, all verify.
CREATE TABLE admission_keys (
    kid         text PRIMARY KEY,
    private_key bytea NOT NULL, -- PKCS #8
    created_at  timestamptz NOT NULL
);

-- One ticket of a paid order: who brings its code is let in, once. Rows are made when the buyer first looks. Whether the
-- order is still paid is not said here but in reservations.
CREATE TABLE admissions (
    order_id      uuid NOT NULL,
    number        int NOT NULL CHECK (number > 0), -- within the order, from 1
    ticket_id     uuid NOT NULL,
    code          text NOT NULL, -- 12 characters of Crockford's base 32
    -- A code is looked up by its SHA-256, so that the time that it takes tells nothing about how near a guess was.
    code_hash     bytea NOT NULL UNIQUE,
    checked_in_at timestamptz,
    PRIMARY KEY (order_id, number)
);

CREATE INDEX admissions_checked_in ON admissions (ticket_id, checked_in_at DESC) WHERE checked_in_at IS NOT NULL;

-- How many are in, counted in the statement that lets one in: a stadium is not counted anew at each look. Not a column of
-- tickets, whose rows those who sell wait for.
CREATE TABLE check_in_totals (
    ticket_id  uuid PRIMARY KEY,
    checked_in int NOT NULL CHECK (checked_in > 0)
);
