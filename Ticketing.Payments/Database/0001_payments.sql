-- Payments' replica of the orders: what it takes to let somebody pay. An event older than the row is ignored.
CREATE TABLE orders (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL,
    status       text NOT NULL,
    quantity     int NOT NULL,
    amount       bigint NOT NULL,
    currency     text NOT NULL,
    title        text NOT NULL,
    version      int NOT NULL,
    -- Who talks to Stripe about this order at the moment. A lease, so that no connection is held meanwhile.
    leased_by    uuid,
    leased_until timestamptz
);

-- One payment per order, its id the same through all attempts.
CREATE TABLE payments (
    id             uuid PRIMARY KEY,
    order_id       uuid NOT NULL UNIQUE REFERENCES orders,
    user_id        uuid NOT NULL,
    amount         bigint NOT NULL CHECK (amount > 0),
    currency       text NOT NULL,
    description    text NOT NULL,
    status         text NOT NULL
        CHECK (status IN ('pending', 'requires_action', 'authorized', 'captured', 'released', 'failed')),
    -- The one payment intent that every card token is tried on: Stripe lets it succeed only once.
    card_intent_id text UNIQUE,
    -- How many card intents were given up before this one; part of the idempotency key.
    card_intents   int NOT NULL DEFAULT 0,
    version        int NOT NULL,
    created_at     timestamptz NOT NULL,
    changed_at     timestamptz NOT NULL
);

-- One row per card tried and per checkout page opened, written before Stripe hears of it.
CREATE TABLE attempts (
    payment_id uuid NOT NULL REFERENCES payments,
    number     int NOT NULL CHECK (number > 0),
    kind       text NOT NULL CHECK (kind IN ('Card', 'Checkout')),
    state      text NOT NULL
        CHECK (state IN ('Started', 'Open', 'RequiresAction', 'Declined', 'Authorized', 'Captured', 'Released', 'Stopped', 'Failed')),
    goal       text NOT NULL CHECK (goal IN ('Pay', 'Capture', 'Release', 'Stop')),
    token      text,
    return_url text NOT NULL,
    intent_id  text,
    session_id text,
    url        text,
    failure    text,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    -- When reconciliation looks at it next, and how often it has; null when it is settled.
    look_at    timestamptz,
    looks      int NOT NULL DEFAULT 0,
    PRIMARY KEY (payment_id, number)
);

CREATE INDEX attempts_to_look_at ON attempts (look_at) WHERE look_at IS NOT NULL;
