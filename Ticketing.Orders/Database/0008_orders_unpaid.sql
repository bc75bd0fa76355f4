-- outside a transaction
-- The last holds of a listing that a buyer let go unpaid, looked at by every order that is placed.
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_unpaid ON orders (user_id, ticket_id, unpaid_at DESC)
    WHERE unpaid_at IS NOT NULL;
