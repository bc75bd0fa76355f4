-- Whose payments those at Stripe are, where several installations share an account: it is written on every intent and session.
-- Made once, and backed up with the payments. A copy of the database that lives on beside the original needs an id of its own:
-- UPDATE installation SET id = gen_random_uuid();
CREATE TABLE installation (
    id       uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    only_one boolean NOT NULL UNIQUE DEFAULT true CHECK (only_one)
);
INSERT INTO installation DEFAULT VALUES;
