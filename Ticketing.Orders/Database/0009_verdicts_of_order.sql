-- outside a transaction
-- The verdicts on one order's payments, which are told again for each order of a page.
CREATE INDEX CONCURRENTLY IF NOT EXISTS verdicts_of_order ON verdicts (order_id);
