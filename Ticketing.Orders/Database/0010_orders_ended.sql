-- outside a transaction
-- Orders that ended unpaid, by their age: what is forgotten some day. Those of which a payment was begun are kept longer.
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_ended ON orders ((payment_id IS NOT NULL), id)
    WHERE status = 'cancelled' AND completed_at IS NULL;
