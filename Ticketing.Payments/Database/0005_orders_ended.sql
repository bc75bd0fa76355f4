-- outside a transaction
-- Orders that ended, by their age: what is forgotten some day, unless it was paid.
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_ended ON orders (id) WHERE status = 'cancelled';
