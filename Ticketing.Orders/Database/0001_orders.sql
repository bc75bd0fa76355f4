-- Orders' replica of the listings, and their stock. Orders is the only writer of `available`:
-- what is held and sold is always quantity - available. A deleted listing stays as a tombstone with its version, so
-- that a late event does not bring it back.
CREATE TABLE listings (
    id        uuid PRIMARY KEY,
    title     text NOT NULL,
    price     bigint NOT NULL,
    currency  text NOT NULL,
    quantity  int NOT NULL,
    available int NOT NULL,
    version   int NOT NULL,
    deleted   boolean NOT NULL DEFAULT false,
    CONSTRAINT nothing_oversold CHECK (available >= 0 AND available <= quantity)
) WITH (fillfactor = 70); -- room for hot updates of the stock within the page

-- ticket_id has no foreign key: an order is inserted by the statement that took its stock from the listing, and
-- listings are never removed; the check would cost a row lock per order on the hot row.
CREATE TABLE orders (
    id                uuid PRIMARY KEY,
    user_id           uuid NOT NULL,
    ticket_id         uuid NOT NULL,
    quantity          int NOT NULL CHECK (quantity BETWEEN 1 AND 10),
    amount            bigint NOT NULL,
    currency          text NOT NULL,
    ticket_title      text NOT NULL,
    ticket_price      bigint NOT NULL,
    ticket_version    int NOT NULL,
    status            text NOT NULL CHECK (status IN ('created', 'awaiting:payment', 'complete', 'cancelled')),
    reason            text CHECK (reason IN ('buyer', 'expired', 'payment_failed')),
    created_at        timestamptz NOT NULL,
    hold_ends_at      timestamptz NOT NULL, -- without any payment; never changes
    expires_at        timestamptz NOT NULL, -- as extended by a payment under way
    payment_id        uuid,
    payment_intent_id text,
    payment_status    text,                 -- what Payments told last, for people who look into a case
    payment_version   int NOT NULL DEFAULT -1,
    idempotency_key   text,
    version           int NOT NULL DEFAULT 0,
    CONSTRAINT cancelled_has_reason CHECK ((status = 'cancelled') = (reason IS NOT NULL)),
    CONSTRAINT complete_has_payment CHECK (status <> 'complete' OR payment_intent_id IS NOT NULL)
);

CREATE UNIQUE INDEX orders_idempotency_key ON orders (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX orders_of_user ON orders (user_id, id DESC);
CREATE INDEX orders_open_by_end ON orders (expires_at) WHERE status IN ('created', 'awaiting:payment');
CREATE INDEX orders_keys_by_age ON orders (created_at) WHERE idempotency_key IS NOT NULL;

-- One verdict per authorized intent, however often its authorization is told.
CREATE TABLE verdicts (
    payment_intent_id text PRIMARY KEY,
    payment_id        uuid NOT NULL,
    order_id          uuid NOT NULL,
    decided_at        timestamptz NOT NULL
);

-- The body of every order event: the whole state, as Ticketing.Contracts.OrderState spells it.
CREATE FUNCTION order_event(o orders) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('order', jsonb_build_object(
        'id', o.id, 'userId', o.user_id, 'ticketId', o.ticket_id, 'quantity', o.quantity,
        'amount', o.amount, 'currency', o.currency, 'status', o.status, 'reason', o.reason,
        'expiresAt', o.expires_at, 'createdAt', o.created_at,
        'ticketTitle', o.ticket_title, 'ticketPrice', o.ticket_price, 'ticketVersion', o.ticket_version,
        'paymentId', o.payment_id, 'paymentIntentId', o.payment_intent_id, 'version', o.version))
$$;
