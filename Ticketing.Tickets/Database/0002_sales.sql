-- What the seller's books need to know of an order. Null in a row that an older version wrote; the same state told again
-- (by Orders' --republish) fills it in.
ALTER TABLE reservations
    ADD COLUMN IF NOT EXISTS user_id uuid, -- the buyer
    ADD COLUMN amount   bigint, -- of the whole order, in minor units
    ADD COLUMN currency text,
    ADD COLUMN sold_at  timestamptz; -- set exactly while the state is 'sold'

-- The sales by day, changed only together with the reservations that they are the sums of: a dashboard never has to read
-- what a crowd bought, one by one.
CREATE TABLE sales (
    seller_id uuid NOT NULL,
    day       date NOT NULL, -- of UTC
    ticket_id uuid NOT NULL,
    currency  text NOT NULL,
    tickets   bigint NOT NULL,
    amount    bigint NOT NULL, -- minor units
    PRIMARY KEY (seller_id, day, ticket_id, currency)
) WITH (fillfactor = 80);

CREATE INDEX sales_of_listing ON sales (ticket_id);

-- A listing's price before and after each change of it; the first one's "before" is what it was listed at.
CREATE TABLE price_changes (
    ticket_id    uuid NOT NULL,
    version      int NOT NULL, -- the listing's, with the new price
    changed_at   timestamptz NOT NULL,
    old_price    bigint NOT NULL, -- minor units
    old_currency text NOT NULL,
    price        bigint NOT NULL,
    currency     text NOT NULL,
    PRIMARY KEY (ticket_id, version)
);
