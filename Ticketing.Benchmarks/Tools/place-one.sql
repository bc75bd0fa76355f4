-- pgbench: one order in one transaction, as Orders placed it before several shared one (without a limit per user): the
-- stock if there is enough, the order, its event.
\set place random(1, :listings)
WITH taken AS (
    UPDATE listings SET available = available - 1
    WHERE id = (SELECT id FROM places WHERE place = :place) AND NOT deleted AND available >= 1
    RETURNING *
), placed AS (
    INSERT INTO orders (
        id, user_id, ticket_id, quantity, amount, currency, ticket_title, ticket_price, ticket_version,
        status, created_at, hold_ends_at, expires_at)
    SELECT
        gen_random_uuid(), gen_random_uuid(), id, 1, price, currency, title, price, version,
        'created', now(), now() + interval '1 hour', now() + interval '1 hour'
    FROM taken
    RETURNING *
), published AS (
    INSERT INTO outbox (type, body, trace_parent) SELECT 'OrderCreated', order_event(placed::orders), NULL FROM placed
)
SELECT * FROM placed;
