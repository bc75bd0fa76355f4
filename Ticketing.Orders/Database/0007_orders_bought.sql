-- outside a transaction
-- What a buyer bought of a listing, looked at by every order that is placed. At most the listing's limit for a buyer.
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_bought ON orders (user_id, ticket_id) INCLUDE (quantity)
    WHERE status = 'complete';
