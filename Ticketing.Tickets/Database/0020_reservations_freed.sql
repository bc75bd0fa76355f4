-- outside a transaction
-- What ended unpaid, by the age of its order: what is forgotten some day.
CREATE INDEX CONCURRENTLY IF NOT EXISTS reservations_freed ON reservations (order_id) WHERE state = 'freed' AND NOT was_sold;
